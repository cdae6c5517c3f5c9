import { withoutTrailing } from "../facts/trim";
import { parseOidcProviderArn } from "../facts/arn";
import { nearest } from "../facts/did-you-mean";
import { normaliseIssuer } from "../facts/issuer";
import { isKeyOf, splitConditionKey } from "./trust-statements";

/**
 * What a condition key of a trust policy is, seen from the issuers that the statement trusts. All but `ok` and
 * `not-an-issuer-key` name keys that no web identity request of these issuers ever carries. `needed` is the key to write,
 * when it can be told.
 */
export type ConditionKeyKind =
  | { readonly kind: "ok"; readonly issuer: string; readonly claim: string }
  /** A key of AWS (`aws:SourceIp`), of a service (`sts:ExternalId`), or of SAML. */
  | { readonly kind: "not-an-issuer-key" }
  /** The key begins with `https://`. */
  | { readonly kind: "scheme"; readonly needed: string | undefined }
  | { readonly kind: "trailing-slash"; readonly needed: string | undefined }
  /** The provider's ARN where its issuer belongs. */
  | { readonly kind: "arn"; readonly needed: string | undefined }
  /** The issuer is none of those that the statement trusts; also when the key has none (`sub`). */
  | { readonly kind: "other-issuer"; readonly issuer: string; readonly needed: string | undefined }
  /** A claim that is no condition key, such as `subject` or `audience`. */
  | { readonly kind: "unknown-claim"; readonly claim: string; readonly needed: string | undefined };

const MEANT: Readonly<Record<string, string>> = {
  subject: "sub",
  audience: "aud",
  serviceaccount: "sub",
  clientid: "aud",
  client_id: "aud",
};

/** Claims that AWS documents as keys of OIDC providers, and those of a Kubernetes token of which it says nothing. */
const CLAIMS: readonly string[] = ["sub", "aud", "amr", "azp", "oaud", "iss", "exp", "iat", "nbf", "jti"];

/** Says what a key is; see {@link ConditionKeyKind}. Without issuers (all unknown) none is another one. */
export function conditionKeyProblem(key: string, issuers: readonly string[]): ConditionKeyKind {
  const split = splitConditionKey(key);
  const claim = split?.claim ?? key;
  const prefix = split?.issuer ?? "";
  const meant = meantClaim(claim);
  if (isServiceKey(prefix, claim)) return { kind: "not-an-issuer-key" };
  const only = issuers.length === 1 ? issuers[0] : undefined;
  const write = (issuer: string | undefined): string | undefined =>
    issuer === undefined || meant === undefined ? undefined : `${issuer}:${meant}`;
  if (/^https?:\/\//i.test(prefix))
    return { kind: "scheme", needed: write(withoutTrailing(normaliseIssuer(prefix), "/")) };
  if (/^arn:/i.test(prefix)) return { kind: "arn", needed: write(parseOidcProviderArn(prefix)?.issuer ?? only) };
  if (prefix.endsWith("/")) return { kind: "trailing-slash", needed: write(withoutTrailing(prefix, "/")) };
  const issuer = issuers.find((each) => isKeyOf(prefix, each));
  if (issuer === undefined && (issuers.length > 0 || !prefix.includes("."))) {
    return {
      kind: "other-issuer",
      issuer: prefix,
      needed: write(nearest(prefix, issuers.map(normaliseIssuer)) ?? (only && normaliseIssuer(only))),
    };
  }
  const name = claim.toLowerCase();
  if (!CLAIMS.includes(name) && !name.startsWith("kubernetes.io")) {
    return { kind: "unknown-claim", claim, needed: meant ? `${prefix}:${meant}` : undefined };
  }
  return { kind: "ok", issuer: issuer ?? prefix, claim: name };
}

function meantClaim(claim: string): string | undefined {
  const name = claim.toLowerCase();
  return CLAIMS.includes(name)
    ? name
    : (MEANT[name] ?? nearest(name, ["sub", "aud", "subject", "audience"])?.slice(0, 3));
}

/** `aws:…`, `sts:…`, `ec2:…`: a service prefix has no dot. One that ends in a claim is an issuer gone wrong; only SAML has such keys. */
function isServiceKey(prefix: string, claim: string): boolean {
  if (/^saml$/i.test(prefix)) return true;
  return /^[a-z][a-z0-9-]*$/i.test(prefix) && !["sub", "aud"].includes(claim.toLowerCase());
}
