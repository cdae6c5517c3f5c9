import { urnOf } from "../support/stack";
import { kubernetes, rendered, type PodOptions } from "./pods";
import { policy, program, type Part, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-west-2" });
const ARN = k.arnOf("api");
const subject = "system:serviceaccount:shop:api";
const podIdentity = policy({
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
});

const pods = (options: PodOptions, name = "api") =>
  program([
    k.base,
    k.namespace("shop"),
    k.roleFor("shop", "api"),
    k.account("shop", "api", ARN),
    k.pods("Deployment", "shop", "api", name, options),
  ]);
const association = (serviceAccount: string): readonly Part[] => [
  k.of(
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "api",
    { clusterName: "prod", namespace: "shop", serviceAccount, roleArn: ARN },
    { clusterName: [k.clusterUrn], roleArn: [urnOf("aws:iam/role:Role", "api")] },
  ),
];

const reports: Reports = {
  broken: [
    {
      name: "the pods run as default, for which the role is made and which nobody annotates",
      source: "aws-samples/aws-cdk-for-emr-on-eks#2",
      stack: program([
        k.base,
        k.namespace("jobs"),
        k.role("job", k.trust(k.exact("system:serviceaccount:jobs:default"))),
        k.pods("Job", "jobs", "nightly", undefined),
      ]),
      finds: ["service-account-role-missing advisory"],
      at: ["Job jobs-nightly"],
    },
    {
      name: "the manifest's account has no annotation, and the role for it is there",
      source: "aws/aws-for-fluent-bit#877",
      stack: program([
        k.base,
        k.namespace("amazon-cloudwatch"),
        k.roleFor("amazon-cloudwatch", "fluent-bit"),
        rendered("kubernetes:yaml/v2:ConfigFile", "fluent-bit", [
          ...k.account("amazon-cloudwatch", "fluent-bit"),
          ...k.pods("DaemonSet", "amazon-cloudwatch", "fluent-bit", "fluent-bit"),
        ]),
        [k.make("yaml/v2:ConfigFile", "fluent-bit", { file: "fluent-bit.yaml" })],
      ]),
      finds: ["service-account-role-missing mandatory"],
      at: ["ServiceAccount amazon-cloudwatch-fluent-bit"],
    },
    {
      name: "the association is for an account with another spelling than the program's",
      source: "aws/aws-for-fluent-bit#963, service_account of the association",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.role("api", podIdentity, { from: [] }),
        k.account("shop", "api"),
        association("apis"),
        k.pods("Deployment", "shop", "api", "api"),
      ]),
      finds: ["service-account-pod-identity advisory"],
      at: ["PodIdentityAssociation api"],
    },
    {
      name: "the id of the account stands in the pods, as Pulumi has it",
      source: "pulumi/pulumi-kubernetes, serviceAccountName: serviceAccount.id",
      stack: pods({ from: [k.accountUrn("shop", "api")] }, "shop/api"),
      finds: ["workload-service-account-mismatch mandatory"],
      at: ["Deployment shop-api"],
    },
    {
      name: "an Output became the name of the pods' account",
      source: "pulumi/pulumi#2747, serviceAccountName in a template text",
      stack: pods({ from: null }, "Calling [toString] on an [Output<T>] is not supported."),
      finds: ["service-account-not-found mandatory"],
      at: ["Deployment shop-api"],
    },
    {
      name: "a file of credentials from the host is mounted beside the role",
      source: "ROCm/TheRock#5461",
      stack: pods({
        container: {
          env: [{ name: "AWS_SHARED_CREDENTIALS_FILE", value: "/home/awsconfig/credentials" }],
          volumeMounts: [{ name: "config", mountPath: "/home/awsconfig" }],
        },
        pod: { volumes: [{ name: "config", hostPath: { path: "/runner/config" } }] },
      }),
      finds: ["workload-static-credentials advisory"],
      at: ["Deployment shop-api"],
    },
    {
      name: "the variable names the token of Pod Identity, which is not mounted",
      source: "runatlantis/atlantis#5344",
      stack: pods({
        container: {
          env: [
            { name: "AWS_ROLE_ARN", value: ARN },
            {
              name: "AWS_WEB_IDENTITY_TOKEN_FILE",
              value: "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token",
            },
          ],
        },
      }),
      finds: ["workload-token-volume mandatory"],
      at: ["Deployment shop-api"],
    },
    {
      name: "the subject is the name of the session",
      source: "aws/aws-sdk-go, AWS_ROLE_SESSION_NAME with characters that STS refuses",
      stack: pods({ container: { env: [{ name: "AWS_ROLE_SESSION_NAME", value: subject }] } }),
      finds: ["workload-identity-env mandatory"],
      at: ["Deployment shop-api"],
    },
  ],
  working: [],
};

export default reports;
