import {
  certManager,
  ci,
  custom,
  issuer,
  jwt,
  k,
  keys,
  mounting,
  podIdentity,
  role,
  ROLE_ARN,
  rollout,
  runner,
  secretClass,
  store,
} from "./custom-resources";
import { program, type Reports } from "./support";

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
      name: "the pods mount secrets of AWS, and no account has a role",
      source: "aws/secrets-store-csi-driver-provider-aws#276",
      stack: program([
        k.base,
        k.namespace("demo"),
        secretClass(),
        k.pods("Deployment", "demo", "web", undefined, { pod: mounting }),
      ]),
      finds: ["service-account-role-missing advisory"],
      at: ["Deployment demo-web"],
    },
    {
      name: "the role is given to the driver's account, not to that of the pods",
      source: "aws/secrets-store-csi-driver-provider-aws#201",
      stack: program([
        k.base,
        k.namespace("demo"),
        k.roleFor("kube-system", "csi-secrets-store-provider-aws", "driver"),
        k.account("kube-system", "csi-secrets-store-provider-aws", k.arnOf("driver")),
        k.account("demo", "web"),
        secretClass(),
        k.pods("Deployment", "demo", "web", "web", { pod: mounting }),
      ]),
      finds: ["service-account-role-missing advisory"],
      at: ["ServiceAccount demo-web"],
    },
    {
      name: "the account with the role is there, and the pods that mount the secrets do not name it",
      source: "kubernetes-sigs/secrets-store-csi-driver#1399 (comments)",
      stack: program([
        k.base,
        k.namespace("demo"),
        k.roleFor("demo", "secrets-reader"),
        k.account("demo", "secrets-reader", k.arnOf("secrets-reader")),
        secretClass(),
        k.pods("Deployment", "demo", "web", undefined, { pod: mounting }),
      ]),
      finds: ["workload-service-account-missing advisory"],
      at: ["Deployment demo-web"],
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
                remoteWrite: [
                  { url: "https://aps/w", sigv4: { region: "eu-central-1", roleArn: k.arnOf("prometheus") } },
                ],
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
  working: [],
};

export default reports;
