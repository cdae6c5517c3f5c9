import { handWiredRefusal } from "../../policy-pack/src/model/workload-identity";
import type { Value } from "../../policy-pack/src/facts/value";
import {
  OTHER_ISSUER,
  resource,
  ROLE_ARN,
  trust,
  UNKNOWN,
  urnOf,
  urns,
  type Change,
  type Wiring,
} from "../support/stack";
import { containerOf, envOf, podIn, podOf, podSpec, type Written } from "../support/pods";
import { providerFor } from "../support/trust-parts";
import { roleArn, roleOf } from "../support/trust-stacks";

/** `role "payments" refuses system:serviceaccount:shop:api`. */
function refusal(changes: Wiring, urn?: string): string {
  const { model, workload, environment } = podIn(changes, urn);
  const found = handWiredRefusal(model, workload, environment);
  return found ? `${found.role.title} refuses ${found.subject}` : "nothing";
}

const PAYMENTS = roleArn("payments");
const VARIABLES = { AWS_ROLE_ARN: PAYMENTS, AWS_WEB_IDENTITY_TOKEN_FILE: "/tokens/api" };
const tokens = (...paths: readonly Value[]): Value => ({
  name: "tokens",
  projected: { sources: paths.map((path) => ({ serviceAccountToken: { path, audience: "sts.amazonaws.com" } })) },
});
const data = { name: "data", emptyDir: {} };
const CONTAINER = { env: envOf(VARIABLES), volumeMounts: [{ name: "tokens", mountPath: "/tokens" }] };
/** The pod with all written by hand, with other parts of its spec. */
const wiredPod = (spec: Written = {}, container: Written = {}): Change =>
  podOf({ ...CONTAINER, ...container }, { volumes: [tokens("api")], ...spec });
const noRole: Change = { metadata: { annotations: { "eks.amazonaws.com/role-arn": undefined } } };
const payments = (policy: Value) => roleOf("payments", policy);
const WEB = trust({ sub: "system:serviceaccount:shop:web" });
const web = resource("kubernetes:core/v1:ServiceAccount", "web", { metadata: { name: "web", namespace: "shop" } });
/** A role for the account `web`, which the pod of the account `api` takes by hand. */
const base: Wiring = { serviceAccount: noRole, deployment: wiredPod(), plus: [payments(WEB), web] };
const refused = 'role "payments" refuses system:serviceaccount:shop:api';

describe("a role that a pod takes by hand", () => {
  test.each<[string, Wiring, string]>([
    ["refuses it", base, refused],
    ["refuses it beside other roles", { ...base, plus: [roleOf("aaa", trust()), payments(WEB), web] }, refused],
    ["admits it", { ...base, plus: [payments(trust()), web] }, "nothing"],
    ["lives elsewhere", { ...base, plus: [web] }, "nothing"],
    [
      "lives elsewhere, while one of this stack is not known",
      { ...base, plus: [web], role: { name: UNKNOWN, assumeRolePolicy: WEB } },
      "nothing",
    ],
    ["trusts nobody knows whom", { ...base, plus: [payments(UNKNOWN), web] }, "nothing"],
    [
      "has a fault of its own",
      { ...base, plus: [payments(trust({ sub: "serviceaccount:shop:web" })), web] },
      "nothing",
    ],
    ["refuses an account that another stack makes", { ...base, serviceAccount: null }, refused],
    [
      "refuses the default account",
      { ...base, deployment: wiredPod({ serviceAccountName: "" }) },
      refused.replace("shop:api", "shop:default"),
    ],
    [
      "is for any cluster where nobody knows the pod's",
      { ...base, kubernetes: { kubeconfig: undefined }, edges: { "kubernetes.kubeconfig": [] } },
      refused,
    ],
    [
      "is for another cluster",
      { ...base, plus: [payments(trust({ issuer: OTHER_ISSUER })), web, providerFor(OTHER_ISSUER)] },
      refused,
    ],
    [
      "may be for this cluster where nobody knows the pod's",
      {
        ...base,
        plus: [payments(trust({ issuer: OTHER_ISSUER })), web, providerFor(OTHER_ISSUER)],
        kubernetes: { kubeconfig: undefined },
        edges: { "kubernetes.kubeconfig": [] },
      },
      "nothing",
    ],
  ])("%s", (_, changes, expected) => {
    expect(refusal(changes)).toBe(expected);
  });
});

describe("a pod that is not known well enough", () => {
  const from = (...urnsFrom: readonly string[]): Pick<Wiring, "edges"> => ({ edges: { "deployment.spec": urnsFrom } });
  test.each<[string, Wiring]>([
    [
      "runs as an account whose name came from it",
      { ...base, deployment: wiredPod({ serviceAccountName: UNKNOWN }), ...from(urns.serviceAccount) },
    ],
    [
      "runs as one of two accounts",
      { ...base, deployment: wiredPod({ serviceAccountName: UNKNOWN }), ...from(urns.serviceAccount, web.urn) },
    ],
    [
      "may run as an account whose namespace is not known",
      { ...base, serviceAccount: { metadata: { ...(noRole["metadata"] as Change), namespace: UNKNOWN } }, ...from() },
    ],
    [
      "is in a namespace that is not known",
      {
        ...base,
        deployment: { ...wiredPod(), metadata: { namespace: UNKNOWN } },
        edges: { "deployment.metadata": [] },
      },
    ],
    ["has volumes that are not known", { ...base, deployment: wiredPod({ volumes: UNKNOWN }) }],
    ["has no volumes", { ...base, deployment: podSpec({ containers: [containerOf(CONTAINER)] }) }],
    ["has no volume with a token", { ...base, deployment: wiredPod({ volumes: [data] }) }],
    [
      "has a volume whose sources are not known",
      { ...base, deployment: wiredPod({ volumes: [{ name: "tokens", projected: UNKNOWN }] }) },
    ],
    ["has a volume whose tokens have no known path", { ...base, deployment: wiredPod({ volumes: [tokens(UNKNOWN)] }) }],
    [
      "takes a role that is not known",
      { ...base, deployment: wiredPod({}, { env: envOf({ ...VARIABLES, AWS_ROLE_ARN: UNKNOWN }) }) },
    ],
    [
      "takes no role",
      { ...base, deployment: wiredPod({}, { env: envOf({ AWS_WEB_IDENTITY_TOKEN_FILE: "/tokens/api" }) }) },
    ],
    ["takes no token", { ...base, deployment: wiredPod({}, { env: envOf({ AWS_ROLE_ARN: PAYMENTS }) }) }],
    [
      "takes a token file that is not known",
      { ...base, deployment: wiredPod({}, { env: envOf({ ...VARIABLES, AWS_WEB_IDENTITY_TOKEN_FILE: UNKNOWN }) }) },
    ],
  ])("is not judged: it %s", (_, changes) => {
    expect(refusal(changes)).toBe("nothing");
  });

  test.each<[string, readonly Value[]]>([
    ["beside another volume", [data, tokens("api")]],
    ["beside one whose path is not known", [tokens(UNKNOWN, "api")]],
  ])("is judged by the token that it mounts %s", (_, volumes) => {
    expect(refusal({ ...base, deployment: wiredPod({ volumes }) })).toBe(refused);
  });

  test.each<[string, string, string]>([
    ["a whole object", "kubernetes:apps/v1:Deployment", refused],
    ["not a Patch, which shows only a part", "kubernetes:apps/v1:DeploymentPatch", "nothing"],
  ])("is judged as %s", (_, type, expected) => {
    const spec = { serviceAccountName: "api", containers: [containerOf(CONTAINER)], volumes: [tokens("api")] };
    const part = resource(type, "part", {
      metadata: { name: "part", namespace: "shop" },
      spec: { template: { spec } },
    });
    expect(refusal({ ...base, plus: [payments(WEB), web, part] }, urnOf(type, "part"))).toBe(expected);
  });
});

test("a role that the account carries itself is none that is taken by hand", () => {
  expect(refusal({ deployment: wiredPod({}, { env: envOf({ ...VARIABLES, AWS_ROLE_ARN: ROLE_ARN }) }) })).toBe(
    "nothing",
  );
});
