import {
  boundWorkload,
  boundWorkloads,
  containerSubject,
  hasSkipLabel,
  isPassedOver,
  mutableContainers,
  partitionOf,
  skippedNames,
} from "../../policy-pack/src/model/workload-bound";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired, type Change, type Wiring } from "../support/stack";
import { boundPodIn, containerOf, podSpec, workloadIn } from "../support/pods";
import { accountOf } from "../support/trust-stacks";

const PREFIX = "eks.amazonaws.com";
const annotated = (value: unknown): Change => ({
  metadata: { annotations: { [`${PREFIX}/role-arn`]: value as string } },
});
const asks = (name: unknown): Change => podSpec({ serviceAccountName: name as string });
const skip = (value: unknown): Change => ({
  spec: { template: { metadata: { annotations: { [`${PREFIX}/skip-containers`]: value as string } } } },
});

describe("a workload whose account carries a role", () => {
  const describeBound = (changes: Wiring, urn: string = urns.deployment): string => {
    const { model, workload } = workloadIn(wired(changes), urn);
    const bound = boundWorkload(model, workload);
    if (!bound) return "none";
    return `${bound.account.title} with ${bound.identity}${bound.whole ? "" : ", in part"}`;
  };
  const found = 'ServiceAccount "shop/api" with role "api-irsa"';

  test.each<[string, Wiring, string]>([
    ["is one that names it", {}, found],
    ["is one whose unknown name came from it", { deployment: asks(UNKNOWN) }, found],
    ["is none that names another", { deployment: asks("web") }, "none"],
    ["is none of which nobody knows", { deployment: asks(UNKNOWN), edges: { "deployment.spec": [] } }, "none"],
    ["is none without a role", { serviceAccount: annotated(undefined) }, "none"],
    [
      "may have a role that lives elsewhere",
      { serviceAccount: annotated(`${ROLE_ARN}-2`) },
      'ServiceAccount "shop/api" with the role of ServiceAccount "shop/api"',
    ],
    [
      "is one that names no account, where the default one has a role",
      { deployment: asks(undefined), plus: [accountOf("shop/default", ROLE_ARN)] },
      'ServiceAccount "shop/default" with role "api-irsa"',
    ],
  ])("%s", (_, changes, expected) => {
    expect(describeBound(changes)).toBe(expected);
  });

  const PATCH = "kubernetes:apps/v1:DeploymentPatch";
  test.each<[string, { readonly [key: string]: Value }, string]>([
    ["names the account", { serviceAccountName: "api" }, `${found}, in part`],
    ["names it by the deprecated alias", { serviceAccount: "api" }, `${found}, in part`],
    ["has the name from it", { serviceAccountName: UNKNOWN }, `${found}, in part`],
    ["has the alias from it", { serviceAccountName: "", serviceAccount: UNKNOWN }, `${found}, in part`],
    ["leaves the account as it is", {}, "none"],
    ["has an empty name", { serviceAccountName: "" }, "none"],
  ])("is a Patch or not, where that %s", (_, spec, expected) => {
    const metadata = { name: "api", namespace: "shop" };
    const patch = resource(
      PATCH,
      "api",
      { metadata, spec: { template: { spec } } },
      { from: { spec: [urns.serviceAccount] } },
    );
    const plus = [patch, accountOf("shop/default", ROLE_ARN)];
    expect(describeBound({ plus }, urnOf(PATCH, "api"))).toBe(expected);
  });

  test("is found among all of the stack", () => {
    const template = { spec: { containers: [containerOf()] } };
    const metadata = { name: "web", namespace: "shop" };
    const plus = [resource("kubernetes:apps/v1:Deployment", "web", { metadata, spec: { template } })];
    const all = boundWorkloads(buildModel(wired({ plus })));
    expect(all.map(({ workload, annotation }) => [workload.title, annotation])).toEqual([
      [
        'Deployment "shop/api"',
        { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
      ],
    ]);
  });
});

describe("the containers of a pod", () => {
  const deployment = podSpec({
    containers: [containerOf(), containerOf({ name: UNKNOWN })],
    initContainers: [containerOf({ name: "migrate" })],
    ephemeralContainers: [containerOf({ name: "debug" })],
  });
  const subjects = (change: Change): readonly string[] | string => {
    const { workload } = workloadIn(wired({ deployment: change }));
    const containers = mutableContainers(workload);
    return containers.is === "known" ? containers.value.map((each) => containerSubject(each, workload)) : containers.is;
  };

  test("are those that the webhook sees, each called by its name where that is known", () => {
    expect(subjects(deployment)).toEqual([
      'Container "api" of Deployment "shop/api"',
      'Container of Deployment "shop/api"',
      'Init container "migrate" of Deployment "shop/api"',
    ]);
  });
  test("are not known while a list is not", () => {
    expect(subjects(podSpec({ initContainers: UNKNOWN }))).toBe("unknown");
  });

  const passedOver = (change: Change): readonly string[] => {
    const { containers } = workloadIn(wired({ deployment })).workload.pod;
    const { workload } = workloadIn(wired({ deployment: change }));
    const all = containers.is === "known" ? containers.value : [];
    return all.filter((each) => isPassedOver(workload, each, PREFIX)).map((each) => containerSubject(each, workload));
  };
  const label = (value: unknown): Change => ({
    spec: { template: { metadata: { labels: { [`${PREFIX}/skip-pod-identity-webhook`]: value as string } } } },
  });
  const debug = 'Ephemeral container "debug" of Deployment "shop/api"';
  const api = 'Container "api" of Deployment "shop/api"';
  const migrate = 'Init container "migrate" of Deployment "shop/api"';

  test.each<[string, Change, readonly string[]]>([
    ["those that come later", {}, [debug]],
    ["all, by the label of the pod", label("true"), [api, 'Container of Deployment "shop/api"', migrate, debug]],
    ["none by a label that is not known yet", label(UNKNOWN), [debug]],
    ["those that an annotation names", skip("api,migrate"), [api, migrate, debug]],
    ["none by a name with a blank before it", skip("web, api"), [debug]],
    ["none by an annotation that is not known yet", skip(UNKNOWN), [debug]],
  ])("are passed over by the webhook: %s", (_, change, expected) => {
    expect(passedOver(change)).toEqual(expected);
  });

  test.each<[string, unknown, boolean]>([
    ["as soon as it is there, even empty", "", true],
    ["whatever it says", "false", true],
    ["not while it is not known", UNKNOWN, false],
    ["not where it is not there", undefined, false],
  ])("are kept from the webhook by the label %s", (_, value, expected) => {
    expect(hasSkipLabel(workloadIn(wired({ deployment: label(value) })).workload, PREFIX)).toBe(expected);
  });
});

describe("the annotation with the names of skipped containers", () => {
  test.each<[string, unknown, readonly string[] | string]>([
    ["is not there", undefined, "absent"],
    ["is not known yet", UNKNOWN, "unknown"],
    ["is one name", "api", ["api"]],
    ["is two names, with their blanks", "api, web ", ["api", " web "]],
    ["is empty", "", [""]],
    ["ends in a comma", "api,", ["api", ""]],
    ["has quoted names", '"api","we,b"', ["api", "we,b"]],
    ["has quotes in a quoted name", '"a""pi",web', ['a"pi', "web"]],
    ["has an empty quoted name", '"",web', ["", "web"]],
    ["has a second line", "api\nweb", ["api"]],
    ["has a second line as Windows writes it", "api\r\nweb", ["api"]],
    ["is no CSV, so that it skips nothing", 'ap"i,web', []],
    ["has a quote that is never closed", '"api,web', []],
  ])("%s", (_, value, expected) => {
    const names = skippedNames(workloadIn(wired({ deployment: skip(value) })).workload, PREFIX);
    expect(names.is === "known" ? names.value : names.is).toEqual(expected);
  });
});

describe("the partition of a role", () => {
  const china = ROLE_ARN.replace("arn:aws:", "arn:aws-cn:");
  const nowhere: Wiring = { kubernetes: { kubeconfig: undefined } };
  const noEdges = { "kubernetes.kubeconfig": [] } as const;

  test.each<[string, Wiring, string | undefined]>([
    ["is that of role and cluster", {}, "aws"],
    [
      "is that of the ARN, where nothing of the stack says it",
      { role: null, ...nowhere, serviceAccount: annotated(china), edges: noEdges },
      "aws-cn",
    ],
    [
      "is that of the role, while the ARN is not known",
      { ...nowhere, serviceAccount: annotated(UNKNOWN), edges: noEdges },
      "aws",
    ],
    [
      "is that of the cluster, while nobody knows the role",
      { serviceAccount: annotated(UNKNOWN), edges: { "serviceAccount.metadata": [] } },
      "aws",
    ],
    ["is not to be told where the ARN contradicts the cluster", { serviceAccount: annotated(china) }, undefined],
    [
      "is not to be told where nothing says it",
      {
        ...nowhere,
        serviceAccount: annotated(UNKNOWN),
        edges: { "serviceAccount.metadata": [], ...noEdges },
      },
      undefined,
    ],
  ])("%s", (_, changes, expected) => {
    expect(partitionOf(boundPodIn(changes).bound)).toBe(expected);
  });
});
