import { rivalCredentials } from "../../policy-pack/src/model/workload-credentials";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, UNKNOWN, urnOf, type Change, type Wiring } from "../support/stack";
import { boundPodIn, containerOf, envOf, namesOf, podOf, podSpec, type Written } from "../support/pods";

/** `keys: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY at env[0]`; a question mark where they may be for something else. */
function rival(changes: Wiring, urn?: string): string {
  const { bound, container, environment } = boundPodIn(changes, urn);
  const found = rivalCredentials(bound, container, environment);
  if (!found) return "nothing";
  const { cause, names, path, declaredBy, certain } = found;
  const place = path.replace(`${container.path}.`, "");
  const from = declaredBy.length > 0 ? ` of ${namesOf(declaredBy)}` : "";
  return `${cause}${certain ? "" : "?"}: ${names.join(", ")} at ${place}${from}`;
}

const KEYS = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "hush" };
const OTHER_KEYS = { AWS_ACCESS_KEY: "AKIA", AWS_SECRET_KEY: "hush" };
const both = "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY at env[0]";
const env = (variables: Written, spec: Written = {}): Change => podOf({ env: envOf(variables) }, spec);
const mounts = (list: readonly Value[], volumes: readonly Value[] = [], variables: Written = {}): Change =>
  podOf({ env: envOf(variables), volumeMounts: list }, { volumes });
const mount = (name: Value, mountPath: Value): Value => ({ name, mountPath });
const secret = (name: Value): Value => ({ name, secret: { secretName: "aws" } });

describe("keys beside the role", () => {
  const half = "half of the keys?: AWS_ACCESS_KEY_ID at env[0]";
  const envFrom = (name: string): Change =>
    podOf({ env: envOf({ AWS_ACCESS_KEY_ID: "AKIA" }), envFrom: [{ secretRef: { name } }] });
  const keys = resource("kubernetes:core/v1:Secret", "keys", {
    metadata: { name: "keys", namespace: "shop" },
    stringData: KEYS,
  });

  test.each<[string, Wiring, string]>([
    ["are none", {}, "nothing"],
    ["win", { deployment: env(KEYS) }, `keys: ${both}`],
    [
      "of the second names win in some SDKs",
      { deployment: env(OTHER_KEYS) },
      "keys?: AWS_ACCESS_KEY, AWS_SECRET_KEY at env[0]",
    ],
    [
      "may be for another container",
      { deployment: podSpec({ containers: [containerOf({ env: envOf(KEYS) }), containerOf({ name: "web" })] }) },
      `keys?: ${both}`,
    ],
    [
      "win beside a container that comes later",
      { deployment: env(KEYS, { ephemeralContainers: [containerOf({ name: "debug" })] }) },
      `keys: ${both}`,
    ],
    [
      "may be for the first step of a pod that shows no other",
      { deployment: podSpec({ containers: [], initContainers: [containerOf({ env: envOf(KEYS) })] }) },
      `keys?: ${both}`,
    ],
    [
      "come from a Secret of the stack",
      { deployment: podOf({ envFrom: [{ secretRef: { name: "keys" } }] }), plus: [keys] },
      "keys: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY at envFrom[0] of keys",
    ],
    ["are one alone", { deployment: env({ AWS_ACCESS_KEY_ID: "AKIA" }) }, half],
    [
      "are the other one alone",
      { deployment: env({ AWS_SECRET_ACCESS_KEY: "hush" }) },
      half.replace("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    ],
    [
      "are one alone, with an empty one",
      { deployment: env({ AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "" }) },
      half,
    ],
    ["are one that is not known, alone", { deployment: env({ AWS_ACCESS_KEY_ID: UNKNOWN }) }, half],
    [
      "may both be empty where one is",
      { deployment: env({ AWS_ACCESS_KEY_ID: UNKNOWN, AWS_SECRET_ACCESS_KEY: "" }) },
      "nothing",
    ],
    [
      "may both be empty where the first one is",
      { deployment: env({ AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: UNKNOWN }) },
      "nothing",
    ],
    ["may be in a Secret that nobody sees", { deployment: envFrom("elsewhere") }, "nothing"],
    ["are empty", { deployment: env({ AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" }) }, "nothing"],
  ])("%s", (_, changes, expected) => {
    expect(rival(changes)).toBe(expected);
  });

  test.each<[string, Written, string]>([
    ["another S3", { AWS_ENDPOINT_URL_S3: "http://minio.shop.svc:9000" }, `keys?: ${both}`],
    ["another AWS altogether", { AWS_ENDPOINT_URL: "http://localstack:4566" }, `keys?: ${both}`],
    [
      "another S3, and AWS for the rest",
      { AWS_ENDPOINT_URL: "https://sts.eu-west-1.amazonaws.com", AWS_ENDPOINT_URL_S3: "http://minio:9000" },
      `keys: ${both}`,
    ],
    ["AWS, by its full address", { AWS_ENDPOINT_URL: "https://s3.eu-west-1.amazonaws.com" }, `keys: ${both}`],
    ["AWS China", { AWS_ENDPOINT_URL: "https://s3.cn-north-1.amazonaws.com.cn" }, `keys: ${both}`],
    ["AWS's S3, by its full address", { AWS_ENDPOINT_URL_S3: "https://s3.eu-west-1.amazonaws.com" }, `keys: ${both}`],
    ["nobody knows whom", { AWS_ENDPOINT_URL: "minio:9000" }, `keys?: ${both}`],
  ])("are for %s", (_, endpoint, expected) => {
    expect(rival({ deployment: env({ ...KEYS, ...endpoint }) })).toBe(expected);
  });

  test.each<[string, string, string]>([
    ["may be for what a Patch does not show", "kubernetes:apps/v1:DeploymentPatch", `keys?: ${both}`],
    ["win in a whole object", "kubernetes:apps/v1:Deployment", `keys: ${both}`],
  ])("%s", (_, type, expected) => {
    const spec = { serviceAccountName: "api", containers: [containerOf({ env: envOf(KEYS) })] };
    const part = resource(type, "part", {
      metadata: { name: "part", namespace: "shop" },
      spec: { template: { spec } },
    });
    expect(rival({ plus: [part] }, urnOf(type, "part"))).toBe(expected);
  });

  test("are halved perhaps by a Patch", () => {
    const type = "kubernetes:apps/v1:DeploymentPatch";
    const containers = [containerOf({ env: envOf({ AWS_ACCESS_KEY_ID: "AKIA" }) })];
    const spec = { template: { spec: { serviceAccountName: "api", containers } } };
    const part = resource(type, "part", { metadata: { name: "part", namespace: "shop" }, spec });
    expect(rival({ plus: [part] }, urnOf(type, "part"))).toBe("nothing");
  });
});

describe("a file of credentials beside the role", () => {
  const file = (path: string, index = 0): string => `credentials file?: ${path} at volumeMounts[${String(index)}]`;
  test.each<[string, Change, string]>([
    [
      "is named by a variable",
      env({ AWS_SHARED_CREDENTIALS_FILE: "/etc/aws" }),
      "credentials file?: AWS_SHARED_CREDENTIALS_FILE at env[0]",
    ],
    ["is mounted", mounts([mount("aws", "/root/.aws/credentials")]), file("/root/.aws/credentials")],
    [
      "is in the mounted directory of a Secret",
      mounts([mount("aws", "/root/.aws")], [secret("aws")]),
      file("/root/.aws"),
    ],
    ["is in it, a slash at the end", mounts([mount("aws", "/root/.aws/")], [secret("aws")]), file("/root/.aws/")],
    [
      "is behind other mounts",
      mounts(
        [mount(UNKNOWN, "/x"), mount("data", UNKNOWN), mount("data", "/data"), mount("aws", "/root/.aws")],
        [{ name: "data", emptyDir: {} }, secret("aws")],
      ),
      file("/root/.aws", 3),
    ],
    [
      "is none in a ConfigMap's directory",
      mounts([mount("aws", "/root/.aws")], [{ name: "aws", configMap: { name: "x" } }]),
      "nothing",
    ],
    [
      "is none in another volume than the Secret's",
      mounts([mount("aws", "/root/.aws")], [secret("other"), { name: "aws", emptyDir: {} }]),
      "nothing",
    ],
    ["is none in a volume that nobody declares", podOf({ volumeMounts: [mount("aws", "/root/.aws")] }), "nothing"],
    ["is none where the volume is not known", mounts([mount(UNKNOWN, "/root/.aws/credentials")]), "nothing"],
    ["is none below that directory", mounts([mount("aws", "/root/.aws/sso")], [secret("aws")]), "nothing"],
    ["is none under a name that begins alike", mounts([mount("aws", "/root/.awsome")], [secret("aws")]), "nothing"],
    ["is none in a backup of it", mounts([mount("aws", "/root/.aws/credentials.bak")], [secret("aws")]), "nothing"],
  ])("%s", (_, deployment, expected) => {
    expect(rival({ deployment })).toBe(expected);
  });
});

describe("a profile beside the role", () => {
  const profile = "profile?: AWS_PROFILE at env[0]";
  const set = { AWS_PROFILE: "shop" };
  test.each<[string, Change, string]>([
    ["may win", env(set), profile],
    ["may win by its older name", env({ AWS_DEFAULT_PROFILE: "shop" }), "profile?: AWS_DEFAULT_PROFILE at env[0]"],
    ["is that of a config file", env({ ...set, AWS_CONFIG_FILE: "/etc/aws/config" }), "nothing"],
    ["is that of a mounted config file", mounts([mount("x", "/root/.aws/config")], [], set), "nothing"],
    ["is that of a mounted directory", mounts([mount("x", "/root/.aws")], [], set), "nothing"],
    ["may win beside other mounts", mounts([mount("x", "/data"), mount("y", UNKNOWN)], [], set), profile],
    ["may win beside a file that is called alike", mounts([mount("x", "/root/.aws/config.d")], [], set), profile],
    ["may win beside a directory that is called alike", mounts([mount("x", "/root/.awsome")], [], set), profile],
  ])("%s", (_, deployment, expected) => {
    expect(rival({ deployment })).toBe(expected);
  });
});

test.each(["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"])(
  "credentials of a container service may win by %s",
  (name) => {
    expect(rival({ deployment: env({ [name]: "/creds" }) })).toBe(`container credentials?: ${name} at env[0]`);
  },
);
