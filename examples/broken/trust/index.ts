import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const cluster = new aws.eks.Cluster("shop", {
  name: "shop",
  roleArn: "arn:aws:iam::111122223333:role/eks-cluster",
  vpcConfig: { subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"] },
});
const issuer = cluster.identities.apply(([identity]) => identity?.oidcs?.[0]?.issuer ?? "");

const oidcProvider = new aws.iam.OpenIdConnectProvider("shop", {
  url: issuer,
  clientIdLists: ["sts.amazonaws.com"],
});

const role = new aws.iam.Role("api", {
  name: "shop-api",
  assumeRolePolicy: pulumi.all([oidcProvider.arn, issuer]).apply(([arn, url]) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: arn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${url}:aud`]: "sts.amazonaws.com",
              [`${url}:sub`]: "system:serviceaccount:shop:api",
            },
          },
        },
      ],
    }),
  ),
});

const permissions = new aws.iam.RolePolicyAttachment("api", {
  role: role.name,
  policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
});

const kubeconfig = pulumi
  .all([cluster.name, cluster.endpoint, cluster.certificateAuthority])
  .apply(([name, server, ca]) =>
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
const provider = new k8s.Provider("shop", { kubeconfig });

const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }, { provider });

const serviceAccount = new k8s.core.v1.ServiceAccount(
  "api",
  {
    metadata: {
      name: "api",
      namespace: namespace.metadata.name,
      annotations: { "eks.amazonaws.com/role-arn": role.arn },
    },
  },
  { provider, dependsOn: [permissions] },
);

new k8s.apps.v1.Deployment(
  "api",
  {
    metadata: { name: "api", namespace: namespace.metadata.name },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "api" } },
      template: {
        metadata: { labels: { app: "api" }, annotations: { "eks-irsa.dev/identity": role.arn } },
        spec: {
          serviceAccountName: serviceAccount.metadata.name,
          securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
          containers: [{ name: "api", image: "ghcr.io/example/shop-api:1.4.2" }],
        },
      },
    },
  },
  { provider },
);
