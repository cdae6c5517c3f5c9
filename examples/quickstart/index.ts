import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding } from "eks-irsa";

const cluster = new aws.eks.Cluster("shop", {
  name: "shop",
  roleArn: "arn:aws:iam::111122223333:role/eks-cluster",
  vpcConfig: { subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"] },
});
const provider = new k8s.Provider("shop", { kubeconfig: kubeconfig(cluster) });
const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }, { provider });

// The first binding makes the cluster's IAM OIDC provider ...
const api = new IrsaBinding(
  "api",
  {
    cluster,
    namespace: "shop",
    policyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
  },
  { providers: { kubernetes: provider }, dependsOn: [namespace] },
);

// ... and the second one shares it.
const reports = new IrsaBinding(
  "reports",
  {
    oidcProvider: api,
    namespace: "shop",
    inlinePolicies: {
      write: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::shop-reports/*" }],
      },
    },
  },
  { providers: { kubernetes: provider }, dependsOn: [namespace] },
);

new k8s.apps.v1.Deployment(
  "api",
  {
    metadata: { name: "api", namespace: "shop" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "api" } },
      template: api.podTemplate({
        metadata: { labels: { app: "api" } },
        spec: {
          securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
          containers: [{ name: "api", image: "ghcr.io/example/shop-api:1.4.2" }],
        },
      }),
    },
  },
  { provider },
);

new k8s.batch.v1.CronJob(
  "reports",
  {
    metadata: { name: "reports", namespace: "shop" },
    spec: {
      schedule: "0 5 * * *",
      jobTemplate: {
        spec: {
          template: reports.podTemplate({
            spec: {
              restartPolicy: "Never",
              securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
              containers: [{ name: "reports", image: "ghcr.io/example/shop-reports:0.9.0" }],
            },
          }),
        },
      },
    },
  },
  { provider },
);

export const roleArn = api.roleArn;

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
