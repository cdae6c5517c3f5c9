import { parseFinding, renderFindingText } from "../../policy-pack/src/findings/parse";
import { renderFinding } from "../../policy-pack/src/findings/render";
import { urnOf } from "../support/stack";
import { FINDING } from "./support";

const text = renderFinding(FINDING);
const PARSED = {
  says: "It is broken.",
  at: { resource: "aws:iam/role:Role api", path: "assumeRolePolicy" },
  related: [{ resource: "kubernetes:core/v1:ServiceAccount api", path: "" }],
  why: "It fails.",
  fix: "Mend it.",
};

test("the text of a finding is read back, whatever Pulumi puts above and behind its lines", () => {
  expect(parseFinding(text)).toEqual(PARSED);
  expect(parseFinding(`Roles are sound.\nAlways.\n${text}`)).toEqual(PARSED);
  expect(parseFinding(`${text.replaceAll("\n", "  \r\n")}\n\n`)).toEqual(PARSED);
  expect(renderFindingText(PARSED)).toBe(text);
});

test("a finding has any number of other parties", () => {
  for (const count of [0, 1, 3]) {
    const many = renderFinding({ ...FINDING, related: Array.from({ length: count }, () => FINDING.at) });
    const parsed = parseFinding(many);
    expect(parsed?.related).toEqual(Array.from({ length: count }, () => PARSED.at));
    expect(parsed && renderFindingText(parsed)).toBe(many);
  }
});

describe("places", () => {
  test.each(["a", "api", "api, the second", "two words", 'quo"ted', "back\\slash", "ends in \\"])(
    "a resource named %j is read back, with and without a path",
    (name) => {
      for (const path of ["name", 'tags["a, b"]', ""]) {
        const printed = renderFinding({ ...FINDING, at: { urn: urnOf("aws:iam/role:Role", name), path } });
        const parsed = parseFinding(printed);
        const shown = /^[a-z]+$/.test(name) ? name : JSON.stringify(name);
        expect(parsed?.at).toEqual({ resource: `aws:iam/role:Role ${shown}`, path });
        expect(parsed && renderFindingText(parsed)).toBe(printed);
      }
    },
  );

  test.each(["", "clusters[0]"])("the configuration is read back, at %j", (path) => {
    const printed = renderFinding({ ...FINDING, at: { urn: "", path }, related: [] });
    expect(parseFinding(printed)?.at).toEqual({ resource: "policy-pack configuration irsa-context", path });
  });

  test.each(["somewhere", "in another place", 'at "a" quoted, place', "a,b c", 'Role "open'])(
    "one of another form is kept as it is: %s",
    (place) => {
      const other = text.replace("aws:iam/role:Role api, assumeRolePolicy", place);
      expect(parseFinding(other)?.at).toEqual({ resource: place, path: "" });
    },
  );
});

describe("text of another origin", () => {
  test.each([
    ["another pack's", "Buckets must be private."],
    ["nothing", ""],
    [
      "a list of places without a sentence above it",
      "  at    aws:iam/role:Role api\n  why   It fails.\n  fix   Mend it.",
    ],
    ["a finding without a place", "  why   It fails.\n  fix   Mend it."],
    ["a finding that was cut off before why", text.split("\n").slice(0, 3).join("\n")],
    ["a finding that was cut off before fix", text.split("\n").slice(0, -1).join("\n")],
    ["a finding with something else in the place of why", text.replace("  why ", "  but ")],
    [
      "a finding with why and fix in one another's place",
      text.replace("  why ", "  fix ").replace("  fix   M", "  why   M"),
    ],
    [
      "a finding whose places stand between why and fix",
      text.replace("\n  why   It fails.", "").replace("\n  with", "\n  why   It fails.\n  with"),
    ],
  ])("%s is no finding", (_, other) => {
    expect(parseFinding(other)).toBeUndefined();
  });
});
