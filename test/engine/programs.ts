/** Programs for engine tests, as people write them: text, since the engine runs them in a process of their own. */

const HEAD = `import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

function cluster(name: string) {
  const made = new aws.eks.Cluster(name, { name, roleArn: "arn:aws:iam::111122223333:role/eks", vpcConfig: { subnetIds: ["subnet-1", "subnet-2"] } });
  const issuer = made.identities.apply(([identity]) => identity?.oidcs?.[0]?.issuer ?? "");
  const provider = new aws.iam.OpenIdConnectProvider(name, { url: issuer, clientIdLists: ["sts.amazonaws.com"] });
  const kubeconfig = pulumi.all([made.name, made.endpoint]).apply(([context, server]) =>
    JSON.stringify({ apiVersion: "v1", kind: "Config", "current-context": context, clusters: [{ name: context, cluster: { server } }] }));
  const kubernetes = new k8s.Provider(name, { kubeconfig });
  return { issuer, provider, kubernetes };
}
type Cluster = ReturnType<typeof cluster>;

function role(name: string, trusted: Cluster, subject: string) {
  const made = new aws.iam.Role(name, {
    name: \`shop-\${name}\`,
    assumeRolePolicy: pulumi.all([trusted.provider.arn, trusted.issuer]).apply(([arn, url]) => {
      const key = url.replace("https://", "");
      return JSON.stringify({
        Version: "2012-10-17",
        Statement: [{
          Effect: "Allow", Principal: { Federated: arn }, Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEquals: { [\`\${key}:aud\`]: "sts.amazonaws.com", [\`\${key}:sub\`]: subject } },
        }],
      });
    }),
  });
  const attachment = new aws.iam.RolePolicyAttachment(name, { role: made.name, policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" });
  return { made, attachment };
}

function account(name: string, on: Cluster, uses: ReturnType<typeof role>) {
  const namespace = new k8s.core.v1.Namespace(\`\${name}-ns\`, { metadata: { name: "shop" } }, { provider: on.kubernetes });
  return new k8s.core.v1.ServiceAccount(name, {
    metadata: { name, namespace: namespace.metadata.name, annotations: { "eks.amazonaws.com/role-arn": uses.made.arn } },
  }, { provider: on.kubernetes, dependsOn: [uses.attachment] });
}

function pods(name: string, on: Cluster, runAs: k8s.core.v1.ServiceAccount, uses: ReturnType<typeof role>) {
  return new k8s.apps.v1.Deployment(name, {
    metadata: { name, namespace: "shop" },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations: { "eks-irsa.dev/identity": uses.made.arn } },
        spec: {
          serviceAccountName: runAs.metadata.name,
          securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
          containers: [{ name, image: "ghcr.io/example/shop:1.4.2" }],
        },
      },
    },
  }, { provider: on.kubernetes });
}
`;

/** One cluster, one role, one account, one Deployment; `subject` is what the role trusts. */
export function oneCluster(subject = "system:serviceaccount:shop:api"): string {
  return `${HEAD}
const shop = cluster("shop");
const api = role("api", shop, "${subject}");
pods("api", shop, account("api", shop, api), api);
`;
}

/** Two clusters; the role trusts the provider of `a`, and its account is deployed to the cluster named. */
export function twoClusters(accountOn: "a" | "b"): string {
  return `${HEAD}
const a = cluster("a");
const b = cluster("b");
const api = role("api", a, "system:serviceaccount:shop:api");
pods("api", ${accountOn}, account("api", ${accountOn}, api), api);
`;
}
