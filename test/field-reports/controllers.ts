import type { Properties } from "../../policy-pack/src/model/snapshot";
import { resource, urnOf } from "../support/stack";
import { kubernetes } from "./pods";
import { policy, program, type Part, type Reports } from "./support";

/** What people tell controllers by their custom resources: a role to assume, an account to take one from, pods to run. */
const k = kubernetes({ name: "prod", region: "eu-central-1" });
const ROLE_ARN = "eks.amazonaws.com/role-arn";
const role = (name: string) => urnOf("aws:iam/role:Role", name);
const podIdentity = policy({
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
});

/** A custom resource, as apiextensions.CustomResource registers it. */
function custom(type: string, name: string, namespace: string | undefined, spec: Properties, from: readonly string[] = []) {
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return [k.make(type, name, { metadata, spec }, { spec: from })];
}
const issuer = (route53: Properties) =>
  custom(
    "cert-manager.io/v1:ClusterIssuer",
    "letsencrypt",
    undefined,
    { acme: { email: "ops@example.com", solvers: [{ dns01: { route53: { region: "eu-central-1", ...route53 } } }] } },
    [role("cert-manager")],
  );
const certManager = [
  k.base,
  k.roleFor("cert-manager", "cert-manager"),
  k.account("cert-manager", "cert-manager", k.arnOf("cert-manager")),
];
const store = (kind: string, aws: Properties, from: readonly string[] = []) =>
  custom(`external-secrets.io/v1beta1:${kind}`, "secrets", kind === "SecretStore" ? "demo" : undefined, {
    provider: { aws: { service: "SecretsManager", region: "eu-central-1", ...aws } },
  }, from);
const jwt = (name: string, namespace?: string): Properties => ({
  auth: { jwt: { serviceAccountRef: { name, ...(namespace === undefined ? {} : { namespace }) } } },
});
const ci = [k.base, k.namespace("ci"), k.roleFor("ci", "runner"), k.account("ci", "runner", k.arnOf("runner"))];
const runner = (spec: Properties, from: readonly string[] = [k.accountUrn("ci", "runner")]) =>
  custom("actions.summerwind.dev/v1alpha1:RunnerDeployment", "builders", "ci", { replicas: 2, template: { spec } }, from);
const assume = (name: string, arn: string): Part =>
  resource(
    "aws:iam/rolePolicy:RolePolicy",
    `${name}-hop`,
    { role: name, policy: policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: arn }) },
    { provider: k.aws, from: { role: [role(name)] } },
  );
const trusting = (arn: string) => policy({ Effect: "Allow", Principal: { AWS: arn }, Action: "sts:AssumeRole" });

const reports: Reports = {
  broken: [
    {
      name: "the issuer is told to assume the role that cert-manager has already",
      source: "cert-manager/cert-manager#3079",
      stack: program([...certManager, issuer({ role: k.arnOf("cert-manager") })]),
      finds: ["role-chain-denied advisory"],
      at: ["ClusterIssuer letsencrypt"],
    },
    {
      name: "the issuer names cert-manager's own role, which its chart annotates",
      source: "cert-manager/cert-manager#5557",
      stack: program([
        k.base,
        k.roleFor("cert-manager", "cert-manager"),
        k.chart(
          "cert-manager",
          "cert-manager",
          { serviceAccount: { annotations: { [ROLE_ARN]: k.arnOf("cert-manager") } } },
          ["cert-manager"],
        ),
        issuer({ role: k.arnOf("cert-manager") }),
      ]),
      finds: ["role-chain-denied advisory"],
      at: ["ClusterIssuer letsencrypt"],
    },
    {
      name: "a store takes an account's role, and is told to assume the same once more",
      source: "external-secrets/external-secrets#1860, role beside auth.jwt",
      stack: program([
        k.base,
        k.namespace("demo"),
        k.roleFor("demo", "secrets"),
        k.account("demo", "secrets", k.arnOf("secrets")),
        store("SecretStore", { role: k.arnOf("secrets"), ...jwt("secrets") }, [role("secrets")]),
      ]),
      finds: ["role-chain-denied advisory"],
      at: ["SecretStore secrets"],
    },
    {
      name: "a store takes its role from an account with the annotation of kube2iam",
      source: "external-secrets/external-secrets#816",
      stack: program([
        k.base,
        k.namespace("demo"),
        k.roleFor("demo", "frontend"),
        k.account("demo", "frontend", { annotations: { "iam.amazonaws.com/role": k.arnOf("frontend") } }),
        store("SecretStore", jwt("frontend")),
      ]),
      finds: ["service-account-annotation-key mandatory"],
      at: ["ServiceAccount demo-frontend"],
    },
    {
      name: "a store takes its role from an account that has one by Pod Identity alone",
      source: "external-secrets/external-secrets#4892",
      stack: program([
        k.base,
        k.namespace("demo"),
        k.role("secrets", podIdentity, { from: [] }),
        k.account("demo", "secrets"),
        [
          k.of(
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "secrets",
            { clusterName: "prod", namespace: "demo", serviceAccount: "secrets", roleArn: k.arnOf("secrets") },
            { clusterName: [k.clusterUrn], roleArn: [role("secrets")] },
          ),
        ],
        store("SecretStore", jwt("secrets")),
      ]),
      finds: ["service-account-role-missing advisory"],
      at: ["ServiceAccount demo-secrets"],
    },
    {
      name: "the account of the cluster's store lost its annotation when the controller's got one",
      source: "external-secrets/external-secrets#669 (comments)",
      stack: program([
        k.base,
        k.namespace("eso"),
        k.account("eso", "cluster-store-sa"),
        store("ClusterSecretStore", jwt("cluster-store-sa", "eso")),
      ]),
      finds: ["service-account-role-missing advisory"],
      at: ["ServiceAccount eso-cluster-store-sa"],
    },
    {
      name: "Prometheus signs with the role that its account is annotated with",
      source: "aws-ia/terraform-aws-eks-blueprints-addons#266",
      stack: program([
        k.base,
        k.roleFor("monitoring", "prometheus"),
        k.chart(
          "kube-prometheus-stack",
          "monitoring",
          {
            prometheus: {
              serviceAccount: { name: "prometheus", annotations: { [ROLE_ARN]: k.arnOf("prometheus") } },
              prometheusSpec: {
                remoteWrite: [{ url: "https://aps/w", sigv4: { region: "eu-central-1", roleArn: k.arnOf("prometheus") } }],
              },
            },
          },
          ["prometheus"],
        ),
      ]),
      finds: ["role-chain-denied advisory"],
      at: ["Release kube-prometheus-stack"],
    },
    {
      name: "runners name an account with a letter too many",
      source: "actions/actions-runner-controller#2992, as a RunnerDeployment",
      stack: program([...ci, runner({ repository: "acme/shop", serviceAccountName: "runners" }, [])]),
      finds: ["workload-service-account-mismatch mandatory"],
      at: ["RunnerDeployment builders"],
    },
    {
      name: "the role stands on the pods of a scaled job, which run as default",
      source: "kedacore/keda#4023, as a ScaledJob",
      stack: program([
        k.base,
        k.namespace("queue"),
        k.roleFor("queue", "consumer"),
        custom(
          "keda.sh/v1alpha1:ScaledJob",
          "consumer",
          "queue",
          {
            jobTargetRef: {
              template: {
                metadata: { annotations: { [ROLE_ARN]: k.arnOf("consumer") } },
                spec: { containers: [{ name: "app", image: "registry.example.com/team/app:1" }] },
              },
            },
          },
          [role("consumer")],
        ),
      ]),
      finds: ["service-account-annotation-key mandatory"],
      at: ["ScaledJob consumer"],
    },
    {
      name: "the keys of a user are left in the container of a rollout",
      source: "argoproj/argo-rollouts, moved from a Deployment with keys",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", k.arnOf("api")),
        custom("argoproj.io/v1alpha1:Rollout", "api", "shop", rollout(keys()), [k.accountUrn("shop", "api")]),
      ]),
      finds: ["workload-static-credentials mandatory"],
      at: ["Rollout api"],
    },
  ],
  working: [
    {
      name: "the issuer names no role, and cert-manager uses its own",
      source: "cert-manager documentation, EKS IAM role for service accounts",
      stack: program([...certManager, issuer({})]),
    },
    {
      name: "the issuer brings an account of its own, whose token opens the role",
      source: "cert-manager documentation, referencing your own ServiceAccount within Issuer/ClusterIssuer",
      stack: program([
        ...certManager,
        issuer({
          role: k.arnOf("cert-manager"),
          auth: { kubernetes: { serviceAccountRef: { name: "cert-manager" } } },
        }),
      ]),
    },
    {
      name: "the issuer assumes a role for the zone, which trusts cert-manager's",
      source: "cert-manager documentation, cross account access",
      stack: program([
        ...certManager,
        k.role("dns", trusting(k.arnOf("cert-manager")), { from: [role("cert-manager")] }),
        [assume("cert-manager", k.arnOf("dns"))],
        issuer({ role: k.arnOf("dns") }),
      ]),
    },
    {
      name: "a store with the role of its account",
      source: "External Secrets documentation, service account reference",
      stack: program([
        k.base,
        k.namespace("demo"),
        k.roleFor("demo", "secrets"),
        k.account("demo", "secrets", k.arnOf("secrets")),
        store("SecretStore", jwt("secrets")),
      ]),
    },
    {
      name: "a store that assumes a role of another stack on top",
      source: "external-secrets/external-secrets#1400, as a ClusterSecretStore",
      stack: program([
        k.base,
        k.namespace("demo"),
        k.roleFor("demo", "secrets"),
        k.account("demo", "secrets", k.arnOf("secrets")),
        store("ClusterSecretStore", { role: "arn:aws:iam::444455556666:role/reader", ...jwt("secrets", "demo") }),
      ]),
    },
    {
      name: "a store of the controller's own identity",
      source: "External Secrets documentation, controller's pod identity",
      stack: program([k.base, store("ClusterSecretStore", {})]),
    },
    {
      name: "runners that name their account",
      source: "actions/actions-runner-controller documentation, using IRSA",
      stack: program([
        ...ci,
        runner({ repository: "acme/shop", serviceAccountName: "runner", securityContext: { fsGroup: 1000 } }),
      ]),
    },
    {
      name: "a rollout of its own, and one that borrows a Deployment's template",
      source: "Argo Rollouts documentation, migrating with workloadRef",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", k.arnOf("api")),
        custom("argoproj.io/v1alpha1:Rollout", "api", "shop", rollout([]), [k.accountUrn("shop", "api")]),
        custom("argoproj.io/v1alpha1:Rollout", "web", "shop", {
          workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
        }),
      ]),
    },
    {
      name: "a scaled job and a service of Knative under an account with a role",
      source: "KEDA documentation, ScaledJob; Knative documentation, serviceAccountName",
      stack: program([
        k.base,
        k.namespace("shop"),
        k.roleFor("shop", "api"),
        k.account("shop", "api", k.arnOf("api")),
        custom("keda.sh/v1alpha1:ScaledJob", "nightly", "shop", { jobTargetRef: { template: rollout([]).template } }, [
          k.accountUrn("shop", "api"),
        ]),
        custom("serving.knative.dev/v1:Service", "front", "shop", rollout([]), [k.accountUrn("shop", "api")]),
      ]),
    },
  ],
};

export default reports;

function rollout(env: readonly Properties[]) {
  const containers = [{ name: "app", image: "registry.example.com/team/app:1.4.2", env }];
  return { template: { metadata: { labels: { app: "api" } }, spec: { serviceAccountName: "api", containers } } };
}

function keys(): readonly Properties[] {
  return ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => ({ name, value: "(not kept)" }));
}
