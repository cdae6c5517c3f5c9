import { rolesWithheldFromCharts } from "../../policy-pack/src/model/chart-roles";
import type { SnapshotResource } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { chartIn, releaseOf, type ReleaseOptions, type Values } from "../support/charts";
import { kubernetesProvider, OTHER_ISSUER, resource, trust, UNKNOWN, type TrustOptions } from "../support/stack";
import { accountOf, ACCOUNT_TYPE, ROLE, roleArn, roleOf, urnIn } from "../support/trust-stacks";

const SUB = "system:serviceaccount:shop:dns";
const reader = (options: TrustOptions = {}): SnapshotResource => roleOf("reader", trust({ sub: SUB, ...options }));
const made: Values = { serviceAccount: { name: "dns" } };
const KUBE2IAM = "iam.amazonaws.com/role";

const withheldIn = (...plus: readonly SnapshotResource[]): string =>
  rolesWithheldFromCharts(chartIn(plus).model)
    .map(
      ({ role, account, path, subject, source }) =>
        `${role.title} for ${account} at ${path} of ${source.title}, ${subject}`,
    )
    .join("; ");
const found = `role "reader" for shop/dns at values.serviceAccount of Release "dns", ${SUB}`;
const association = (namespace: string, serviceAccount: string): SnapshotResource =>
  resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "dns", {
    clusterName: "shop",
    namespace,
    serviceAccount,
    roleArn: roleArn("other"),
  });
const declared = (namespace: string, name: string): SnapshotResource =>
  resource(ACCOUNT_TYPE, "more", { metadata: { namespace, name } });

describe("a role that was made for a chart's account, and is not in its values", () => {
  test.each<[string, string, Values, (readonly SnapshotResource[])?, ReleaseOptions?]>([
    ["an account of the name that the role trusts", found, made],
    ["an account of another name", "", { serviceAccount: { name: "web" } }],
    ["an account that the chart does not make", "", { serviceAccount: { name: "dns", create: false } }],
    ["a release in another namespace", "", made, [reader()], { inputs: { namespace: "web" } }],
    [
      "a release in a namespace that is not known yet",
      "",
      made,
      [reader({ sub: "system:serviceaccount:undefined:dns" })],
      { inputs: { namespace: UNKNOWN } },
    ],
    ["values of files", "", made, [reader()], { inputs: { valueYamlFiles: ["a.yaml"] } }],
    ["values with the ARN of some role", "", { ...made, arn: roleArn("other") }],
    ["values that are not known in part", "", { ...made, image: UNKNOWN }],
    ["values with the name of the role", "", { ...made, aws: { role: "reader" } }],
    ["values with the name of the role in a list", "", { ...made, roles: ["reader"] }],
    ["values with numbers and nothing", found, { ...made, replicas: 2, image: null }],
    [
      "values with the role for kube2iam alone",
      found,
      { ...made, podAnnotations: { [KUBE2IAM]: roleArn("reader") } },
      [reader()],
      { from: [urnIn.role("reader")] },
    ],
    ["a role that another account has", "", made, [reader(), accountOf("web/web", roleArn("reader"))]],
    ["a role that trusts another audience", "", made, [reader({ aud: "vault" })]],
    ["a role that trusts another cluster", "", made, [reader({ issuer: OTHER_ISSUER })]],
    ["a role that Pod Identity hands out as well", "", made, [roleOf("reader", podIdentityToo())]],
    [
      "two roles, the first of which another account has",
      found,
      made,
      [reader(), roleOf("a-reader", trust({ sub: SUB })), accountOf("web/web", roleArn("a-reader"))],
    ],
    ["an account of that name that the program declares", "", made, [reader(), declared("shop", "dns")]],
    ["an account of that name in another namespace", found, made, [reader(), declared("web", "dns")]],
    ["another account in the namespace", found, made, [reader(), declared("shop", "web")]],
    ["an association of the account", "", made, [reader(), association("shop", "dns")]],
    [
      "an association of an account of that name in another namespace",
      found,
      made,
      [reader(), association("web", "dns")],
    ],
    ["an association of another account in the namespace", found, made, [reader(), association("shop", "web")]],
  ])("%s", (...[, expected, values, others, options]) => {
    expect(withheldIn(...(others ?? [reader()]), releaseOf(values, options))).toBe(expected);
  });

  test("is found where the account is called like the role", () => {
    const role = roleOf("dns", trust({ sub: SUB }));
    expect([withheldIn(role, releaseOf(made)), withheldIn(role, releaseOf({ ...made, roleName: "dns" }))]).toEqual([
      found.replace("reader", "dns"),
      "",
    ]);
  });

  test("is not found while the role has no name, which the values may hold", () => {
    expect(withheldIn(unnamed(), releaseOf(made))).toBe("");
  });

  test("is not found where the values came from the role and its ARN is not known", () => {
    const values = { ...made, podAnnotations: { [KUBE2IAM]: "x" } };
    expect(withheldIn(unnamed("reader"), releaseOf(values, { from: [urnIn.role("reader")] }))).toBe("");
  });

  test("is found on a cluster that is not known yet, whose issuer may be the one that the role trusts", () => {
    const provider = kubernetesProvider("other", { kubeconfig: UNKNOWN });
    expect(withheldIn(reader(), releaseOf(made, { provider }))).toBe(found);
  });
});

function podIdentityToo(): string {
  const policy = JSON.parse(trust({ sub: SUB })) as { Statement: readonly Value[] };
  const agent = {
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
  };
  return JSON.stringify({ ...policy, Statement: [...policy.Statement, agent] });
}

/** The role before IAM has told its ARN. */
function unnamed(name: Value = UNKNOWN): SnapshotResource {
  const inputs = { name, path: UNKNOWN, assumeRolePolicy: trust({ sub: SUB }) };
  return resource(ROLE, "reader", inputs, { outputs: { ...inputs, arn: UNKNOWN } });
}
