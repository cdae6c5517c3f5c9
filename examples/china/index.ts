import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding } from "eks-irsa";

const china = new aws.Provider("china", { region: "cn-north-1" });
const cluster = new aws.eks.Cluster(
  "shop",
  {
    name: "shop",
    roleArn: "arn:aws-cn:iam::111122223333:role/eks-cluster",
    vpcConfig: { subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"] },
  },
  { provider: china },
);
const provider = new k8s.Provider("shop", { kubeconfig: kubeconfig(cluster) });

const api = new IrsaBinding(
  "api",
  {
    cluster,
    namespace: "shop",
    createNamespace: true,
    region: "cn-north-1",
    policyArns: ["arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess"],
  },
  { providers: { aws: china, kubernetes: provider } },
);

new k8s.apps.v1.Deployment(
  "api",
  {
    metadata: { name: "api", namespace: "shop" },
    spec: {
      selector: { matchLabels: { app: "api" } },
      // podTemplate sets AWS_REGION and AWS_DEFAULT_REGION: SDKs differ in which one they read.
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
