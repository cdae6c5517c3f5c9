import { parsePolicyArn, parseProviderArn, parseRoleArn } from "./arn";
import type { Flaw } from "./refusal";
import { normaliseIssuer, partitionOfIssuer } from "./issuer";
import type { RichClusterTrust, RichIrsaBindingArgs } from "./ts-args";

/** A value that says something of the account or partition everything has to be in. */
export interface Claim {
  readonly path: string;
  readonly value: string;
  readonly partition: string | undefined;
  /** Undefined for what is in no account of its own: an issuer, a policy of AWS. */
  readonly account: string | undefined;
}

const ofArn = (
  path: string,
  value: string,
  arn: { readonly partition: string; readonly account: string } | undefined,
): Claim => ({
  path,
  value,
  partition: arn?.partition,
  account: arn?.account === "aws" ? undefined : arn?.account,
});

/** What a provider's ARN claims. */
export const providerClaim = (path: string, arn: string): Claim => ofArn(path, arn, parseProviderArn(arn));
/** What a role's ARN claims. */
export const roleClaim = (path: string, arn: string): Claim => ofArn(path, arn, parseRoleArn(arn));
/** What a policy's ARN claims. */
export const policyClaim = (path: string, arn: string): Claim => ofArn(path, arn, parsePolicyArn(arn));
/** What an issuer claims. */
export const issuerClaim = (path: string, issuer: string): Claim => ({
  path,
  value: issuer,
  partition: partitionOfIssuer(issuer),
  account: undefined,
});

/**
 * Where the claims disagree, each with the first one. A role and its policies are in one account, a provider in that of the role
 * (IAM looks for it there), and nothing reaches across partitions.
 */
export function disagreements(claims: readonly Claim[]): Flaw[] {
  const partition = claims.find((each) => each.partition !== undefined);
  const account = claims.find((each) => each.account !== undefined);
  return claims.flatMap((each) => {
    if (partition && each.partition !== undefined && each.partition !== partition.partition) {
      return [
        flaw(
          each,
          `its partition is ${each.partition}, but that of ${partition.path} "${partition.value}" is ${partition.partition ?? ""}`,
        ),
      ];
    }
    if (account && each.account !== undefined && each.account !== account.account) {
      return [
        flaw(
          each,
          `its account is ${each.account}, but that of ${account.path} "${account.value}" is ${account.account ?? ""}`,
        ),
      ];
    }
    return [];
  });
}

function flaw(claim: Claim, reason: string): Flaw {
  return { propertyPath: claim.path, reason: `"${claim.value}" is not legal: ${reason}` };
}

/** What is wrong with an issuer and the ARN of the provider that is to be for it. */
export function issuerFlaws(path: string, issuer: string, arn: string): Flaw[] {
  const inArn = parseProviderArn(arn)?.rest;
  if (inArn === undefined || inArn === normaliseIssuer(issuer)) return [];
  return [
    {
      propertyPath: path,
      reason: `"${arn}" is not legal: it is the provider of another issuer than "${normaliseIssuer(issuer)}"`,
    },
  ];
}

/** Where the literal arguments disagree with each other. */
export function agreementFlaws(args: RichIrsaBindingArgs): Flaw[] {
  const pairs: readonly (readonly [string, RichClusterTrust])[] = [
    ["", args],
    ...(args.additionalClusters ?? []).map((each, index) => [`additionalClusters[${index}].`, each] as const),
  ];
  const given: readonly (readonly [string, unknown, (path: string, text: string) => Claim])[] = [
    ["roleArn", args.roleArn, roleClaim],
    ...pairs.flatMap(
      ([prefix, each]) =>
        [
          [`${prefix}oidcProviderArn`, each.oidcProviderArn, providerClaim],
          [`${prefix}issuerUrl`, each.issuerUrl, issuerClaim],
        ] as const,
    ),
    ["permissionsBoundary", args.permissionsBoundary, policyClaim],
    ...(args.policyArns?.map((each, index) => [`policyArns[${index}]`, each, policyClaim] as const) ?? []),
  ];
  const claims = given.flatMap(([path, value, claim]) => (typeof value === "string" ? [claim(path, value)] : []));
  const issuers = pairs.flatMap(([prefix, { issuerUrl, oidcProviderArn }]) =>
    typeof issuerUrl === "string" && typeof oidcProviderArn === "string"
      ? issuerFlaws(`${prefix}oidcProviderArn`, issuerUrl, oidcProviderArn)
      : [],
  );
  return [...disagreements(claims), ...issuers];
}
