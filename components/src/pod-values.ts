import * as pulumi from "@pulumi/pulumi";
import type { PodSecurityContext } from "./args";
import { isLiteral } from "./checks";
import { refused } from "./refusal";
import type { ClusterSource } from "./clusters";
import { regionOfIssuer } from "./issuer";
import { shortHash } from "./naming";
import type { RichIrsaBindingArgs } from "./ts-args";

/**
 * Kubernetes older than 1.19 lets a process that is not root read its token only through fsGroup; on newer ones the group is
 * harmless. (kubernetes#82573, pod identity webhook README)
 */
export const RECOMMENDED_SECURITY_CONTEXT: PodSecurityContext = {
  fsGroup: 65534,
  fsGroupChangePolicy: "OnRootMismatch",
  runAsNonRoot: true,
};

/** What running pods have taken over from the webhook: when it changes, they have to be created anew. */
export function identityHash(
  args: RichIrsaBindingArgs,
  roleArn: pulumi.Output<string>,
  audience: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi
    .all([roleArn, audience, args.tokenExpirationSeconds ?? "", args.stsRegionalEndpoints ?? ""])
    .apply((settings) => shortHash(JSON.stringify(settings), 16));
}

/** The region of the pods, or undefined where the issuer does not tell it. */
export function optionalRegion(
  args: RichIrsaBindingArgs,
  issuer: string | pulumi.Output<string>,
): pulumi.Input<string | undefined> {
  if (args.region !== undefined) return args.region;
  return isLiteral(issuer) ? regionOfIssuer(issuer) : issuer.apply(regionOfIssuer);
}

/**
 * The region of the pods. An issuer that is an Output is taken to be one of EKS, so that the variables stand in the pod spec before
 * it is known; when it turns out to be another, the Output fails and asks for `region`.
 */
export function requiredRegion(
  binding: string,
  args: RichIrsaBindingArgs,
  { prefix, issuer }: ClusterSource,
): pulumi.Input<string> | undefined {
  if (args.region !== undefined) return args.region;
  if (isLiteral(issuer)) return regionOfIssuer(issuer);
  return issuer.apply((settled) => {
    const region = regionOfIssuer(settled);
    if (region !== undefined) return region;
    throw refused(binding, [
      {
        propertyPath: `${prefix}region`,
        reason: `it is missing: the issuer "${settled}" does not tell the region of the pods`,
      },
    ]);
  });
}
