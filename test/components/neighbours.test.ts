/** The faults that other components for IRSA have shipped, and what their users ran into, each as a test of this one. */
import * as pulumi from "@pulumi/pulumi";
import { OpenIdConnectProvider } from "@pulumi/aws/iam";
import { IrsaBinding, type RichIrsaBindingArgs } from "../../components/src";
import { ACCOUNT, all, ISSUER, only, PROVIDER_ARN, run, UNKNOWN } from "./program";

const ARGS: RichIrsaBindingArgs = { namespace: "shop", issuerUrl: ISSUER, policyArns: ["arn:aws:iam::aws:policy/X"] };

interface Statement {
  readonly Principal: { readonly Federated: string };
  readonly Condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

async function trustOf(program: () => unknown): Promise<readonly Statement[]> {
  const { resources } = await run("up", program);
  return (JSON.parse(String(only(resources, "Role").inputs["assumeRolePolicy"])) as { Statement: Statement[] })
    .Statement;
}

const keysOf = (statements: readonly Statement[]): string[] =>
  statements.flatMap(({ Condition }) => Object.values(Condition).flatMap((keys) => Object.keys(keys)));

describe("condition keys", () => {
  it("are the issuer, not the provider's ARN (pulumi-aws-iam, karpenter#1666)", async () => {
    const statements = await trustOf(
      () =>
        new IrsaBinding("api", {
          namespace: "shop",
          policyArns: ["arn:aws:iam::aws:policy/X"],
          oidcProviderArn: PROVIDER_ARN,
        }),
    );
    expect(keysOf(statements)).toEqual([`${ISSUER}:aud`, `${ISSUER}:sub`]);
  });

  it.each([`https://${ISSUER}`, ISSUER])(
    "have no scheme, though the provider's url reads %s (lbrlabs-eks, terraform-aws-eks#1084)",
    async (url) => {
      const statements = await trustOf(() => {
        const oidcProvider = new OpenIdConnectProvider("shared", { url, clientIdLists: ["sts.amazonaws.com"] });
        return new IrsaBinding("api", { namespace: "shop", policyArns: ["arn:aws:iam::aws:policy/X"], oidcProvider });
      });
      expect(keysOf(statements)).toEqual([`${ISSUER}:aud`, `${ISSUER}:sub`]);
    },
  );

  it("always include the audience (pulumi-eks' example, upbound's composition)", async () => {
    expect(keysOf(await trustOf(() => new IrsaBinding("api", ARGS)))).toContain(`${ISSUER}:aud`);
  });
});

describe("operators", () => {
  it("are exact for an exact account (cloudposse)", async () => {
    const statements = await trustOf(() => new IrsaBinding("api", ARGS));
    expect(statements.map((each) => Object.keys(each.Condition))).toEqual([["StringEquals"]]);
  });

  it("stay exact for the audience when a pattern is asked for (terraform-aws-iam)", async () => {
    const statements = await trustOf(() => new IrsaBinding("api", { ...ARGS, subjectPatterns: ["batch:*"] }));
    expect(statements.map(({ Condition }) => Object.keys(Condition["StringLike"] ?? {}))).toEqual([
      [],
      [`${ISSUER}:sub`],
    ]);
    expect(JSON.stringify(statements)).not.toMatch(/ForAllValues|ForAnyValue|IfExists/);
  });
});

describe("audiences", () => {
  it("are sts.amazonaws.com in China too (lbrlabs-eks, eksctl#1910, terraform-aws-eks#2700)", async () => {
    const china = "oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC";
    const { resources } = await run(
      "up",
      () => new IrsaBinding("api", { ...ARGS, issuerUrl: china, policyArns: ["arn:aws-cn:iam::aws:policy/X"] }),
    );
    expect(only(resources, "OpenIdConnectProvider").inputs["clientIdLists"]).toEqual(["sts.amazonaws.com"]);
    expect(JSON.parse(String(only(resources, "Role").inputs["assumeRolePolicy"]))).toMatchObject({
      Statement: [{ Condition: { StringEquals: { [`${china}:aud`]: "sts.amazonaws.com" } } }],
    });
  });
});

describe("providers", () => {
  it("have no thumbprint unless one is given, and nothing is fetched to make one (pulumi-eks, terraform-aws-eks#2768)", async () => {
    const { resources } = await run("preview", () => new IrsaBinding("api", ARGS));
    expect(only(resources, "OpenIdConnectProvider").inputs).not.toHaveProperty("thumbprintLists");
  });

  it("are taken from an eks.Cluster, created or adopted (pulumi-eks)", async () => {
    const eks = { oidcIssuer: pulumi.output(ISSUER), oidcProviderArn: pulumi.output("") };
    const rest = { namespace: "shop", policyArns: ["arn:aws:iam::aws:policy/X"] };
    const created = await run("up", () => new IrsaBinding("api", { ...rest, cluster: eks }));
    expect(only(created.resources, "OpenIdConnectProvider").inputs["url"]).toBe(`https://${ISSUER}`);
    const adopted = await run(
      "up",
      () => new IrsaBinding("api", { ...rest, cluster: eks, oidcProviderArn: pulumi.output(PROVIDER_ARN) }),
    );
    expect(all(adopted.resources, "OpenIdConnectProvider")).toEqual([]);
    expect(JSON.stringify(only(adopted.resources, "Role").inputs)).toContain(PROVIDER_ARN);
  });

  it.each([
    ["empty (terraform-aws-iam#202)", { oidcProviderArn: "" }, /the ARN is empty/],
    ["that of a role", { oidcProviderArn: `arn:aws:iam::${ACCOUNT}:role/eks` }, /oidc-provider/],
    [
      "of an issuer without its id (aws-cdk#11682)",
      { oidcProviderArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com` },
      /ends in \/id/,
    ],
    ["dual-stack (terraform-aws-eks#3237)", { issuerUrl: "https://oidc-eks.eu-west-1.api.aws/id/ABC" }, /dual-stack/],
    [
      "in the order of the webhook's README",
      { issuerUrl: "https://oidc.eu-west-1.eks.amazonaws.com/id/ABC" },
      /wrong order/,
    ],
  ])("are refused when they are %s", async (_title, source, legal) => {
    await expect(
      run(
        "up",
        () => new IrsaBinding("api", { namespace: "shop", policyArns: ["arn:aws:iam::aws:policy/X"], ...source }),
      ),
    ).rejects.toThrow(legal);
  });
});

describe("accounts", () => {
  it("are never all of the cluster because a name is empty (cloudposse)", async () => {
    for (const change of [{ namespace: "" }, { serviceAccountName: "" }]) {
      await expect(run("up", () => new IrsaBinding("api", { ...ARGS, ...change }))).rejects.toThrow(/"" is not legal/);
    }
  });

  it("keep their role whatever the caller annotates (aws-cdk)", async () => {
    const annotations = { "eks.amazonaws.com/role-arn": "arn:aws:iam::999999999999:role/other" };
    await expect(run("up", () => new IrsaBinding("api", { ...ARGS, annotations }))).rejects.toThrow(
      /written by the binding/,
    );
  });

  it("carry the path of their role", async () => {
    const { resources } = await run("up", () => new IrsaBinding("api", { ...ARGS, path: "/team/shop/" }));
    expect(JSON.stringify(only(resources, "ServiceAccount").inputs)).toContain(
      `arn:aws:iam::${ACCOUNT}:role/team/shop/api-1a2b3c4`,
    );
  });
});

describe("documents", () => {
  it("keep the edge to the provider at a first preview (getPolicyDocumentOutput loses it)", async () => {
    const { resources } = await run("preview", () => new IrsaBinding("api", ARGS));
    const role = only(resources, "Role");
    expect(role.inputs["assumeRolePolicy"]).toBe(UNKNOWN);
    expect(role.propertyDependencies["assumeRolePolicy"]).toEqual([only(resources, "OpenIdConnectProvider").urn]);
  });

  it("may have Outputs inside of them (pulumi-eks#871)", async () => {
    const { resources } = await run("up", () => {
      const bucket = pulumi.output("arn:aws:s3:::shop");
      return new IrsaBinding("api", {
        ...ARGS,
        inlinePolicies: {
          read: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: pulumi.interpolate`${bucket}/*` }],
          },
        },
      });
    });
    expect(JSON.parse(String(only(resources, "RolePolicy").inputs["policy"]))).toMatchObject({
      Statement: [{ Resource: "arn:aws:s3:::shop/*" }],
    });
  });

  it("are refused when they exceed the quota, with the count (kubeflow#6687)", async () => {
    const serviceAccounts = Array.from({ length: 40 }, (_, index) => ({
      namespace: "shop",
      name: `worker-number-${index}`,
    }));
    const rest = { issuerUrl: ISSUER, policyArns: ["arn:aws:iam::aws:policy/X"] };
    await expect(run("up", () => new IrsaBinding("api", { ...rest, serviceAccounts }))).rejects.toThrow(
      /serviceAccounts: the trust policy has \d+ characters, \d+ more than the quota of 2048/,
    );
  });
});
