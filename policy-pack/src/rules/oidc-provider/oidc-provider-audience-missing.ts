import { listIn } from "../../facts/lists";
import { nearest } from "../../facts/did-you-mean";
import { isKnownAs, knownValueOr, knownValues, listAt, textAt } from "../../facts/fact";
import { claimsEks } from "../../facts/issuer";
import { holdsUnknown } from "../../facts/value";
import { capital, didYouMean, quote, quoteAll } from "../../facts/words";
import { audienceConditions } from "../../iam/trust-statements";
import { bindingsThrough, servesPods } from "../../model/provider-use";
import { awsNoun } from "../../model/tokens";
import type { Binding, IrsaModel, OidcProvider } from "../../model/types";
import { defineRule, type Place } from "../rule";

interface Data {
  readonly provider: string;
  readonly key: string;
  readonly needed: string;
  readonly seen: readonly string[];
  /** The client id that was evidently meant to be the needed one. */
  readonly slip: string | undefined;
  /** Who brings tokens with the needed audience; undefined when only EKS's default says so. */
  readonly user: string | undefined;
}

export default defineRule<Data>({
  id: "oidc-provider-audience-missing",
  link: "oidc-provider",
  severity: "high",
  level: "mandatory",
  summary: "The client ids of an IAM OIDC provider hold the audience of the pods' tokens.",
  why: 'STS refuses the token: "InvalidIdentityToken: Incorrect token audience". The audience is sts.amazonaws.com in every partition, China included.',
  articleStep: 10,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html"],
  *check(model) {
    const needed = model.config.audience;
    for (const provider of model.providers) {
      if (!servesPods(provider, model)) continue;
      const key = provider.paths.clientIds;
      const ids = knownValueOr(provider.clientIds, []);
      const waiting =
        provider.clientIds.is === "unknown"
          ? provider.clientIds
          : ids.map((each) => each.value).find((each) => each.is === "unknown");
      const seen = ids.flatMap(({ value }) => knownValues(value));
      if (seen.includes(needed)) continue;
      const users = bindingsThrough(provider, model);
      const user = users.find(({ serviceAccount: { audience } }) => isKnownAs(audience, needed));
      // Accounts that ask for another audience are judged one by one, by service-account-audience-mismatch.
      if (!user && users.length > 0) continue;
      const asked = asksFor(provider, needed, model);
      // The webhook of another kind of cluster has a default audience of its own: kOps makes tokens for "amazonaws.com".
      if (!asked && seen.length > 0 && isForOthers(provider)) continue;
      const trusted = user !== undefined || asked;
      // While nobody is seen to come this way, an account of another audience may be the one that does.
      if (!trusted && model.serviceAccounts.some((each) => !isKnownAs(each.audience, needed))) continue;
      const at = { urn: provider.urn, path: key };
      if (waiting?.is === "unknown") {
        yield { verdict: "unverified", at, what: `the client ids of ${provider.title}`, waitsFor: waiting.waitsFor };
        continue;
      }
      const slip = nearest(needed, seen);
      const leaf = ids.find(({ value }) => slip !== undefined && isKnownAs(value, slip));
      yield {
        verdict: "violation",
        at: leaf ? { urn: provider.urn, path: leaf.path } : at,
        related: user ? placeOf(user) : [],
        level: trusted ? "mandatory" : "advisory",
        data: { provider: provider.title, key, needed, seen, slip, user: user?.serviceAccount.title },
      };
    }
  },
  mend: (type, inputs, { audience }) => {
    const url = textAt(inputs, ["url"]);
    // Providers of other issuers (GitHub, GitLab) have audiences of their own.
    if (awsNoun(type) !== "oidc-provider" || url.is !== "known" || !claimsEks(url.value)) return [];
    const key = type.startsWith("aws-native:") ? "clientIdList" : "clientIdLists";
    const ids = listAt(inputs, [key]);
    if (ids.is === "unknown" || (ids.is === "known" && (holdsUnknown(ids.value) || ids.value.includes(audience))))
      return [];
    return ids.is === "known"
      ? [{ path: [key, ids.value.length], value: audience }]
      : [{ path: [key], value: [audience] }];
  },
  explain: ({ provider, key, needed, seen, slip, user }) => {
    const has = seen.length === 0 ? "no client id" : `only the client ids ${quoteAll(seen)}`;
    const tokens = user ? `the tokens of ${user} are` : "EKS makes tokens";
    return {
      says: `${capital(provider)} has ${has}, but ${tokens} for the audience ${quote(needed)}.${slip ? didYouMean(needed) : ""}`,
      fix: slip ? `Replace ${quote(slip)} in ${key} with ${quote(needed)}.` : `Add ${quote(needed)} to ${key}.`,
    };
  },
});

/** True for a provider of an issuer that is not EKS's, and that came from no cluster. */
function isForOthers({ issuer, cluster, wiredClusters }: OidcProvider): boolean {
  return (
    issuer.is === "known" && !claimsEks(issuer.value) && cluster.how === "unresolved" && wiredClusters.length === 0
  );
}

function placeOf({ serviceAccount }: Binding): readonly Place[] {
  return serviceAccount.urn === "" ? [] : [{ urn: serviceAccount.urn, path: serviceAccount.root }];
}

/** True when a role of the stack trusts the provider for tokens of this very audience, so that nobody can ever assume it. */
function asksFor(provider: OidcProvider, audience: string, model: IrsaModel): boolean {
  const { issuer } = provider;
  if (issuer.is !== "known") return false;
  return listIn(model.rolesByProvider, provider).some(
    ({ trust }) =>
      trust.is === "known" &&
      trust.value.statements.some((statement) =>
        audienceConditions(statement, issuer.value).conditions.some(
          ({ values }) => values.is === "known" && values.value.some(({ value }) => isKnownAs(value, audience)),
        ),
      ),
  );
}
