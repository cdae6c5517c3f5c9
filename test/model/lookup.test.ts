import { grouped, once } from "../../policy-pack/src/model/lookup";

test("items are grouped by key in their order, and those without a key are left out", () => {
  const groups = grouped(["b1", "a1", "-", "a2"], (item) => (item === "-" ? undefined : item[0]));
  expect([...groups]).toEqual([
    ["b", ["b1"]],
    ["a", ["a1", "a2"]],
  ]);
});

test("keys are not texts of an object: what every object has is a key like any other", () => {
  const groups = grouped(["__proto__", "constructor"], (item) => item);
  expect(groups.get("__proto__")).toEqual(["__proto__"]);
  expect(groups.get("toString")).toBeUndefined();
});

test("what is worked out once for a list is kept for that list alone, whatever it is", () => {
  const asked: (readonly number[])[] = [];
  const first = once((list: readonly number[]) => {
    asked.push(list);
    return list[0];
  });
  const [full, empty] = [[7], []];
  expect([first(full), first(full), first(empty), first(empty), first([7])]).toEqual([7, 7, undefined, undefined, 7]);
  expect(asked).toEqual([full, empty, [7]]);
});
