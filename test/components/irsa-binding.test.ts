import { Cluster } from "@pulumi/aws/eks";
import { IrsaBinding } from "../../components/src";
import { ACCOUNT, all, ISSUER, isKnown, only, PROVIDER_ARN, run, settle, sources, UNKNOWN } from "./program";

const POLICY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

describe("a binding from an issuer", () => {
  const program = () =>
    new IrsaBinding("api", { namespace: "shop", issuerUrl: `https://${ISSUER}`, policyArns: [POLICY] });

  it("creates provider, role, attachment and ServiceAccount that agree", async () => {
    const { resources } = await run("up", program);
    const binding = only(resources, "IrsaBinding");
    expect(resources.map((each) => [each.type, each.name, each.parent === binding.urn])).toEqual([
      ["eks-irsa:index:IrsaBinding", "api", false],
      ["aws:iam/openIdConnectProvider:OpenIdConnectProvider", "api", true],
      ["aws:iam/role:Role", "api", true],
      ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "api-AmazonS3ReadOnlyAccess", true],
      ["kubernetes:core/v1:ServiceAccount", "api", true],
    ]);
    expect(only(resources, "OpenIdConnectProvider").inputs).toEqual({
      url: `https://${ISSUER}`,
      clientIdLists: ["sts.amazonaws.com"],
    });
    const trust: unknown = JSON.parse(String(only(resources, "Role").inputs["assumeRolePolicy"]));
    expect(trust).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: PROVIDER_ARN },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${ISSUER}:aud`]: "sts.amazonaws.com",
              [`${ISSUER}:sub`]: "system:serviceaccount:shop:api",
            },
          },
        },
      ],
    });
    expect(only(resources, "ServiceAccount").inputs["metadata"]).toEqual({
      name: "api",
      namespace: "shop",
      annotations: { "eks.amazonaws.com/role-arn": `arn:aws:iam::${ACCOUNT}:role/api-1a2b3c4` },
    });
    expect(only(resources, "RolePolicyAttachment").inputs).toEqual({ role: "api-1a2b3c4", policyArn: POLICY });
  });

  it("orders the ServiceAccount after provider, role and attachment", async () => {
    const { resources } = await run("preview", program);
    const account = only(resources, "ServiceAccount");
    const before = ["OpenIdConnectProvider", "Role", "RolePolicyAttachment"].map((kind) => only(resources, kind).urn);
    expect(account.dependencies).toEqual(expect.arrayContaining(before));
  });

  it("keeps the edges and the literals readable at a first preview", async () => {
    const { resources, result } = await run("preview", program);
    const role = only(resources, "Role");
    expect(role.inputs["assumeRolePolicy"]).toBe(UNKNOWN);
    expect(role.propertyDependencies["assumeRolePolicy"]).toEqual([only(resources, "OpenIdConnectProvider").urn]);
    const literals = {
      namespace: "shop",
      serviceAccountName: "api",
      subjects: ["system:serviceaccount:shop:api"],
      audience: "sts.amazonaws.com",
      issuerUrl: `https://${ISSUER}`,
    };
    const binding = only(resources, "IrsaBinding");
    expect(binding.inputs).toEqual(literals);
    expect(binding.outputs).toMatchObject(literals);
    expect(await isKnown(result.roleArn)).toBe(false);
    expect(await settle(result.serviceAccountName)).toBe("api");
    expect(await sources(result.serviceAccountName)).toEqual([only(resources, "ServiceAccount").urn]);
  });
});

describe("a binding from a cluster", () => {
  it("wires provider and trust to the cluster while everything is unknown", async () => {
    const { resources } = await run("preview", () => {
      const cluster = new Cluster("prod", {
        roleArn: "arn:aws:iam::111122223333:role/cluster",
        vpcConfig: { subnetIds: ["subnet-1"] },
      });
      return new IrsaBinding("api", { namespace: "shop", cluster, policyArns: [POLICY] });
    });
    const cluster = only(resources, "Cluster").urn;
    const provider = only(resources, "OpenIdConnectProvider");
    expect(provider.propertyDependencies["url"]).toEqual([cluster]);
    expect(only(resources, "Role").propertyDependencies["assumeRolePolicy"]).toEqual([cluster, provider.urn].sort());
  });

  it("shares one provider between two bindings", async () => {
    const { resources } = await run("up", () => {
      const cluster = new Cluster("prod", {
        roleArn: "arn:aws:iam::111122223333:role/cluster",
        vpcConfig: { subnetIds: ["subnet-1"] },
      });
      const api = new IrsaBinding("api", { namespace: "shop", cluster, policyArns: [POLICY] });
      return new IrsaBinding("report", { namespace: "shop", oidcProvider: api, policyArns: [POLICY] });
    });
    expect(all(resources, "OpenIdConnectProvider")).toHaveLength(1);
    expect(
      all(resources, "Role").map((each) => String(each.inputs["assumeRolePolicy"]).includes(PROVIDER_ARN)),
    ).toEqual([true, true]);
  });
});
