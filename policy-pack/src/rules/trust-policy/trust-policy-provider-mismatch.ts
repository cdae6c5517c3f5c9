import { capital, enumerate, quote, quoteAll } from "../../facts/words";
import { smallestStatement } from "../../model/trust-reach";
import { refusals } from "../../model/trust-refusal";
import { accountPlaces, placeIn } from "../../model/trust-statement";
import { defineRule, type Place } from "../rule";

interface Data {
  readonly account: string;
  readonly role: string;
  readonly cluster: string;
  /** The clusters of this stack that the role trusts instead. */
  readonly trusted: readonly string[];
  readonly issuers: readonly string[];
  /** The issuer that is needed; undefined while it is unknown. */
  readonly issuer: string | undefined;
  /** The accounts of AWS, where the provider is that of the cluster but not in the role's account. */
  readonly accounts: { readonly seen: string; readonly needed: string } | undefined;
  readonly smallest: string | undefined;
}

export default defineRule<Data>({
  id: "trust-policy-provider-mismatch",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary:
    "A role trusts the OIDC provider of the cluster on which its ServiceAccount lives, in the role's own account.",
  why: 'The issuer of the token is not the one that the role trusts. STS refuses the pod: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
  articleStep: 3,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    "https://docs.aws.amazon.com/eks/latest/userguide/cross-account-access.html",
  ],
  *check(model) {
    for (const each of refusals(model)) {
      const { binding, role } = each;
      const { serviceAccount } = binding;
      const at =
        serviceAccount.urn === "" ? placeIn(role, "") : { urn: serviceAccount.urn, path: serviceAccount.roleArnPath };
      if (each.kind === "unknown" && each.about === "provider") {
        yield { verdict: "unverified", at, what: each.what, waitsFor: each.waitsFor };
      }
      if (each.kind !== "provider") continue;
      const { cluster, trusted, issuers, account } = each;
      const issuer = cluster.issuer.is === "known" ? cluster.issuer.value : undefined;
      const { accountId } = role.scope;
      const clusters: Place[] = [cluster, ...trusted].flatMap(({ urn }) => (urn === "" ? [] : [{ urn, path: "" }]));
      yield {
        verdict: "violation",
        at: placeIn(role, each.path),
        related: [...accountPlaces(binding), ...clusters],
        data: {
          account: serviceAccount.title,
          role: role.title,
          cluster: cluster.title,
          trusted: trusted.map(({ title }) => title),
          issuers,
          issuer,
          accounts:
            account !== undefined && accountId.is === "known" ? { seen: account, needed: accountId.value } : undefined,
          smallest: issuer === undefined ? undefined : smallestStatement([binding], role, issuer),
        },
      };
    }
  },
  explain: ({ account, role, cluster, trusted, issuers, issuer, accounts, smallest }) => {
    if (accounts) {
      return {
        says: `${capital(account)} uses ${role}, which is in account ${quote(accounts.needed)} but trusts the OIDC provider of ${cluster} in account ${quote(accounts.seen)}.`,
        why: 'STS looks for the provider in the role\'s own account: "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://…".',
        fix: `Make an OIDC provider for the issuer in account ${quote(accounts.needed)} and trust it: ${smallest ?? "its arn"}.`,
      };
    }
    const named = issuers.length > 0 ? ` (${quoteAll(issuers)})` : "";
    const instead = trusted.length > 0 ? `that of ${enumerate(trusted)}${named}` : `that of ${quoteAll(issuers)}`;
    const needed = issuer === undefined ? "" : `, ${quote(issuer)}`;
    return {
      says: `${capital(account)} lives on ${cluster}${needed}, but ${role} trusts another OIDC provider only, ${instead}.`,
      fix: smallest
        ? `Trust the provider of ${cluster}: ${smallest}.`
        : `Build the trust policy from the OIDC provider of ${cluster}, or move the account to ${enumerate(trusted)}.`,
    };
  },
});
