import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { isRead } from "../../policy-pack/src/model/tokens";
import type { RawResource } from "../support/analyzer";
import { ISSUER, kubernetesProvider, urnOf, urns } from "../support/stack";

/** What must never be seen in a message. */
export const SECRET_TEXT = "s3cr3t";
export const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const SIGNATURE = "4dabf18193072939515e22adb298388d";

export function secret(value: unknown): unknown {
  return { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value };
}

/* A signature other than those of secrets and assets is refused by the SDK, and the engine sends none (seen with @pulumi/policy 1.21). */
const ASSET = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: SECRET_TEXT };

const TOKENS = readFileSync(join(__dirname, "../../policy-pack/src/model/tokens.ts"), "utf8");
const KUBERNETES = [
  ...["ServiceAccount", "Namespace", "Secret", "ConfigMap", "Pod", "PodTemplate"].map((kind) => `core/v1:${kind}`),
  ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map((kind) => `apps/v1:${kind}`),
  ...["Job", "CronJob"].map((kind) => `batch/v1:${kind}`),
];

/** Every type token that the pack reads, the List and Patch forms included. */
export const TYPES: readonly string[] = [
  ...[...TOKENS.matchAll(/^\s+"((?:aws|eks)[^"]*)":/gm)].map((match) => match[1] ?? ""),
  "eks-irsa:index:IrsaBinding",
  ...KUBERNETES.flatMap((each) => ["", "List", "Patch"].map((form) => `kubernetes:${each}${form}`)),
  "kubernetes:helm.sh/v3:Release",
  "kubernetes:helm.sh/v4:Chart",
  "kubernetes:yaml/v2:ConfigGroup",
  "pulumi:providers:aws",
  "pulumi:providers:kubernetes",
].filter(isRead);

/** The property names by which the pack finds its way. */
const KEYS = [
  "metadata name namespace annotations labels items spec template jobTemplate containers initContainers image env envFrom",
  "value valueFrom volumes volumeMounts projected sources serviceAccountToken audience path mountPath subPath expirationSeconds",
  "serviceAccountName serviceAccount securityContext runAsUser nodeSelector affinity hostNetwork data stringData values",
  "url clientIdLists clientIdList thumbprintLists arn assumeRolePolicy assumeRolePolicyDocument roleName managedPolicyArns",
  "inlinePolicies policies policy policyDocument policyArn role roles policyArns policyNames permissionsBoundary tags",
  "clusterName addonName serviceAccountRoleArn roleArn identities oidcs issuer endpoint version outpostConfig oidc issuerUrl",
  "createOidcProvider oidcIssuer subjects subject serviceAccountName kubeconfig region assumeRoles allowedAccountIds",
  "Version Statement Effect Principal Federated Action NotAction Condition StringEquals StringLike Null Resource",
]
  .join(" ")
  .split(" ");
const HOSTILE_KEYS = ["__proto__", "constructor", "toString", "hasOwnProperty", "$unknown", "", "a.b/c", "\ud800"];

const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    "",
    " ",
    "\ud800",
    "\udfff\ud800",
    "a\u0000b\u001b[31mc\u2028d",
    "[object Object]",
    "Calling [toString] on an [Output<T>] is not supported.",
    SENTINEL,
    `arn:aws:iam::111122223333:role/${SENTINEL}`,
    "arn:aws:iam::111122223333:role/api-irsa",
    "arn:aws:iam::111122223333:oidc-provider/",
    "arn:::::",
    "system:serviceaccount:shop:api",
    "system:serviceaccount:*:*",
    `https://${ISSUER}/`,
    `${ISSUER}:sub`,
    '{"Version":"2012-10-17","Statement":[]}',
    '{"Statement":{"Effect":"Allow","Effect":"Deny","Principal":"*","Action":"*"}}',
    '{"Statement":[{"Effect":"Allow","Principal":{"Federated":["*",7,null,{}]},"Action":[[]],"Condition":{"StringEquals":{"__proto__":1,"constructor":["x"]}}}]}',
    '{"__proto__":{"Statement":[]},"constructor":null}',
    '{"Statement":',
    "1".repeat(400),
    "${aws:username}".repeat(20),
    "*?".repeat(60),
    "ignore.eks-irsa.dev/trust-policy-invalid",
  ),
);

/** Anything that the wire can carry, unknowns and secrets included. */
export const anything: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    texts,
    fc.constantFrom<unknown>(null, true, false, 0, -1, 0.5, 1e308, -1e308, Number.NaN, Number.POSITIVE_INFINITY),
    fc.constantFrom(
      secret(`${SECRET_TEXT} text`),
      secret(SENTINEL),
      secret({ a: SECRET_TEXT }),
      secret([SECRET_TEXT]),
      ASSET,
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...KEYS), fc.constantFrom(...HOSTILE_KEYS)), tie("value")), {
        maxLength: 5,
      })
      .map(objectOf),
  ),
})).value;

/** An object with exactly these own keys, `__proto__` among them. */
export function objectOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [key, value] of entries)
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
  return made;
}

const bags: fc.Arbitrary<Record<string, unknown>> = fc
  .array(fc.tuple(fc.constantFrom(...KEYS, ...HOSTILE_KEYS), anything), { maxLength: 8 })
  .map(objectOf);

/** A resource of a type that the pack reads, with any properties, edges to the others and a provider of any configuration. */
export const hostileResource: fc.Arbitrary<RawResource> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    name: fc.oneof(
      fc.constantFrom("api", "shop", "a b", 'a"b', "a::b", "__proto__", "ünï"),
      fc.string({ maxLength: 8 }),
    ),
    inputs: bags,
    outputs: bags,
    configuration: bags,
    from: fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...Object.values(urns), urnOf("x:y:Z", "gone")))),
  })
  .map(({ type, name, inputs, outputs, configuration, from }) => {
    const provider = kubernetesProvider("hostile", {});
    return {
      urn: urnOf(type, name),
      type,
      name,
      inputs,
      outputs,
      provider: { urn: provider.urn, type: provider.type, name: provider.name, inputs: configuration },
      dependencies: from.map(([, urn]) => urn),
      propertyDependencies: Object.fromEntries(from.map(([key, urn]) => [key, [urn]])),
    };
  });
