import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding } from "eks-irsa";

// The stack that owns the cluster exports the ARN of its OIDC provider; without such a stack, write the ARN into the configuration.
const config = new pulumi.Config();
const clusterStack = config.get("clusterStack");
const oidcProviderArn = clusterStack
  ? new pulumi.StackReference(clusterStack).requireOutput("oidcProviderArn").apply(String)
  : config.require("oidcProviderArn");
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
