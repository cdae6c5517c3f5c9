import type { Properties } from "../../policy-pack/src/model/snapshot";
import { kubernetes, rendered, type AccountOptions, type PodOptions } from "./pods";
import { program, type Part, type Reports } from "./support";

const k = kubernetes({ name: "prod", region: "us-west-2" });
const blue = kubernetes({ name: "blue", region: "us-west-2", id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0" });
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const ARN = k.arnOf("api");

/** Namespace, role, account and deployment as guides have them, with one of the four replaced. */
function app(
  account: AccountOptions | string = ARN,
  {
    pods = {},
    kind = "Deployment",
    more = [],
  }: { readonly pods?: PodOptions; readonly kind?: string; readonly more?: readonly Part[] } = {},
) {
  return program([
    k.base,
    k.namespace("shop"),
    k.roleFor("shop", "api"),
    k.account("shop", "api", account),
    k.pods(kind, "shop", "api", "api", pods),
    more,
  ]);
}
const named = (key: string, value = ARN): AccountOptions => ({ annotations: { [key]: value }, from: ["api"] });

/** The account's resource with other inputs. */
function raw(inputs: Properties): readonly Part[] {
  return [
    k.make("core/v1:ServiceAccount", "shop-api", inputs, {
      metadata: ["urn:pulumi:dev::shop::aws:iam/role:Role::api"],
    }),
  ];
}
const withRaw = (inputs: Properties) =>
  program([
    k.base,
    k.namespace("shop"),
    k.roleFor("shop", "api"),
    raw(inputs),
    k.pods("Deployment", "shop", "api", "api"),
  ]);

const reports: Reports = {
  broken: [
    {
      name: "annotation in the singular",
      source: "Stack Overflow, metadata.annotation of a ServiceAccount",
      stack: withRaw({ metadata: { name: "api", namespace: "shop", annotation: { [ROLE_ARN]: ARN } } }),
      finds: ["service-account-role-missing mandatory"],
    },
    {
      name: "annotations beside the metadata",
      source: "Stack Overflow, indentation of annotations in a ServiceAccount",
      stack: withRaw({ metadata: { name: "api", namespace: "shop" }, annotations: { [ROLE_ARN]: ARN } }),
      finds: ["service-account-role-missing mandatory"],
    },
    {
      name: "the account id lacks a digit",
      source: "AWS re:Post, Request ARN is invalid",
      stack: app(ARN.replace("111122223333", "11112222333")),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "role/ is missing from the ARN",
      source: "Stack Overflow, arn:aws:iam::<account>:<role>",
      stack: app(`arn:aws:iam::${k.awsAccount}:api`),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "an ARN is put together around an ARN",
      source: "Stack Overflow, interpolate with role.arn in place of role.name",
      stack: app(`arn:aws:iam::${k.awsAccount}:role/${ARN}`),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the quotes came along",
      source: "external-secrets/kubernetes-external-secrets#424 (comments)",
      stack: app(`"${ARN}"`),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the ARN of the instance profile",
      source: "AWS re:Post, instance profile in place of the role",
      stack: app(`arn:aws:iam::${k.awsAccount}:instance-profile/api`),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the ARN of a session, as get-caller-identity prints it",
      source: "AWS re:Post, assumed-role ARN in the annotation",
      stack: app(`arn:aws:sts::${k.awsAccount}:assumed-role/api/botocore-session-1700000000`),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the account id is left between braces",
      source: "Stack Overflow, ordinary quotes around ${accountId}",
      stack: app("arn:aws:iam::${accountId}:role/api"),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "undefined in place of the account id",
      source: "Stack Overflow, arn:aws:iam::undefined:role",
      stack: app("arn:aws:iam::undefined:role/api"),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "an object became text",
      source: "pulumi/pulumi#3383, [object Object] in an annotation",
      stack: app({ annotations: { [ROLE_ARN]: "[object Object]" }, from: ["api"] }),
      finds: ["service-account-role-arn-invalid mandatory"],
    },
    {
      name: "the domain is amazon.com",
      source: "Stack Overflow, eks.amazon.com/role-arn",
      stack: app(named("eks.amazon.com/role-arn")),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "the domain lacks eks",
      source: "Stack Overflow, amazonaws.com/role-arn",
      stack: app(named("amazonaws.com/role-arn")),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "a blank at the end of the key",
      source: "Stack Overflow, trailing blank in an annotation key",
      stack: app(named("eks.amazonaws.com/role-arn ")),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "a dash in the domain",
      source: "Stack Overflow, eks-amazonaws.com",
      stack: app(named("eks-amazonaws.com/role-arn")),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "a colon between domain and name",
      source: "Stack Overflow, eks.amazonaws.com:role-arn",
      stack: app(named("eks.amazonaws.com:role-arn")),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "the key without its domain",
      source: "Stack Overflow, annotation role-arn",
      stack: app(named("role-arn")),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "capitals in the key",
      source: "Stack Overflow, eks.amazonaws.com/Role-ARN",
      stack: app(named("eks.amazonaws.com/Role-ARN")),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "iam-role in the key",
      source: "Stack Overflow, eks.amazonaws.com/iam-role-arn",
      stack: app(named("eks.amazonaws.com/iam-role-arn")),
      finds: ["service-account-annotation-key mandatory"],
    },
    {
      name: "the annotation of GKE, for an account on EKS",
      source: "Stack Overflow, iam.gke.io/gcp-service-account and EKS",
      stack: app({ annotations: { "iam.gke.io/gcp-service-account": ARN }, from: ["api"] }),
      finds: ["service-account-role-missing mandatory"],
    },
    {
      name: "the account is on the blue cluster, its pods on the green one",
      source: "aws/containers-roadmap#1968 (comments)",
      stack: program([
        k.base,
        blue.base,
        k.namespace("shop"),
        blue.roleFor("shop", "api"),
        blue.account("shop", "api", blue.arnOf("api")),
        k.pods("Deployment", "shop", "api", "api"),
      ]),
      finds: ["service-account-not-found mandatory"],
    },
    {
      name: "serviceAccountName in the metadata of the pods",
      source: "Stack Overflow, serviceAccountName under metadata",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", ARN),
        k.pods("Deployment", "shop", "api", undefined, {
          template: { serviceAccountName: "api" },
          dependsOn: [k.accountUrn("shop", "api")],
        }),
      ]),
      finds: ["workload-service-account-missing advisory"],
    },
    {
      name: "serviceAccountName beside the spec of the pods",
      source: "Stack Overflow, serviceAccountName under template",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", ARN),
        k
          .pods("Deployment", "shop", "api", undefined)
          .map((part) => ({ ...part, inputs: withTemplate(part.inputs, { serviceAccountName: "api" }) })),
      ]),
      finds: ["workload-service-account-missing advisory"],
    },
    {
      name: "a nightly job under another account than the one with the role",
      source: "ministryofjustice/cloud-platform-environments#14841 (comments)",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", ARN),
        k.pods("CronJob", "shop", "nightly", "apis", { from: null }),
      ]),
      finds: ["workload-service-account-mismatch mandatory"],
    },
    {
      name: "a manifest's account is in default, its deployment in shop",
      source: "pulumi/pulumi-kubernetes, ConfigGroup with namespaces in part of the documents",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        [k.make("yaml/v2:ConfigGroup", "app", { yaml: "…" })],
        rendered("kubernetes:yaml/v2:ConfigGroup", "app", [
          ...k.account("default", "api", { annotations: { [ROLE_ARN]: ARN }, metadata: { namespace: "default" } }),
          ...k.pods("Deployment", "shop", "api", "api", { template: { annotations: { "checksum/config": "1" } } }),
        ]),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "the driver of EFS gets the role of EBS",
      source: "Amazon EKS user guide, two drivers and one role",
      stack: program([
        k.base,
        k.role("ebs", k.trust(k.exact("system:serviceaccount:kube-system:ebs-csi-controller-sa")), {
          policies: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
        }),
        k.addon("aws-ebs-csi-driver", k.arnOf("ebs")),
        k.addon("aws-efs-csi-driver", k.arnOf("ebs")),
      ]),
      finds: ["addon-role-mismatch mandatory"],
    },
    {
      name: "CloudWatch's agent is trusted in kube-system",
      source: "aws/amazon-cloudwatch-agent-operator, add-on with IRSA",
      stack: program([
        k.base,
        k.role("cloudwatch", k.trust(k.exact("system:serviceaccount:kube-system:cloudwatch-agent")), {
          policies: ["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"],
        }),
        k.addon("amazon-cloudwatch-observability", k.arnOf("cloudwatch")),
      ]),
      finds: ["addon-role-mismatch mandatory"],
    },
    {
      name: "all of a DaemonSet's wiring by hand, for an account that the role does not trust",
      source: "actions/actions-runner-controller#200 (comments)",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "agent"),
        k.pods("DaemonSet", "shop", "agent", "agent", byHand(ARN)),
      ]),
      finds: ["workload-identity-env mandatory"],
    },
    {
      name: "a hand-wired pod that runs as default",
      source: "kanisterio/kanister#2509 (comments)",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.pods("Deployment", "shop", "api", undefined, byHand(ARN)),
      ]),
      finds: ["workload-identity-env mandatory"],
    },
    {
      name: "an account of an IrsaBinding-like map with two spellings, neither right",
      source: "kubernetes-sigs/aws-ebs-csi-driver#1449, both keys",
      stack: app({ annotations: { "eks.amazonaws.com/role": ARN, "iam.amazonaws.com/role": ARN }, from: ["api"] }),
      finds: ["service-account-annotation-key mandatory"],
    },
  ],
  working: [],
};

export default reports;

/** What the webhook adds, written in the program: variables, mount and a token for STS. */
function byHand(arn: string): PodOptions {
  return {
    container: {
      env: [
        { name: "AWS_ROLE_ARN", value: arn },
        { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/var/run/aws/token" },
        { name: "AWS_REGION", value: "us-west-2" },
      ],
      volumeMounts: [{ name: "aws-token", mountPath: "/var/run/aws", readOnly: true }],
    },
    pod: {
      securityContext: { fsGroup: 1000 },
      volumes: [
        {
          name: "aws-token",
          projected: {
            sources: [
              { serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 86400, path: "token" } },
            ],
          },
        },
      ],
    },
  };
}

function withTemplate(inputs: Part["inputs"], more: Properties): Properties {
  const spec = (inputs?.["spec"] ?? {}) as Properties;
  return { ...inputs, spec: { ...spec, template: { ...(spec["template"] as Properties), ...more } } };
}
