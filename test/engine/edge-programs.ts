/** Programs at the edges of what the pack reads, as text: the engine runs them in a process of their own. */

/** What programs share: helpers for one chain, a line each. */
export const HEAD = `import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const S3 = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const kubeconfigOf = (server: pulumi.Input<string>) =>
  pulumi.output(server).apply((endpoint) => JSON.stringify({ apiVersion: "v1", kind: "Config", clusters: [{ name: "c", cluster: { server: endpoint } }] }));
const trustOf = (arn: pulumi.Input<string>, url: pulumi.Input<string>, subject: string) =>
  pulumi.all([arn, url]).apply(([federated, issuer]) => {
    const key = issuer.replace("https://", "");
    return {
      Version: "2012-10-17" as const,
      Statement: [{
        Effect: "Allow" as const, Principal: { Federated: federated }, Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [\`\${key}:aud\`]: "sts.amazonaws.com", [\`\${key}:sub\`]: subject } },
      }],
    };
  });
const eksCluster = (name: string, opts?: pulumi.ResourceOptions) =>
  new aws.eks.Cluster(name, { name, roleArn: "arn:aws:iam::111122223333:role/eks", vpcConfig: { subnetIds: ["subnet-1", "subnet-2"] } }, opts);
const issuerOf = (cluster: aws.eks.Cluster) => cluster.identities.apply(([identity]) => identity?.oidcs?.[0]?.issuer ?? "");
const providerOf = (name: string, url: pulumi.Input<string>, opts?: pulumi.ResourceOptions) =>
  new aws.iam.OpenIdConnectProvider(name, { url, clientIdLists: ["sts.amazonaws.com"] }, opts);
const roleOf = (name: string, assumeRolePolicy: pulumi.Input<string | aws.iam.PolicyDocument>, opts?: pulumi.ResourceOptions) => {
  const made = new aws.iam.Role(name, { name: \`shop-\${name}\`, assumeRolePolicy }, opts);
  new aws.iam.RolePolicyAttachment(name, { role: made.name, policyArn: S3 }, opts);
  return made;
};
const accountOf = (name: string, roleArn: pulumi.Input<string>, opts: pulumi.ResourceOptions) =>
  new k8s.core.v1.ServiceAccount(name, { metadata: { name, namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": roleArn } } }, opts);
const podOf = (name: string, serviceAccountName: pulumi.Input<string>, identity: pulumi.Input<string>) => ({
  metadata: { labels: { app: name }, annotations: { "eks-irsa.dev/identity": identity } },
  spec: {
    serviceAccountName,
    restartPolicy: "Always",
    securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
    containers: [{ name, image: "ghcr.io/example/shop:1.4.2" }],
  },
});
`;

/** One account in the List form and one in the Patch form, with pods of every kind; a Helm release and a GitHub role stand beside. */
export function everyKind(subject = "api"): string {
  return `${HEAD}
const shop = eksCluster("shop");
const oidc = providerOf("shop", issuerOf(shop));
const opts = { provider: new k8s.Provider("shop", { kubeconfig: kubeconfigOf(shop.endpoint) }) };
const roles = ["${subject}", "web", "jobs"].map((name) => roleOf(name, trustOf(oidc.arn, issuerOf(shop), \`system:serviceaccount:shop:\${name}\`)));
const [api, web, jobs] = roles;
const accounts = new k8s.core.v1.ServiceAccountList("listed", {
  items: [{ metadata: { name: "api", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": api.arn } } }],
}, { ...opts, dependsOn: roles });
const patch = new k8s.core.v1.ServiceAccountPatch("web", {
  metadata: { name: "web", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": web.arn } },
}, { ...opts, dependsOn: roles });
const runner = accountOf("jobs", jobs.arn, { ...opts, dependsOn: roles });
const after = { ...opts, dependsOn: [accounts, patch, runner] };
const selector = { matchLabels: { app: "x" } };
const metadata = (name: string) => ({ name, namespace: "shop" });
new k8s.apps.v1.StatefulSet("sts", { metadata: metadata("sts"), spec: { serviceName: "sts", selector, template: podOf("sts", "api", api.arn) } }, after);
new k8s.apps.v1.DaemonSet("ds", { metadata: metadata("ds"), spec: { selector, template: podOf("ds", "web", web.arn) } }, after);
new k8s.apps.v1.DeploymentPatch("patched", { metadata: metadata("patched"), spec: { template: podOf("patched", patch.metadata.name, web.arn) } }, after);
new k8s.apps.v1.DeploymentList("deployments", { items: [{ metadata: metadata("one"), spec: { selector, template: podOf("one", "api", api.arn) } }] }, after);
new k8s.batch.v1.Job("job", { metadata: metadata("job"), spec: { template: podOf("job", runner.metadata.name, jobs.arn) } }, after);
new k8s.batch.v1.CronJob("cron", { metadata: metadata("cron"), spec: { schedule: "@daily", jobTemplate: { spec: { template: podOf("cron", runner.metadata.name, jobs.arn) } } } }, after);
new k8s.helm.v3.Release("ingress", { chart: "ingress-nginx", namespace: "ingress", values: { controller: { replicaCount: 2 } } }, opts);
const github = new aws.iam.OpenIdConnectProvider("github", { url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] });
new aws.iam.Role("deploy", { assumeRolePolicy: github.arn.apply((Federated) => ({
  Version: "2012-10-17" as const,
  Statement: [{ Effect: "Allow" as const, Principal: { Federated }, Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringLike: { "token.actions.githubusercontent.com:sub": "repo:example/shop:*" } } }],
})) });
`;
}

/** The chain in aws-native's types; the SDK of that package is not needed to register them. */
export function native(subject = "api"): string {
  return `${HEAD}
class Native extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;
  declare readonly endpoint: pulumi.Output<string>;
  declare readonly openIdConnectIssuerUrl: pulumi.Output<string>;
  constructor(type: string, name: string, args: pulumi.Inputs) {
    super(\`aws-native:\${type}\`, name, { arn: undefined, endpoint: undefined, openIdConnectIssuerUrl: undefined, ...args });
  }
}
const shop = new Native("eks:Cluster", "shop", { name: "shop", roleArn: "arn:aws:iam::111122223333:role/eks" });
const oidc = new Native("iam:OidcProvider", "shop", { url: shop.openIdConnectIssuerUrl, clientIdList: ["sts.amazonaws.com"] });
const role = new Native("iam:Role", "api", {
  roleName: "shop-api",
  assumeRolePolicyDocument: trustOf(oidc.arn, shop.openIdConnectIssuerUrl, "system:serviceaccount:shop:${subject}"),
  managedPolicyArns: [S3],
});
const opts = { provider: new k8s.Provider("shop", { kubeconfig: kubeconfigOf(shop.endpoint) }) };
const api = accountOf("api", role.arn, opts);
new k8s.apps.v1.Deployment("api", {
  metadata: { name: "api", namespace: "shop" },
  spec: { selector: { matchLabels: { app: "api" } }, template: podOf("api", api.metadata.name, role.arn) },
}, opts);
`;
}

/** eks.Cluster of pulumi-eks, a component that runs outside the program. */
export function eksComponent(createOidcProvider: boolean): string {
  return `${HEAD}
class EksCluster extends pulumi.ComponentResource {
  declare readonly oidcProviderArn: pulumi.Output<string>;
  declare readonly oidcProviderUrl: pulumi.Output<string>;
  declare readonly oidcIssuer: pulumi.Output<string>;
  declare readonly eksCluster: pulumi.Output<aws.eks.Cluster>;
  declare readonly kubeconfigJson: pulumi.Output<string>;
  constructor(name: string, args: pulumi.Inputs) {
    super("eks:index:Cluster", name, { ...args, oidcProviderArn: undefined, oidcProviderUrl: undefined, oidcIssuer: undefined, eksCluster: undefined, kubeconfigJson: undefined }, {}, true);
  }
}
const shop = new EksCluster("shop", { name: "shop", createOidcProvider: ${String(createOidcProvider)}, subnetIds: ["subnet-1", "subnet-2"] });
const role = roleOf("api", trustOf(shop.oidcProviderArn, shop.oidcIssuer, "system:serviceaccount:shop:api"));
accountOf("api", role.arn, { provider: new k8s.Provider("shop", { kubeconfig: shop.kubeconfigJson }) });
`;
}

/** Role and provider of another stack by `.get`, and two AWS accounts. */
export function elsewhere(): string {
  return `${HEAD}
const cluster = eksCluster("shop");
const opts = { provider: new k8s.Provider("shop", { kubeconfig: kubeconfigOf(cluster.endpoint) }) };
const issuer = issuerOf(cluster);
const other = { provider: new aws.Provider("data", { region: "eu-west-1", assumeRoles: [{ roleArn: "arn:aws:iam::444455556666:role/deploy" }], skipCredentialsValidation: true }) };
providerOf("shop", issuer);
const abroad = providerOf("abroad", issuer, other);
const data = roleOf("data", trustOf(abroad.arn, issuer, "system:serviceaccount:shop:data"), other);
accountOf("data", data.arn, opts);
const got = aws.iam.Role.get("got", "existing");
accountOf("got", got.arn, opts);
const old = aws.iam.OpenIdConnectProvider.get("old", "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF");
roleOf("old", trustOf(old.arn, old.url, "system:serviceaccount:shop:old"));
`;
}

/** A policy document by the data source, and condition keys from \`provider.url\` as it was written, scheme and all. */
export function byDataSource(key: "provider.url" | "raw issuer", subject: string): string {
  return `${HEAD}
const shop = eksCluster("shop");
const issuer = issuerOf(shop);
const oidc = providerOf("shop", issuer);
const prefix = ${key === "raw issuer" ? "issuer" : 'oidc.url.apply((url) => url.replace("https://", ""))'};
const document = aws.iam.getPolicyDocumentOutput({ statements: [{
  actions: ["sts:AssumeRoleWithWebIdentity"],
  principals: [{ type: "Federated", identifiers: [oidc.arn] }],
  conditions: [
    { test: "StringEquals", variable: pulumi.interpolate\`\${prefix}:sub\`, values: ["system:serviceaccount:shop:${subject}"] },
    { test: "StringEquals", variable: pulumi.interpolate\`\${prefix}:aud\`, values: ["sts.amazonaws.com"] },
  ],
}] });
const role = roleOf("api", document.json);
accountOf("api", role.arn, { provider: new k8s.Provider("shop", { kubeconfig: kubeconfigOf(shop.endpoint) }) });
`;
}

/** One chain whose role takes its Pulumi name from the configuration, and knows its former one as an alias. */
export function renamed(): string {
  return `${HEAD}
const name = new pulumi.Config().get("name") ?? "api";
const shop = eksCluster("shop");
const oidc = providerOf("shop", issuerOf(shop));
const role = new aws.iam.Role(name, {
  name: "shop-api",
  assumeRolePolicy: trustOf(oidc.arn, issuerOf(shop), "system:serviceaccount:shop:api"),
  managedPolicyArns: [S3],
}, { aliases: [{ name: "api" }] });
accountOf("api", role.arn, { provider: new k8s.Provider("shop", { kubeconfig: kubeconfigOf(shop.endpoint) }) });
`;
}
