import { urnOf } from "../support/stack";
import { ACCOUNT, CLUSTER, REGION, ROLE, ROLE_ARN, S3, SERVICE_ACCOUNT, trusting, writer } from "./naive-writer";
import { policy, program, type Part, type Reports, type WorkingReport } from "./support";

const POLICY = urnOf("aws:iam/policy:Policy", "s3");
const READ = policy({ Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::reports/*" });
type Writer = ReturnType<typeof writer>;

const programs: Readonly<Record<string, readonly [source: string, write: (w: Writer) => readonly Part[]]>> = {
  "account and deployment": [
    "Amazon EKS user guide, in Pulumi's words",
    (w) => [w.cluster, w.oidc, w.role(trusting(S3)), w.attached(), w.account(), w.deployment()],
  ],
  "the account's name as a literal, with dependsOn": [
    "Pulumi documentation, dependsOn",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting(S3)),
      w.attached(),
      w.account(),
      w.deployment({}, { dependsOn: [SERVICE_ACCOUNT] }),
    ],
  ],
  "no pods in the program": [
    "pulumi/pulumi-eks example oidc-iam-sa",
    (w) => [w.cluster, w.oidc, w.role(trusting(S3)), w.attached(), w.account()],
  ],
  "managedPolicyArns on the role": [
    "pulumi/pulumi-aws, Role.managedPolicyArns",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting(S3), { managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"] }),
      w.account(),
      w.deployment(),
    ],
  ],
  "inlinePolicies on the role": [
    "pulumi/pulumi-aws, Role.inlinePolicies",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting(S3), { inlinePolicies: [{ name: "read", policy: w.made(READ) }] }),
      w.account(),
      w.deployment(),
    ],
  ],
  "a RolePolicy by the role's id": [
    "pulumi/pulumi-aws, RolePolicy",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting(S3)),
      w.aws(
        "iam/rolePolicy:RolePolicy",
        "s3",
        { role: w.made("s3-5f3e2d1"), policy: READ },
        { from: { role: [ROLE] } },
      ),
      w.account(),
      w.deployment(),
    ],
  ],
  "a policy of the program, attached": [
    "AWS Load Balancer Controller installation guide, in Pulumi's words",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting(S3)),
      w.aws(
        "iam/policy:Policy",
        "s3",
        { name: "s3-1", policy: READ },
        { outputs: { arn: w.made(`arn:aws:iam::${ACCOUNT}:policy/s3-1`) } },
      ),
      w.attached(w.made(`arn:aws:iam::${ACCOUNT}:policy/s3-1`), [POLICY]),
      w.account(),
      w.deployment(),
    ],
  ],
  "the cluster was made by hand, and its issuer is a text": [
    "Pulumi documentation, adopting an existing cluster",
    (w) => [w.role(trusting(S3), {}, []), w.attached(), w.account(), w.deployment()],
  ],
  "a release with a name for its account": [
    "AWS Load Balancer Controller installation guide, as a Release",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting("system:serviceaccount:kube-system:aws-load-balancer-controller")),
      w.attached(),
      w.release("aws-load-balancer-controller", "kube-system", {
        clusterName: "cluster-1a2b3c4",
        serviceAccount: { create: true, name: "aws-load-balancer-controller", annotations: w.annotations },
      }),
    ],
  ],
  "a release that names no account": [
    "ExternalDNS chart, README",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting("system:serviceaccount:external-dns:external-dns")),
      w.attached(),
      w.release("external-dns", "external-dns", { serviceAccount: { annotations: w.annotations } }),
    ],
  ],
  "a release whose own name is its account's": [
    "ExternalDNS chart, fullname",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting("system:serviceaccount:dns:external-dns")),
      w.attached(),
      w.release("external-dns", "dns", { serviceAccount: { annotations: w.annotations } }, { name: "external-dns" }),
    ],
  ],
  "a release that uses the program's account": [
    "Helm documentation, serviceAccount.create=false",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting(S3)),
      w.attached(),
      w.account(),
      w.release("app", "apps", { serviceAccount: { create: false, name: "s3" } }),
    ],
  ],
  "a v4 Chart from an OCI registry": [
    "Karpenter documentation, getting started, as a Chart",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting("system:serviceaccount:karpenter:karpenter")),
      w.attached(),
      w.k8s(
        "helm.sh/v4:Chart",
        "karpenter",
        {
          chart: "oci://public.ecr.aws/karpenter/karpenter",
          namespace: "karpenter",
          values: { serviceAccount: { annotations: w.annotations } },
        },
        { from: { values: [ROLE] } },
      ),
    ],
  ],
  "a SparkApplication that names the account": [
    "kubeflow/spark-operator#1041",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting(S3)),
      w.attached(),
      w.account(),
      w.k8s("sparkoperator.k8s.io/v1beta2:SparkApplication", "job", {
        metadata: { name: "job", namespace: "apps" },
        spec: { driver: { serviceAccount: "s3" }, executor: { serviceAccount: "s3" } },
      }),
    ],
  ],
  "a SecretStore that refers to the account": [
    "External Secrets documentation, serviceAccountRef",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting(S3)),
      w.attached("arn:aws:iam::aws:policy/SecretsManagerReadWrite"),
      w.account(),
      w.k8s("external-secrets.io/v1beta1:SecretStore", "store", {
        metadata: { name: "store", namespace: "apps" },
        spec: {
          provider: { aws: { service: "SecretsManager", auth: { jwt: { serviceAccountRef: { name: "s3" } } } } },
        },
      }),
    ],
  ],
  "the role of the EBS add-on": [
    "Amazon EKS user guide, EBS CSI driver",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting("system:serviceaccount:kube-system:ebs-csi-controller-sa")),
      w.attached("arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"),
      w.aws(
        "eks/addon:Addon",
        "ebs",
        { clusterName: "cluster-1a2b3c4", addonName: "aws-ebs-csi-driver", serviceAccountRoleArn: w.made(ROLE_ARN) },
        { from: { clusterName: [CLUSTER], serviceAccountRoleArn: [ROLE] } },
      ),
    ],
  ],
  "a family of names": [
    "Crossplane documentation, a pattern for the names of providers",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting("system:serviceaccount:apps:s3-*", "StringLike")),
      w.attached(),
      w.account({ name: "s3-reader" }),
      w.deployment({ serviceAccountName: "s3-reader" }),
    ],
  ],
  "a namespace of the program": [
    "pulumi/examples, aws-ts-eks",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting(S3)),
      w.attached(),
      w.k8s("core/v1:Namespace", "apps", { metadata: { name: "apps" } }),
      w.account(),
      w.deployment(),
    ],
  ],
  "the region and a bucket in the environment": [
    "AWS SDKs and tools reference guide, AWS_REGION",
    (w) => [
      w.cluster,
      w.oidc,
      w.role(trusting(S3)),
      w.attached(),
      w.account(),
      w.deployment({
        containers: [
          {
            name: "app",
            image: "example.com/app:1.0.0",
            env: [
              { name: "AWS_REGION", value: REGION },
              { name: "BUCKET", value: "reports" },
            ],
          },
        ],
      }),
    ],
  ],
};

const reports: Reports = {
  broken: [],
  working: Object.entries(programs).flatMap(([name, [source, write]]): readonly WorkingReport[] =>
    [false, true].map((first) => ({
      name: first ? `${name}, at the first preview` : name,
      source,
      stack: program([write(writer(first))]),
    })),
  ),
};

export default reports;
