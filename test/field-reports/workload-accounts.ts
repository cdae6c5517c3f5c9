import { kubernetes } from "./pods";
import { program, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-west-1" });
const bound = [k.namespace("data"), k.roleFor("data", "worker"), k.account("data", "worker", k.arnOf("worker"))];
const data = (...rest: Parameters<typeof program>[0]) => program([k.base, ...bound, ...rest]);

const reports: Reports = {
  broken: [
    {
      name: "the pods are started without an account and run as default",
      source: "airbytehq/airbyte#50979",
      stack: data(k.pods("Deployment", "data", "worker", undefined)),
      finds: ["workload-service-account-missing advisory"],
    },
    {
      name: "the account is called after the program, and the pods do not name it",
      source: "Stack Overflow, EKS pod uses the node role instead of the service account's",
      stack: program([
        k.base,
        k.namespace("data"),
        k.roleFor("data", "worker-sa"),
        k.account("data", "worker-sa", k.arnOf("worker-sa")),
        k.pods("Deployment", "data", "worker", undefined),
      ]),
      finds: ["workload-service-account-missing advisory"],
    },
    {
      name: "a test pod with the AWS CLI runs as default",
      source: "re:Post, Why can't I use an IAM role for the service account in my Amazon EKS pod?",
      stack: data(k.pods("Deployment", "data", "cli", undefined, { container: { image: "amazon/aws-cli:2.15.0" } })),
      finds: ["workload-service-account-missing advisory"],
    },
    {
      name: "serviceAccountName stands in the spec of the Deployment, not of its pods",
      source: "Stack Overflow, serviceAccountName in deployment spec has no effect",
      stack: data(k.pods("Deployment", "data", "importer", undefined, { spec: { serviceAccountName: "worker" } })),
      finds: ["workload-service-account-missing advisory"],
    },
    {
      name: "the subject of the trust policy is given as the account's name",
      source: "re:Post, service account name in the form namespace:name",
      stack: data(k.pods("Deployment", "data", "worker", "data:worker", { from: null })),
      finds: ["workload-service-account-mismatch mandatory"],
    },
    {
      name: "the job's pods run as default, though it waits for the account",
      source: "actions/actions-runner-controller#2992",
      stack: data(k.pods("Job", "data", "load", undefined, { dependsOn: [k.accountUrn("data", "worker")] })),
      finds: ["workload-service-account-missing advisory"],
    },
    {
      name: "the account of the workers is created nowhere",
      source: "apache/airflow#28813",
      stack: data(
        k.pods("Deployment", "data", "worker", "worker"),
        k.pods("StatefulSet", "data", "scheduler", "airflow-scheduler", { from: null }),
      ),
      finds: ["service-account-not-found mandatory"],
    },
    {
      name: "the name of the account is misspelt",
      source: "Stack Overflow, error looking up service account",
      stack: data(k.pods("Deployment", "data", "worker", "wroker", { from: null })),
      finds: ["workload-service-account-mismatch mandatory"],
    },
    {
      name: "a cron job names the account as it was called before",
      source: "ministryofjustice/cloud-platform-environments#14841",
      stack: data(
        k.pods("CronJob", "data", "nightly", "data-worker", {
          from: null,
          dependsOn: [k.accountUrn("data", "worker")],
        }),
      ),
      finds: ["workload-service-account-mismatch mandatory"],
    },
    {
      name: "the pods are in another namespace than their account",
      source: "awslabs/crossplane-on-eks#153",
      stack: data(
        k.namespace("jobs"),
        k.pods("Deployment", "jobs", "worker", "worker", { from: [k.accountUrn("data", "worker")] }),
      ),
      finds: ["workload-service-account-mismatch mandatory"],
    },
    {
      name: "the pods are created beside the account, and the webhook does not know it yet",
      source: "aws/amazon-eks-pod-identity-webhook#174",
      stack: data(k.pods("Deployment", "data", "worker", "worker", { from: null })),
      finds: ["workload-order advisory"],
    },
    {
      name: "some pods of a deployment come up without the role",
      source: "aws/amazon-eks-pod-identity-webhook#83",
      stack: data(k.pods("StatefulSet", "data", "worker", "worker", { from: null })),
      finds: ["workload-order advisory"],
    },
    {
      name: "the annotation is a literal, and the pods start before the role is there",
      source: "aws/amazon-eks-pod-identity-webhook#264",
      stack: program([
        k.base,
        k.namespace("data"),
        k.roleFor("data", "worker"),
        k.account("data", "worker", { annotations: { "eks.amazonaws.com/role-arn": k.arnOf("worker") }, from: [] }),
        k.pods("Deployment", "data", "worker", "worker"),
      ]),
      finds: ["workload-order advisory"],
    },
    {
      name: "a pod without a controller keeps the identity it was created with",
      source: "aws/amazon-eks-pod-identity-webhook#28",
      stack: data(k.pods("Pod", "data", "worker", "worker")),
      finds: ["workload-rollout advisory"],
    },
    {
      name: "a set whose pods are only replaced by hand",
      source: "re:Post, How do I troubleshoot an OIDC provider and IRSA in Amazon EKS?, recreate the pods",
      stack: data(k.pods("DaemonSet", "data", "worker", "worker", { spec: { updateStrategy: { type: "OnDelete" } } })),
      finds: ["workload-rollout advisory"],
    },
    {
      name: "both properties name an account, and the one that counts has no role",
      source: "kubernetes/kubernetes, deprecated serviceAccount",
      stack: data(k.pods("Deployment", "data", "worker", "runner", { from: null, pod: { serviceAccount: "worker" } })),
      finds: ["workload-service-account-mismatch mandatory"],
    },
  ],
  working: [],
};

export default reports;
