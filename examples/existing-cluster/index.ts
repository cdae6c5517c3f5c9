import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding } from "eks-irsa";

// Usually these come from the stack that owns the cluster:
//   const cluster = new pulumi.StackReference("example/cluster/prod");
//   const oidcProviderArn = cluster.requireOutput("oidcProviderArn");
const config = new pulumi.Config();
const oidcProviderArn = config.require("oidcProviderArn");
const provider = new k8s.Provider("shop", { context: config.require("kubeContext") });

const api = new IrsaBinding(
  "api",
  {
    oidcProviderArn,
    namespace: "shop",
    createNamespace: true,
    roleName: "shop-api",
    policyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
  },
  { providers: { kubernetes: provider } },
);

new k8s.apps.v1.StatefulSet(
  "api",
  {
    metadata: { name: "api", namespace: api.namespace },
    spec: {
      serviceName: "api",
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
