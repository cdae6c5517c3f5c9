import {
  assume,
  certManager,
  ci,
  custom,
  issuer,
  jwt,
  k,
  mounting,
  role,
  rollout,
  runner,
  secretClass,
  store,
  trusting,
} from "./custom-resources";
import { program, type Reports } from "./support";

const reports: Reports = {
  broken: [],
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
      name: "secrets of AWS for pods of an account with a role",
      source: "aws/secrets-store-csi-driver-provider-aws README",
      stack: program([
        k.base,
        k.namespace("demo"),
        k.roleFor("demo", "web"),
        k.account("demo", "web", k.arnOf("web")),
        secretClass(),
        k.pods("Deployment", "demo", "web", "web", { pod: mounting }),
      ]),
    },
    {
      name: "secrets of AWS by Pod Identity",
      source: "aws/secrets-store-csi-driver-provider-aws#300",
      stack: program([
        k.base,
        k.namespace("demo"),
        k.account("demo", "web"),
        secretClass({ usePodIdentity: "true" }),
        k.pods("Deployment", "demo", "web", "web", { pod: mounting }),
      ]),
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
