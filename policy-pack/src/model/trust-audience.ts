import { isKnownAs } from "../facts/fact";
import { listIn } from "../facts/lists";
import { nearest } from "../facts/did-you-mean";
import { claimsEks } from "../facts/issuer";
import type { Condition } from "../iam/document";
import { trustFaults } from "./trust";
import { claimConditions, isNaming, isPodIssuer, knownTexts, podStatements } from "./trust-statement";
import type { Binding, IrsaModel, OidcProvider, Role } from "./types";

/**
 * True when an audience that a role refuses is right on the account's side: it is the default one, or the OIDC provider
 * takes it. Otherwise the account's annotation stands alone, and is what to mend.
 */
export function isTokensAudienceRight({ token, role }: Binding, model: IrsaModel): boolean {
  const { audience } = token;
  if (audience.is !== "known") return false;
  if (audience.value === model.config.audience) return true;
  return role.how !== "unresolved" && isClientId(audience.value, role.to, model);
}

/** True when an OIDC provider of this stack that the role trusts takes the audience. */
export function isClientId(audience: string, role: Role, model: IrsaModel): boolean {
  return providersOf(role, model).some(
    ({ clientIds }) => clientIds.is === "known" && clientIds.value.some(({ value }) => isKnownAs(value, audience)),
  );
}

/**
 * True when such a provider takes the audience or may do so: one of its client ids is not known yet, or its issuer is not, so
 * that the role may turn out to trust it.
 */
export function mayBeClientId(audience: string, role: Role, model: IrsaModel): boolean {
  if (isClientId(audience, role, model) || model.providers.some(({ issuer }) => issuer.is === "unknown")) return true;
  return providersOf(role, model).some(
    ({ clientIds }) =>
      clientIds.is === "unknown" ||
      (clientIds.is === "known" && clientIds.value.some(({ value }) => value.is === "unknown")),
  );
}

function providersOf(role: Role, model: IrsaModel): readonly OidcProvider[] {
  return model.providers.filter((each) => listIn(model.rolesByProvider, each).includes(role));
}

/**
 * True when the account's audience is only the webhook's default, and the webhook is not EKS's: the role trusts another kind
 * of issuer (kOps makes tokens for "amazonaws.com"), and nothing says that the account lives on an EKS cluster.
 */
export function isAudienceOfOthers(
  { cluster, serviceAccount, token }: Binding,
  issuer: string | undefined,
  model: IrsaModel,
): boolean {
  if (cluster.how !== "unresolved" || token.audience.is !== "known") return false;
  if (token.audience.value !== model.config.audience || issuer === undefined || claimsEks(issuer)) return false;
  const { annotations } = serviceAccount;
  const key = `${model.config.annotationPrefix}/audience`;
  return annotations.is === "known" && !annotations.value.some((each) => each.key === key);
}

/** An audience condition that looks like a slip, in a role of which nobody here says who uses it. */
export interface AudienceSlip {
  readonly role: Role;
  readonly condition: Condition;
  readonly seen: string;
}

export function audienceSlips(model: IrsaModel): readonly AudienceSlip[] {
  const needed = model.config.audience;
  return trustFaults(model).flatMap(({ role, flaws, principals, actions, keys }) => {
    const judged = flaws.length + principals.length + actions.length + keys.length === 0;
    if (!judged || listIn(model.bindingsByRole, role).length > 0) return [];
    return podStatements(role, model).flatMap((pod) => {
      const issuers = pod.issuers.filter((issuer) => isPodIssuer(issuer, model));
      return claimConditions({ statement: pod.statement, issuers }, "aud").flatMap((condition) => {
        const [seen, ...more] = knownTexts(condition);
        if (!isNaming(condition) || seen === undefined || more.length > 0 || seen.includes("*")) return [];
        return isSlip(seen, needed) ? [{ role, condition, seen }] : [];
      });
    });
  });
}

/** The audience is an opaque text, but these are taken for the endpoint that it looks like. */
function isSlip(seen: string, needed: string): boolean {
  if (seen === needed) return false;
  return nearest(needed, [seen]) !== undefined || isStsHost(seen);
}

/** A text that was to be an STS host, misspelt or regional: `https://sts.eu-west-1.amazonaws.com/`. */
function isStsHost(text: string): boolean {
  const start = /(?:^|[./])sts\./i.exec(text);
  return start !== null && text.toLowerCase().includes("amazonaws.com", start.index + start[0].length);
}
