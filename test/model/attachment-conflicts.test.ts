import { conflicts } from "../../policy-pack/src/model/attachment-conflicts";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Value } from "../../policy-pack/src/facts/value";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import { resource, trustStatement, UNKNOWN, urns, wired, type Wiring } from "../support/stack";
import { GITHUB, policyOf } from "../support/trust-parts";

const P1 = "arn:aws:iam::111122223333:policy/one";
const P2 = "arn:aws:iam::111122223333:policy/two";
const AWS = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const DOCUMENT = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };

const made = (
  kind: string,
  name: string,
  inputs: { readonly [key: string]: Value | undefined },
  from: readonly string[] = [],
) => {
  const set = Object.entries(inputs).filter(([, value]) => value !== undefined);
  const policyFrom = { policyArn: from, policyArns: from, policyNames: from };
  return resource(
    `aws:iam/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`,
    name,
    Object.fromEntries(set) as Properties,
    {
      from: policyFrom,
    },
  );
};
const single = (policyArn: Value | undefined, from: readonly string[] = []) =>
  made("RolePolicyAttachment", "single", { role: "api-irsa", policyArn }, from);
const list = (policyArns: Value, from: readonly string[] = [], name = "list") =>
  made("RolePolicyAttachmentsExclusive", name, { roleName: "api-irsa", policyArns }, from);
const inline = (name: Value) => made("RolePolicy", "inline", { role: "api-irsa", name, policy: DOCUMENT });
const inlineList = (policyNames: Value) =>
  made("RolePoliciesExclusive", "names", { roleName: "api-irsa", policyNames });
const ofPolicy = (policyArn: Value, roles: Value = ["api-irsa"], from: readonly string[] = []) =>
  made("PolicyAttachment", "all", { roles, policyArn }, from);
const forGitHub = {
  role: { assumeRolePolicy: policyOf(trustStatement({ issuer: GITHUB, sub: "repo:shop/api:ref:refs/heads/main" })) },
  edges: { "role.assumeRolePolicy": [] },
  serviceAccount: null,
  deployment: null,
} as const;

/** `attachment "list" policyArns against attachment "single"`. */
function described(changes: Wiring): string {
  const all = conflicts(buildModel(wired({ attachment: null, ...changes }))).map(
    ({ role, exclusive, property, others }) =>
      `${role.title}: ${exclusive.title} ${property} against ${others.map(({ title }) => title).join(" and ") || "those elsewhere"}`,
  );
  return all.length > 0 ? all.join("; ") : "none";
}
const LIST = 'role "api-irsa": attachment "list" policyArns against attachment "single"';

describe("an exclusive list of a role", () => {
  test.each<[string, Wiring, string]>([
    ["takes away an attachment beside it", { plus: [list([P1]), single(P2)] }, LIST],
    ["takes away none that it names", { plus: [list([P2, P1]), single(P1)] }, "none"],
    ["takes away none where there is none", { plus: [list([P1])] }, "none"],
    [
      "on the role itself takes away an attachment beside it",
      { role: { managedPolicyArns: [P1] }, plus: [single(P2)] },
      'role "api-irsa": role "api" managedPolicyArns against attachment "single"',
    ],
    [
      "takes away what only another list names",
      { plus: [list([P1]), list([P2], [], "second"), single(P1)] },
      'role "api-irsa": attachment "second" policyArns against attachment "single"',
    ],
    ["is no matter of another list", { plus: [list([P1]), list([P2], [], "second")] }, "none"],
    ["takes away no inline policy", { plus: [list([P1]), inline("own")] }, "none"],
    [
      "of inline policies takes away an inline policy",
      { plus: [inlineList(["one"]), inline("own")] },
      'role "api-irsa": attachment "names" policyNames against attachment "inline"',
    ],
    ["of inline policies takes away none that it names", { plus: [inlineList(["one", "own"]), inline("own")] }, "none"],
    ["of inline policies takes away no attachment", { plus: [inlineList(["one"]), single(P1)] }, "none"],
    ["of a role for GitHub is none of the chain's business", { ...forGitHub, plus: [list([P1]), single(P2)] }, "none"],
  ])("%s", (_, changes, expected) => {
    expect(described(changes)).toBe(expected);
  });
});

describe("while a policy's ARN is not known", () => {
  test.each<[string, Wiring, string]>([
    ["a list takes away one that comes from a resource", { plus: [list([P1]), single(UNKNOWN, [urns.cluster])] }, LIST],
    [
      "a list of one that comes from a resource takes away another",
      { plus: [list([UNKNOWN], [urns.cluster]), single(P1)] },
      LIST,
    ],
    ["a list may name one that comes from nowhere", { plus: [list([P1]), single(UNKNOWN)] }, "none"],
    ["a list whose policy comes from nowhere may name any", { plus: [list([UNKNOWN]), single(P1)] }, "none"],
    [
      "a list of one that comes from a resource may name one that comes from nowhere",
      { plus: [list([UNKNOWN], [urns.cluster]), single(UNKNOWN)] },
      "none",
    ],
    ["a list takes away no attachment without a policy", { plus: [list([P1]), single(undefined)] }, "none"],
  ])("%s", (_, changes, expected) => {
    expect(described(changes)).toBe(expected);
  });
});

describe("an attachment that wants its policy for itself", () => {
  const ALL = 'role "api-irsa": attachment "all" policyArn against';
  const other = resource("aws:iam/role:Role", "other", { name: "other", assumeRolePolicy: "{}" });
  test.each<[string, Wiring, string]>([
    ["takes it away from its other users", { plus: [ofPolicy(P1), single(P1)] }, `${ALL} attachment "single"`],
    [
      "takes it away from roles of other stacks",
      { plus: [ofPolicy(P1), made("RolePolicyAttachment", "stray", { role: "elsewhere", policyArn: P1 })] },
      `${ALL} attachment "stray"`,
    ],
    [
      "takes it away from other roles",
      { plus: [ofPolicy(P1), other, made("RolePolicyAttachment", "second", { role: "other", policyArn: P1 })] },
      `${ALL} attachment "second"`,
    ],
    ["takes none away of another policy", { plus: [ofPolicy(P1), single(P2)] }, "none"],
    ["takes none away where it is alone", { plus: [ofPolicy(P1)] }, "none"],
    ["is one thing for all its roles", { plus: [ofPolicy(P1, ["api-irsa", "elsewhere"])] }, "none"],
    ["takes a policy of AWS away from everybody", { plus: [ofPolicy(AWS)] }, `${ALL} those elsewhere`],
    [
      "is told once for two roles of pods",
      { plus: [ofPolicy(AWS, ["api-irsa", "api-irsa"])] },
      `${ALL} those elsewhere`,
    ],
    ["may take none away while the policy is unknown", { plus: [ofPolicy(UNKNOWN), single(P1)] }, "none"],
    ["of a role for GitHub is none of the chain's business", { ...forGitHub, plus: [ofPolicy(AWS)] }, "none"],
  ])("%s", (_, changes, expected) => {
    expect(described(changes)).toBe(expected);
  });
});
