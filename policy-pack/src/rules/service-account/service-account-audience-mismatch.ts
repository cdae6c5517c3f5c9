import { listIn } from "../../facts/lists";
import { knownValue, knownValueOr, knownValues } from "../../facts/fact";
import { nearest } from "../../facts/did-you-mean";
import { capital, didYouMean, quote, quoteAll } from "../../facts/words";
import { isTokensAudienceRight } from "../../model/trust-audience";
import { refusals } from "../../model/trust-refusal";
import { claimOf } from "../../model/trust-condition";
import { knownTexts, placeIn } from "../../model/trust-statement";
import type { Binding, Entry, IrsaModel, OidcProvider, ServiceAccount } from "../../model/types";
import { defineRule, type Level, type Place } from "../rule";

interface Data {
  readonly account: string;
  readonly path: string;
  readonly seen: string;
  readonly needed: string;
  /** Who does not take the audience; undefined where only EKS's default speaks against it. */
  readonly against: "role" | "provider" | undefined;
  readonly who: string;
  /** What that one takes. */
  readonly takes: readonly string[];
  /** The provider's list, where it is what to mend or one of two things to mend. */
  readonly clientIds: string | undefined;
  /** The role that asks for the account's audience, so that the provider alone lacks it. */
  readonly agreed: string | undefined;
}

export default defineRule<Data>({
  id: "service-account-audience-mismatch",
  link: "service-account",
  severity: "high",
  level: "mandatory",
  summary: "The audience that a ServiceAccount asks for is one that its role and the OIDC provider take.",
  why: 'STS refuses the token: "InvalidIdentityToken: Incorrect token audience" where the provider does not list it, "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity" where the trust policy asks for another.',
  articleStep: 10,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    "https://github.com/aws/amazon-eks-pod-identity-webhook",
  ],
  *check(model) {
    for (const binding of model.bindings) {
      const { serviceAccount: account } = binding;
      const entry = audienceEntry(account, model);
      if (!entry || entry.value.is === "absent") continue;
      const at = { urn: account.urn, path: entry.path };
      if (entry.value.is === "unknown") {
        yield { verdict: "unverified", at, what: `the audience of ${account.title}`, waitsFor: entry.value.waitsFor };
        continue;
      }
      const seen = entry.value.value;
      if (seen === model.config.audience) continue;
      const found = conflict(binding, seen, model);
      if (!found) {
        const open = undecidedProvider(binding, seen, model);
        if (open) yield { verdict: "unverified", at, what: `the client ids of ${open.title}`, waitsFor: [open.urn] };
        continue;
      }
      const { place, level, ...rest } = found;
      const data = { ...rest, account: account.title, path: entry.path, seen, needed: model.config.audience };
      const [first, second] = rest.agreed && place ? [place, at] : [at, place];
      yield { verdict: "violation", at: first, related: second ? [second] : [], level, data };
    }
  },
  explain: ({ account, path, seen, needed, against, who, takes, clientIds, agreed }) => {
    const asks = `${capital(account)} asks for tokens with the audience ${quote(seen)}`;
    const remove = `Remove ${path}, so that the audience is ${quote(needed)}`;
    const add = `add ${quote(seen)} to ${clientIds ?? ""} of ${who}`;
    const meant = didYouMean(nearest(seen, [needed]));
    const listed = takes.length > 0 ? `only ${quoteAll(takes)}` : "no audience";
    switch (against) {
      case undefined:
        return { says: `${asks}, but EKS and IAM know ${quote(needed)}.${meant}`, fix: `${remove}.` };
      case "role":
        return { says: `${asks}, but ${who} asks for ${quoteAll(takes)}.${meant}`, fix: `${remove}.` };
      case "provider":
        return agreed
          ? { says: `${asks}, as does ${agreed}, but ${who} lists ${listed}.`, fix: `${capital(add)}.` }
          : {
              says: `${asks}, but ${who} lists ${listed}.${meant}`,
              fix: `${remove}; or, if ${quote(seen)} is meant, ${add}.`,
            };
    }
  },
});

function audienceEntry({ annotations }: ServiceAccount, model: IrsaModel): Entry | undefined {
  const key = `${model.config.annotationPrefix}/audience`;
  return annotations.is === "known" ? annotations.value.find((entry) => entry.key === key) : undefined;
}

interface Conflict extends Pick<Data, "against" | "who" | "takes" | "clientIds" | "agreed"> {
  readonly place: Place | undefined;
  readonly level: Level;
}

function conflict(binding: Binding, seen: string, model: IrsaModel): Conflict | undefined {
  const refusal = refusals(model).find((each) => each.binding === binding && each.kind === "audience");
  if (refusal?.kind === "audience") {
    // A provider that takes the audience shows that the trust policy is what to mend: trust-policy-audience-mismatch says so.
    if (isTokensAudienceRight(binding, model)) return undefined;
    const { role, path } = refusal;
    const place = placeIn(role, path);
    return {
      against: "role",
      who: role.title,
      takes: refusal.seen,
      clientIds: undefined,
      agreed: undefined,
      place,
      level: "mandatory",
    };
  }
  const [refusing] = refusingProviders(binding, seen, model);
  if (refusing) {
    const { provider, ids } = refusing;
    const clientIds = provider.paths.clientIds;
    const place = { urn: provider.urn, path: clientIds };
    const agreed = agreeingRole(binding, seen);
    return { against: "provider", who: provider.title, takes: ids, clientIds, agreed, place, level: "mandatory" };
  }
  const isSlip = binding.role.how === "unresolved" && nearest(seen, [model.config.audience]) !== undefined;
  if (!isSlip) return undefined;
  const nobody = { against: undefined, who: "", takes: [], clientIds: undefined, agreed: undefined, place: undefined };
  return { ...nobody, level: "advisory" };
}

/** The role, where its trust policy names the audience and lets the account in. */
function agreeingRole({ role, decision }: Binding, audience: string): string | undefined {
  if (role.how === "unresolved" || decision?.answer !== "allow") return undefined;
  const conditions = knownValueOr(decision.by.conditions, []);
  const agrees = conditions.some((each) => claimOf(each) === "aud" && knownTexts(each).includes(audience));
  return agrees ? role.to.title : undefined;
}

/** The providers that the role trusts for the account's cluster, where all of them are known to lack the audience. */
function refusingProviders(
  binding: Binding,
  audience: string,
  model: IrsaModel,
): readonly { readonly provider: OidcProvider; readonly ids: readonly string[] }[] {
  const relevant = relevantProviders(binding, model);
  const lists = relevant.map((provider) => ({ provider, ids: idsOf(provider) }));
  const refusing = lists.flatMap(({ provider, ids }) => (ids && !ids.includes(audience) ? [{ provider, ids }] : []));
  return refusing.length === relevant.length ? refusing : [];
}

/** A provider that may turn out to lack the audience, where no other is known to have it. */
function undecidedProvider(binding: Binding, audience: string, model: IrsaModel): OidcProvider | undefined {
  const relevant = relevantProviders(binding, model);
  const isTaken = ({ clientIds }: OidcProvider): boolean =>
    knownValueOr(clientIds, []).some(({ value }) => knownValue(value) === audience);
  return relevant.some(isTaken) ? undefined : relevant.find((each) => idsOf(each) === undefined);
}

function relevantProviders({ role, cluster }: Binding, model: IrsaModel): readonly OidcProvider[] {
  if (role.how === "unresolved") return [];
  const trusted = model.providers.filter((each) => listIn(model.rolesByProvider, each).includes(role.to));
  return trusted.filter(
    (each) => cluster.how === "unresolved" || each.cluster.how === "unresolved" || each.cluster.to === cluster.to,
  );
}

/** The client ids; undefined while one of them is not known. */
function idsOf({ clientIds }: OidcProvider): readonly string[] | undefined {
  if (clientIds.is === "unknown") return undefined;
  const values = knownValueOr(clientIds, []).map(({ value }) => value);
  if (values.some((value) => value.is === "unknown")) return undefined;
  return values.flatMap((value) => knownValues(value));
}
