import { parseEksIssuer } from "../../facts/issuer";
import { capital, leaveThumbprintsOut, quote } from "../../facts/words";
import { servesPods } from "../../model/provider-use";
import { defineRule } from "../rule";

interface Data {
  readonly provider: string;
  readonly key: string;
  /** True for EKS issuers, which need no thumbprint. */
  readonly eks: boolean;
  readonly seen: string | number;
}

const MOST = 5;

export default defineRule<Data>({
  id: "oidc-provider-thumbprint-invalid",
  link: "oidc-provider",
  severity: "medium",
  level: "mandatory",
  summary: "Thumbprints are at most five SHA-1 fingerprints of 40 hexadecimal digits, without colons.",
  why: 'The provider is refused at creation: "expected length of thumbprint_list.0 to be in the range (40 - 40)", or IAM answers "ValidationError".',
  articleStep: 11,
  references: ["https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateOpenIDConnectProviderThumbprint.html"],
  *check(model) {
    for (const provider of model.providers) {
      if (provider.thumbprints.is !== "known" || !servesPods(provider, model)) continue;
      const key = provider.paths.thumbprints;
      const eks =
        provider.wiredClusters.length > 0 ||
        (provider.issuer.is === "known" && parseEksIssuer(provider.issuer.value) !== undefined);
      const { value: leaves } = provider.thumbprints;
      if (leaves.length > MOST) {
        const data = { provider: provider.title, key, eks, seen: leaves.length };
        yield { verdict: "violation", at: { urn: provider.urn, path: key }, related: [], data };
      }
      for (const leaf of leaves) {
        if (leaf.value.is !== "known" || /^[0-9a-f]{40}$/i.test(leaf.value.value)) continue;
        const data = { provider: provider.title, key, eks, seen: leaf.value.value };
        yield { verdict: "violation", at: { urn: provider.urn, path: leaf.path }, related: [], data };
      }
    }
  },
  explain: ({ provider, key, eks, seen }) => {
    if (typeof seen === "number")
      return {
        says: `${capital(provider)} has ${seen} thumbprints, and IAM takes at most ${MOST}.`,
        why: 'IAM refuses the provider: "LimitExceeded".',
        fix: eks ? leaveThumbprintsOut(key) : `Keep at most ${MOST} entries in ${key}.`,
      };
    const bare = seen.replace(/[\s:]/g, "");
    const right = /^[0-9a-f]{40}$/i.test(bare) ? bare.toLowerCase() : undefined;
    return {
      says: `${capital(provider)} has the thumbprint ${quote(seen)}, ${faultOf(seen, bare)}.`,
      fix: eks
        ? leaveThumbprintsOut(key)
        : right
          ? `Write ${quote(right)}.`
          : `Write the SHA-1 fingerprint of the top certificate of the issuer's chain as 40 hexadecimal digits.`,
    };
  },
});

function faultOf(seen: string, bare: string): string {
  if (seen === "") return "which is empty; it must have 40 hexadecimal digits";
  if (!/^[0-9a-f]*$/i.test(bare)) return "which is not 40 hexadecimal digits";
  if (bare.length === 64) return "which is a SHA-256 fingerprint; IAM wants SHA-1, 40 hexadecimal digits";
  if (bare.length === 40) return "which has separators; IAM wants the 40 hexadecimal digits alone";
  return `which has ${bare.length} hexadecimal digits instead of 40`;
}
