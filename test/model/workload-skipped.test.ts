import { skipFinding } from "../../policy-pack/src/model/workload-skipped";
import { boundWorkload } from "../../policy-pack/src/model/workload-bound";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, ROLE_ARN, UNKNOWN, wired, type Change, type Wiring } from "../support/stack";
import { containerOf, envOf, workloadIn, type Written } from "../support/pods";

const LABEL = "eks.amazonaws.com/skip-pod-identity-webhook";
const LIST = "eks.amazonaws.com/skip-containers";

/** `unknown name?: web, not api by skip-containers at annotations[…]`. */
function finding(changes: Wiring): string {
  const { model, workload } = workloadIn(wired(changes));
  const bound = boundWorkload(model, workload);
  if (!bound) return "no account with a role";
  const found = skipFinding(model, bound);
  if (!found) return "nothing";
  const { fault, certain, key, path } = found;
  const names = fault.kind === "all containers" ? [fault.names.join(" and ")] : [];
  const meant = fault.kind === "blanks" || fault.kind === "unknown name" ? [fault.name, fault.suggestion] : [];
  const words = [...names, ...meant.flatMap((each) => (each === undefined ? [] : [`"${each}"`]))];
  const by = key === "" ? "" : ` by ${key.replace("eks.amazonaws.com/", "")}`;
  const place = path.replace("spec.template.", "").replace(`[${JSON.stringify(key)}]`, "");
  return `${fault.kind}${certain ? "" : "?"}${words.length > 0 ? `: ${words.join(" for ")}` : ""}${by} at ${place}`;
}

/** A pod with labels and annotations, and these containers. */
function pod(metadata: Change, containers: readonly Value[] = [containerOf()], spec: Written = {}): Change {
  return { spec: { template: { metadata, spec: { containers, ...spec } } } };
}
const label: Change = { labels: { [LABEL]: "true" } };
const skips = (names: Value): Change => ({ annotations: { [LIST]: names } });
const byHand = containerOf({ env: envOf({ AWS_ROLE_ARN: ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE: "/token" }) });
const half = containerOf({ env: envOf({ AWS_ROLE_ARN: ROLE_ARN }) });
const unseen = containerOf({ envFrom: [{ configMapRef: { name: "elsewhere" } }] });
const migrate = containerOf({ name: "migrate" });
const web = containerOf({ name: "web" });
/** Another workload of the stack. */
const other = (serviceAccountName: Value, from: readonly string[] = []) =>
  resource(
    "kubernetes:apps/v1:Deployment",
    "other",
    {
      metadata: { name: "other", namespace: "shop" },
      spec: { template: { spec: { serviceAccountName, containers: [web] } } },
    },
    { from: { spec: from } },
  );

describe("a pod with the label that keeps it from the webhook", () => {
  const found = "label by skip-pod-identity-webhook at metadata.labels";
  const maybe = found.replace("label", "label?");
  test.each<[string, Wiring, string]>([
    ["goes without its role", { deployment: pod(label) }, found],
    ["has all that it needs by hand", { deployment: pod(label, [byHand]) }, "nothing"],
    ["has all that it needs by hand in one of its containers", { deployment: pod(label, [byHand, web]) }, "nothing"],
    ["has only half of it by hand", { deployment: pod(label, [half]) }, found],
    ["may have it from a ConfigMap elsewhere", { deployment: pod(label, [unseen]) }, "nothing"],
    [
      "may have it in an environment that is not known",
      { deployment: pod(label, [containerOf({ env: UNKNOWN })]) },
      "nothing",
    ],
    [
      "has it by hand in an init container alone",
      { deployment: pod(label, [web], { initContainers: [byHand] }) },
      found,
    ],
    ["may be meant where another workload uses the account", { deployment: pod(label), plus: [other("api")] }, maybe],
    ["goes without beside a workload of another account", { deployment: pod(label), plus: [other("web")] }, found],
    [
      "may be meant where another workload may use the account",
      { deployment: pod(label), plus: [other(UNKNOWN)] },
      maybe,
    ],
    [
      "goes without where nobody knows its containers, which is not said",
      { deployment: pod(label, undefined, { containers: UNKNOWN }) },
      "nothing",
    ],
    ["is none without containers", { deployment: pod(label, []) }, "nothing"],
    ["is none with init containers alone", { deployment: pod(label, [], { initContainers: [migrate] }) }, "nothing"],
  ])("%s", (_, changes, expected) => {
    expect(finding(changes)).toBe(expected);
  });
});

describe("the list of containers that the webhook passes over", () => {
  const at = " by skip-containers at metadata.annotations";
  const all = `all containers: api${at}`;
  const unknown = (name: string, meant?: string): string =>
    `unknown name?: "${name}"${meant === undefined ? "" : ` for "${meant}"`}${at}`;
  const two = [containerOf(), web];
  const steps = { initContainers: [migrate] };

  test.each<[string, Change, string]>([
    ["is not there", pod({}), "nothing"],
    ["has one of two", pod(skips("web"), two), "nothing"],
    ["has the only one", pod(skips("api")), all],
    ["has both", pod(skips("web,api"), two), all.replace("api", "api and web")],
    ["has all but the first step of the pod", pod(skips("api"), undefined, steps), all],
    ["has the first step of the pod alone", pod(skips("migrate"), undefined, steps), "nothing"],
    ["has the only one, which has all by hand", pod(skips("api"), [byHand]), "nothing"],
    ["has a name with a blank before it", pod(skips("web, api"), [...two, migrate]), `blanks?: " api" for "api"${at}`],
    [
      "has the first step's name with a blank",
      pod(skips("api, migrate"), undefined, steps),
      `blanks?: " migrate" for "migrate"${at}`,
    ],
    ["has a name that no container has", pod(skips("webb"), two), unknown("webb", "web")],
    ["has a name that is not like any other", pod(skips("billing-and-more"), two), unknown("billing-and-more")],
    ["has a name behind those that are sound", pod(skips("web,webb"), two), unknown("webb", "web")],
    ["has a container that a mesh adds", pod(skips("istio-proxy"), two), "nothing"],
    ["has an empty name", pod(skips("web,"), two), "nothing"],
    ["has a blank for a name", pod(skips("web, "), two), "nothing"],
    ["is not known yet", pod(skips(UNKNOWN)), "nothing"],
    [
      "has a name, while that of a container is not known",
      pod(skips("webb"), [containerOf(), containerOf({ name: UNKNOWN })]),
      "nothing",
    ],
    [
      "has the only known name of two containers",
      pod(skips("api"), [containerOf(), containerOf({ name: null })]),
      "nothing",
    ],
  ])("%s", (_, deployment, expected) => {
    expect(finding({ deployment })).toBe(expected);
  });

  test("may be meant where another workload uses the account", () => {
    expect(finding({ deployment: pod(skips("api")), plus: [other("api")] })).toBe(all.replace("s:", "s?:"));
  });
});

describe("a pod for Windows of which the webhook does not see it", () => {
  const found = "windows? at spec.nodeSelector";
  const windows = { os: { name: "windows" } };
  test.each<[string, Written, string]>([
    ["says so as its system alone", windows, found],
    ["says so as its system beside other labels", { ...windows, nodeSelector: { pool: "big" } }, found],
    ["is seen by its selector", { ...windows, nodeSelector: { "kubernetes.io/os": "windows" } }, "nothing"],
    [
      "is seen by its selector as it was before",
      { ...windows, nodeSelector: { "beta.kubernetes.io/os": "windows" } },
      "nothing",
    ],
    ["may be seen by a selector that is not known", { ...windows, nodeSelector: UNKNOWN }, "nothing"],
    ["is none for Linux", { os: { name: "linux" } }, "nothing"],
  ])("%s", (_, spec, expected) => {
    expect(finding({ deployment: pod({}, undefined, spec) })).toBe(expected);
  });

  test("comes after a fault of the list", () => {
    expect(finding({ deployment: pod(skips("api"), undefined, windows) })).toMatch(/^all containers/);
    expect(finding({ deployment: pod(skips("istio-proxy"), undefined, windows) })).toBe(found);
  });
});

test("another prefix of the webhook is another label", () => {
  const config = { annotationPrefix: "irsa.example.com" };
  const serviceAccount = { metadata: { annotations: { "irsa.example.com/role-arn": ROLE_ARN } } };
  expect(finding({ config, serviceAccount, deployment: pod(label) })).toBe("nothing");
});
