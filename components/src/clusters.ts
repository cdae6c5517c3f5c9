import * as pulumi from "@pulumi/pulumi";
import type { OpenIdConnectProvider } from "@pulumi/aws/iam";
import { issuerInArn } from "./arn";
import { issuerFlaws } from "./agreement";
import * as checks from "./checks";
import { gated, isLiteral, settled } from "./checks";
import { refused } from "./refusal";
import { issuerUrl, normaliseIssuer } from "./issuer";
import type { ClusterLike, OidcProviderLike, RichClusterTrust } from "./ts-args";

/** Where the issuer and the provider of a cluster come from. */
export interface ClusterSource {
  /** How error messages call it: empty, or `additionalClusters[0].`. */
  readonly prefix: string;
  /** The issuer, normalised; a string when it is known while the program runs. */
  readonly issuer: string | pulumi.Output<string>;
  /** ARN of the provider to adopt; undefined when none was given. */
  readonly providerArn: pulumi.Output<string> | undefined;
  /** The adopted provider, when it was given as a resource of this program. */
  readonly provider: OpenIdConnectProvider | undefined;
  /** The object that means the cluster in this program, when one was given. */
  readonly cluster: ClusterLike | undefined;
}

/** Reads one source of the arguments; nothing is created. */
export function clusterSource(binding: string, prefix: string, source: RichClusterTrust): ClusterSource {
  const { cluster, oidcProvider } = source;
  const arn = oidcProvider !== undefined ? arnOf(oidcProvider) : source.oidcProviderArn;
  const issuer = firstIssuer(binding, prefix, source, arn);
  const agreeingArn = (given: pulumi.Input<string>): pulumi.Output<string> =>
    agreeing(binding, prefix, issuer, gated(binding, `${prefix}oidcProviderArn`, given, checks.providerArn));
  return {
    prefix,
    issuer,
    providerArn: arn === undefined ? undefined : agreeingArn(arn),
    provider: oidcProvider !== undefined && isProviderResource(oidcProvider) ? oidcProvider : undefined,
    cluster,
  };
}

function firstIssuer(
  binding: string,
  prefix: string,
  source: RichClusterTrust,
  arn: pulumi.Input<string> | undefined,
): string | pulumi.Output<string> {
  const { issuerUrl: url, cluster, oidcProvider } = source;
  if (url !== undefined) return normalised(binding, `${prefix}issuerUrl`, url);
  if (cluster !== undefined)
    return normalised(binding, `${prefix}cluster`, issuerOf(binding, cluster, arn === undefined));
  if (oidcProvider !== undefined) return normalised(binding, `${prefix}oidcProvider`, issuerOfProvider(oidcProvider));
  return normalised(
    binding,
    `${prefix}oidcProviderArn`,
    gated(binding, `${prefix}oidcProviderArn`, arn ?? "", checks.providerArn),
    (text) => issuerInArn(text) ?? "",
  );
}

function normalised(
  binding: string,
  path: string,
  input: pulumi.Input<string>,
  read = normaliseIssuer,
): string | pulumi.Output<string> {
  if (isLiteral(input)) return read(input);
  const issuer = pulumi.output(input).apply((text) => (typeof text === "string" ? read(text) : text));
  return pulumi.output(gated(binding, path, issuer, checks.issuer));
}

function issuerOf(binding: string, cluster: ClusterLike, createsProvider: boolean): pulumi.Output<string> {
  if ("openIdConnectIssuerUrl" in cluster) return cluster.openIdConnectIssuerUrl;
  if ("oidcIssuer" in cluster) {
    const { oidcIssuer, oidcProviderArn } = cluster;
    if (!createsProvider) return oidcIssuer;
    return pulumi.all([oidcIssuer, oidcProviderArn]).apply(([issuer, arn]) => {
      if (!arn) return issuer;
      throw refused(binding, [
        {
          propertyPath: "cluster",
          reason: `the eks.Cluster has created an OIDC provider already, "${arn}"; give oidcProviderArn: cluster.oidcProviderArn too`,
        },
      ]);
    });
  }
  return settled(cluster.identities, issuerInIdentities);
}

/** A cluster that is not yet ready, and one of a unit test, may have no identities. */
function issuerInIdentities(identities: unknown): string {
  const [first] = (identities ?? []) as readonly { readonly oidcs?: readonly { readonly issuer?: string }[] }[];
  return first?.oidcs?.[0]?.issuer ?? "";
}

function isProviderResource(provider: OidcProviderLike): provider is OpenIdConnectProvider {
  return "url" in provider;
}

function arnOf(provider: OidcProviderLike): pulumi.Output<string> {
  return isProviderResource(provider) ? provider.arn : provider.oidcProviderArn;
}

function issuerOfProvider(provider: OidcProviderLike): pulumi.Output<string> {
  return isProviderResource(provider) ? provider.url : provider.issuer;
}

function agreeing(
  binding: string,
  prefix: string,
  issuer: string | pulumi.Output<string>,
  arn: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.all([issuer, arn]).apply(([expected, actual]) => {
    const flaws = issuerFlaws(`${prefix}oidcProviderArn`, expected, actual);
    if (flaws.length > 0) throw refused(binding, flaws);
    return actual;
  });
}

/** The `url` of the provider for an issuer. */
export function providerUrl(issuer: string | pulumi.Output<string>): pulumi.Input<string> {
  return isLiteral(issuer) ? issuerUrl(issuer) : pulumi.output(issuer).apply(issuerUrl);
}
