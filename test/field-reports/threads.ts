import type { Value } from "../../policy-pack/src/facts/value";
import { resource, urnOf } from "../support/stack";
import { kubernetes } from "./pods";
import { policy, program, role, web, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "eu-west-2" });
const second = kubernetes({ name: "second", region: "eu-west-2", id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0" });
const china = kubernetes({
  name: "cn",
  region: "cn-northwest-1",
  suffix: "amazonaws.com.cn",
  partition: "aws-cn",
});
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const ARN = k.arnOf("api");
const subject = "system:serviceaccount:shop:api";
const podIdentity = policy({
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
});

/** One role with this trust policy, the account that is annotated with it, and its pods. */
const trusting = (trust: Value) =>
  program([
    k.base,
    k.namespace("shop"),
    k.role("api", trust),
    k.account("shop", "api", ARN),
    k.pods("Deployment", "shop", "api", "api"),
  ]);
const asking = (condition: Value) => trusting(k.trust(condition));

const reports: Reports = {
  broken: [
    {
      name: "in China, the annotation begins with an in place of arn",
      source: "kubernetes-sigs/aws-load-balancer-controller#1353",
      stack: program([
        china.base,
        china.roleFor("kube-system", "alb-ingress-controller"),
        china.account("kube-system", "alb-ingress-controller", {
          annotations: { [ROLE_ARN]: china.arnOf("alb-ingress-controller").replace("arn:", "an:") },
          from: ["alb-ingress-controller"],
        }),
      ]),
      finds: ["service-account-role-arn-invalid mandatory"],
      at: ["ServiceAccount kube-system-alb-ingress-controller"],
    },
    {
      name: "two colons too many before the account id",
      source: "AWS re:Post knowledge center, How do I troubleshoot IRSA errors in Amazon EKS?",
      stack: program([
        k.base,
        k.roleFor("shop", "api"),
        k.account("shop", "api", {
          annotations: { [ROLE_ARN]: "arn:aws:iam::::1234567890:role/example" },
          from: ["api"],
        }),
      ]),
      finds: ["service-account-role-arn-invalid mandatory"],
      at: ["ServiceAccount shop-api"],
    },
    {
      name: "role, hub account and notebook account have three names, and two of them differ",
      source: "awslabs/data-on-eks#603",
      stack: program([
        k.base,
        k.namespace("jupyterhub"),
        k.roleFor("jupyterhub", "hub", "jupyterhub"),
        k.account("jupyterhub", "jupyterhub-single-user", k.arnOf("jupyterhub")),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
      at: ["Role jupyterhub"],
    },
    {
      name: "the controller got an account of its own, and the role still trusts default",
      source: "fluxcd/flux2#798",
      stack: program([
        k.base,
        k.role("sops", k.trust(k.exact("system:serviceaccount:flux-system:default"))),
        k.account("flux-system", "kustomize-controller", { patch: true, annotations: { [ROLE_ARN]: k.arnOf("sops") } }),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
      at: ["Role sops"],
    },
    {
      name: "the second cluster uses the role of the first",
      source: "aws/karpenter-provider-aws#1313",
      stack: program([
        k.base,
        second.base,
        k.roleFor("karpenter", "karpenter"),
        second.account("karpenter", "karpenter", k.arnOf("karpenter")),
      ]),
      finds: ["trust-policy-provider-mismatch mandatory"],
      at: ["Role karpenter"],
    },
    {
      name: "the add-on gets a role for Pod Identity as its serviceAccountRoleArn",
      source: "aws/aws-cdk#31522",
      stack: program([k.base, k.role("ebs", podIdentity, { from: [] }), k.addon("aws-ebs-csi-driver", k.arnOf("ebs"))]),
      finds: ["addon-role-mismatch mandatory"],
      at: ["Role ebs"],
    },
    {
      name: "the workflows' account is annotated with a role that trusts Pod Identity alone",
      source: "argoproj/argo-workflows#12949",
      stack: program([
        k.base,
        k.namespace("argo"),
        k.role("artifacts", podIdentity, { from: [] }),
        k.account("argo", "workflow", k.arnOf("artifacts")),
      ]),
      finds: ["trust-policy-not-web-identity mandatory"],
      at: ["Role artifacts"],
    },
    {
      name: "the action has a d in it",
      source: "pulumi/pulumi-aws#4629",
      stack: trusting(k.trust(k.exact(subject), { Action: "sts:AssumeRoleWithWebIdendity" })),
      finds: ["trust-policy-invalid mandatory"],
      at: ["Role api"],
    },
    {
      name: "the provider is trusted for the action of roles and that of tags",
      source: "terraform-aws-modules/terraform-aws-eks#702 (comments)",
      stack: trusting(k.trust(k.exact(subject), { Action: ["sts:AssumeRole", "sts:TagSession"] })),
      finds: ["trust-policy-not-web-identity mandatory"],
      at: ["Role api"],
    },
    {
      name: "the id of the account stands in the subject, as Pulumi has it",
      source: "pulumi/pulumi-kubernetes, serviceAccount.id in a trust policy",
      stack: asking(k.exact("system:serviceaccount:shop/api")),
      finds: ["trust-policy-subject-invalid mandatory"],
      at: ["Role api"],
    },
    {
      name: "the unique id of the role in the annotation",
      source: "Stack Overflow, role.uniqueId in place of role.arn",
      stack: program([
        k.base,
        k.roleFor("shop", "api"),
        k.account("shop", "api", { annotations: { [ROLE_ARN]: "AROAEXAMPLEID123456" }, from: ["api"] }),
      ]),
      finds: ["service-account-role-arn-invalid mandatory"],
      at: ["ServiceAccount shop-api"],
    },
    {
      name: "the part after the last slash of the url in the condition keys",
      source: "Stack Overflow, url.split('/').pop() for the keys",
      stack: asking({
        StringEquals: { [`${k.issuer.split("/id/")[1] ?? ""}:sub`]: subject },
      }),
      finds: ["trust-policy-condition-key-invalid mandatory"],
      at: ["Role api"],
    },
    {
      name: "the path /id is lost from the condition keys",
      source: "Stack Overflow, join of host and cluster id",
      stack: asking({ StringEquals: { [`${k.issuer.replace("/id/", "/")}:sub`]: subject } }),
      finds: ["trust-policy-condition-key-invalid mandatory"],
      at: ["Role api"],
    },
    {
      name: "quotes of the shell around the subject",
      source: "cert-manager/cert-manager#2147 (comments), single quotes in a here-document",
      stack: asking(k.exact(`'${subject}'`)),
      finds: ["trust-policy-subject-invalid mandatory"],
      at: ["Role api"],
    },
    {
      name: "the placeholders of the guide are left in the subject",
      source: "awsdocs/amazon-eks-user-guide#478",
      stack: asking(
        k.exact("system:serviceaccount:<KUBERNETES_SERVICE_ACCOUNT_NAMESPACE>:<KUBERNETES_SERVICE_ACCOUNT_NAME>"),
      ),
      finds: ["trust-policy-subject-invalid mandatory"],
      at: ["Role api"],
    },
    {
      name: "the role's only policy guards a bucket, and nothing is allowed",
      source: "cert-manager/cert-manager#5893 (comments), a role that may nothing",
      stack: program([
        k.base,
        k.role("api", k.trust(k.exact(subject)), { policies: [] }),
        [
          resource(
            "aws:iam/rolePolicy:RolePolicy",
            "guard",
            { role: "api", policy: policy({ Effect: "Deny", Action: "s3:DeleteBucket", Resource: "*" }) },
            { provider: k.aws, from: { role: [urnOf("aws:iam/role:Role", "api")] } },
          ),
        ],
        k.account("shop", "api", ARN),
      ]),
      finds: ["role-permissions-missing advisory"],
      at: ["Role api"],
    },
    {
      name: "objects are to be read, and the policy names their bucket alone",
      source: "AWS re:Post knowledge center, S3 AccessDenied, bucket ARN without /*",
      stack: program([
        k.base,
        k.role("api", k.trust(k.exact(subject)), { policies: [] }),
        [
          resource(
            "aws:iam/rolePolicy:RolePolicy",
            "read",
            {
              role: "api",
              policy: policy({
                Effect: "Allow",
                Action: ["s3:GetObject", "s3:ListBucket"],
                Resource: "arn:aws:s3:::reports-example",
              }),
            },
            { provider: k.aws, from: { role: [urnOf("aws:iam/role:Role", "api")] } },
          ),
        ],
        k.account("shop", "api", ARN),
      ]),
      finds: ["role-action-denied advisory"],
      at: ["RolePolicy read"],
    },
    {
      name: "the role of the other account is a copy, with the provider of the cluster's account in it",
      source: "ministryofjustice/cloud-platform-user-guide#1397",
      stack: program([
        k.base,
        role("far", web(k.providerArn, k.exact(subject)), { account: "444455556666", from: [k.providerUrn] }),
        k.account("shop", "api", { annotations: { [ROLE_ARN]: "arn:aws:iam::444455556666:role/far" }, from: ["far"] }),
      ]),
      finds: ["trust-policy-provider-mismatch mandatory"],
      at: ["Role far"],
      early: "oidc-provider-not-found",
    },
  ],
  working: [],
};

export default reports;
