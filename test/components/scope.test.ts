import * as pulumi from "@pulumi/pulumi";
import { childOptions, knownAfter, type Scope } from "../../components/src/scope";
import { run, settle } from "./program";

class Part extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Part", name);
  }
}

/** Runs with a parent and three resources; what it hands back is compared by identity, for resources know too much to be printed. */
const within = async <T>(program: (parent: Part, parts: readonly [Part, Part, Part]) => T): Promise<T> =>
  (await run("up", () => program(new Part("parent"), [new Part("a"), new Part("b"), new Part("c")]))).result;

const scope = (parent: Part, dependsOn?: Scope["dependsOn"]): Scope => ({ name: "api", parent, dependsOn });
const names = async (dependsOn: Scope["dependsOn"]): Promise<readonly unknown[]> => {
  const resources = await settle(pulumi.output(dependsOn as pulumi.Output<Part[]>));
  return Promise.all(resources.map(async (each) => (await settle(each.urn)).split("::").at(-1)));
};

describe("options of a child", () => {
  it("are its parent alone when there is nothing to wait for and nothing to take over", async () => {
    const [options, parent] = await within((each) => [childOptions(scope(each), [], undefined), each] as const);
    expect(Object.keys(options)).toEqual(["parent"]);
    expect(options.parent).toBe(parent);
  });

  it("are after what the caller says, in a list of its own", async () => {
    const [dependsOn, parts] = await within((parent, all) => [
      childOptions(scope(parent), all, undefined).dependsOn,
      all,
    ]);
    expect(Array.isArray(dependsOn) && dependsOn.map((each, index) => each === parts[index])).toEqual([
      true,
      true,
      true,
    ]);
    expect(dependsOn).not.toBe(parts);
  });

  it.each<readonly [string, (parts: readonly [Part, Part, Part]) => Scope["dependsOn"], readonly string[]]>([
    ["a resource", ([a]) => a, ["a", "c"]],
    ["a list", ([a, b]) => [a, b], ["a", "b", "c"]],
    ["an empty list", () => [], ["c"]],
    ["an Output of a resource", ([a]) => pulumi.output(a), ["a", "c"]],
    ["an Output of a list", ([a, b]) => pulumi.output([a, b]), ["a", "b", "c"]],
    ["an Output of nothing", () => pulumi.output(undefined) as never, ["c"]],
  ])("are after what the binding waits for too: %s", async (_title, outer, expected) => {
    const dependsOn = await within(
      (parent, parts) => childOptions(scope(parent, outer(parts)), [parts[2]], undefined).dependsOn,
    );
    expect(await names(dependsOn)).toEqual(expected);
  });

  it("stay a plain list where the binding's are plain", async () => {
    const lists = await within((parent, [a, b, c]) =>
      [a, [a, b]].map((outer) => childOptions(scope(parent, outer), [c], undefined).dependsOn),
    );
    expect(lists.map((each) => Array.isArray(each) && each.length)).toEqual([2, 3]);
  });

  it("take over a resource of the top of the stack by name, and any by URN", async () => {
    const urn = "urn:pulumi:stack::project::aws:iam/role:Role::old";
    const aliases = await within((parent) =>
      ["old", urn].map((adopted) => childOptions(scope(parent), [], adopted).aliases),
    );
    expect(aliases).toEqual([[{ name: "old", parent: pulumi.rootStackResource }], [urn]]);
  });
});

it("keeps a value known after resources", async () => {
  const value = await within((_parent, parts) => knownAfter("shop", parts));
  expect(await settle(value)).toBe("shop");
});
