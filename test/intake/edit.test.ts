import { setLeaf } from "../../policy-pack/src/intake/edit";

test("sets a leaf deep inside, and nothing beside it", () => {
  const properties = { metadata: { name: "api", annotations: { team: "shop" } } };
  setLeaf(properties, ["metadata", "annotations", "team"], "web");
  expect(properties).toEqual({ metadata: { name: "api", annotations: { team: "web" } } });
});

test("appends to a list by the index behind its last item", () => {
  const properties = { clientIdLists: ["other"] };
  setLeaf(properties, ["clientIdLists", 1], "sts.amazonaws.com");
  expect(properties).toEqual({ clientIdLists: ["other", "sts.amazonaws.com"] });
});

test.each<[string, readonly (string | number)[]]>([
  ["no path", []],
  ["a path through text", ["name", "first", "letter"]],
  ["a path that ends below text", ["name", "first"]],
  ["a path through nothing", ["gone", "url", "host"]],
  ["a path that ends below nothing", ["gone", "url"]],
  ["a path through null", ["empty", "url"]],
])("%s changes nothing and does not throw", (_, path) => {
  const properties = { name: "api", empty: null };
  setLeaf(properties, path, "x");
  expect(properties).toEqual({ name: "api", empty: null });
});
