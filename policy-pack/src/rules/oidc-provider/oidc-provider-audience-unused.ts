import { listIn } from "../../facts/lists";
import { isKnownAs, knownValueOr } from "../../facts/fact";
import { capital, quote, quoteAll } from "../../facts/words";
import { audienceConditions } from "../../iam/trust-statements";
import { bindingsThrough } from "../../model/provider-use";
import type { IrsaModel, OidcProvider } from "../../model/types";
import { defineRule } from "../rule";

interface Data {
  readonly provider: string;
  readonly seen: string;
  readonly used: readonly string[];
  readonly key: string;
}

export default defineRule<Data>({
  id: "oidc-provider-audience-unused",
  link: "oidc-provider",
  severity: "low",
  level: "advisory",
  summary: "An IAM OIDC provider lists no audience that nobody here uses.",
  why: "Every token of the cluster that is made for a listed audience can be traded for a role that does not ask for its audience; tokens for other services should not.",
  articleStep: 10,
  references: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html"],
  *check(model) {
    for (const provider of model.providers) {
      const ids = knownValueOr(provider.clientIds, []);
      const users = bindingsThrough(provider, model);
      const used = usedAudiences(provider, model);
      const listed = ids.some(({ value }) => isKnownAs(value, model.config.audience));
      // Without accounts here nobody can say what is used; without the usual audience oidc-provider-audience-missing speaks.
      if (users.length === 0 || used === undefined || !listed) continue;
      for (const { path, value } of ids) {
        if (value.is !== "known" || used.has(value.value)) continue;
        const data = {
          provider: provider.title,
          seen: value.value,
          used: [...used].sort(),
          key: provider.paths.clientIds,
        };
        yield { verdict: "violation", at: { urn: provider.urn, path }, related: [], data };
      }
    }
  },
  explain: ({ provider, seen, used, key }) => ({
    says: `${capital(provider)} takes tokens for the audience ${quote(seen)}, but the tokens here are for ${quoteAll(used)}.`,
    fix: `Remove ${quote(seen)} from ${key}.`,
  }),
});

/** The audiences that accounts, projected tokens and trust policies of the stack name; undefined while one is not known. */
function usedAudiences(provider: OidcProvider, model: IrsaModel): ReadonlySet<string> | undefined {
  const volumes = model.workloads.map(({ pod }) => pod.volumes);
  const tokens = volumes.flatMap((each) => knownValueOr(each, []).map((volume) => volume.tokens));
  if ([...volumes, ...tokens].some((each) => each.is === "unknown")) return undefined;
  const facts = [
    ...model.serviceAccounts.map(({ audience }) => audience),
    ...tokens.flatMap((each) => knownValueOr(each, []).map(({ audience }) => audience)),
  ];
  const used = new Set([model.config.audience]);
  for (const fact of facts) {
    if (fact.is === "unknown") return undefined;
    if (fact.is === "known") used.add(fact.value);
  }
  for (const role of listIn(model.rolesByProvider, provider)) {
    if (role.trust.is !== "known" || provider.issuer.is !== "known") return undefined;
    for (const statement of role.trust.value.statements) {
      const { conditions, complete } = audienceConditions(statement, provider.issuer.value);
      if (!complete) return undefined;
      for (const { values } of conditions) {
        if (values.is !== "known") return undefined;
        if (values.value.some(({ value }) => value.is === "unknown")) return undefined;
        for (const { value } of values.value) if (value.is === "known") used.add(value.value);
      }
    }
  }
  return used;
}
