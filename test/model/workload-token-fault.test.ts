import { tokenFinding } from "../../policy-pack/src/model/workload-token-fault";
import { TOKEN_DIRECTORY, tokenOrigin } from "../../policy-pack/src/model/workload-token";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, ROLE_ARN, UNKNOWN, urnOf, urns, type Change, type Wiring } from "../support/stack";
import { containerOf, envOf, namesOf, podIn, podOf, type Written } from "../support/pods";
import { providerFor } from "../support/trust-parts";

/** `audience vault for sts.amazonaws.com at volumes…`; a question mark where nobody is sure of it. */
function finding(changes: Wiring, urn?: string): string {
  const { model, workload, container, environment, bound } = podIn(changes, urn);
  const origin = tokenOrigin(workload, container, environment, bound, model.config.annotationPrefix);
  const found = tokenFinding(model, workload, bound, origin);
  if (!found) return "nothing";
  const path = found.path.replace(/^.*(volumes|containers\[0\]\.)/, "$1").replace(/^containers\[0\]\./, "");
  if ("waitsFor" in found)
    return `${found.lifetime ? "lifetime" : "audience"} with ${namesOf(found.waitsFor)} at ${path}`;
  const { fault } = found;
  const words = Object.entries(fault).map(([key, value]) =>
    key === "kind" ? String(value) : `${key} ${value === undefined ? "none" : JSON.stringify(value)}`,
  );
  return `${words.join(", ")}${found.certain ? "" : "?"} at ${path}`;
}

const FILE = "/var/run/secrets/tokens/api";
const API_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const ENV = envOf({ AWS_ROLE_ARN: ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE: FILE });
const MOUNT = { name: "tokens", mountPath: "/var/run/secrets/tokens" };
const TOKEN = "volumes[0].projected.sources[0].serviceAccountToken";
const noRole: Change = { metadata: { annotations: { "eks.amazonaws.com/role-arn": undefined } } };
const anyCluster: Wiring = { kubernetes: { kubeconfig: undefined }, edges: { "kubernetes.kubeconfig": [] } };

/** A pod with a token of its own; `token` is laid over a correct one. */
const parts = (token: Written, mount: Written = {}): readonly [Written, Written] => {
  const serviceAccountToken = { path: "api", audience: "sts.amazonaws.com", expirationSeconds: 86400, ...token };
  return [
    { env: ENV, volumeMounts: [{ ...MOUNT, ...mount }] },
    { volumes: [{ name: "tokens", projected: { sources: [{ serviceAccountToken }] } }] },
  ];
};
const token = (written: Written, mount: Written = {}): Wiring => ({ deployment: podOf(...parts(written, mount)) });
/** Without an element of the token. */
const without = (element: string): Wiring => token({ [element]: null });
const audience = (value: string | undefined): string =>
  `audience, audience ${value === undefined ? "none" : JSON.stringify(value)}, needed "sts.amazonaws.com"`;

describe("the token of a container", () => {
  test.each<[string, Wiring, string]>([
    ["is right where the webhook gives it", {}, "nothing"],
    ["is right where the pod mounts such a one", token({}), "nothing"],
    ["is for nobody to judge without a web identity", { serviceAccount: noRole }, "nothing"],
    [
      "is hidden by another volume",
      { deployment: podOf({ volumeMounts: [{ name: "data", mountPath: TOKEN_DIRECTORY }] }) },
      'taken, volume "data" at volumeMounts[0]',
    ],
    [
      "is hidden by a volume of unknown name",
      { deployment: podOf({ volumeMounts: [{ name: UNKNOWN, mountPath: TOKEN_DIRECTORY }] }) },
      'taken, volume "" at volumeMounts[0]',
    ],
    ["is nowhere", { deployment: podOf({ env: ENV }) }, `nothing, file "${FILE}" at env[1]`],
    [
      "is not in a volume of the webhook's name",
      {
        deployment: podOf(
          { volumeMounts: [{ name: "aws-iam-token", mountPath: TOKEN_DIRECTORY }] },
          { volumes: [{ name: "aws-iam-token", emptyDir: {} }] },
        ),
      },
      'no token, source "emptyDir" at volumes[0]',
    ],
    [
      "is right in a volume of the webhook's name, which the webhook mounts",
      {
        deployment: podOf(
          {},
          {
            volumes: [
              {
                name: "aws-iam-token",
                projected: { sources: [{ serviceAccountToken: { path: "token", audience: "sts.amazonaws.com" } }] },
              },
            ],
          },
        ),
      },
      "nothing",
    ],
    [
      "is that of the Kubernetes API",
      { deployment: podOf({ env: envOf({ AWS_ROLE_ARN: ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE: API_FILE }) }) },
      `api, file "${API_FILE}" at env[1]`,
    ],
    ["is under another name", token({ path: "web" }), `wrong file, file "${FILE}", files ["web"] at volumes[0]`],
  ])("%s", (_, changes, expected) => {
    expect(finding(changes)).toBe(expected);
  });
});

describe("how long the token lives", () => {
  const expiry = (seconds: number): string => `expiry, seconds ${String(seconds)} at ${TOKEN}.expirationSeconds`;
  test.each<[string, Value, string]>([
    ["is left to Kubernetes", null, "nothing"],
    ["is the least that Kubernetes gives", 600, "nothing"],
    ["is less than that", 599, expiry(599)],
    ["is the most that Kubernetes gives", 2 ** 32, "nothing"],
    ["is more than that", 2 ** 32 + 1, expiry(2 ** 32 + 1)],
    ["is not known yet", UNKNOWN, `lifetime with shop at ${TOKEN}.expirationSeconds`],
  ])("%s", (_, expirationSeconds, expected) => {
    const edges = { "deployment.spec": [urns.namespace] } as const;
    expect(finding({ ...token({ expirationSeconds }), edges })).toBe(expected);
  });

  test("says nothing while it is not known for an account without a role", () => {
    expect(finding({ ...token({ expirationSeconds: UNKNOWN }), serviceAccount: noRole })).toBe("nothing");
  });
});

describe("a token that is wrong", () => {
  const short = token({ expirationSeconds: 60 });
  const expiry = (mark: string): string => `expiry, seconds 60${mark} at ${TOKEN}.expirationSeconds`;
  test.each<[string, Wiring, string]>([
    ["is so for an account with a role", short, expiry("")],
    ["is so for an account with a role on any cluster", { ...short, ...anyCluster }, expiry("")],
    ["is so on a cluster of EKS", { ...short, serviceAccount: noRole }, expiry("")],
    ["may be right on a cluster that nobody knows", { ...short, ...anyCluster, serviceAccount: noRole }, expiry("?")],
  ])("%s", (_, changes, expected) => {
    expect(finding(changes)).toBe(expected);
  });
});

describe("the audience of the token", () => {
  const at = ` at ${TOKEN}.audience`;
  const own = (value: Value): Change => ({
    metadata: { annotations: { "eks.amazonaws.com/audience": value as string } },
  });
  const known = { "deployment.spec": [urns.namespace] } as const;

  test.each<[string, Wiring, string]>([
    ["is missing, so that it is the API's", without("audience"), audience(undefined) + at],
    ["is empty, which is as good as missing", token({ audience: "" }), audience(undefined) + at],
    ["is another than the provider knows", token({ audience: "vault" }), audience("vault") + at],
    [
      "may be that of a provider elsewhere",
      { ...token({ audience: "vault" }), oidcProvider: null },
      `${audience("vault")}?${at}`,
    ],
    ["is missing whatever provider there is", { ...without("audience"), oidcProvider: null }, audience(undefined) + at],
    [
      "may be right on a cluster that nobody knows",
      { ...token({ audience: "vault" }), ...anyCluster, serviceAccount: noRole },
      `${audience("vault")}?${at}`,
    ],
    [
      "may be missing with reason on a cluster that nobody knows",
      { ...without("audience"), ...anyCluster, serviceAccount: noRole },
      `${audience(undefined)}?${at}`,
    ],
    [
      "is that of one of several client IDs",
      { ...token({ audience: "vault" }), oidcProvider: { clientIdLists: ["sts.amazonaws.com", "vault"] } },
      "nothing",
    ],
    [
      "is the account's, whatever the provider knows",
      { ...token({}), oidcProvider: { clientIdLists: ["vault"] } },
      "nothing",
    ],
    [
      "may be a client ID that is not known",
      { ...token({ audience: "vault" }), oidcProvider: { clientIdLists: ["sts.amazonaws.com", UNKNOWN] } },
      "nothing",
    ],
    [
      "may be one of client IDs that are not known",
      { ...token({ audience: "vault" }), oidcProvider: { clientIdLists: UNKNOWN } },
      "nothing",
    ],
    [
      "may be a client ID of one of two providers",
      { ...token({ audience: "vault" }), plus: [providerFor("oidc.example.com", [], UNKNOWN)] },
      "nothing",
    ],
    [
      "is missing, whatever client IDs there are",
      { ...without("audience"), oidcProvider: { clientIdLists: UNKNOWN } },
      audience(undefined) + at,
    ],
    [
      "is no client ID where the provider has none",
      { ...token({ audience: "vault" }), oidcProvider: { clientIdLists: undefined } },
      audience("vault") + at,
    ],
    [
      "is that of the account's annotation",
      { ...token({ audience: "vault" }), serviceAccount: own("vault") },
      "nothing",
    ],
    [
      "may be that of an annotation that is not known",
      { ...token({ audience: "vault" }), serviceAccount: own(UNKNOWN) },
      "nothing",
    ],
    [
      "is missing, whatever the annotation says",
      { ...without("audience"), serviceAccount: own(UNKNOWN) },
      audience(undefined) + at,
    ],
    [
      "is that of the configuration for an account without a role",
      { ...token({ audience: "vault" }), serviceAccount: noRole, config: { audience: "vault" } },
      "nothing",
    ],
    ["is not known yet", { ...token({ audience: UNKNOWN }), edges: known }, `audience with shop${at}`],
    [
      "is not known yet for an account without a role",
      { ...token({ audience: UNKNOWN }), edges: known, serviceAccount: noRole },
      "nothing",
    ],
  ])("%s", (_, changes, expected) => {
    expect(finding(changes)).toBe(expected);
  });
});

describe("a token that is mounted as a part of its volume", () => {
  const mountPath = { mountPath: FILE, subPath: "api" };
  const [container, volumes] = parts({}, mountPath);
  const template = { spec: { serviceAccountName: "api", containers: [containerOf(container)], ...volumes } };
  const metadata = { name: "load", namespace: "shop" };
  const job = resource("kubernetes:batch/v1:Job", "load", { metadata, spec: { template } });
  const cronJob = resource("kubernetes:batch/v1:CronJob", "load", {
    metadata,
    spec: { jobTemplate: { spec: { template } } },
  });

  test("is never renewed", () => {
    expect(finding(token({}, mountPath))).toBe("subPath at volumeMounts[0].subPath");
  });
  test("is never renewed on a cluster that nobody knows, if it has to be", () => {
    expect(finding({ ...token({}, mountPath), ...anyCluster, serviceAccount: noRole })).toBe(
      "subPath? at volumeMounts[0].subPath",
    );
  });
  test("may be well in a Job", () => {
    expect(finding({ plus: [job] }, urnOf("kubernetes:batch/v1:Job", "load"))).toBe(
      "subPath? at volumeMounts[0].subPath",
    );
  });
  test("may be well in a CronJob", () => {
    expect(finding({ plus: [cronJob] }, urnOf("kubernetes:batch/v1:CronJob", "load"))).toBe(
      "subPath? at volumeMounts[0].subPath",
    );
  });
});
