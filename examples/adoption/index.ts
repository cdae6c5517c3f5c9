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

// The program had these four by hand, each with the Pulumi name that stands in `adopt`:
//   new aws.iam.OpenIdConnectProvider("shop-oidc", …)
//   new aws.iam.Role("api-role", { name: "shop-api", … })
//   new aws.iam.RolePolicyAttachment("api-s3", …)
//   new k8s.core.v1.ServiceAccount("api-account", { metadata: { name: "api", namespace: "shop", … } })
// They are deleted from the program, and the binding takes their state over. Names in AWS and Kubernetes stay as they are.
const api = new IrsaBinding(
  "api",
  {
    cluster,
    namespace: "shop",
    roleName: "shop-api",
    policyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
    adopt: {
      oidcProvider: "shop-oidc",
      role: "api-role",
      policyAttachments: ["api-s3"],
      serviceAccount: "api-account",
    },
  },
  { providers: { kubernetes: provider } },
);

export const serviceAccountName = api.serviceAccountName;

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
