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

describe("several accounts and clusters", () => {
  const other = "oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";

  it("trusts each account at each cluster, and creates a provider and a ServiceAccount for each", async () => {
    const { resources } = await run("up", () => {
      new IrsaBinding("api", {
        serviceAccounts: [
          { namespace: "shop", name: "web" },
          { namespace: "batch", name: "worker" },
        ],
        issuerUrl: ISSUER,
        additionalClusters: [{ issuerUrl: other }],
        policyArns: [POLICY],
      });
    });
    expect(all(resources, "OpenIdConnectProvider").map((each) => [each.name, each.inputs["url"]])).toEqual([
      ["api", `https://${ISSUER}`],
      ["api-1", `https://${other}`],
    ]);
    expect(all(resources, "ServiceAccount").map((each) => each.name)).toEqual(["api-shop-web", "api-batch-worker"]);
    const { Statement } = JSON.parse(String(only(resources, "Role").inputs["assumeRolePolicy"])) as {
      Statement: { Condition: unknown }[];
    };
    const subjects = ["system:serviceaccount:shop:web", "system:serviceaccount:batch:worker"];
    expect(Statement.map((each) => each.Condition)).toEqual(
      [ISSUER, other].map((issuer) => ({
        StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com", [`${issuer}:sub`]: subjects },
      })),
    );
  });

  it("keeps the names of ServiceAccounts when the list grows at its front", async () => {
    const { resources } = await run("up", () => {
      new IrsaBinding("api", {
        serviceAccounts: [
          { namespace: "shop", name: "new" },
          { namespace: "shop", name: "web" },
        ],
        issuerUrl: ISSUER,
        policyArns: [POLICY],
      });
    });
    expect(all(resources, "ServiceAccount").map((each) => each.name)).toEqual(["api-shop-new", "api-shop-web"]);
  });
});

describe("an existing role", () => {
  const arn = `arn:aws:iam::${ACCOUNT}:role/team/api-role`;

  it("is used as it is: no role, no provider, permissions by its name", async () => {
    const { resources, result } = await run(
      "up",
      () => new IrsaBinding("api", { namespace: "shop", issuerUrl: ISSUER, roleArn: arn, policyArns: [POLICY] }),
    );
    expect(resources.map((each) => each.type.split(":").at(-1))).toEqual([
      "IrsaBinding",
      "RolePolicyAttachment",
      "ServiceAccount",
    ]);
    expect(only(resources, "RolePolicyAttachment").inputs["role"]).toBe("api-role");
    expect(only(resources, "ServiceAccount").inputs["metadata"]).toMatchObject({
      annotations: { "eks.amazonaws.com/role-arn": arn },
    });
    expect(JSON.parse(await settle(result.trustPolicy))).toMatchObject({
      Statement: [{ Principal: { Federated: PROVIDER_ARN } }],
    });
    expect(await settle(result.oidcProviderArn)).toBe(PROVIDER_ARN);
  });
});

describe("the ServiceAccount of others", () => {
  it("is left alone when it is external; the name still waits for role and permissions", async () => {
    const { resources, result } = await run(
      "up",
      () =>
        new IrsaBinding("api", {
          namespace: "shop",
          issuerUrl: ISSUER,
          policyArns: [POLICY],
          serviceAccountMode: "external",
        }),
    );
    expect(all(resources, "ServiceAccount")).toEqual([]);
    expect(await settle(result.serviceAccountAnnotations)).toEqual({
      "eks.amazonaws.com/role-arn": `arn:aws:iam::${ACCOUNT}:role/api-1a2b3c4`,
    });
    expect(await sources(result.serviceAccountName)).toEqual(
      ["OpenIdConnectProvider", "Role", "RolePolicyAttachment"].map((kind) => only(resources, kind).urn),
    );
  });

  it("is patched with the annotations alone", async () => {
    const { resources } = await run("up", () => {
      new IrsaBinding("api", {
        namespace: "shop",
        issuerUrl: ISSUER,
        policyArns: [POLICY],
        serviceAccountMode: "patch",
        tokenExpirationSeconds: 3600,
      });
    });
    expect(only(resources, "ServiceAccountPatch").inputs["metadata"]).toEqual({
      name: "api",
      namespace: "shop",
      annotations: {
        "eks.amazonaws.com/role-arn": `arn:aws:iam::${ACCOUNT}:role/api-1a2b3c4`,
        "eks.amazonaws.com/token-expiration": "3600",
      },
    });
  });
});

describe("what is passed on", () => {
  it("creates the namespace before the ServiceAccount, and its name depends on it", async () => {
    const { resources, result } = await run(
      "preview",
      () =>
        new IrsaBinding("api", { namespace: "shop", createNamespace: true, issuerUrl: ISSUER, policyArns: [POLICY] }),
    );
    const namespace = only(resources, "Namespace").urn;
    expect(only(resources, "ServiceAccount").dependencies).toContain(namespace);
    expect(await settle(result.namespace)).toBe("shop");
    expect(await sources(result.namespace)).toEqual([namespace]);
  });

  it("writes settings of the pods' tokens, labels, annotations and suppressions where they belong", async () => {
    const { resources } = await run("up", () => {
      new IrsaBinding("api", {
        namespace: "shop",
        issuerUrl: ISSUER,
        policyArns: [POLICY],
        audience: "vault",
        stsRegionalEndpoints: true,
        labels: { team: "shop" },
        annotations: { note: "x" },
        tags: { cost: "7" },
        suppressions: {
          "service-account-shared": "one job two names",
          "role-permissions-broad": "admin tool until 2027-01-31",
          "oidc-provider-audience": "vault",
        },
      });
    });
    expect(only(resources, "ServiceAccount").inputs["metadata"]).toMatchObject({
      labels: { team: "shop" },
      annotations: {
        note: "x",
        "eks.amazonaws.com/audience": "vault",
        "eks.amazonaws.com/sts-regional-endpoints": "true",
        "ignore.eks-irsa.dev/service-account-shared": "one job two names",
      },
    });
    expect(only(resources, "Role").inputs["tags"]).toEqual({
      cost: "7",
      "ignore.eks-irsa.dev/role-permissions-broad": "admin tool until 2027-01-31",
    });
    expect(only(resources, "OpenIdConnectProvider").inputs).toMatchObject({
      clientIdLists: ["vault"],
      tags: { cost: "7", "ignore.eks-irsa.dev/oidc-provider-audience": "vault" },
    });
  });

  it("names a role of a long name within AWS's limit", async () => {
    const name = "a-very-long-name-of-a-service-that-belongs-to-a-team-with-a-long-name-too";
    const { resources } = await run("up", () => {
      new IrsaBinding(name, { namespace: "shop", issuerUrl: ISSUER, policyArns: [POLICY] });
    });
    expect(only(resources, "Role").name.length).toBeLessThanOrEqual(56);
    expect(only(resources, "ServiceAccount").inputs["metadata"]).toMatchObject({ name });
  });

  it("gives protect and dependsOn to its children", async () => {
    const { resources } = await run("up", () => {
      const first = new Cluster("prod", {
        roleArn: "arn:aws:iam::111122223333:role/cluster",
        vpcConfig: { subnetIds: ["subnet-1"] },
      });
      new IrsaBinding(
        "api",
        { namespace: "shop", issuerUrl: ISSUER, policyArns: [POLICY] },
        { protect: true, dependsOn: first },
      );
    });
    const first = only(resources, "Cluster").urn;
    const binding = only(resources, "IrsaBinding").urn;
    const children = resources.filter((each) => each.parent === binding);
    expect(children.map((each) => each.protect && each.dependencies.includes(first))).toEqual(children.map(() => true));
  });

  it("takes over hand-written resources by alias", async () => {
    const { resources } = await run("up", () => {
      new IrsaBinding("api", {
        namespace: "shop",
        issuerUrl: ISSUER,
        policyArns: [POLICY],
        adopt: {
          role: "old-role",
          serviceAccount: "urn:pulumi:stack::project::kubernetes:core/v1:ServiceAccount::old",
          policyAttachments: ["old-s3"],
        },
      });
    });
    expect(only(resources, "Role").aliases).toEqual([
      expect.objectContaining({ spec: expect.objectContaining({ name: "old-role", noparent: true }) as unknown }),
    ]);
    expect(only(resources, "ServiceAccount").aliases).toEqual([
      expect.objectContaining({ urn: "urn:pulumi:stack::project::kubernetes:core/v1:ServiceAccount::old" }),
    ]);
    expect(only(resources, "RolePolicyAttachment").aliases).toHaveLength(1);
  });
});
