import { knownValue } from "../../facts/fact";
import { parseSoundEksIssuer } from "../../facts/issuer";
import { capital, quote } from "../../facts/words";
import { bindingsThrough, likelyCluster, meantCluster } from "../../model/provider-use";
import { defineRule, type Place } from "../rule";

interface Data {
  readonly provider: string;
  readonly cluster: string;
  readonly seen: string;
  /** The cluster's issuer; undefined where only its region is known. */
  readonly needed: string | undefined;
  readonly region: string | undefined;
  /** The account whose pods come through this provider; undefined where the url itself, or nothing else, tells the cluster. */
  readonly user: string | undefined;
  readonly certain: boolean;
}

export default defineRule<Data>({
  id: "oidc-provider-issuer-mismatch",
  link: "oidc-provider",
  severity: "high",
  level: "mandatory",
  summary: "An IAM OIDC provider that is meant for a cluster carries that cluster's issuer, id and region included.",
  why: 'A cluster that was made anew has a new issuer. STS finds no provider for the tokens: "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://…".',
  articleStep: 1,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html"],
  *check(model) {
    for (const provider of model.providers) {
      const issuer = provider.issuer.is === "known" ? parseSoundEksIssuer(provider.issuer.value) : undefined;
      if (provider.issuer.is !== "known" || !issuer) continue;
      // A scheme that stands twice is reported by oidc-provider-url-invalid.
      if (provider.issuer.value.includes("://")) continue;
      const at = { urn: provider.urn, path: provider.paths.url };
      const evident = meantCluster(provider, model);
      const cluster = evident ?? likelyCluster(provider, model);
      if (!cluster) continue;
      const { region } = cluster.scope;
      const otherRegion = region.is === "known" && region.value !== issuer.region;
      if (cluster.issuer.is !== "known" && !otherRegion) {
        const waitsFor = cluster.issuer.is === "unknown" ? cluster.issuer.waitsFor : [];
        yield { verdict: "unverified", at, what: `the issuer of ${cluster.title}`, waitsFor };
        continue;
      }
      const needed = knownValue(cluster.issuer);
      // An id in the wrong case is reported by oidc-provider-url-invalid.
      if (needed?.toLowerCase() === provider.issuer.value.toLowerCase()) continue;
      const user = provider.wiredClusters.length > 0 ? undefined : bindingsThrough(provider, model)[0]?.serviceAccount;
      const related: Place[] = [{ urn: cluster.urn, path: "" }];
      if (user && user.urn !== "") related.push({ urn: user.urn, path: user.root });
      yield {
        verdict: "violation",
        at,
        related: related.filter((place) => place.urn !== ""),
        level: evident ? "mandatory" : "advisory",
        data: {
          provider: provider.title,
          cluster: cluster.title,
          seen: provider.issuer.value,
          needed,
          region: otherRegion ? region.value : undefined,
          user: user?.title,
          certain: evident !== undefined,
        },
      };
    }
  },
  explain: ({ provider, cluster, seen, needed, region, user, certain }) => {
    const meant = user
      ? `${user} uses it from ${cluster}`
      : certain
        ? `its url comes from ${cluster}`
        : `this stack makes ${cluster}`;
    const issuer = needed ? `whose issuer is ${quote(needed)}` : `which is in ${quote(region ?? "another region")}`;
    return {
      says: `${capital(provider)} is for the issuer ${quote(seen)}, but ${meant}, ${issuer}.`,
      fix: needed
        ? `Set url to the issuer of ${cluster}: cluster.identities[0].oidcs[0].issuer, now ${quote(`https://${needed}`)}.`
        : `Set url to the issuer of ${cluster}: cluster.identities[0].oidcs[0].issuer.`,
    };
  },
});
