import { regionFault, regionOf } from "../../policy-pack/src/model/workload-region";
import { declaredSdks, regionReaders } from "../../policy-pack/src/model/workload-sdk";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, ROLE_ARN, UNKNOWN, wired, type Change, type Wiring } from "../support/stack";
import { boundPodIn, containerOf, envOf, podOf, podSpec, workloadIn, type Written } from "../support/pods";

/** `partition: cn-north-1 in AWS_REGION at env[0]`; a question mark where nobody is sure of it. */
function faultOf(changes: Wiring): string {
  const { bound, container, environment } = boundPodIn(changes);
  const found = regionFault(bound, container, environment);
  if (!found) return "nothing";
  const { fault, certain, path } = found;
  const words = Object.entries(fault).flatMap(([key, value]) => {
    if (key === "kind" || value === undefined || value.length === 0) return [];
    return [`${key} ${typeof value === "string" ? value : value.join(" and ")}`];
  });
  const place = path === "" ? "" : ` at ${path.replace(`${container.path}.`, "")}`;
  return `${[`${fault.kind}${certain ? "" : "?"}`, ...words].join(", ")}${place}`;
}

const env = (variables: Written): Change => podOf({ env: envOf(variables) });
const fromMap = (name: string): Value => ({ name, valueFrom: { configMapKeyRef: { name: "a", key: "b" } } });
const sdk = (text: Value, change: Change = {}): Change => ({
  spec: {
    template: {
      metadata: { annotations: { "eks-irsa.dev/sdk": text } },
      ...((change["spec"] as Change | undefined)?.["template"] as Change | undefined),
    },
  },
});
const annotated = (value: Value): Change => ({ metadata: { annotations: { "eks.amazonaws.com/role-arn": value } } });
const noCluster: Wiring = { kubernetes: { kubeconfig: undefined }, edges: { "kubernetes.kubeconfig": [] } };
/** A role of AWS China that lives elsewhere, on a cluster of which nobody knows. */
const china: Wiring = {
  ...noCluster,
  role: null,
  serviceAccount: annotated(ROLE_ARN.replace("arn:aws:", "arn:aws-cn:")),
};

describe("a region variable with no region in it", () => {
  const zone = (value: string, needed?: string): string =>
    `no region?, names AWS_REGION, value ${value}${needed === undefined ? "" : `, needed ${needed}`} at env[0]`;
  const long = (length: number): string => `eu-${"w".repeat(length - 6)}-1a`;

  test.each<[string, string, string]>([
    ["has a zone", "eu-west-1a", zone("eu-west-1a", "eu-west-1")],
    ["has a zone of a high number", "eu-west-10a", zone("eu-west-10a", "eu-west-10")],
    ["has a zone of GovCloud", "us-gov-west-1a", zone("us-gov-west-1a", "us-gov-west-1")],
    ["has a zone of an isolated region", "us-iso-east-1a", zone("us-iso-east-1a", "us-iso-east-1")],
    ["has a zone of another isolated region", "us-isob-east-1b", zone("us-isob-east-1b", "us-isob-east-1")],
    ["lacks the number", "eu-west", zone("eu-west")],
    ["lacks the number after two directions", "ap-southeast", zone("ap-southeast")],
    ["has a region", "eu-west-1", "nothing"],
    [
      "has a region of GovCloud, which is another fault",
      "us-gov-west-1",
      "partition, names AWS_REGION, value us-gov-west-1 at env[0]",
    ],
    ["has a store's own region", "minio", "nothing"],
    ["has a name that ends like a zone", "my-eu-west-1a", "nothing"],
    ["has a name that begins like a zone", "eu-west-1a-rack", "nothing"],
    ["has a name that ends like a region without a number", "my-eu-west", "nothing"],
    ["has a name that begins like a region without a number", "eu-westfalen", "nothing"],
    ["has no direction in it", "us-test", "nothing"],
    ["has a text as long as a zone can be", long(64), zone(long(64), long(64).slice(0, -1))],
    ["has a text that is too long for any name", long(65), "nothing"],
  ])("%s", (_, region, expected) => {
    expect(faultOf({ deployment: env({ AWS_REGION: region }) })).toBe(expected);
  });

  test.each<[string, Written, string]>([
    [
      "stands beside another with the same text",
      { AWS_REGION: "eu-west-1a", AWS_DEFAULT_REGION: "eu-west-1a" },
      "no region?, names AWS_REGION and AWS_DEFAULT_REGION, value eu-west-1a, needed eu-west-1 at env[0]",
    ],
    [
      "stands beside a sound one",
      { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1a" },
      "no region?, names AWS_DEFAULT_REGION, value eu-west-1a, needed eu-west-1 at env[1]",
    ],
  ])("%s", (_, variables, expected) => {
    expect(faultOf({ deployment: env(variables) })).toBe(expected);
  });
});

describe("a region of another partition than the role's", () => {
  const CN = { AWS_REGION: "cn-north-1" };
  const one = "partition, names AWS_REGION, value cn-north-1 at env[0]";
  test.each<[string, Wiring, string]>([
    ["is in the only variable", { deployment: env(CN) }, one],
    ["is in the only one that is not empty", { deployment: env({ ...CN, AWS_DEFAULT_REGION: "" }) }, one],
    [
      "is in both",
      { deployment: env({ ...CN, AWS_DEFAULT_REGION: "cn-north-1" }) },
      "partition, names AWS_REGION and AWS_DEFAULT_REGION, value cn-north-1 at env[0]",
    ],
    [
      "is in both, of which the first is named",
      { deployment: env({ ...CN, AWS_DEFAULT_REGION: "cn-northwest-1" }) },
      one,
    ],
    [
      "is in one beside a sound one",
      { deployment: env({ ...CN, AWS_DEFAULT_REGION: "eu-west-1" }) },
      one.replace("partition", "partition?"),
    ],
    [
      "is in one beside one that is not known",
      { deployment: env({ ...CN, AWS_DEFAULT_REGION: UNKNOWN }) },
      one.replace("partition", "partition?"),
    ],
    [
      "is none while nobody knows the role's",
      { ...noCluster, role: null, serviceAccount: annotated(UNKNOWN), deployment: env(CN) },
      "nothing",
    ],
    ["is none of a text that is no region", { deployment: env({ AWS_REGION: "minio" }) }, "nothing"],
    [
      "is none of a role in China",
      { ...china, deployment: env({ ...CN, AWS_DEFAULT_REGION: "cn-north-1" }) },
      "nothing",
    ],
  ])("%s", (_, changes, expected) => {
    expect(faultOf(changes)).toBe(expected);
  });
});

describe("the two region variables", () => {
  const west = { AWS_REGION: "eu-west-1" };
  test.each<[string, Written, string]>([
    ["are the same", { ...west, AWS_DEFAULT_REGION: "eu-west-1" }, "nothing"],
    [
      "differ",
      { ...west, AWS_DEFAULT_REGION: "eu-west-2" },
      "differ?, region eu-west-1, defaultRegion eu-west-2 at env[0]",
    ],
    ["may be the same", { ...west, AWS_DEFAULT_REGION: UNKNOWN }, "nothing"],
    ["are both missing", {}, "nothing"],
    ["are one that most read", west, "nothing"],
  ])("%s", (_, variables, expected) => {
    expect(faultOf({ deployment: env(variables) })).toBe(expected);
  });
});

describe("one region variable without the other", () => {
  const west = { AWS_REGION: "eu-west-1" };
  const partial = "partial?, set AWS_REGION, other AWS_DEFAULT_REGION, value eu-west-1, starved boto3 at env[0]";
  const envFrom = [{ configMapRef: { name: "settings" } }];
  const settings = resource("kubernetes:core/v1:ConfigMap", "settings", {
    metadata: { name: "settings", namespace: "shop" },
    data: west,
  });

  test.each<[string, Wiring, string]>([
    ["is not read by what is inside", { deployment: sdk("boto3@1.34.0", env(west)) }, partial],
    [
      "is read by what is inside",
      { deployment: sdk("boto3@1.34.0", env({ AWS_DEFAULT_REGION: "eu-west-1" })) },
      "nothing",
    ],
    ["is read by an SDK that reads both", { deployment: sdk("aws-sdk-go-v2@1.30.0", env(west)) }, "nothing"],
    [
      "comes from a ConfigMap, beside which the webhook adds both",
      { deployment: sdk("boto3@1.34.0", podOf({ envFrom })), plus: [settings] },
      "nothing",
    ],
    [
      "is not known, so that the region of the cluster stands for it",
      { deployment: sdk("boto3@1.34.0", podOf({ env: [fromMap("AWS_REGION")] })) },
      partial,
    ],
    [
      "is not known on a cluster that nobody knows",
      { ...noCluster, deployment: sdk("boto3@1.34.0", podOf({ env: [fromMap("AWS_REGION")] })) },
      partial.replace("eu-west-1", "the same region"),
    ],
  ])("%s", (_, changes, expected) => {
    expect(faultOf(changes)).toBe(expected);
  });

  const north = { AWS_REGION: "cn-north-1" };
  const inChina = "partial?, set AWS_REGION, other AWS_DEFAULT_REGION, value cn-north-1 at env[0]";
  test.each<[string, Change, string]>([
    ["are both missing", env({}), "both missing?"],
    ["are one, against AWS's guide", env(north), inChina],
    [
      "are the other one",
      env({ AWS_DEFAULT_REGION: "cn-north-1" }),
      "partial?, set AWS_DEFAULT_REGION, other AWS_REGION, value cn-north-1 at env[0]",
    ],
    [
      "are one that is not read by what is inside",
      sdk("boto3@1.34.0", env(north)),
      "partial, set AWS_REGION, other AWS_DEFAULT_REGION, value cn-north-1, starved boto3 at env[0]",
    ],
    ["are one that is read by what is inside", sdk("aws-sdk-go-v2@1.30.0", env(north)), "nothing"],
    ["are one, while nobody knows what is inside", sdk(UNKNOWN, env(north)), "nothing"],
  ])("%s, in China", (_, deployment, expected) => {
    expect(faultOf({ ...china, deployment })).toBe(expected);
  });
});

describe("the region of the cluster", () => {
  test.each<[string, Wiring, string | undefined]>([
    ["is that of its provider", {}, "eu-west-1"],
    ["is not known on a cluster that nobody knows", noCluster, undefined],
  ])("%s", (_, changes, expected) => {
    expect(regionOf(boundPodIn(changes).bound)).toBe(expected);
  });
});

describe("who reads AWS_REGION in a container", () => {
  const readers = (image: Value, text?: Value): string => {
    const pod = podSpec({ containers: [containerOf({ image })] });
    const { workload } = workloadIn(wired({ deployment: text === undefined ? pod : sdk(text, pod) }));
    const { containers } = workload.pod;
    const [container] = containers.is === "known" ? containers.value : [];
    const found = container && regionReaders(workload, container, "AWS_REGION");
    if (!found) return "nobody known";
    return `${found.served ? "all" : "not all"}${found.starved.length > 0 ? `, not ${found.starved.join(" and ")}` : ""}`;
  };
  const own = "example.com/shop/api:1.4.2";
  test.each<[string, Value, Value | undefined, string]>([
    ["is not to be told without a word", own, undefined, "nobody known"],
    ["is an SDK that reads both", own, "aws-sdk-go-v2@1.30.0", "all"],
    ["is not an SDK that reads the other alone", own, "boto3@1.34.0", "not all, not boto3"],
    ["is one of two SDKs", own, "aws-sdk-go-v2@1.30.0,boto3@1.34.0", "not all, not boto3"],
    ["is perhaps an SDK of which nobody knows", own, "aws-sdk-java-v2@2.20.0", "not all"],
    ["is one SDK, and perhaps another", own, "aws-sdk-go-v2@1.30.0,aws-sdk-java-v2@2.20.0", "not all"],
    ["is not to be told of a name that no SDK has", own, "cobol@1.0", "nobody known"],
    ["is a controller that reads both", "registry.k8s.io/autoscaling/cluster-autoscaler:v1.30.0", undefined, "all"],
    ["is not a tool that reads the other alone", "amazon/aws-cli:2.15.0", undefined, "not all, not aws-cli"],
    ["is not the tool beside an SDK", "amazon/aws-cli:2.15.0", "aws-sdk-go-v2@1.30.0", "not all, not aws-cli"],
    ["may be anybody while the image is not known", UNKNOWN, undefined, "all"],
    ["may be anybody while the annotation is not known", own, UNKNOWN, "all"],
    ["is the SDK, whatever the image", UNKNOWN, "boto3@1.34.0", "not all, not boto3"],
  ])("%s", (_, image, text, expected) => {
    expect(readers(image, text)).toBe(expected);
  });
});

test.each<[string, Value, string]>([
  ["those of the annotation", "boto3@1.34.0, cobol", "<boto3@1.34.0> <cobol>"],
  ["none while the annotation is not known", UNKNOWN, ""],
  ["none by an empty one", "", ""],
])("the SDKs that a pod declares are %s", (_, text, expected) => {
  const { workload } = workloadIn(wired({ deployment: sdk(text) }));
  const declared = declaredSdks(workload).map((each) => `<${each.text}>`);
  expect(declared.join(" ")).toBe(expected);
});
