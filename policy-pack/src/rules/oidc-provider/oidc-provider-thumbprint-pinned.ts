import { texts } from "../../facts/lists";
import { capital, leaveThumbprintsOut, quote, quoteAll } from "../../facts/words";
import { claimsEks } from "../../facts/issuer";
import { servesPods } from "../../model/provider-use";
import type { OidcProvider } from "../../model/types";
import { defineRule, type Place, type Violation } from "../rule";

interface Data {
  readonly provider: string;
  readonly key: string;
  readonly kind: "placeholder" | "foreign" | "kept";
  readonly seen: readonly string[];
  /** Whose certificate it is. */
  readonly owner: string | undefined;
  readonly eks: boolean;
}

/** Thumbprints that tutorials for other issuers print, and that are copied with the rest of the program. */
const FOREIGN: Readonly<Record<string, string>> = {
  "6938fd4d98bab03faadb97b34396831e3780aea1": "GitHub",
  "1c58a3a8518e8759bf075b76b750d4f2df264fcd": "GitHub",
  b3dd7606d2b5a8b4a13771dbecc9ee1cecafa38a: "GitLab",
};

export default defineRule<Data>({
  id: "oidc-provider-thumbprint-pinned",
  link: "oidc-provider",
  severity: "low",
  level: "advisory",
  summary: "A thumbprint is that of the issuer's own certificate authority, or is left out.",
  why: "IAM trusts EKS issuers by its own list of authorities. For an issuer outside that list a wrong thumbprint ends in \"InvalidIdentityToken: OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint\".",
  articleStep: 11,
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html",
  ],
  *check(model) {
    for (const provider of model.providers) {
      const { thumbprints, keptThumbprints: kept, paths } = provider;
      if (thumbprints.is !== "known" || provider.madeBy !== undefined || !servesPods(provider, model)) continue;
      for (const { path, value } of thumbprints.value) {
        if (value.is !== "known" || !/^[0-9a-f]{40}$/i.test(value.value)) continue;
        const owner = FOREIGN[value.value.toLowerCase()];
        const kind = owner ? "foreign" : isPlaceholder(value.value) ? "placeholder" : undefined;
        if (kind) yield violation(provider, { urn: provider.urn, path }, kind, [value.value], owner);
      }
      if (thumbprints.value.length === 0 && kept.is === "known" && kept.value.length > 0)
        yield violation(provider, { urn: provider.urn, path: paths.thumbprints }, "kept", kept.value, undefined);
    }
  },
  explain: ({ provider, key, kind, seen, owner, eks }) => {
    const drop = eks
      ? leaveThumbprintsOut(key)
      : "Write the SHA-1 fingerprint of the top certificate of the issuer's chain.";
    switch (kind) {
      case "placeholder":
        return {
          says: `${capital(provider)} has the thumbprint ${quoteAll(seen)}, which is a placeholder and no certificate's.`,
          fix: drop,
        };
      case "foreign":
        return {
          says: `${capital(provider)} has the thumbprint ${quoteAll(seen)}, which is that of ${owner ?? "another issuer"} and not of this issuer.`,
          fix: drop,
        };
      case "kept":
        return {
          says: `${capital(provider)} has an empty ${key}, but IAM keeps the thumbprint ${quoteAll(seen)}.`,
          why: "IAM takes no empty list in an update, so the old thumbprints stay.",
          fix: `Leave ${key} out; to be rid of ${quote(texts(seen)[0])}, replace the provider.`,
        };
    }
  },
});

function violation(
  provider: OidcProvider,
  at: Place,
  kind: Data["kind"],
  seen: readonly string[],
  owner: string | undefined,
): Violation<Data> {
  const { issuer, wiredClusters, title, paths } = provider;
  const eks = wiredClusters.length > 0 || (issuer.is === "known" && claimsEks(issuer.value));
  return {
    verdict: "violation",
    at,
    related: [],
    data: { provider: title, key: paths.thumbprints, kind, seen, owner, eks },
  };
}

function isPlaceholder(thumbprint: string): boolean {
  return (
    new Set(thumbprint).size <= 2 || /^(?:1234567890|0123456789|0123456789abcdef|deadbeef|abcdef)+/i.test(thumbprint)
  );
}
