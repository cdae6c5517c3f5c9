import type { Value } from "../../../policy-pack/src/facts/value";
import { resource, ROLE_ARN, trust, trustStatement, UNKNOWN, urns, wired } from "../../support/stack";
import type { Details } from "../../support/judgements";

const ELEVEN = Array.from({ length: 11 }, (_, index) => `arn:aws:iam::111122223333:policy/shop-${index}`);

const document = (...statements: readonly Value[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allowing = (Action: Value, Resource: Value = "*") => ({ Effect: "Allow", Action, Resource });
const inline = (...statements: readonly Value[]) =>
  resource(INLINE, "s3", { role: "api-irsa", name: "s3", policy: document(...statements) });
const INLINE = "aws:iam/rolePolicy:RolePolicy";

/** The variable in a container of the account's pods. */
const asking = (name: Value, value: Value, maxSessionDuration?: number) =>
  wired({
    role: { maxSessionDuration },
    deployment: {
      spec: {
        template: {
          spec: { containers: [{ name: "api", image: "example.com/shop/api:1.4.2", env: [{ name, value }] }] },
        },
      },
    },
  });

const withRole = (inputs: Readonly<Record<string, Value>>) => wired({ attachment: null, role: inputs });

/** A second role, which the role of the pods is allowed to assume. */
const trusting = (AWS: Value) => ({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" });
const chain = (assumeRolePolicy: Value, of: Value = "arn:aws:iam::111122223333:role/second") =>
  wired({
    plus: [
      resource(
        "aws:iam/role:Role",
        "second",
        { name: "second", assumeRolePolicy },
        { outputs: { name: "second", arn: "arn:aws:iam::111122223333:role/second" } },
      ),
      inline(allowing("sts:AssumeRole", of)),
    ],
  });

const details: Details = {
  "role-session-duration": {
    "the least and the most": wired({ role: { maxSessionDuration: 43200 } }),
    "a second more than the most": wired({ role: { maxSessionDuration: 43201 } }),
    "a second less than the least": wired({ role: { maxSessionDuration: 3599 } }),
    "a role that has nothing to do with pods": wired({
      plus: [
        resource("aws:iam/role:Role", "lambda", { name: "lambda", assumeRolePolicy: "{}", maxSessionDuration: 60 }),
      ],
    }),
    "a maximum that is not known": wired({ role: { maxSessionDuration: UNKNOWN } }),
    "a maximum that is not known, and a variable": wired({
      role: { maxSessionDuration: UNKNOWN },
      deployment: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "api",
                  image: "example.com/shop/api:1.4.2",
                  env: [{ name: "AWS_ROLE_DURATION_SECONDS", value: "43200" }],
                },
              ],
            },
          },
        },
      },
    }),
    "more than a role can give": asking("AWS_ROLE_DURATION_SECONDS", "86400"),
    "as much as the role gives": asking("AWS_ROLE_DURATION_SECONDS", "7200", 7200),
    "a second more than the role gives": asking("AWS_ROLE_DURATION_SECONDS", "7201", 7200),
    "a variable without the unit": asking("AWS_SESSION_DURATION", "7200"),
    "a variable with another end": asking("AWS_ROLE_DURATION_SECONDS_MIN", "7200"),
    "a variable with another start": asking("MY_AWS_ROLE_DURATION_SECONDS", "7200"),
    "another variable": asking("AWS_ROLE_TTL", "7200"),
    "a name that is not known": asking(UNKNOWN, "7200"),
    "a value that is not known": asking("AWS_ROLE_DURATION_SECONDS", UNKNOWN),
    "a value with a unit": asking("AWS_ROLE_DURATION_SECONDS", "7200s"),
    "a value with a sign": asking("AWS_ROLE_DURATION_SECONDS", "+7200"),
    "a value of ten digits": asking("AWS_ROLE_DURATION_SECONDS", "1000000000"),
    "a variable whose value is not known": asking("AWS_ROLE_DURATION_SECONDS", UNKNOWN, 3600),
    "a variable whose name is not known": asking(UNKNOWN, "7200", 3600),
  },
  "role-name-invalid": {
    "no name": wired({ role: { name: "" } }),
    "a name of 64 characters": wired({ role: { name: "a".repeat(64) } }),
    "a name of 65 characters": wired({ role: { name: "a".repeat(65) } }),
    "a path without slashes": wired({ role: { path: "team" } }),
    "a path without the first slash": wired({ role: { path: "team/" } }),
    "a path without the last slash": wired({ role: { path: "/team" } }),
    "a path with a blank": wired({ role: { path: "/my team/" } }),
    "an empty path": wired({ role: { path: "" } }),
    "two slashes": wired({ role: { path: "//" } }),
    "two slashes before a name": wired({ role: { path: "//team/" } }),
    "two slashes within": wired({ role: { path: "team//web" } }),
    "a path of 512 characters": wired({ role: { path: `/${"a".repeat(510)}/` } }),
    "a path of 513 characters": wired({ role: { path: `/${"a".repeat(511)}/` } }),
    "a path of 513 characters without slashes": wired({ role: { path: "a".repeat(513) } }),
    "name and path": wired({ role: { name: "a b", path: "team" } }),
    "name and path that are not known": wired({ role: { name: UNKNOWN, path: UNKNOWN } }),
    "a name of a role that has nothing to do with pods": wired({
      plus: [resource("aws:iam/role:Role", "lambda", { name: "a b", assumeRolePolicy: "{}" })],
    }),
    ...Object.fromEntries(
      ["/", "/team/", "x/team/", "//team", "team//"].map((path) => [
        `the path ${JSON.stringify(path)}`,
        wired({ role: { path } }),
      ]),
    ),
  },
  "role-permissions-too-broad": {
    "by an attachment": wired({ attachment: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" } }),
    "by the role itself": withRole({ managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }),
    "by an inline policy of the role itself": withRole({
      inlinePolicies: [{ name: "all", policy: document(allowing("*")) }],
    }),
    "by an inline policy": wired({ attachment: null, plus: [inline(allowing("s3:GetObject"), allowing("*"))] }),
    "by a policy of this stack that is attached": ownPolicy("attachment"),
    "by a policy of this stack that the role names": ownPolicy("role"),
  },
  "role-shared": {
    "two namespaces, of an IrsaBinding": sharedBy(["shop", "ops"], { construction: true }),
    "five namespaces": sharedBy(["shop", "ops", "web", "data", "jobs"]),
    "two namespaces, of which the second is in the values of a chart": wired({
      role: { assumeRolePolicy: trustOf("shop", "ops") },
      plus: [releaseIn("ops")],
    }),
    "two namespaces, and the namespace of a third is not known": wired({
      role: { assumeRolePolicy: trustOf("shop", "ops") },
      plus: [user("ops"), user("third", UNKNOWN)],
    }),
    "one namespace that is known": wired({
      role: { assumeRolePolicy: trustOf("shop") },
      plus: [user("third", UNKNOWN)],
    }),
    "three accounts in two namespaces": wired({
      role: { assumeRolePolicy: trustOf("shop", "ops") },
      plus: [user("ops"), user("second", "ops", "api")],
    }),
    "the role refuses the second": wired({ plus: [user("ops")] }),
    "the second was allowed": wired({
      role: { assumeRolePolicy: trustOf("shop", "ops") },
      plus: [user("ops")],
      config: { allowedSubjects: ["system:serviceaccount:ops:*"] },
    }),
    "another was allowed": wired({
      role: { assumeRolePolicy: trustOf("shop", "ops") },
      plus: [user("ops")],
      config: { allowedSubjects: ["system:serviceaccount:data:*"] },
    }),
    "the second is not known while something was allowed": wired({
      role: { assumeRolePolicy: trustOf("shop", "ops") },
      plus: [user("ops", "ops", UNKNOWN)],
      config: { allowedSubjects: ["system:serviceaccount:ops:*"] },
    }),
  },
  "role-attachment-conflict": {
    "four attachments": wired({
      role: { managedPolicyArns: [ELEVEN[0] ?? ""] },
      plus: ["a", "b", "c"].map((name, index) =>
        resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", name, {
          role: "api-irsa",
          policyArn: ELEVEN[index + 1] ?? "",
        }),
      ),
    }),
    "a policy that is not known, of nobody else": wired({ attachment: null, plus: [shared(UNKNOWN)] }),
    "a policy of nobody else": wired({ attachment: null, plus: [shared(ELEVEN[0] ?? "")] }),
    "a policy of another attachment too": wired({ plus: [shared("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")] }),
  },
  "role-chain-denied": {
    "a role that does not trust it": chain(trust({ sub: "system:serviceaccount:shop:web" })),
    "a role that trusts it": chain(document(trusting(ROLE_ARN))),
    "a role that trusts its account": chain(document(trusting("arn:aws:iam::111122223333:root"))),
    "a role that trusts another": chain(document(trusting("arn:aws:iam::111122223333:role/dns"))),
    "a role of which the trust policy is not known": chain(UNKNOWN),
    "any role": chain(trust({ sub: "system:serviceaccount:shop:web" }), "*"),
    "a role of another stack": chain(
      trust({ sub: "system:serviceaccount:shop:web" }),
      "arn:aws:iam::111122223333:role/dns",
    ),
    itself: wired({ plus: [inline(allowing("sts:AssumeRole", ROLE_ARN))] }),
    "itself, as its trust policy says": wired({
      role: {
        assumeRolePolicy: document(trustStatement(), trusting(ROLE_ARN)),
      },
      plus: [inline(allowing("sts:AssumeRole", ROLE_ARN))],
    }),
  },
};

/** A policy of the stack that allows everything, and where its ARN stands. */
function ownPolicy(where: "attachment" | "role") {
  const arn = "arn:aws:iam::111122223333:policy/all";
  const made = resource("aws:iam/policy:Policy", "all", { policy: document(allowing("*")) }, { outputs: { arn } });
  return where === "attachment"
    ? wired({ attachment: { policyArn: arn }, edges: { "attachment.policyArn": [made.urn] }, plus: [made] })
    : wired({
        attachment: null,
        role: { managedPolicyArns: [arn] },
        edges: { "role.managedPolicyArns": [made.urn] },
        plus: [made],
      });
}

function trustOf(...namespaces: readonly string[]): string {
  return trust({ sub: namespaces.map((each) => `system:serviceaccount:${each}:api`) });
}

/** One more account that is annotated with the role. */
function user(id: string, namespace: Value = id, name: Value = "api") {
  return resource(
    "kubernetes:core/v1:ServiceAccount",
    id,
    { metadata: { name, namespace, annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
    { from: { metadata: [urns.role] }, dependsOn: [urns.attachment] },
  );
}

function sharedBy(namespaces: readonly string[], { construction }: { readonly construction?: boolean } = {}) {
  const users = namespaces.slice(1).map((namespace) => user(namespace));
  if (construction !== true) return wired({ role: { assumeRolePolicy: trustOf(...namespaces) }, plus: users });
  const binding = resource("eks-irsa:index:IrsaBinding", "api", {
    serviceAccounts: namespaces.map((namespace) => ({ namespace, name: "api" })),
  });
  const role = resource(
    "aws:iam/role:Role",
    "api",
    { name: "api-irsa", assumeRolePolicy: trustOf(...namespaces) },
    {
      parent: binding.urn,
      from: { assumeRolePolicy: [urns.oidcProvider] },
      outputs: { name: "api-irsa", arn: ROLE_ARN },
    },
  );
  return wired({ role: null, plus: [binding, role, ...users] });
}

function releaseIn(namespace: string) {
  const serviceAccount = { name: "api", annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } };
  return resource(
    "kubernetes:helm.sh/v3:Release",
    "ops",
    { chart: "api", namespace, values: { serviceAccount } },
    { from: { values: [urns.role] } },
  );
}

function shared(policyArn: Value) {
  return resource("aws:iam/policyAttachment:PolicyAttachment", "shared", {
    policyArn,
    roles: ["api-irsa"],
    name: "shared",
  });
}

export default details;
