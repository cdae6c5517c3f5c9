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

const dns = new IrsaBinding(
  "external-dns",
  {
    cluster,
    namespace: "kube-system",
    serviceAccountMode: "external",
    addons: [{ addon: "external-dns", hostedZoneArns: ["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"] }],
  },
  { providers: { kubernetes: provider } },
);

new k8s.helm.v3.Release(
  "external-dns",
  {
    chart: "external-dns",
    version: "1.15.0",
    namespace: "kube-system",
    repositoryOpts: { repo: "https://kubernetes-sigs.github.io/external-dns" },
    values: {
      serviceAccount: { name: dns.serviceAccountName, annotations: dns.serviceAccountAnnotations },
      podAnnotations: dns.podAnnotations,
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
