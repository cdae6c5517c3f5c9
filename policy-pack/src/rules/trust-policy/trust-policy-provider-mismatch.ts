import { knownValue } from "../../facts/fact";
import { capital, enumerate, quote, quoteAll } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import { smallestStatement } from "../../model/trust-reach";
import { refusals, refusedTogether } from "../../model/trust-refusal";
import { accountPlaces, placeIn } from "../../model/trust-statement";
import { defineRule, type Place } from "../rule";

type Data =
  | {
      readonly fault: "cluster";
      readonly accounts: readonly string[];
      readonly role: string;
      readonly cluster: string;
      /** True where the account's Kubernetes provider does not tell the cluster, and this is the only one here. */
      readonly likely: boolean;
      /** The clusters of this stack that the role trusts instead. */
      readonly trusted: readonly string[];
      readonly issuers: readonly string[];
      /** The issuer that is needed; undefined while it is unknown. */
      readonly issuer: string | undefined;
      readonly smallest: string | undefined;
    }
  | {
      /** The provider is of the right issuer but not in the role's AWS account. */
      readonly fault: "account";
      readonly accounts: readonly string[];
      readonly role: string;
      readonly provider: string;
      readonly seen: string;
      readonly needed: string;
      readonly smallest: string | undefined;
    };

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
    for (const { binding, role, ...reason } of refusals(model)) {
      if (reason.kind !== "unknown" || reason.about !== "provider") continue;
      const [at = placeIn(role, "")] = accountPlaces(binding);
      yield { verdict: "unverified", at, what: reason.what, waitsFor: reason.waitsFor };
    }
    for (const group of refusedTogether("provider", model)) {
      const [{ role, path, cluster, trusted, issuers, account, how }] = group;
      const users = group.map(({ binding }) => binding);
      const issuer = knownValue(cluster.issuer);
      const { accountId } = role.scope;
      const clusters: Place[] = [cluster, ...trusted].flatMap(({ urn }) => (urn === "" ? [] : [{ urn, path: "" }]));
      const smallest = issuer === undefined ? undefined : smallestStatement(users, role, issuer);
      const named = { accounts: users.map(({ serviceAccount }) => serviceAccount.title), role: role.title, smallest };
      yield {
        verdict: "violation",
        at: placeIn(role, path),
        related: [...users.flatMap(accountPlaces).slice(0, 3), ...clusters],
        level: how === "likely" ? "advisory" : "mandatory",
        data:
          account !== undefined && accountId.is === "known"
            ? { ...named, fault: "account", provider: cluster.title, seen: account, needed: accountId.value }
            : {
                ...named,
                fault: "cluster",
                cluster: cluster.title,
                likely: how === "likely",
                trusted: trusted.map(({ title }) => title),
                issuers,
                issuer,
              },
      };
    }
    for (const { role, foreign } of trustFaults(model)) {
      for (const { path, issuer, seen, needed } of foreign) {
        const provider = `the issuer ${quote(issuer)}`;
        yield {
          verdict: "violation",
          at: placeIn(role, path),
          related: [],
          data: { fault: "account", accounts: [], role: role.title, provider, seen, needed, smallest: undefined },
        };
      }
    }
  },
  explain: (data) => {
    const { accounts, role, smallest } = data;
    const several = accounts.length > 1;
    if (data.fault === "account") {
      const { provider, seen, needed } = data;
      const uses = accounts.length > 0 ? `${enumerate(accounts)} use${several ? "" : "s"} ${role}, which` : role;
      return {
        says: `${capital(uses)} is in account ${quote(needed)} but trusts the OIDC provider of ${provider} in account ${quote(seen)}.`,
        why: 'STS looks for the provider in the role\'s own account: "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://…".',
        fix: `Make an OIDC provider for the issuer in account ${quote(needed)} and trust it: ${smallest ?? "its arn"}.`,
      };
    }
    const { cluster, likely, trusted, issuers, issuer } = data;
    const named = issuers.length > 0 ? ` (${quoteAll(issuers)})` : "";
    const instead = trusted.length > 0 ? `that of ${enumerate(trusted)}${named}` : `that of ${quoteAll(issuers)}`;
    const needed = issuer === undefined ? "" : `, ${quote(issuer)}`;
    if (likely)
      return {
        says: `${capital(enumerate(accounts))} use${several ? "" : "s"} ${role}, which trusts the OIDC provider of ${quoteAll(issuers)} only, but the cluster that this stack makes is ${cluster}${needed}.`,
        fix: `If the pods run on ${cluster}, trust its provider: ${smallest ?? "its arn"}; else give the Kubernetes resources a provider with the kubeconfig of their cluster.`,
      };
    return {
      says: `${capital(enumerate(accounts))} live${several ? "" : "s"} on ${cluster}${needed}, but ${role} trusts another OIDC provider only, ${instead}.`,
      fix: smallest
        ? `Trust the provider of ${cluster}: ${smallest}.`
        : `Build the trust policy from the OIDC provider of ${cluster}, or move the account to ${enumerate(trusted)}.`,
    };
  },
});
