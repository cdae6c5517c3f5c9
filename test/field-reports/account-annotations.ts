import { kubernetes } from "./pods";
import { program, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "us-west-2" });
const ROLE_ARN = "eks.amazonaws.com/role-arn";

/** A namespace, a role for one account of it, and what the report says of that account and its pods. */
const dns = (...rest: Parameters<typeof program>[0]) =>
  program([k.base, k.namespace("dns"), k.roleFor("dns", "external-dns"), ...rest]);
const pods = k.pods("Deployment", "dns", "external-dns", "external-dns");
const ARN = k.arnOf("external-dns");

const reports: Reports = {
  broken: [
    {
      name: "the ARN of the managed policy stands where the role's belongs",
      source: "kubernetes-sigs/aws-ebs-csi-driver#1449",
      stack: dns(
        k.account("dns", "external-dns", "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"),
        pods,
      ),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the arn of the policy resource is put into the annotation",
      source: "kubernetes-sigs/aws-efs-csi-driver#1204",
      stack: dns(k.account("dns", "external-dns", `arn:aws:iam::${k.awsAccount}:policy/external-dns`), pods),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "a folded YAML text leaves a newline after the ARN",
      source: "external-secrets/kubernetes-external-secrets#424",
      stack: dns(k.account("dns", "external-dns", `${ARN}\n`), pods),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "only the name of the role is given",
      source: "aws/amazon-eks-pod-identity-webhook README, compose-role-arn",
      stack: dns(k.account("dns", "external-dns", "external-dns"), pods),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the placeholder of the account id is left in the ARN",
      source: "kubernetes-sigs/external-dns#1979, tutorial text",
      stack: dns(k.account("dns", "external-dns", "arn:aws:iam::<ACCOUNT_ID>:role/external-dns"), pods),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "an Output is joined as text into the ARN",
      source: "pulumi/pulumi-eks#871",
      stack: dns(
        k.account("dns", "external-dns", {
          annotations: {
            [ROLE_ARN]:
              "Calling [toString] on an [Output<T>] is not supported.\n\nTo get the value of an Output<T> use apply",
          },
        }),
        pods,
      ),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the values of the chart get the arn of the policy",
      source: "kubernetes-sigs/aws-efs-csi-driver#1204, as a Release",
      stack: dns(
        k.chart("external-dns", "dns", {
          controller: {
            serviceAccount: {
              create: true,
              name: "external-dns",
              annotations: { [ROLE_ARN]: `arn:aws:iam::${k.awsAccount}:policy/external-dns` },
            },
          },
        }),
      ),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the values of the chart annotate the pods",
      source: "kubernetes-sigs/aws-ebs-csi-driver#1449, as a Release",
      stack: dns(
        k.chart(
          "external-dns",
          "dns",
          { podAnnotations: { [ROLE_ARN]: ARN }, serviceAccount: { create: true, name: "external-dns" } },
          ["external-dns"],
        ),
      ),
      finds: ["service-account-annotation-key advisory"],
    },
    {
      name: "the values of the chart misspell the key",
      source: "kubernetes-sigs/aws-load-balancer-controller#2627, as a Release",
      stack: dns(
        k.chart(
          "external-dns",
          "dns",
          { serviceAccount: { name: "external-dns", annotations: { "eks.amazonaws.com/rolearn": ARN } } },
          ["external-dns"],
        ),
      ),
      finds: ["service-account-annotation-key advisory"],
    },
    {
      name: "the role is annotated on the pods and not on their account",
      source: "crossplane-contrib/provider-aws#1467",
      stack: dns(
        k.account("dns", "external-dns"),
        k.pods("Deployment", "dns", "external-dns", "external-dns", { template: { annotations: { [ROLE_ARN]: ARN } } }),
      ),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "the pods keep the annotation of kube2iam, and the account has none",
      source: "kubeflow/spark-operator#1041",
      stack: dns(
        k.account("dns", "external-dns"),
        k.pods("Deployment", "dns", "external-dns", "external-dns", {
          template: { annotations: { "iam.amazonaws.com/role": "external-dns" } },
        }),
      ),
      finds: ["service-account-role-missing mandatory"],
    },
    {
      name: "the account was made anew without its annotation",
      source: "eksctl-io/eksctl#1645",
      stack: dns(k.account("dns", "external-dns"), pods),
      finds: ["service-account-role-missing mandatory"],
    },
    {
      name: "the annotation is there and empty",
      source: "terraform-aws-modules/terraform-aws-eks#1083",
      stack: dns(k.account("dns", "external-dns", { annotations: { [ROLE_ARN]: "" } }), pods),
      finds: ["service-account-role-missing mandatory"],
    },
    {
      name: "the key is written with an underscore",
      source: "Stack Overflow, EKS pod does not assume the role of its service account",
      stack: dns(k.account("dns", "external-dns", { annotations: { "eks.amazonaws.com/role_arn": ARN } }), pods),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "the key lacks the s of amazonaws",
      source: "Stack Overflow, IRSA annotation typo",
      stack: dns(k.account("dns", "external-dns", { annotations: { "eks.amazonaw.com/role-arn": ARN } }), pods),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "kube2iam's key is put on the account",
      source: "kubernetes-sigs/aws-ebs-csi-driver#1449, second report",
      stack: dns(k.account("dns", "external-dns", { annotations: { "iam.amazonaws.com/role": ARN } }), pods),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "the role stands among the labels of the account",
      source: "Stack Overflow, service account label eks.amazonaws.com/role-arn",
      stack: dns(k.account("dns", "external-dns", { labels: { [ROLE_ARN]: ARN } }), pods),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "fs-group is annotated, which no release of the webhook reads",
      source: "aws/amazon-eks-pod-identity-webhook#86",
      stack: dns(
        k.account("dns", "external-dns", { annotations: { [ROLE_ARN]: ARN, "eks.amazonaws.com/fs-group": "65534" } }),
        pods,
      ),
      finds: ["service-account-annotation-key advisory"],
    },
    {
      name: "the token is asked for with the audience of China's domain",
      source: "external-secrets/kubernetes-external-secrets#523",
      stack: dns(
        k.account("dns", "external-dns", {
          annotations: { [ROLE_ARN]: ARN, "eks.amazonaws.com/audience": "sts.amazonaws.com.cn" },
        }),
        pods,
      ),
      finds: ["service-account-audience-mismatch mandatory"],
    },
    {
      name: "regional endpoints are switched on with a word that is no boolean",
      source: "aws/amazon-eks-pod-identity-webhook README, sts-regional-endpoints",
      stack: dns(
        k.account("dns", "external-dns", {
          annotations: { [ROLE_ARN]: ARN, "eks.amazonaws.com/sts-regional-endpoints": "yes" },
        }),
        pods,
      ),
      finds: ["service-account-option-invalid advisory"],
    },
    {
      name: "the ARN is put together without the role's path",
      source: "Stack Overflow, role with path /k8s/ not authorized",
      stack: program([
        k.base,
        k.namespace("dns"),
        k.role("external-dns", k.trust(k.exact("system:serviceaccount:dns:external-dns")), {
          inputs: { path: "/k8s/" },
        }),
        k.account("dns", "external-dns", { annotations: { [ROLE_ARN]: ARN }, from: [] }),
        pods,
      ]),
      finds: ["service-account-role-mismatch mandatory"],
    },
    {
      name: "the account is in default, the trust policy says kube-system",
      source: "kubernetes-sigs/external-dns#1979",
      stack: program([
        k.base,
        k.roleFor("kube-system", "external-dns"),
        k.account("default", "external-dns", ARN),
        k.pods("Deployment", "default", "external-dns", "external-dns"),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "nobody wrote the namespace, so account and pods go to default",
      source: "terraform-aws-modules/terraform-aws-eks#801",
      stack: program([
        k.base,
        k.roleFor("kube-system", "cluster-autoscaler"),
        k.account("default", "cluster-autoscaler", {
          annotations: { [ROLE_ARN]: k.arnOf("cluster-autoscaler") },
          metadata: { namespace: undefined },
        }),
        k.pods("Deployment", "default", "cluster-autoscaler", "cluster-autoscaler"),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "namespace and name of the account are turned round",
      source: "cert-manager/aws-privateca-issuer#277",
      stack: program([
        k.base,
        k.namespace("pca"),
        k.roleFor("issuer-sa", "pca", "issuer-sa"),
        k.account("pca", "issuer-sa", k.arnOf("issuer-sa")),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the account has no name, so Pulumi gives it one that the role does not trust",
      source: "Pulumi documentation, auto-naming",
      stack: program([
        k.base,
        k.namespace("dns"),
        k.roleFor("dns", "external-dns"),
        k.account("dns", "external-dns", {
          annotations: { [ROLE_ARN]: ARN },
          metadata: { name: "external-dns-4c1f9a02" },
        }),
        k.pods("Deployment", "dns", "external-dns", "external-dns-4c1f9a02", {
          from: [k.accountUrn("dns", "external-dns")],
        }),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the default account of the namespace carries the role",
      source: "fluxcd/source-controller#284",
      stack: program([
        k.base,
        k.namespace("flux-system"),
        k.roleFor("flux-system", "default", "flux"),
        k.account("flux-system", "default", k.arnOf("flux")),
      ]),
      finds: ["service-account-default-annotated advisory"],
    },
  ],
  working: [
    {
      name: "the pods keep the annotation of kube2iam beside the account's own",
      source: "ministryofjustice/analytical-platform#4319",
      stack: dns(
        k.account("dns", "external-dns", ARN),
        k.pods("Deployment", "dns", "external-dns", "external-dns", {
          template: { annotations: { "iam.amazonaws.com/role": "external-dns" } },
        }),
      ),
    },
  ],
};

export default reports;
