import { awaitedToken, TOKEN_DIRECTORY, tokenOrigin } from "../../policy-pack/src/model/workload-token";
import type { Value } from "../../policy-pack/src/facts/value";
import { ROLE_ARN, UNKNOWN, urns, wired, type Change, type Wiring } from "../support/stack";
import { containerOf, envOf, namesOf, podIn, podOf, workloadIn, type Written } from "../support/pods";

const OWN = "aws-iam-token";
const WEBHOOK_FILE = `${TOKEN_DIRECTORY}/token`;

/** `volume tokens: spec…serviceAccountToken`, or how else the token comes into the container. */
function origin(changes: Wiring): string {
  const { workload, container, environment, bound, model } = podIn(changes);
  const found = tokenOrigin(workload, container, environment, bound, model.config.annotationPrefix);
  switch (found.is) {
    case "webhook":
    case "none":
      return found.is;
    case "taken":
      return `taken by ${found.mount.volume.is === "known" ? found.mount.volume.value : "?"}`;
    case "api":
    case "nothing":
      return `${found.is}: ${found.file}${found.path === "" ? "" : ` of ${found.path.replace(/^.*\.env/, "env")}`}`;
    case "volume": {
      const { volume, found: inside } = found;
      const name = volume.name.is === "known" ? volume.name.value : "?";
      return `${name}: ${typeof inside === "string" ? inside : inside.token.path.replace(/^.*volumes/, "volumes")}`;
    }
  }
}

const ROLE_AND = (file: Value, more: Written = {}): Value =>
  envOf({ AWS_ROLE_ARN: ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE: file, ...more });
const mount = (name: Value, mountPath: Value, more: Written = {}): Value => ({ name, mountPath, ...more });
const tokens = (name: Value, ...paths: readonly Value[]): Value => ({
  name,
  projected: { sources: paths.map((path) => ({ serviceAccountToken: { path, audience: "sts.amazonaws.com" } })) },
});
const pod = (container: Written, ...volumes: readonly Value[]): Wiring => ({
  deployment: podOf(container, { volumes }),
});
const noRole: Change = { metadata: { annotations: { "eks.amazonaws.com/role-arn": undefined } } };
const skipped: Change = {
  spec: { template: { metadata: { labels: { "eks.amazonaws.com/skip-pod-identity-webhook": "" } } } },
};
/** What the webhook adds beside role and file. */
const SETTINGS = { AWS_REGION: "eu-west-1", AWS_STS_REGIONAL_ENDPOINTS: "regional" };
const FILE = "/var/run/secrets/tokens/api";
const DIRECTORY = "/var/run/secrets/tokens";
/** A token of the pod's own, as a program that does without the webhook writes it. */
const byHand = (parts: { readonly env?: Value; readonly mount?: Value; readonly volume?: Value } = {}): Wiring =>
  pod(
    { env: parts.env ?? ROLE_AND(FILE), volumeMounts: [parts.mount ?? mount("tokens", DIRECTORY)] },
    parts.volume ?? tokens("tokens", "api"),
  );

describe("a container to which nothing of its identity is written", () => {
  test.each<[string, Wiring, string]>([
    ["gets the webhook's token", {}, "webhook"],
    ["gets none where its account has no role", { serviceAccount: noRole }, "none"],
    ["gets none where the pod is kept from the webhook", { deployment: skipped }, "none"],
    ["gets the webhook's beside a volume elsewhere", pod({ volumeMounts: [mount("data", "/data")] }), "webhook"],
    ["may get any while its mounts are not known", { deployment: podOf({ volumeMounts: UNKNOWN }) }, "none"],
    ["may get any while the volumes are not known", { deployment: podOf({}, { volumes: UNKNOWN }) }, "none"],
    ["may get any while a mount has no known path", pod({ volumeMounts: [mount("data", UNKNOWN)] }), "none"],
    ["loses it to a volume in its place", pod({ volumeMounts: [mount("data", TOKEN_DIRECTORY)] }), "taken by data"],
    [
      "loses it to a volume in its place, however that is spelt",
      pod({ volumeMounts: [mount("data", "/run/secrets/eks.amazonaws.com/serviceaccount/")] }),
      "taken by data",
    ],
    [
      "loses it to a volume in its place, beside one of unknown path",
      pod({ volumeMounts: [mount("logs", UNKNOWN), mount("data", TOKEN_DIRECTORY)] }),
      "taken by data",
    ],
    [
      "mounts the webhook's volume itself",
      pod({ volumeMounts: [mount("data", "/data"), mount(OWN, TOKEN_DIRECTORY)] }),
      "webhook",
    ],
    [
      "has a volume of the webhook's name",
      pod({}, tokens(OWN, "token")),
      `${OWN}: volumes[0].projected.sources[0].serviceAccountToken`,
    ],
    [
      "gets the webhook's for its STS setting alone",
      pod({ env: envOf({ AWS_STS_REGIONAL_ENDPOINTS: "regional" }) }),
      "webhook",
    ],
    [
      "gets the webhook's for region and STS settings",
      pod({ env: envOf({ AWS_STS_REGIONAL_ENDPOINTS: "regional", AWS_REGION: "eu-west-1" }) }),
      "webhook",
    ],
    [
      "has no other file where the webhook's volume is mounted elsewhere",
      pod({ volumeMounts: [mount(OWN, "/tokens")] }),
      `nothing: ${WEBHOOK_FILE}`,
    ],
    [
      "keeps its own volume in that place where a role and all else is written",
      pod({ env: envOf({ AWS_ROLE_ARN: ROLE_ARN, ...SETTINGS }), volumeMounts: [mount("data", TOKEN_DIRECTORY)] }),
      "none",
    ],
    [
      "keeps its own volume in that place where a file and all else is written",
      pod({
        env: envOf({ AWS_WEB_IDENTITY_TOKEN_FILE: FILE, ...SETTINGS }),
        volumeMounts: [mount("data", TOKEN_DIRECTORY)],
      }),
      "none",
    ],
    ["has no token for a role without a file", pod({ env: envOf({ AWS_ROLE_ARN: ROLE_ARN }) }), "none"],
  ])("%s", (_, changes, expected) => {
    expect(origin(changes)).toBe(expected);
  });
});

describe("a token file that is written", () => {
  const found = "tokens: volumes[0].projected.sources[0].serviceAccountToken";
  test.each<[string, Wiring, string]>([
    ["is in the volume that is mounted there", byHand(), found],
    ["is there for an account without a role, too", { ...byHand(), serviceAccount: noRole }, found],
    ["is none without a role", byHand({ env: envOf({ AWS_WEB_IDENTITY_TOKEN_FILE: FILE }) }), "none"],
    ["is none of a relative path", byHand({ env: ROLE_AND("token") }), "none"],
    ["is none of Windows", byHand({ env: ROLE_AND("/var/run\\token") }), "none"],
    [
      "is none that comes from elsewhere",
      byHand({
        env: [
          { name: "AWS_ROLE_ARN", value: ROLE_ARN },
          { name: "AWS_WEB_IDENTITY_TOKEN_FILE", valueFrom: { configMapKeyRef: { name: "a", key: "b" } } },
        ],
      }),
      "none",
    ],
    [
      "is in the nearest of two volumes",
      pod(
        {
          env: ROLE_AND(FILE),
          volumeMounts: [mount("data", "/var/run"), mount("tokens", DIRECTORY), mount("x", "/var")],
        },
        tokens("tokens", "api"),
        tokens("data", "wrong"),
      ),
      found,
    ],
    ["is a mount by itself", byHand({ mount: mount("tokens", FILE, { subPath: "api" }) }), found],
    [
      "is below a part of the volume",
      byHand({ mount: mount("tokens", DIRECTORY, { subPath: "v1" }), volume: tokens("tokens", "v1/api") }),
      found,
    ],
    [
      "is not below a directory that begins alike",
      byHand({ mount: mount("tokens", "/var/run/secrets/tok") }),
      `nothing: ${FILE} of env[1]`,
    ],
    ["is nowhere without a mount", pod({ env: ROLE_AND(FILE) }, tokens("tokens", "api")), `nothing: ${FILE} of env[1]`],
    [
      "may be in the image for an account without a role",
      { ...pod({ env: ROLE_AND(FILE) }), serviceAccount: noRole },
      "none",
    ],
    [
      "is that of the Kubernetes API",
      pod({ env: ROLE_AND("/var/run/secrets/kubernetes.io/serviceaccount/token") }),
      "api: /var/run/secrets/kubernetes.io/serviceaccount/token of env[1]",
    ],
    [
      "is one of the second source",
      byHand({ volume: tokens("tokens", "web", "api") }),
      found.replace("sources[0]", "sources[1]"),
    ],
    ["is not among the files of the volume", byHand({ volume: tokens("tokens", "web") }), "tokens: wrong file"],
    ["may be put into an empty volume", byHand({ volume: { name: "tokens", emptyDir: {} } }), "none"],
    ["may be one whose path is not known", byHand({ volume: tokens("tokens", "web", UNKNOWN) }), "none"],
    ["is in the whole volume", byHand({ mount: mount("tokens", DIRECTORY, { subPath: "" }) }), found],
    [
      "is in a folder of the volume, written with a slash at its end",
      byHand({ mount: mount("tokens", DIRECTORY, { subPath: "v1/" }), volume: tokens("tokens", "v1/api") }),
      found,
    ],
    ["is in /run, which is /var/run", byHand({ env: ROLE_AND("/run/api"), mount: mount("tokens", "/run") }), found],
    [
      "is in /var/run, mounted as /run/",
      byHand({ env: ROLE_AND("/var/run/api"), mount: mount("tokens", "/run/") }),
      found,
    ],
    ["may be in any part of the volume", byHand({ mount: mount("tokens", DIRECTORY, { subPath: UNKNOWN }) }), "none"],
    ["may be in any volume", byHand({ mount: mount(UNKNOWN, DIRECTORY) }), "none"],
    ["is nowhere by a mount without a path", byHand({ mount: { name: "tokens" } }), `nothing: ${FILE} of env[1]`],
    ["is in a volume that nobody declares", byHand({ volume: tokens("other", "api") }), "none"],
    ["may be in a volume whose name is not known", byHand({ volume: tokens(UNKNOWN, "api") }), "none"],
  ])("%s", (_, changes, expected) => {
    expect(origin(changes)).toBe(expected);
  });
});

describe("the webhook's own volume", () => {
  const own = (volume: Value, env: Value = ROLE_AND(WEBHOOK_FILE), at = TOKEN_DIRECTORY): Wiring =>
    pod({ env, volumeMounts: [mount(OWN, at)] }, volume);

  test.each<[string, Wiring, string]>([
    ["is added to a container that writes role and file alone", pod({ env: ROLE_AND(WEBHOOK_FILE) }), "webhook"],
    [
      "is not added where all is written that the webhook would add",
      pod({ env: ROLE_AND(WEBHOOK_FILE, SETTINGS) }),
      `nothing: ${WEBHOOK_FILE} of env[1]`,
    ],
    [
      "is not added for the other region variable either",
      pod({ env: ROLE_AND(WEBHOOK_FILE, { AWS_DEFAULT_REGION: "eu-west-1", AWS_STS_REGIONAL_ENDPOINTS: "regional" }) }),
      `nothing: ${WEBHOOK_FILE} of env[1]`,
    ],
    [
      "has no other file",
      pod({ env: ROLE_AND(`${TOKEN_DIRECTORY}/jwt`) }),
      `nothing: ${TOKEN_DIRECTORY}/jwt of env[1]`,
    ],
    [
      "may be mounted elsewhere",
      pod({ env: ROLE_AND("/tokens/token"), volumeMounts: [mount(OWN, "/tokens")] }),
      "webhook",
    ],
    [
      "has no other file elsewhere either",
      pod({ env: ROLE_AND("/tokens/jwt"), volumeMounts: [mount(OWN, "/tokens")] }),
      "nothing: /tokens/jwt of env[1]",
    ],
    [
      "is not there where it is mounted and the webhook adds nothing",
      pod({ env: ROLE_AND(WEBHOOK_FILE, SETTINGS), volumeMounts: [mount(OWN, TOKEN_DIRECTORY)] }),
      "none",
    ],
    [
      "is not the one that is mounted under a name which is not known",
      pod({ env: ROLE_AND("/tokens/token"), volumeMounts: [mount(UNKNOWN, "/tokens")] }),
      "none",
    ],
    ["has no token where the pod declares another kind of it", own({ name: OWN, emptyDir: {} }), `${OWN}: no token`],
    [
      "may have other files of the pod's own",
      own({ name: OWN, emptyDir: {} }, ROLE_AND(`${TOKEN_DIRECTORY}/jwt`)),
      "none",
    ],
    ["may be anything while only its name is written", own({ name: OWN }), "none"],
    ["may hold any token while its sources are not known", own({ name: OWN, projected: { sources: UNKNOWN } }), "none"],
    [
      "is not any volume in its place",
      {
        ...pod(
          { env: ROLE_AND(WEBHOOK_FILE), volumeMounts: [mount("data", TOKEN_DIRECTORY)] },
          { name: "data", emptyDir: {} },
        ),
        serviceAccount: noRole,
      },
      "none",
    ],
  ])("%s", (_, changes, expected) => {
    expect(origin(changes)).toBe(expected);
  });
});

describe("what tells where a token comes from", () => {
  const known = { env: ROLE_AND(FILE), volumeMounts: [mount("tokens", DIRECTORY)] };
  const volumes = [tokens("tokens", "api")];
  const awaits = "shop";
  test.each<[string, Change, string]>([
    ["is nothing once all is known", podOf(known, { volumes }), "nothing"],
    ["is nothing where nothing is written", podOf({}), "nothing"],
    ["is nothing for a volume without a token", podOf({}, { volumes: [{ name: "data", emptyDir: {} }] }), "nothing"],
    ["is what the volumes came from", podOf(known, { volumes: UNKNOWN }), awaits],
    ["is what the mounts came from", podOf({ volumeMounts: UNKNOWN }), awaits],
    ["is what the file came from", podOf({ ...known, env: ROLE_AND(UNKNOWN) }, { volumes }), awaits],
    [
      "is not what another variable came from",
      podOf({ ...known, env: ROLE_AND(FILE, { MODE: UNKNOWN }) }, { volumes }),
      "nothing",
    ],
    [
      "is what a mount's volume came from",
      podOf({ ...known, volumeMounts: [mount(UNKNOWN, "/a")] }, { volumes }),
      awaits,
    ],
    ["is what a mount's path came from", podOf({ ...known, volumeMounts: [mount("a", UNKNOWN)] }, { volumes }), awaits],
    [
      "is what a part of a volume came from",
      podOf({ ...known, volumeMounts: [mount("a", "/a", { subPath: UNKNOWN })] }, { volumes }),
      awaits,
    ],
    ["is what a volume's name came from", podOf(known, { volumes: [tokens(UNKNOWN, "api")] }), awaits],
    ["is what a volume as a whole came from", podOf(known, { volumes: [UNKNOWN] }), awaits],
    ["is what a volume's sources came from", podOf(known, { volumes: [{ name: "a", projected: UNKNOWN }] }), awaits],
    ["is what a token's path came from", podOf(known, { volumes: [tokens("tokens", UNKNOWN)] }), awaits],
  ])("%s", (_, deployment, expected) => {
    const { workload } = workloadIn(wired({ deployment, edges: { "deployment.spec": [urns.namespace] } }));
    const containers = workload.pod.containers.is === "known" ? workload.pod.containers.value : [];
    expect(containers.map((each) => namesOf(awaitedToken(workload, each)))).toEqual([expected]);
  });

  test("is told for each container by itself", () => {
    const containers = [containerOf(), containerOf({ name: "web", volumeMounts: UNKNOWN })];
    const deployment = { spec: { template: { spec: { containers } } } };
    const { workload } = workloadIn(wired({ deployment, edges: { "deployment.spec": [] } }));
    const all = workload.pod.containers.is === "known" ? workload.pod.containers.value : [];
    expect(all.map((each) => namesOf(awaitedToken(workload, each)))).toEqual(["nothing", "nobody can say what"]);
  });
});
