import { buildModel } from "../../policy-pack/src/model/build";
import { admitsNoPrincipalOfAws } from "../../policy-pack/src/model/role-requests";
import type { Fact } from "../../policy-pack/src/facts/fact";
import type { RoleRequest } from "../../policy-pack/src/model/types";
import type { SnapshotResource } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { CHART, nested, releaseOf, type Values } from "../support/charts";
import { namesOf } from "../support/pods";
import {
  kubernetesProvider,
  resource,
  ROLE_ARN,
  trustStatement,
  UNKNOWN,
  urns,
  wired,
  type ResourceOptions,
} from "../support/stack";
import { policyOf, withRole } from "../support/trust-parts";

const factText = (fact: Fact<string>): string =>
  fact.is === "known" ? fact.value : fact.is === "unknown" ? `unknown until ${namesOf(fact.waitsFor)}` : fact.is;

/** `Issuer "dns" asks at spec.role for role "api-irsa" by value as shop/api`. */
function describeRequest({ title, path, arn, role, account }: RoleRequest): string {
  const asked =
    role.how === "unresolved" ? `a role (${factText(arn)}, ${role.because})` : `${role.to.title} ${role.how}`;
  const who = account ? ` as ${factText(account.namespace)}/${factText(account.name)} of ${account.path}` : "";
  return `${title} asks at ${path} for ${asked}${who}`;
}
const requestsOf = (...plus: readonly SnapshotResource[]): string =>
  buildModel(wired({ plus })).roleRequests.map(describeRequest).join("; ");

const issuer = (solvers: Value | undefined, options: ResourceOptions = {}, type = "Issuer"): SnapshotResource =>
  resource(
    `kubernetes:cert-manager.io/v1:${type}`,
    "letsencrypt",
    { metadata: { name: "acme" }, spec: { acme: solvers === undefined ? {} : { solvers } } },
    options,
  );

describe("the role that cert-manager assumes for a zone", () => {
  const solver = (route53: Values): Value => ({ dns01: { route53 } });
  const place = (index: number): string => `Issuer "acme" asks at spec.acme.solvers[${index}].dns01.route53.role for`;

  test.each<[string, SnapshotResource, string]>([
    ["by its ARN", issuer([solver({ role: ROLE_ARN })]), `${place(0)} role "api-irsa" by value`],
    [
      "of the second solver",
      issuer([solver({ role: "x" }), solver({ role: ROLE_ARN })]),
      `${place(0)} a role (x, elsewhere); ${place(1)} role "api-irsa" by value`,
    ],
    [
      "by wiring",
      issuer([solver({ role: UNKNOWN })], { from: { spec: [urns.role] } }),
      `${place(0)} role "api-irsa" by wiring`,
    ],
    [
      "that came from nowhere",
      issuer([solver({ role: UNKNOWN })]),
      `${place(0)} a role (unknown until nobody can say what, unknown)`,
    ],
    ["that is not there", issuer([solver({ region: "eu-west-1" })]), `${place(0)} a role (absent, absent)`],
    [
      "for an account of the solver's own, by web identity",
      issuer([solver({ role: ROLE_ARN, auth: { kubernetes: {} } })]),
      "",
    ],
    ["of no solver", issuer(undefined), ""],
    ["while the solvers are not known", issuer(UNKNOWN), ""],
    ["of a resource of another kind", issuer([solver({ role: ROLE_ARN })], {}, "Certificate"), ""],
    [
      "of an issuer for all namespaces",
      issuer([solver({ role: ROLE_ARN })], {}, "ClusterIssuer"),
      `Cluster${place(0)} role "api-irsa" by value`,
    ],
  ])("%s", (_, made, expected) => {
    expect(requestsOf(made)).toBe(expected);
  });

  test("is asked for by the resource, where the object has no name yet", () => {
    const spec = { acme: { solvers: [solver({ role: ROLE_ARN })] } };
    const made = resource("kubernetes:cert-manager.io/v1:Issuer", "letsencrypt", { metadata: {}, spec });
    expect(requestsOf(made)).toBe(`${place(0).replace("acme", "letsencrypt")} role "api-irsa" by value`);
  });
});

describe("the account from which External Secrets goes on to a role", () => {
  const store = (
    ref: Value | undefined,
    metadata: Values = {},
    options: ResourceOptions = {},
    type = "SecretStore",
  ): SnapshotResource =>
    resource(
      `kubernetes:external-secrets.io/v1:${type}`,
      "app",
      {
        metadata: { name: "app", ...metadata },
        spec: {
          provider: {
            aws: { role: ROLE_ARN, ...(ref === undefined ? {} : { auth: { jwt: { serviceAccountRef: ref } } }) },
          },
        },
      },
      options,
    );
  const asks = 'SecretStore "app" asks at spec.provider.aws.role for role "api-irsa" by value';
  const ref = "spec.provider.aws.auth.jwt.serviceAccountRef.name";
  const web = { namespace: "web" };

  test.each<[string, SnapshotResource, string]>([
    ["in the namespace of the store", store({ name: "api" }, web), `${asks} as web/api of ${ref}`],
    [
      "in the namespace that the reference names",
      store({ name: "api", namespace: "shop" }, web),
      `${asks} as shop/api of ${ref}`,
    ],
    [
      "in a namespace of the reference that is not known yet",
      store({ name: "api", namespace: UNKNOWN }, web, { from: { spec: [urns.namespace] } }),
      `${asks} as unknown until shop/api of ${ref}`,
    ],
    [
      "in a namespace of the store that is not known yet",
      store({ name: "api" }, { namespace: UNKNOWN }, { from: { metadata: [urns.namespace] } }),
      `${asks} as unknown until shop/api of ${ref}`,
    ],
    [
      "in the namespace of the provider",
      store({ name: "api" }, {}, { provider: kubernetesProvider("shop", { namespace: "apps" }) }),
      `${asks} as apps/api of ${ref}`,
    ],
    [
      "by a name that is not known yet",
      store({ name: UNKNOWN }, web, { from: { spec: [urns.serviceAccount] } }),
      `${asks} as web/unknown until api of ${ref}`,
    ],
    [
      "in whatever namespace, for a store of all of them",
      store({ name: "api" }, web, {}, "ClusterSecretStore"),
      `Cluster${asks} as absent/api of ${ref}`,
    ],
    [
      "in the namespace that the reference of such a store names",
      store({ name: "api", namespace: "shop" }, {}, {}, "ClusterSecretStore"),
      `Cluster${asks} as shop/api of ${ref}`,
    ],
    ["which is that of the controller, where the store names none", store(undefined, web), asks],
  ])("%s", (_, made, expected) => {
    expect(requestsOf(made)).toBe(expected);
  });
});

describe("the role with which Prometheus signs what it writes", () => {
  const signer = { remoteWrite: [{ url: "https://aps" }, { sigv4: { roleArn: ROLE_ARN } }] };
  const prometheus = (spec: Values): SnapshotResource =>
    resource("kubernetes:monitoring.coreos.com/v1:Prometheus", "main", { metadata: { name: "main" }, spec });
  const found = (path: string, how = "by value"): string =>
    `Release "dns" asks at values.${path} for role "api-irsa" ${how}`;

  test.each<[string, SnapshotResource, string]>([
    [
      "in its own resource",
      prometheus(signer),
      'Prometheus "main" asks at spec.remoteWrite[1].sigv4.roleArn for role "api-irsa" by value',
    ],
    ["in the values of a chart", releaseOf({ prometheus: signer }), found("prometheus.remoteWrite[1].sigv4.roleArn")],
    ["as Prometheus itself spells it", releaseOf({ sigv4: { role_arn: ROLE_ARN } }), found("sigv4.role_arn")],
    [
      "by wiring",
      releaseOf({ sigv4: { roleArn: UNKNOWN } }, { from: [urns.role] }),
      found("sigv4.roleArn", "by wiring"),
    ],
    ["without a role", releaseOf({ sigv4: { region: "eu-west-1" } }), ""],
    ["with an empty role", releaseOf({ sigv4: { roleArn: "" } }), ""],
    ["beside other roles", releaseOf({ sigv2: { roleArn: ROLE_ARN } }), ""],
    ["in a chart whose objects are resources", releaseOf({ sigv4: { roleArn: ROLE_ARN } }, { type: CHART }), ""],
    [
      "below fifteen keys",
      releaseOf(nested(15, { sigv4: { roleArn: ROLE_ARN } })),
      found(`${"part.".repeat(15)}sigv4.roleArn`),
    ],
    ["below more keys than any chart has", releaseOf(nested(16, { sigv4: { roleArn: ROLE_ARN } })), ""],
  ])("%s", (_, made, expected) => {
    expect(requestsOf(made)).toBe(expected);
  });
});

describe("a trust policy admits tokens alone", () => {
  const token = trustStatement();
  const allow = (principal: Value, more: Values = {}): Value => ({
    Effect: "Allow",
    Principal: principal,
    Action: "sts:AssumeRole",
    ...more,
  });
  const user = { AWS: "arn:aws:iam::111122223333:root" };
  const some = (...statements: readonly Value[]): Value => ({ Version: "2012-10-17", Statement: statements });

  test.each<[string, Value, boolean]>([
    ["of one cluster", policyOf(token), true],
    ["and services of AWS", policyOf(token, allow({ Service: "ec2.amazonaws.com" })), true],
    [
      "by an action that covers every way",
      policyOf(allow({ Federated: "arn:aws:iam::111122223333:oidc-provider/x" }, { Action: "sts:*" })),
      true,
    ],
    ["not where it admits an account", policyOf(token, allow(user)), false],
    [
      "not where it admits an account beside a service",
      policyOf(allow({ Service: "ec2.amazonaws.com", ...user })),
      false,
    ],
    ["where it lets an account do something else", policyOf(token, allow(user, { Action: "sts:TagSession" })), true],
    ["where it denies an account", policyOf(token, allow(user, { Effect: "Deny" })), true],
    ["not while an action is not known", some(token, allow(user, { Action: UNKNOWN })), false],
    [
      "not while an effect is not known",
      some(token, allow({ Service: "ec2.amazonaws.com" }, { Effect: UNKNOWN })),
      false,
    ],
    ["not while principals are not known", some(token, allow(UNKNOWN)), false],
    ["not while a statement is not known", some(token, UNKNOWN), false],
    ["not while nothing of it is known", UNKNOWN, false],
    [
      "not where IAM would refuse it",
      policyOf(token, allow({ Service: "ec2.amazonaws.com" }, { Efect: "Allow" })),
      false,
    ],
  ])("%s", (_, assumeRolePolicy, expected) => {
    expect(admitsNoPrincipalOfAws(withRole(wired({ role: { assumeRolePolicy } })).role)).toBe(expected);
  });
});
