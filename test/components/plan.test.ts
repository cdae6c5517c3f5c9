import * as pulumi from "@pulumi/pulumi";
import type { Role } from "@pulumi/aws/iam";
import type { RichIrsaBindingArgs } from "../../components/src";
import { plan } from "../../components/src/plan";
import { ACCOUNT, ISSUER, PROVIDER_ARN, refusals, run, settle } from "./program";

const OTHER = "oidc.eks.us-east-1.amazonaws.com/id/ABC";
const WHERE: RichIrsaBindingArgs = { namespace: "shop", allowNoPermissions: true };
const ARGS: RichIrsaBindingArgs = { ...WHERE, issuerUrl: ISSUER };
const late = (text: string): pulumi.Output<string> => pulumi.output(text);
const exists = (title: string): string =>
  `IrsaBinding "first" creates the OIDC provider of ${title} already, and an AWS account has one per issuer; give oidcProviderArn, the output of that binding`;
/** What the second of two bindings is refused for. */
const second = async (first: RichIrsaBindingArgs, args: RichIrsaBindingArgs) =>
  (
    await run("preview", () => {
      plan("first", { ...ARGS, ...first }, undefined);
      return refusals(() => plan("second", { ...WHERE, ...args }, undefined));
    })
  ).result;

describe("a second provider of one issuer", () => {
  const cluster = { oidcIssuer: late(ISSUER) };

  it("is refused where it is asked for", async () => {
    expect(await second({}, { issuerUrl: ISSUER })).toEqual([
      { propertyPath: "issuerUrl", reason: exists(`"${ISSUER}"`) },
    ]);
    expect(await second({}, { issuerUrl: OTHER, additionalClusters: [{ issuerUrl: ISSUER }] })).toEqual([
      { propertyPath: "additionalClusters[0].issuerUrl", reason: exists(`"${ISSUER}"`) },
    ]);
  });

  it("is refused for a cluster whose issuer is not known yet", async () => {
    const { result } = await run("preview", () => {
      plan("first", { ...WHERE, cluster }, undefined);
      return [
        refusals(() => plan("second", { ...WHERE, cluster }, undefined)),
        refusals(() => plan("third", { ...ARGS, issuerUrl: OTHER, additionalClusters: [{ cluster }] }, undefined)),
      ];
    });
    expect(result).toEqual(
      ["cluster", "additionalClusters[0].cluster"].map((propertyPath) => [
        { propertyPath, reason: exists("this cluster") },
      ]),
    );
  });

  it("is refused at the cluster when the cluster's issuer becomes known", async () => {
    const { result } = await run("preview", () => {
      plan("first", ARGS, undefined);
      const planned = plan("second", { ...WHERE, cluster }, undefined);
      return refusals(() => planned.claim(planned.sources[0], ISSUER));
    });
    expect(result).toEqual([{ propertyPath: "cluster", reason: exists(`"${ISSUER}"`) }]);
  });

  it.each<readonly [string, RichIrsaBindingArgs, RichIrsaBindingArgs]>([
    ["the first has an existing role", { roleArn: `arn:aws:iam::${ACCOUNT}:role/x` }, { issuerUrl: ISSUER }],
    ["the second has an existing role", {}, { issuerUrl: ISSUER, roleArn: `arn:aws:iam::${ACCOUNT}:role/x` }],
    [
      "both have existing roles",
      { roleArn: `arn:aws:iam::${ACCOUNT}:role/x` },
      { issuerUrl: ISSUER, roleArn: `arn:aws:iam::${ACCOUNT}:role/x` },
    ],
    [
      "the second has a role of the program",
      {},
      { issuerUrl: ISSUER, role: { arn: late(`arn:aws:iam::${ACCOUNT}:role/x`), name: late("x") } as unknown as Role },
    ],
    ["the second adopts the provider", {}, { oidcProviderArn: PROVIDER_ARN }],
    ["the issuers differ", {}, { issuerUrl: OTHER }],
    ["the issuers are not known yet", { issuerUrl: late(ISSUER) }, { issuerUrl: late(ISSUER) }],
  ])("is none when %s", async (_title, first, args) => {
    expect(await second(first, args)).toEqual([]);
  });
});

describe("the inputs of the component", () => {
  const inputs = async (change: RichIrsaBindingArgs) =>
    settle(
      pulumi.output((await run("preview", () => plan("api", { ...ARGS, ...change }, undefined))).result.inputs),
    ) as Promise<unknown>;
  const plain = {
    namespace: "shop",
    serviceAccountName: "api",
    subjects: ["system:serviceaccount:shop:api"],
    audience: "sts.amazonaws.com",
    issuerUrl: `https://${ISSUER}`,
  };

  it("are what decides about the trust, with defaults", async () => {
    expect(await inputs({})).toEqual(plain);
    expect(await inputs({ issuerUrl: late(ISSUER) })).toEqual(plain);
    expect(await inputs({ audience: "vault", subjectPatterns: ["a:*"] })).toEqual({
      ...plain,
      audience: "vault",
      subjectPatterns: ["a:*"],
    });
  });
});
