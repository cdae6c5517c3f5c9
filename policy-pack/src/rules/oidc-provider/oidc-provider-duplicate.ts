import { sameAccount } from "../../model/accounts";
import { sameIssuer } from "../../model/read-aws";
import type { OidcProvider } from "../../model/types";
import { capital } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly provider: string;
  readonly first: string;
  readonly issuer: string;
}

export default defineRule<Data>({
  id: "oidc-provider-duplicate",
  link: "oidc-provider",
  severity: "high",
  level: "mandatory",
  summary: "An account has one IAM OIDC provider for each issuer.",
  why: 'IAM refuses the second one: "EntityAlreadyExists: Provider with url … already exists".',
  articleStep: 1,
  references: ["https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html"],
  *check(model) {
    for (const [index, provider] of model.providers.entries()) {
      const earlier = model.providers.slice(0, index);
      const first = earlier.find((other) => isSame(other, provider) === true);
      if (first) {
        yield {
          verdict: "violation",
          at: { urn: provider.urn, path: provider.paths.url },
          related: [{ urn: first.urn, path: first.paths.url }],
          data: { provider: provider.title, first: first.title, issuer: issuerText(provider) },
        };
        continue;
      }
      const doubtful = earlier.find((other) => isSame(other, provider) === undefined);
      if (doubtful) {
        yield {
          verdict: "unverified",
          at: { urn: provider.urn, path: provider.paths.url },
          what: `whether ${provider.title} and ${doubtful.title} are in one account`,
          waitsFor: [provider.urn, doubtful.urn],
        };
      }
    }
  },
  explain: ({ provider, first, issuer }) => ({
    says: `${capital(provider)} is for the issuer ${issuer}, for which this stack already makes ${first}.`,
    fix: `Remove ${provider} and use the arn of ${first} in its place.`,
  }),
});

/** True for one issuer in one account, undefined for one issuer in accounts that may be one, false otherwise. */
function isSame(a: OidcProvider, b: OidcProvider): boolean | undefined {
  return sameUrl(a, b) ? sameAccount(a.scope, b.scope) : false;
}

function sameUrl(a: OidcProvider, b: OidcProvider): boolean {
  if (a.issuer.is === "known" && b.issuer.is === "known") return sameIssuer(a.issuer.value, b.issuer.value);
  return a.cluster.how !== "unresolved" && b.cluster.how !== "unresolved" && a.cluster.to === b.cluster.to;
}

function issuerText(provider: OidcProvider): string {
  if (provider.issuer.is === "known") return `"${provider.issuer.value}"`;
  return provider.cluster.how === "unresolved" ? "of its cluster" : `of ${provider.cluster.to.title}`;
}
