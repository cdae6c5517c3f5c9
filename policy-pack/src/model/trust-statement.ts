import { listIn } from "../facts/lists";
import { isKnownAs, knownValueOr, knownValues } from "../facts/fact";
import { withoutTrailing } from "../facts/trim";
import { parseOidcProviderArn } from "../facts/arn";
import { claimsEks, normaliseIssuer, parseSoundEksIssuer } from "../facts/issuer";
import { namesAccount } from "../facts/subject";
import type { Condition, Statement } from "../iam/document";
import {
  audienceConditions,
  coversAction,
  splitConditionKey,
  subjectConditions,
  type ClaimConditions,
} from "../iam/web-identity";
import { parseOperator } from "../iam/operator";
import { WEB_IDENTITY_ACTION } from "../iam/vocabulary";
import { servesPods } from "./provider-use";
import { sameIssuer } from "./read-aws";
import type { Binding, IrsaModel, Role } from "./types";

/** An Allow of a trust policy that is meant for pods, rightly written or not. */
export interface PodStatement {
  readonly role: Role;
  readonly statement: Statement;
  /** The issuers of the OIDC providers that it names by ARN. */
  readonly issuers: readonly string[];
  /** Whether its action covers sts:AssumeRoleWithWebIdentity; undefined while that is unknown. */
  readonly covers: boolean | undefined;
  /** Those that can be read. */
  readonly conditions: readonly Condition[];
  /** False while a condition or its key is unknown. */
  readonly complete: boolean;
}

/**
 * The Allow statements that are for pods: they name an issuer of EKS or of this stack, or a subject of Kubernetes. In a
 * role that a ServiceAccount uses and that has none of these, every statement for a federated principal is taken for one.
 */
export function podStatements(role: Role, model: IrsaModel): readonly PodStatement[] {
  if (role.trust.is !== "known") return [];
  const allows = role.trust.value.statements.filter(({ effect }) => isKnownAs(effect, "Allow"));
  const meant = allows.filter((statement) => isForPods(statement, model));
  const used = listIn(model.bindingsByRole, role).length > 0;
  const chosen = meant.length > 0 || !used ? meant : allows.filter(hasFederated);
  return chosen.map((statement) => {
    const conditions = knownValueOr(statement.conditions, []);
    return {
      role,
      statement,
      issuers: federatedTexts(statement).flatMap((text) => parseOidcProviderArn(text)?.issuer ?? []),
      covers: coversAction(statement, WEB_IDENTITY_ACTION),
      conditions: conditions.filter(({ key }) => key !== ""),
      complete: statement.conditions.is !== "unknown" && conditions.every(({ key }) => key !== ""),
    };
  });
}

function hasFederated({ principals }: Statement): boolean {
  return principals.is === "known" && principals.value.some(({ type }) => type === "Federated");
}

function federatedTexts({ principals }: Statement): readonly string[] {
  if (principals.is !== "known") return [];
  return principals.value.flatMap(({ type, value }) => (type === "Federated" ? knownValues(value) : []));
}

function isForPods(statement: Statement, model: IrsaModel): boolean {
  const { principals, conditions } = statement;
  const texts = knownValueOr(principals, []);
  if (texts.some(({ value }) => value.is === "known" && isPodIssuer(issuerIn(value.value), model))) return true;
  if (conditions.is !== "known") return false;
  return conditions.value.some(({ key, values }) => {
    const issuer = issuerIn(splitConditionKey(key)?.issuer ?? "");
    if (isPodIssuer(issuer, model)) return true;
    return values.is === "known" && values.value.some(({ value }) => value.is === "known" && namesAccount(value.value));
  });
}

/** The issuer inside a provider's ARN or a URL, or the text itself. */
function issuerIn(text: string): string {
  return withoutTrailing(normaliseIssuer(text.replace(/^arn:.*?oidc-provider\//, "")), "/");
}

/** True for an issuer whose tokens pods carry: one of EKS, or of a cluster or a provider for pods of this stack. */
export function isPodIssuer(issuer: string, model: IrsaModel): boolean {
  if (issuer === "") return false;
  if (claimsEks(issuer)) return true;
  const same = (each: { readonly issuer: IrsaModel["clusters"][number]["issuer"] }): boolean =>
    each.issuer.is === "known" && sameIssuer(each.issuer.value, issuer);
  return model.clusters.some(same) || model.providers.some((each) => same(each) && servesPods(each, model));
}

/** True for the issuer of a provider that this stack makes with a fault in its url: the provider is then what to mend. */
export function isFaultyProviders(issuer: string, model: IrsaModel): boolean {
  const sound = claimsEks(issuer) ? parseSoundEksIssuer(issuer) !== undefined : !/[/?#]$|[?#]/.test(issuer);
  if (sound) return false;
  return model.providers.some((each) => isKnownAs(each.issuer, issuer));
}

/** The conditions on one claim, of every issuer that the statement names. */
export function claimConditions(
  { statement, issuers }: Pick<PodStatement, "statement" | "issuers">,
  claim: "sub" | "aud",
): readonly Condition[] {
  const of: (issuer: string) => ClaimConditions = (issuer) =>
    claim === "sub" ? subjectConditions(statement, issuer) : audienceConditions(statement, issuer);
  return [...new Set(issuers.flatMap((issuer) => of(issuer).conditions))];
}

/** True for a positive comparison of text: the only kind of condition that says who is meant. */
export function isNaming({ operator }: Condition): boolean {
  const parsed = parseOperator(operator);
  return parsed?.family === "String" && !parsed.negated;
}

/** The texts of a condition's values that are known. */
export function knownTexts({ values }: Pick<Condition, "values">): readonly string[] {
  if (values.is !== "known") return [];
  return values.value.flatMap(({ value }) => knownValues(value));
}

/** Where a part of the trust policy stands in its resource. */
export function placeIn(role: Role, path: string): { readonly urn: string; readonly path: string } {
  return { urn: role.urn, path: path === "" ? role.trustPath : `${role.trustPath}.${path}` };
}

/** Where an account names its role; none for an account that only the configuration knows. */
export function accountPlaces({ serviceAccount }: Binding): readonly { readonly urn: string; readonly path: string }[] {
  return serviceAccount.urn === "" ? [] : [{ urn: serviceAccount.urn, path: serviceAccount.roleArnPath }];
}
