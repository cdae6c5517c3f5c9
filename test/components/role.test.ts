import * as pulumi from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam";
import { IrsaBinding, type RichIrsaBindingArgs } from "../../components/src";
import { boundRole, trustedSource, trustPolicy, type TrustedSource } from "../../components/src/role";
import type { Scope } from "../../components/src/scope";
import { ACCOUNT, all, ISSUER, lateRefusal, only, PROVIDER_ARN, run, settle } from "./program";

const POLICY = "arn:aws:iam::aws:policy/X";
const ARGS: RichIrsaBindingArgs = { namespace: "shop", issuerUrl: ISSUER, policyArns: [POLICY] };
const OTHER = "oidc.eks.us-east-1.amazonaws.com/id/ABC";
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/team/x`;

class Parent extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Parent", "parent");
  }
}
const scope = (): Scope => ({ name: "api", parent: new Parent(), dependsOn: undefined });
const registered = async (change: Partial<RichIrsaBindingArgs>) =>
  (await run("up", () => new IrsaBinding("api", { ...ARGS, ...change }))).resources;

describe("the role that is created", () => {
  it("has what the arguments say, and nothing that they do not", async () => {
    const { assumeRolePolicy, ...plain } = only(await registered({}), "Role").inputs;
    expect(plain).toEqual({ description: "For the pods of ServiceAccount shop/api (IRSA)" });
    expect(typeof assumeRolePolicy).toBe("string");
  });

  it("has each setting", async () => {
    const settings = {
      path: "/team/",
      description: "orders",
      permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/bound`,
      maxSessionDuration: 7200,
      forceDetachPolicies: true,
      tags: { a: "b" },
    };
    expect(only(await registered({ ...settings, roleName: "orders" }), "Role").inputs).toEqual({
      ...settings,
      name: "orders",
      assumeRolePolicy: expect.any(String) as unknown,
    });
    expect(only(await registered({ roleNamePrefix: "orders-" }), "Role").inputs).toMatchObject({
      namePrefix: "orders-",
    });
  });

  it("trusts EKS Pod Identity too when that is asked for", async () => {
    const { Statement } = JSON.parse(
      String(only(await registered({ trustPodIdentity: true }), "Role").inputs["assumeRolePolicy"]),
    ) as { Statement: { Principal: object }[] };
    expect(Statement.map((each) => each.Principal)).toEqual([
      { Federated: PROVIDER_ARN },
      { Service: "pods.eks.amazonaws.com" },
    ]);
  });

  it("has suppressions as tags, beside others or alone", async () => {
    const suppressions = { "role-permissions-broad": "admin" };
    const tag = { "ignore.eks-irsa.dev/role-permissions-broad": "admin" };
    expect(only(await registered({ suppressions }), "Role").inputs["tags"]).toEqual(tag);
    expect(only(await registered({ suppressions, tags: { a: "b" } }), "Role").inputs["tags"]).toEqual({
      a: "b",
      ...tag,
    });
  });
});

describe("the provider that is created", () => {
  it("has the thumbprints that are given", async () => {
    const thumbprints = ["a".repeat(40)];
    expect(only(await registered({ thumbprints }), "OpenIdConnectProvider").inputs).toEqual({
      url: `https://${ISSUER}`,
      clientIdLists: ["sts.amazonaws.com"],
      thumbprintLists: thumbprints,
    });
  });

  it("takes over the adopted one for the binding's own cluster alone", async () => {
    const resources = await registered({ additionalClusters: [{ issuerUrl: OTHER }], adopt: { oidcProvider: "old" } });
    const providers = all(resources, "OpenIdConnectProvider");
    expect(Object.fromEntries(providers.map((each) => [each.name, each.aliases.length]))).toEqual({
      api: 1,
      "api-1": 0,
    });
  });

  it("is named by the place of its cluster, be it the eleventh", async () => {
    const source = { providerArn: undefined, provider: undefined, cluster: undefined, issuer: OTHER };
    const { resources } = await run("up", () =>
      trustedSource(scope(), {}, { ...source, prefix: "additionalClusters[10]." }, "aud", undefined, () => undefined),
    );
    expect(only(resources, "OpenIdConnectProvider").name).toBe("api-11");
  });
});

describe("a provider beside an existing role", () => {
  const source = { prefix: "", providerArn: undefined, provider: undefined, cluster: undefined, issuer: ISSUER };
  const beside = async (roleArn: pulumi.Input<string>): Promise<string> => {
    const { result, resources } = await run("up", () =>
      trustedSource(scope(), {}, source, "aud", roleArn, () => undefined),
    );
    expect(all(resources, "OpenIdConnectProvider")).toEqual([]);
    expect(result.trustedProvider).toBeUndefined();
    return settle(result.trustedArn);
  };

  it("is in the role's partition and account", async () => {
    expect(await beside(ROLE_ARN)).toBe(PROVIDER_ARN);
    expect(await beside(`arn:aws-cn:iam::${ACCOUNT}:role/x`)).toBe(PROVIDER_ARN.replace("aws", "aws-cn"));
  });

  it("stays readable where the role's ARN is none, as in a unit test with mocks", async () => {
    expect(await beside("mocked-arn")).toBe(`arn:aws:iam:::oidc-provider/${ISSUER}`);
  });
});

describe("the trust policy", () => {
  const source = (prefix: string, account: string, adopted: boolean, issuer = ISSUER): TrustedSource => {
    const arn = pulumi.output(`arn:aws:iam::${account}:oidc-provider/${issuer}`);
    return {
      prefix,
      issuer,
      providerArn: adopted ? arn : undefined,
      provider: undefined,
      cluster: undefined,
      trustedArn: arn,
      trustedProvider: undefined,
    };
  };
  const text = async (args: RichIrsaBindingArgs, sources: readonly TrustedSource[]): Promise<readonly string[]> => {
    const { result } = await run("up", () => lateRefusal(trustPolicy(scope(), args, sources, ["a"], "aud")));
    return result;
  };

  it("fails when adopted providers are of different accounts, since only one can be that of the role", async () => {
    const other = `arn:aws:iam::999999999999:oidc-provider/${OTHER}`;
    expect(
      await text({}, [source("", ACCOUNT, true), source("additionalClusters[0].", "999999999999", true, OTHER)]),
    ).toEqual([
      `additionalClusters[0].oidcProviderArn: "${other}" is not legal: its account is 999999999999, but that of oidcProviderArn "${PROVIDER_ARN}" is ${ACCOUNT}`,
    ]);
  });

  it("fails when issuers are of different partitions", async () => {
    const china = "oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC";
    const refusals = await text({}, [
      source("", ACCOUNT, true),
      source("additionalClusters[0].", ACCOUNT, true, china),
    ]);
    expect(refusals).toEqual([
      `additionalClusters[0].issuerUrl: "${china}" is not legal: its partition is aws-cn, but that of oidcProviderArn "${PROVIDER_ARN}" is aws`,
    ]);
  });

  it("leaves out of the comparison what is created here", async () => {
    const sources = [source("", ACCOUNT, false), source("additionalClusters[0].", "999999999999", true, OTHER)];
    expect(await text({}, sources)).toEqual([]);
  });

  it("fails when it turns out too long", async () => {
    expect(await text({ trustPolicyQuota: 10 }, [source("", ACCOUNT, false)])).toEqual([
      expect.stringMatching(/^subjectPatterns: the trust policy has \d+ characters, \d+ more than the quota of 10 /),
    ]);
  });
});

describe("an existing role", () => {
  const account = { namespace: "shop", name: "api" };
  const trust = pulumi.output("{}");

  it("is used as the resource that is given", async () => {
    const { result, resources } = await run("up", () => {
      const role = new Role("mine", { name: "mine", assumeRolePolicy: "{}" });
      return { role, bound: boundRole(scope(), { role }, trust, account) };
    });
    expect(all(resources, "Role")).toHaveLength(1);
    expect(result.bound.resource).toBe(result.role);
    expect(await settle(result.bound.name)).toBe("mine");
    expect(await settle(result.bound.arn)).toBe(`arn:aws:iam::${ACCOUNT}:role/mine`);
  });

  it("is used by its ARN, which has to be of the account of the policies", async () => {
    const late = pulumi.output(ROLE_ARN);
    const bound = (policyArns?: pulumi.Input<string>[]) =>
      run("up", () => boundRole(scope(), { roleArn: late, ...(policyArns && { policyArns }) }, trust, account));
    const { result } = await bound();
    expect(result.resource).toBeUndefined();
    expect(await settle(result.name)).toBe("x");
    expect(await settle(result.arn)).toBe(ROLE_ARN);
    const other = "arn:aws:iam::999999999999:policy/x";
    const refusal = await run("up", async () =>
      lateRefusal(
        boundRole(scope(), { roleArn: late, policyArns: [POLICY, pulumi.output(other)] }, trust, account).arn,
      ),
    );
    expect(await refusal.result).toEqual([
      `policyArns[1]: "${other}" is not legal: its account is 999999999999, but that of roleArn "${ROLE_ARN}" is ${ACCOUNT}`,
    ]);
  });
});
