import { text, type Resource } from "./resource";
import { isObject, own, type Value } from "../facts/value";

/**
 * fullname: the release's name, with the chart's name after it unless it holds that already, as Helm's own template for
 * charts has it. A text with `<fullname>` or `<release>` in it is filled in; any other is the name itself.
 */
type Naming = string;

interface KnownChart {
  /** Path of each account's block in the values, and the name that the account has when the values give none. */
  readonly accounts: Readonly<Record<string, Naming>>;
  /** Blocks that are often written and that the chart does not read, with the one that it does. */
  readonly unread: Readonly<Record<string, string>>;
}

/**
 * What the charts that are given roles most often do with their values (their templates serviceaccount.yaml and
 * _helpers.tpl in kubernetes/autoscaler, kubernetes-sigs/*, aws/eks-charts, aws/karpenter-provider-aws, cert-manager,
 * external-secrets, vmware-tanzu/helm-charts, grafana/loki, grafana/helm-charts, fluent/helm-charts, argoproj/argo-helm,
 * kedacore/charts, hashicorp/vault-helm, prometheus-community/helm-charts and awslabs/mountpoint-s3-csi-driver).
 */
const CHARTS: ReadonlyMap<string, KnownChart> = new Map([
  ["aws-load-balancer-controller", { accounts: { serviceAccount: "<fullname>" }, unread: {} }],
  ["external-dns", { accounts: { serviceAccount: "<fullname>" }, unread: {} }],
  ["external-secrets", { accounts: { serviceAccount: "<fullname>" }, unread: {} }],
  ["karpenter", { accounts: { serviceAccount: "<fullname>" }, unread: {} }],
  ["cert-manager", { accounts: { serviceAccount: "<fullname>" }, unread: {} }],
  ["argocd-image-updater", { accounts: { serviceAccount: "<fullname>" }, unread: {} }],
  ["aws-for-fluent-bit", { accounts: { serviceAccount: "<fullname>" }, unread: {} }],
  ["aws-node-termination-handler", { accounts: { serviceAccount: "<fullname>" }, unread: {} }],
  ["fluent-bit", { accounts: { serviceAccount: "<fullname>" }, unread: {} }],
  ["grafana", { accounts: { serviceAccount: "<fullname>" }, unread: {} }],
  ["tempo", { accounts: { serviceAccount: "<fullname>" }, unread: { "tempo.serviceAccount": "serviceAccount" } }],
  ["keda", { accounts: { "serviceAccount.operator": "keda-operator", serviceAccount: "keda-operator" }, unread: {} }],
  [
    "argo-cd",
    {
      accounts: {
        "controller.serviceAccount": "argocd-application-controller",
        "server.serviceAccount": "argocd-server",
      },
      unread: { serviceAccount: "controller.serviceAccount" },
    },
  ],
  [
    "vault",
    { accounts: { "server.serviceAccount": "<fullname>" }, unread: { serviceAccount: "server.serviceAccount" } },
  ],
  ["kube-prometheus-stack", { accounts: {}, unread: { serviceAccount: "prometheus.serviceAccount" } }],
  [
    "cluster-autoscaler",
    {
      accounts: { "rbac.serviceAccount": "<release>-aws-cluster-autoscaler" },
      unread: { serviceAccount: "rbac.serviceAccount" },
    },
  ],
  [
    "velero",
    {
      accounts: { "serviceAccount.server": "<fullname>-server" },
      unread: { serviceAccount: "serviceAccount.server" },
    },
  ],
  [
    "aws-ebs-csi-driver",
    {
      accounts: {
        "controller.serviceAccount": "ebs-csi-controller-sa",
        "node.serviceAccount": "ebs-csi-node-sa",
        "serviceAccount.controller": "ebs-csi-controller-sa",
      },
      unread: { serviceAccount: "controller.serviceAccount" },
    },
  ],
  [
    "aws-efs-csi-driver",
    {
      accounts: {
        "controller.serviceAccount": "efs-csi-controller-sa",
        "node.serviceAccount": "efs-csi-node-sa",
      },
      unread: { serviceAccount: "controller.serviceAccount" },
    },
  ],
  ["aws-mountpoint-s3-csi-driver", { accounts: {}, unread: { serviceAccount: "node.serviceAccount" } }],
  ["loki", { accounts: {}, unread: { "loki.serviceAccount": "serviceAccount" } }],
]);

/** The block that the chart reads in place of the one at `path` (`values.serviceAccount`); undefined where it may read that one. */
export function rightBlock(chart: string | undefined, path: string): string | undefined {
  const known = CHARTS.get(chart ?? "");
  const block = path.replace(/^values\./, "");
  const right = known && Object.hasOwn(known.unread, block) ? known.unread[block] : undefined;
  return right && `values.${right}`;
}

/** The name that a known chart gives the account of a block without one, where the name of the release is written out. */
export function defaultAccountName(resource: Resource, values: Value, path: string): string | undefined {
  const release = text(resource, "name");
  const chart = chartOf(resource);
  const accounts = CHARTS.get(chart ?? "")?.accounts ?? {};
  const block = path.replace(/^values\./, "");
  const naming = Object.hasOwn(accounts, block) ? accounts[block] : undefined;
  if (naming === undefined || chart === undefined) return undefined;
  if (!naming.includes("<")) return naming;
  if (release.is !== "known" || overrides(values)) return undefined;
  const name = release.value;
  if (naming.includes("<release>") && name === naming.replace("<release>-", "")) return name;
  const fullname = name.includes(chart) ? name : `${name}-${chart}`;
  return cut(naming.replace("<fullname>", cut(fullname)).replace("<release>", name));
}

/** The chart's name without its repository: `oci://public.ecr.aws/karpenter/karpenter` is `karpenter`. */
export function chartOf(resource: Resource): string | undefined {
  const chart = text(resource, "chart");
  return chart.is === "known" ? chart.value.split("/").at(-1) : undefined;
}

function overrides(values: Value): boolean {
  return (
    isObject(values) &&
    ["fullnameOverride", "nameOverride", "cloudProvider"].some((key) => own(values, key) !== undefined)
  );
}

/** Charts cut names at 63 characters. */
function cut(name: string): string {
  return name.slice(0, 63).replace(/-$/, "");
}
