import fc from "fast-check";
import { boundedName, labelFlaw, LONGEST_AUTONAMED_ROLE, subdomainFlaw } from "../../components/src/naming";

describe("bounded names", () => {
  it("leaves a short legal name as it is", () => {
    expect(boundedName("api", 56)).toBe("api");
  });

  it.each([
    ["a".repeat(56), "a".repeat(56)],
    ["a".repeat(57), `${"a".repeat(47)}-f13b2d72`],
    ["a b", "a-b-c8687a08"],
    ["a/b:c", "a-b-c-3b07f80c"],
    [`${"a".repeat(44)}.-.${"b".repeat(20)}`, `${"a".repeat(44)}-898855c9`],
    [`-.${"a".repeat(60)}`, `-.${"a".repeat(45)}-efbc38e7`],
  ])("%s becomes %s", (name, bounded) => {
    expect(boundedName(name, 56)).toBe(bounded);
  });

  it("keeps two long names with the same beginning apart", () => {
    const long = "a".repeat(80);
    expect(boundedName(`${long}1`, 56)).not.toBe(boundedName(`${long}2`, 56));
  });

  it("are legal, short enough for a suffix, and the same in every run", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), (name) => {
        const bounded = boundedName(name, LONGEST_AUTONAMED_ROLE);
        expect(bounded).toMatch(/^[\w+=,.@-]{1,56}$/);
        expect(boundedName(name, LONGEST_AUTONAMED_ROLE)).toBe(bounded);
      }),
    );
  });
});

describe("Kubernetes names", () => {
  it.each(["a", "0", "shop", "team-7", "a".repeat(63)])("the namespace %s is legal", (name) => {
    expect(labelFlaw(name)).toBeUndefined();
  });

  it.each(["", "Shop", "a_b", "-a", "a-", "a.b", "a".repeat(64), "a b", "a:b"])(
    "the namespace %j is refused",
    (name) => {
      expect(labelFlaw(name)).toMatch(/a namespace/);
    },
  );

  it.each(["a", "api", "api.v1", "a.b", "a.b1c.d-e", "a".repeat(253)])("the account %s is legal", (name) => {
    expect(subdomainFlaw(name)).toBeUndefined();
  });

  it.each(["", "API", "a_b", ".a", "a.", "a..b", "a-.b", "a".repeat(254), "a/b", "a:b"])(
    "the account %j is refused",
    (name) => {
      expect(subdomainFlaw(name)).toMatch(/a ServiceAccount's name/);
    },
  );
});
