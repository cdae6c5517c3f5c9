import * as pulumi from "@pulumi/pulumi";
import { shortHash } from "../../components/src/naming";
import { podSpecFor, podTemplateFor, regionEnvOutput, type PodIdentity } from "../../components/src/pod";
import {
  identityHash,
  optionalRegion,
  RECOMMENDED_SECURITY_CONTEXT,
  requiredRegion,
} from "../../components/src/pod-values";
import { ISSUER, lateRefusal, settle } from "./program";

const late = <T>(value: T): pulumi.Output<pulumi.Unwrap<T>> => pulumi.output(value);
const NAME = late("api");
const identity = (literalName: string | undefined, name = NAME): PodIdentity => ({
  binding: "orders",
  literalName,
  name,
  region: undefined,
  annotations: { "eks-irsa.dev/identity": "1" },
});
const other = (theirs: string): string =>
  `podSpec.serviceAccountName: "${theirs}" is not legal: the binding's account is "api"; leave serviceAccountName out, or use the binding of "${theirs}"`;
type Named = Parameters<typeof podSpecFor>[1]["serviceAccountName"];
const nameOf = (known: string | undefined, serviceAccountName: Named) =>
  podSpecFor(identity(known), { containers: [], ...(serviceAccountName !== undefined && { serviceAccountName }) })
    .serviceAccountName;

describe("the account's name in a pod spec", () => {
  it("is the binding's own Output, also when the spec names the account already", () => {
    expect(nameOf("api", undefined)).toBe(NAME);
    expect(nameOf("api", NAME)).toBe(NAME);
    expect(nameOf("api", "api")).toBe(NAME);
    expect(nameOf(undefined, undefined)).toBe(NAME);
  });

  it.each<readonly [string, string | undefined, Named]>([
    ["an Output of it", "api", late("api")],
    ["an Output of none", "api", late(undefined)],
    ["it, while the binding's is not known", undefined, "api"],
  ])("may be %s", async (_title, known, theirs) => {
    expect(await settle(nameOf(known, theirs))).toBe("api");
  });

  it.each<readonly [string, string | undefined, Named]>([
    ["an Output of another", "api", late("web")],
    ["another, while the binding's is not known", undefined, "web"],
  ])("may not be %s", async (_title, known, theirs) => {
    expect(await lateRefusal(nameOf(known, theirs))).toEqual([other("web")]);
  });

  it("is compared under its old field too", () => {
    const spec = { containers: [], serviceAccount: "web" };
    expect(() => podSpecFor(identity("api"), spec)).toThrow(other("web"));
  });
});

describe("a pod template", () => {
  it("may have no spec yet, and no metadata", async () => {
    const template = podTemplateFor(identity("api"), {});
    expect(Object.keys(template)).toEqual(["metadata"]);
    expect(await settle(late(template))).toEqual({ metadata: { annotations: { "eks-irsa.dev/identity": "1" } } });
  });

  it("keeps annotations that are not known yet", async () => {
    const template = podTemplateFor(identity("api"), { metadata: { annotations: late({ a: "b" }) } });
    expect(await settle(late(template))).toEqual({
      metadata: { annotations: { a: "b", "eks-irsa.dev/identity": "1" } },
    });
  });
});

describe("region variables", () => {
  it("are both or none", async () => {
    expect(await settle(regionEnvOutput("eu-west-1"))).toEqual([
      { name: "AWS_REGION", value: "eu-west-1" },
      { name: "AWS_DEFAULT_REGION", value: "eu-west-1" },
    ]);
    expect(await settle(regionEnvOutput(undefined))).toEqual([]);
    expect(await settle(regionEnvOutput(late(undefined)))).toEqual([]);
  });

  it.each<readonly [string, { readonly region?: string }, string | pulumi.Output<string>, string | undefined]>([
    ["the argument", { region: "eu-central-1" }, ISSUER, "eu-central-1"],
    ["the issuer", {}, ISSUER, "eu-west-1"],
    ["a later issuer", {}, late(ISSUER), "eu-west-1"],
    ["no issuer of EKS", {}, "issuer.example.org", undefined],
  ])("are of the region of %s", async (_title, args, issuer, region) => {
    const source = { prefix: "", issuer, providerArn: undefined, provider: undefined, cluster: undefined };
    expect(await settle(pulumi.output(optionalRegion(args, issuer)))).toBe(region);
    expect(await settle(pulumi.output(requiredRegion("orders", args, source)))).toBe(region);
  });

  it("fail in a pod spec when a later issuer turns out not to be one of EKS, and are none in the output", async () => {
    const issuer = late("issuer.example.org");
    const source = {
      prefix: "additionalClusters[0].",
      issuer,
      providerArn: undefined,
      provider: undefined,
      cluster: undefined,
    };
    expect(await settle(pulumi.output(optionalRegion({}, issuer)))).toBeUndefined();
    expect(await lateRefusal(requiredRegion("orders", {}, source))).toEqual([
      'additionalClusters[0].region: it is missing: the issuer "issuer.example.org" does not tell the region of the pods',
    ]);
  });
});

it("restarts pods for role, audience and token settings, each in its place", async () => {
  const hashed = (settings: readonly unknown[]): string => shortHash(JSON.stringify(settings), 16);
  expect(await settle(identityHash({}, late("role"), "aud"))).toBe(hashed(["role", "aud", "", ""]));
  const args = { tokenExpirationSeconds: 600, stsRegionalEndpoints: false };
  expect(await settle(identityHash(args, late("role"), late("aud")))).toBe(hashed(["role", "aud", 600, false]));
});

it("recommends a context under which tokens can be read without root", () => {
  expect(RECOMMENDED_SECURITY_CONTEXT).toEqual({
    fsGroup: 65534,
    fsGroupChangePolicy: "OnRootMismatch",
    runAsNonRoot: true,
  });
});
