import { parseOidcProviderArn } from "../facts/arn";
import { known, mapFact, unknown, type Fact } from "../facts/fact";
import { normaliseIssuer } from "../facts/issuer";
import type { Value } from "../facts/value";
import type { Decision, Request } from "./decision";
import type { PolicyDocument } from "./document";
import { evaluate } from "./evaluate";
import { WEB_IDENTITY_ACTION } from "./vocabulary";

/** A projected ServiceAccount token as STS sees it. */
export interface WebIdentityToken {
  /** The IAM OIDC provider that STS finds for the issuer in the role's account. */
  readonly providerArn?: Fact<string>;
  /** Host and path of the `iss` claim, scheme or not; empty while nobody knows it. */
  readonly issuer: string;
  /** `system:serviceaccount:<namespace>:<name>`. */
  readonly subject: Fact<string>;
  readonly audience: Fact<string>;
}

/**
 * The request that STS puts to a trust policy for AssumeRoleWithWebIdentity. It carries the token's subject and audience.
 * The call is not signed, so it has no principal keys, no MFA and no external id; keys of the network, the clock, the
 * session and the role are on it with values that nobody can know before.
 */
export function webIdentityRequest(token: WebIdentityToken): Request {
  const issuer = normaliseIssuer(token.issuer);
  const one = (claim: Fact<string>): Fact<readonly string[]> => mapFact(claim, (value) => [value]);
  return {
    action: WEB_IDENTITY_ACTION,
    principal: {
      type: "Federated",
      value: token.providerArn ?? unknown(),
      canBe: (text) => issuer === "" || isProviderOf(text, issuer),
    },
    context: issuer === "" ? {} : { [`${issuer}:sub`]: one(token.subject), [`${issuer}:aud`]: one(token.audience) },
    unknownKeys: (key) => isUnknowable(key.toLowerCase(), issuer.toLowerCase()),
  };
}

/** Whether a role with this trust policy admits the token. */
export function admits(document: PolicyDocument, token: WebIdentityToken): Decision {
  return evaluate(document, webIdentityRequest(token));
}

/**
 * The smallest trust statement that admits the token, those of other subjects of its issuer, and nothing else, as a JSON
 * object. What is not known yet stands as a placeholder in angle brackets.
 */
export function minimalStatement(
  token: WebIdentityToken,
  otherSubjects: readonly string[] = [],
): { readonly [key: string]: Value } {
  const text = (fact: Fact<string> | undefined, placeholder: string): string =>
    fact?.is === "known" ? fact.value : placeholder;
  const issuer = normaliseIssuer(token.issuer) || "<issuer>";
  const subject = text(token.subject, "system:serviceaccount:<namespace>:<name>");
  const subjects = [...new Set([subject, ...otherSubjects])];
  return {
    Effect: "Allow",
    Principal: { Federated: text(token.providerArn, "<ARN of the OIDC provider>") },
    Action: WEB_IDENTITY_ACTION,
    Condition: {
      StringEquals: {
        [`${issuer}:aud`]: text(token.audience, "<audience>"),
        [`${issuer}:sub`]: subjects.length === 1 ? subject : subjects,
      },
    },
  };
}

/** The same issuer: hosts have no case, and IAM compares condition keys without regard to it. */
export function sameIssuer(a: string, b: string): boolean {
  return normaliseIssuer(a).toLowerCase() === normaliseIssuer(b).toLowerCase();
}

function isProviderOf(text: string, issuer: string): boolean {
  const arn = parseOidcProviderArn(text);
  return arn !== undefined && sameIssuer(arn.issuer, issuer);
}

/**
 * Keys of AWS and STS that need a signed call, a SAML assertion or a call by an AWS service (IAM User Guide, "AWS global
 * condition context keys", Availability): a web identity call never carries them.
 */
const NEVER_CARRIED =
  /^(?:aws:principal(?:arn|account|orgid|orgpaths|tag\/.*)|aws:source(?:account|arn|orgid|orgpaths)|aws:multifactorauth(?:present|age)|aws:username|sts:externalid)$/;

/** Claims that a Kubernetes token has, of which AWS does not document that they are condition keys, nor that they are not. */
const UNDOCUMENTED_CLAIMS = /^(?:iss|amr|azp|oaud|exp|iat|nbf|jti|kubernetes\.io.*)$/;

function isUnknowable(key: string, issuer: string): boolean {
  if (/^(?:aws|sts|iam):/.test(key)) return !NEVER_CARRIED.test(key);
  const at = key.lastIndexOf(":");
  const [prefix, claim] = [key.slice(0, Math.max(0, at)), key.slice(at + 1)];
  if (issuer === "") return true;
  return prefix === issuer && UNDOCUMENTED_CLAIMS.test(claim);
}

/** A token of a foreign account, for probing how far a trust policy reaches. */
export function probeToken(
  issuer: string,
  providerArn: Fact<string>,
  subject: string,
  audience: string,
): WebIdentityToken {
  return { issuer, providerArn, subject: known(subject), audience: known(audience) };
}
