import { knownValue } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import { ownIssuerConfigs } from "../../model/identity-provider-config";
import { providersOf } from "../../model/provider-use";
import type { Cluster, IrsaModel } from "../../model/types";
import { defineRule } from "../rule";

interface Data {
  readonly config: string;
  readonly cluster: string;
  readonly issuer: string | undefined;
  readonly version: string | undefined;
  readonly hasProvider: boolean;
}

/** Since this minor version the API server refuses two authenticators of one issuer. */
const REFUSED_SINCE = 30;

export default defineRule<Data>({
  id: "cluster-identity-provider-not-irsa",
  link: "oidc-provider",
  severity: "medium",
  level: "mandatory",
  summary:
    "An identity provider configuration is for people who log in to Kubernetes, never for the cluster's own issuer.",
  why: "It plays no part in IRSA, which needs an IAM OIDC provider; from Kubernetes 1.30 on the API server refuses a configuration with its own issuer.",
  articleStep: 1,
  references: [
    "https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3055",
    "https://docs.aws.amazon.com/eks/latest/userguide/authenticate-oidc-identity-provider.html",
  ],
  *check(model) {
    for (const { resource, cluster, issuerUrl, path } of ownIssuerConfigs(model)) {
      const version = versionOf(cluster, model);
      const minor = Number(/^1\.(\d+)/.exec(version ?? "")?.[1] ?? Number.NaN);
      yield {
        verdict: "violation",
        at: { urn: resource.urn, path },
        related: cluster.urn === "" ? [] : [{ urn: cluster.urn, path: "" }],
        level: minor >= REFUSED_SINCE ? "mandatory" : "advisory",
        data: {
          config: resource.title,
          cluster: cluster.title,
          issuer: knownValue(issuerUrl),
          version,
          hasProvider: providersOf(cluster, model).length > 0,
        },
      };
    }
  },
  explain: ({ config, cluster, issuer, version, hasProvider }) => ({
    says: `${capital(config)} names ${issuer === undefined ? "the issuer" : quote(issuer)} of ${cluster}${version === undefined ? "" : ` (Kubernetes ${version})`} itself, which is no IRSA: that takes an IAM OIDC provider.`,
    fix: hasProvider
      ? `Remove ${config}.`
      : `Replace ${config} with new aws.iam.OpenIdConnectProvider("…", { url: cluster.identities[0].oidcs[0].issuer, clientIdLists: ["sts.amazonaws.com"] }).`,
  }),
});

function versionOf({ version }: Cluster, { config }: IrsaModel): string | undefined {
  return knownValue(version) ?? config.kubernetesVersion;
}
