import { accountsOf, DEFAULT_AUDIENCE, type Account } from "./accounts";
import { isLiteral } from "./checks";
import { normaliseIssuer, partitionOfIssuer } from "./issuer";
import { issuerInArn } from "./arn";
import type { Flaw } from "./refusal";
import { subjectOf, subjectPattern, trustPolicyText, trustSizeFlaw, type TrustedCluster } from "./trust-policy";
import type { RichClusterTrust, RichIrsaBindingArgs } from "./ts-args";

/** Characters of a role's trust policy that AWS allows unless the quota was raised. */
const DEFAULT_TRUST_QUOTA = 2048;

/** Reports a trust policy that is too long by the argument that makes it long. */
export function sizeFlaws(args: RichIrsaBindingArgs, text: string): Flaw[] {
  const reason = trustSizeFlaw(text, args.trustPolicyQuota ?? DEFAULT_TRUST_QUOTA);
  if (reason === undefined) return [];
  const longest = args.serviceAccounts
    ? "serviceAccounts"
    : args.additionalClusters
      ? "additionalClusters"
      : "subjectPatterns";
  return [{ propertyPath: longest, reason }];
}

/** The same before anything is created, when all that the policy is made of is literal. The account's number does not matter for its length. */
export function literalSizeFlaws(args: RichIrsaBindingArgs): Flaw[] {
  const audience = args.audience ?? DEFAULT_AUDIENCE;
  const clusters = [args, ...(args.additionalClusters ?? [])].map(literalCluster);
  const subjects = accountsOf(args).map(literalSubject);
  const patterns = args.subjectPatterns ?? [];
  if (!isLiteral(audience) || !clusters.every(isGiven) || !subjects.every(isText) || !patterns.every(isText)) return [];
  const subjectPatterns = patterns.map(subjectPattern);
  return sizeFlaws(
    args,
    trustPolicyText({ clusters, audience, subjects, subjectPatterns, podIdentity: args.trustPodIdentity === true }),
  );
}

function literalSubject({ namespace, name }: Account): string | undefined {
  return isText(namespace) && isText(name) ? subjectOf(namespace, name) : undefined;
}

function literalCluster({
  issuerUrl,
  oidcProviderArn,
  oidcProvider,
  cluster,
}: RichClusterTrust): TrustedCluster | undefined {
  if (oidcProvider !== undefined || cluster !== undefined) return undefined;
  if (typeof oidcProviderArn === "string")
    return { providerArn: oidcProviderArn, issuer: issuerInArn(oidcProviderArn) ?? "" };
  if (typeof issuerUrl !== "string" || oidcProviderArn !== undefined) return undefined;
  const issuer = normaliseIssuer(issuerUrl);
  return { providerArn: `arn:${partitionOfIssuer(issuer) ?? "aws"}:iam::000000000000:oidc-provider/${issuer}`, issuer };
}

function isGiven(cluster: TrustedCluster | undefined): cluster is TrustedCluster {
  return cluster !== undefined;
}

function isText(input: unknown): input is string {
  return typeof input === "string";
}
