import { claimsEks, normaliseIssuer } from "../facts/issuer";
import { textAt, type Fact } from "../facts/fact";
import { sameIssuer } from "./read-aws";
import type { Cluster, IrsaModel, OtherResource } from "./types";

/** An EKS identity provider configuration that names a cluster's own issuer, as if it were the IAM OIDC provider. */
export interface OwnIssuerConfig {
  readonly resource: OtherResource;
  readonly cluster: Cluster;
  readonly issuerUrl: Fact<string>;
  /** Path of the issuer in the resource. */
  readonly path: string;
}

/** Identity provider configurations let outside users into Kubernetes; those that name the cluster itself are meant for IRSA. */
export function ownIssuerConfigs(model: IrsaModel): readonly OwnIssuerConfig[] {
  return model.others
    .filter(({ type }) => /^aws(-native)?:eks[:/].*IdentityProviderConfig$/.test(type))
    .flatMap((resource) => {
      const from = resource.propertyFrom["oidc"] ?? [];
      const issuerUrl = textAt(resource.properties, ["oidc", "issuerUrl"], from);
      const cluster = model.clusters.find(({ issuer, urns }) => {
        if (issuerUrl.is === "unknown") return urns.some((urn) => from.includes(urn));
        if (issuerUrl.is === "absent" || issuer.is !== "known") return false;
        return claimsEks(issuerUrl.value) && sameIssuer(normaliseIssuer(issuerUrl.value), issuer.value);
      });
      return cluster ? [{ resource, cluster, issuerUrl, path: "oidc.issuerUrl" }] : [];
    });
}
