import { known } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import { readPolicyDocument } from "../../policy-pack/src/model/policy";
import { UNKNOWN } from "../support/stack";

/** The order in which a statement is read: principals, those left out, conditions. */
function orderOf(elements: { readonly [element: string]: Value }): string {
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...elements }] };
  const found = readPolicyDocument(known(policy), { kind: "trust" });
  const [statement] = found.is === "known" ? found.value.statements : [];
  if (!statement) return found.is;
  const { principals, notPrincipals, conditions } = statement;
  const named = [principals, notPrincipals].flatMap((each) =>
    each.is === "known"
      ? each.value.map(({ type, value }) => `${type} ${value.is === "known" ? value.value : "?"}`)
      : [],
  );
  const keys = conditions.is === "known" ? conditions.value.map(({ operator, key }) => `${operator} ${key}`) : [];
  return [...named, ...keys].join(", ");
}

describe("a policy is read in one order", () => {
  test.each<[string, { readonly [element: string]: Value }, string]>([
    [
      "of its principals",
      { Principal: { Service: "ec2.amazonaws.com", AWS: "1", Federated: "f" } },
      "AWS 1, Federated f, Service ec2.amazonaws.com",
    ],
    ["of the principals left out", { NotPrincipal: { Federated: "f", AWS: "1" } }, "AWS 1, Federated f"],
    [
      "with lists as they are",
      { Principal: { Federated: ["b", "a"], AWS: ["2", "1"] } },
      "AWS 2, AWS 1, Federated b, Federated a",
    ],
    [
      "of its conditions",
      { Condition: { StringLike: { "x:sub": "a", "x:aud": "b" }, StringEquals: { "x:sub": "a" } } },
      "StringEquals x:sub, StringLike x:aud, StringLike x:sub",
    ],
  ])("%s", (_, elements, expected) => {
    expect(orderOf(elements)).toBe(expected);
  });

  test("or not at all while it is unknown", () => {
    expect(readPolicyDocument({ is: "unknown", waitsFor: ["a"] }, { kind: "trust" })).toEqual({
      is: "unknown",
      waitsFor: ["a"],
    });
    expect(orderOf({ Condition: UNKNOWN, Principal: UNKNOWN })).toBe("");
  });
});
