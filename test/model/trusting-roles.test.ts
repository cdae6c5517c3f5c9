import { rolesNaming, trustingRoles, trustsPodIdentity } from "../../policy-pack/src/model/trusting-roles";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import {
  firstPreview,
  OTHER_ISSUER,
  resource,
  SUBJECT,
  trust,
  trustStatement,
  UNKNOWN,
  urnOf,
  wired,
  type Wiring,
} from "../support/stack";
import { AUD, conditioned, policyOf, statementOf, SUB, withRole } from "../support/trust-parts";

const POD_IDENTITY = {
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
};
const EC2 = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
const second = (assumeRolePolicy: string) =>
  resource("aws:iam/role:Role", "second", { name: "second", assumeRolePolicy });
const noAnnotation = { metadata: { annotations: undefined } };

/** `role "api-irsa" at Statement[0]…` for each role that is meant for the account, with `perhaps` where it is not certain. */
function trustingOf(stack: Snapshot): readonly string[] {
  const model = buildModel(stack);
  const [account] = model.serviceAccounts;
  if (!account) return ["no account"];
  return trustingRoles(account, model).map(
    ({ role, path, certain }) => `${certain ? "" : "perhaps "}${role.title} at ${path === "" ? "its inputs" : path}`,
  );
}

const AT = `Statement[0].Condition.StringEquals["${SUB}"]`;

describe("the roles that are meant for an account", () => {
  test.each<[string, Wiring, readonly string[]]>([
    ["are those that name its subject", {}, [`role "api-irsa" at ${AT}`]],
    [
      "are several where several name it",
      { plus: [second(trust())] },
      [`role "api-irsa" at ${AT}`, `role "second" at ${AT}`],
    ],
    ["whether or not it is annotated", { serviceAccount: noAnnotation }, [`role "api-irsa" at ${AT}`]],
    [
      "are those that have its subject in a list",
      { role: { assumeRolePolicy: trust({ sub: ["system:serviceaccount:shop:web", SUBJECT] }) } },
      [`role "api-irsa" at ${AT}`],
    ],
    ["are none that name another", { role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:a:b" }) } }, []],
    [
      "are none that name it by a pattern only",
      { role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:*", operator: "StringLike" }) } },
      [],
    ],
    [
      "are none that exclude it",
      {
        role: {
          assumeRolePolicy: policyOf(
            conditioned({ StringEquals: { [AUD]: "sts.amazonaws.com" }, StringNotEquals: { [SUB]: SUBJECT } }),
          ),
        },
      },
      [],
    ],
    ["are none that refuse its audience", { role: { assumeRolePolicy: trust({ aud: "vault" }) } }, []],
    ["are none of another cluster", { role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) } }, []],
    [
      "are perhaps of its cluster where nobody can tell on which it lives",
      { edges: { "kubernetes.kubeconfig": [] }, kubernetes: { kubeconfig: UNKNOWN } },
      [`perhaps role "api-irsa" at ${AT}`],
    ],
    [
      "are none that Pod Identity may hand out",
      { role: { assumeRolePolicy: policyOf(trustStatement(), POD_IDENTITY) } },
      [],
    ],
    [
      "are also those that a service may assume",
      { role: { assumeRolePolicy: policyOf(trustStatement(), EC2) } },
      [`role "api-irsa" at ${AT}`],
    ],
    ["are none while its name is unknown", { serviceAccount: { metadata: { name: UNKNOWN } } }, []],
    ["are none while its namespace is unknown", { serviceAccount: { metadata: { namespace: UNKNOWN } } }, []],
    ["are none while a trust policy is unknown", { role: { assumeRolePolicy: UNKNOWN } }, []],
  ])("%s", (_, changes, expected) => {
    expect(trustingOf(wired(changes))).toEqual(expected);
  });

  const bound = (inputs: object): Snapshot => {
    const binding = urnOf("eks-irsa:index:IrsaBinding", "api");
    const stack = firstPreview({
      plus: [resource("eks-irsa:index:IrsaBinding", "api", inputs as { readonly namespace: string })],
    });
    const resources = stack.resources.map((each) =>
      each.type === "aws:iam/role:Role" ? { ...each, parent: binding } : each,
    );
    return { ...stack, resources };
  };

  test.each<[string, object, readonly string[]]>([
    [
      "is the one of its IrsaBinding",
      { namespace: "shop", serviceAccountName: "api" },
      ['role "api-irsa" at its inputs'],
    ],
    ["is not the one of another's IrsaBinding", { namespace: "shop", serviceAccountName: "web" }, []],
    ["is none while the inputs of the IrsaBinding are unknown", { namespace: UNKNOWN, serviceAccountName: "api" }, []],
  ])("while the trust policy is unknown, the role %s", (_, inputs, expected) => {
    expect(trustingOf(bound(inputs))).toEqual(expected);
  });

  test("are not told by name alone while only an IrsaBinding knows them", () => {
    const model = buildModel(bound({ namespace: "shop", serviceAccountName: "api" }));
    expect(rolesNaming(SUBJECT, model)).toEqual([]);
  });
});

describe("the roles that name a subject", () => {
  const named = (subject: string, changes: Wiring = {}): readonly string[] =>
    rolesNaming(subject, buildModel(wired(changes))).map(({ title }) => title);

  test.each<[string, string, Wiring, readonly string[]]>([
    [
      "whether or not they admit it",
      SUBJECT,
      { role: { assumeRolePolicy: trust({ aud: "vault" }) } },
      ['role "api-irsa"'],
    ],
    ["in their order", SUBJECT, { plus: [second(trust())] }, ['role "api-irsa"', 'role "second"']],
    [
      "but not those that exclude it",
      SUBJECT,
      {
        role: {
          assumeRolePolicy: policyOf(
            conditioned({ StringEquals: { [AUD]: "sts.amazonaws.com" }, StringNotEquals: { [SUB]: SUBJECT } }),
          ),
        },
      },
      [],
    ],
    [
      "and a pattern is the name of nobody",
      "system:serviceaccount:shop:*",
      { role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:*", operator: "StringLike" }) } },
      [],
    ],
    ["but not another subject", "system:serviceaccount:shop:web", {}, []],
  ])("%s", (_, subject, changes, expected) => {
    expect(named(subject, changes)).toEqual(expected);
  });

  test("are found again for the same model and anew for another", () => {
    const model = buildModel(wired());
    expect(rolesNaming(SUBJECT, model)).toEqual(rolesNaming(SUBJECT, model));
    expect(rolesNaming(SUBJECT, buildModel(wired({ role: null })))).toEqual([]);
  });
});

describe("a role that Pod Identity can hand out", () => {
  test.each<[string, Wiring["role"], boolean]>([
    ["has a statement for its service", { assumeRolePolicy: policyOf(POD_IDENTITY) }, true],
    ["beside one for web identities", { assumeRolePolicy: policyOf(trustStatement(), POD_IDENTITY) }, true],
    [
      "beside another service",
      {
        assumeRolePolicy: policyOf({
          ...POD_IDENTITY,
          Principal: { Service: ["ec2.amazonaws.com", "pods.eks.amazonaws.com"] },
        }),
      },
      true,
    ],
    ["is none for web identities only", { assumeRolePolicy: trust() }, false],
    ["is none for another service", { assumeRolePolicy: policyOf(EC2) }, false],
    ["is none while the trust policy is unknown", { assumeRolePolicy: UNKNOWN }, false],
    ["is none without a trust policy", { assumeRolePolicy: undefined }, false],
    [
      "is none while the principals are unknown",
      { assumeRolePolicy: { Statement: [{ ...EC2, Principal: UNKNOWN }] } },
      false,
    ],
    [
      "is none while the service is unknown",
      { assumeRolePolicy: { Statement: [{ ...EC2, Principal: { Service: UNKNOWN } }] } },
      false,
    ],
    ["is none without a principal", { assumeRolePolicy: policyOf(statementOf({ Principal: undefined })) }, false],
  ])("%s", (_, role, expected) => {
    expect(trustsPodIdentity(withRole(wired({ role: role ?? null })).role)).toBe(expected);
  });
});
