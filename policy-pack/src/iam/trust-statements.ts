import { knownValue, knownValueOr } from "../facts/fact";
import { parseOidcProviderArn, type OidcProviderArn } from "../facts/arn";
import type { Condition, PolicyDocument, Principal, Statement } from "./document";
import { normaliseIssuer } from "../facts/issuer";
import { matchLeaves } from "./evaluate";
import { matchAction } from "./match";
import { WEB_IDENTITY_ACTION } from "./vocabulary";

/** An OIDC provider that a statement names by a well-formed ARN. */
export interface TrustedProvider {
  readonly principal: Principal;
  readonly arn: string;
  readonly parts: OidcProviderArn;
}

/** An Allow for AssumeRoleWithWebIdentity, seen as what it is for. */
export interface WebIdentityStatement {
  readonly statement: Statement;
  readonly providers: readonly TrustedProvider[];
  /** `"*"`, `{"Federated": "*"}` or `{"AWS": "*"}`, when one stands there. */
  readonly everyone: Principal | undefined;
  /** False while an unknown part decides whether the statement is one of these at all. */
  readonly certain: boolean;
}

/**
 * The Allow statements whose action covers sts:AssumeRoleWithWebIdentity (wildcards and NotAction included) and whose
 * principal is an OIDC provider or everyone. A statement that may turn out to be one is listed with `certain: false`.
 */
export function webIdentityStatements(document: PolicyDocument): readonly WebIdentityStatement[] {
  return document.statements.flatMap((statement) => {
    const action = coversAction(statement, WEB_IDENTITY_ACTION);
    const { effect, principals } = statement;
    const allows = effect.is === "unknown" ? undefined : knownValue(effect) === "Allow";
    if (action === false || allows === false) return [];
    const named = knownValueOr(principals, []);
    const providers = named.flatMap(providerOf);
    const everyone = named.find(isEveryone);
    const found = providers.length > 0 || everyone !== undefined;
    const open =
      principals.is === "unknown" || named.some(({ type, value }) => type === "Federated" && value.is === "unknown");
    if (!found && !open) return [];
    return [{ statement, providers, everyone, certain: found && action === true && allows === true }];
  });
}

/** Whether the statement's Action (or NotAction) covers an action; undefined while that is unknown. */
export function coversAction(statement: Statement, action: string): boolean | undefined {
  return matchLeaves(statement.actions, statement.notActions, (pattern) => matchAction(pattern, action));
}

function providerOf(principal: Principal): readonly TrustedProvider[] {
  if (principal.type !== "Federated" || principal.value.is !== "known") return [];
  const arn = principal.value.value;
  const parts = parseOidcProviderArn(arn);
  return parts ? [{ principal, arn, parts }] : [];
}

function isEveryone({ type, value }: Principal): boolean {
  return (type === "*" || type === "Federated" || type === "AWS") && knownValue(value) === "*";
}

/** The conditions of a statement on one claim of one issuer. */
export interface ClaimConditions {
  readonly conditions: readonly Condition[];
  /** False while conditions, or the keys of one, are unknown: there may be more than these. */
  readonly complete: boolean;
}

/** The conditions on `<issuer>:sub`. */
export function subjectConditions(statement: Statement, issuer: string): ClaimConditions {
  return claimConditions(statement, issuer, "sub");
}

/** The conditions on `<issuer>:aud`. */
export function audienceConditions(statement: Statement, issuer: string): ClaimConditions {
  return claimConditions(statement, issuer, "aud");
}

function claimConditions(statement: Statement, issuer: string, claim: string): ClaimConditions {
  if (statement.conditions.is === "absent") return { conditions: [], complete: true };
  if (statement.conditions.is === "unknown") return { conditions: [], complete: false };
  const all = statement.conditions.value;
  const conditions = all.filter(({ key }) => {
    const parts = splitConditionKey(key);
    return parts?.claim.toLowerCase() === claim && isKeyOf(parts.issuer, issuer);
  });
  return { conditions, complete: all.every(({ key }) => key !== "") };
}

/** Whether a key's prefix is the issuer as IAM spells it: without regard to case, but a scheme or a blank makes another key. */
export function isKeyOf(prefix: string, issuer: string): boolean {
  return prefix.toLowerCase() === normaliseIssuer(issuer).toLowerCase();
}

/** A condition key at its last colon: `oidc.example.com/id/A:sub` is issuer `oidc.example.com/id/A` and claim `sub`. */
export function splitConditionKey(key: string): { readonly issuer: string; readonly claim: string } | undefined {
  const at = key.lastIndexOf(":");
  return at < 0 ? undefined : { issuer: key.slice(0, at), claim: key.slice(at + 1) };
}
