import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding } from "eks-irsa";

const blue = new aws.eks.Cluster("blue", clusterArgs("blue"));
const green = new aws.eks.Cluster("green", clusterArgs("green"));
const onBlue = new k8s.Provider("blue", { kubeconfig: kubeconfig(blue) });
const onGreen = new k8s.Provider("green", { kubeconfig: kubeconfig(green) });

// The role trusts the account "shop/api" of both clusters; this binding makes both providers and the account on blue.
const api = new IrsaBinding(
  "api",
  {
    cluster: blue,
    additionalClusters: [{ cluster: green }],
    namespace: "shop",
    createNamespace: true,
    policyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
  },
  { providers: { kubernetes: onBlue } },
);

// The same account on green, annotated with the same role.
const namespace = new k8s.core.v1.Namespace("green-shop", { metadata: { name: "shop" } }, { provider: onGreen });
const account = new k8s.core.v1.ServiceAccount(
  "green-api",
  {
    metadata: { name: "api", namespace: namespace.metadata.name, annotations: api.serviceAccountAnnotations },
  },
  { provider: onGreen, dependsOn: [api] },
);

for (const [name, provider, serviceAccountName] of [
  ["blue", onBlue, api.serviceAccountName],
  ["green", onGreen, account.metadata.name],
] as const) {
  new k8s.apps.v1.Deployment(
    `${name}-api`,
    {
      metadata: { name: "api", namespace: "shop" },
      spec: {
        selector: { matchLabels: { app: "api" } },
        template: {
          metadata: { labels: { app: "api" }, annotations: api.podAnnotations },
          spec: {
            serviceAccountName,
            securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
            containers: [{ name: "api", image: "ghcr.io/example/shop-api:1.4.2" }],
          },
        },
      },
    },
    { provider },
  );
}

function clusterArgs(name: string): aws.eks.ClusterArgs {
  return {
    name,
    roleArn: "arn:aws:iam::111122223333:role/eks-cluster",
    vpcConfig: { subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"] },
  };
}

/** How kubectl and Pulumi reach a cluster: through the AWS CLI, as `aws eks update-kubeconfig` writes it. */
function kubeconfig(cluster: aws.eks.Cluster): pulumi.Output<string> {
  return pulumi.all([cluster.name, cluster.endpoint, cluster.certificateAuthority]).apply(([name, server, ca]) =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster: { server, "certificate-authority-data": ca.data } }],
      contexts: [{ name, context: { cluster: name, user: "aws" } }],
      "current-context": name,
      users: [
        {
          name: "aws",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1",
              command: "aws",
              args: ["eks", "get-token", "--cluster-name", name],
            },
          },
        },
      ],
    }),
  );
}
