import { texts } from "../../facts/lists";
import { withoutTrailing } from "../../facts/trim";
import { textAt } from "../../facts/fact";
import { claimsEks, issuerOfEndpoint, isUnfilled, normaliseIssuer, parseSoundEksIssuer } from "../../facts/issuer";
import { capital, quote } from "../../facts/words";
import { meantCluster, servesPods } from "../../model/provider-use";
import { awsNoun } from "../../model/tokens";
import type { IrsaModel, OidcProvider } from "../../model/types";
import { defineRule, type Level } from "../rule";

interface Flaw {
  /** What is wrong, as a clause about the url. */
  readonly fault: string;
  /** The url to write; undefined where only the cluster can tell it. */
  readonly needed: string | undefined;
  readonly level: Level;
}

interface Data extends Flaw {
  readonly provider: string;
  readonly url: string;
  readonly key: string;
}

export default defineRule<Data>({
  id: "oidc-provider-url-invalid",
  link: "oidc-provider",
  severity: "high",
  level: "mandatory",
  summary: "The url of an IAM OIDC provider is the cluster's issuer: https, host and id, with nothing after the id.",
  why: 'STS looks the provider up by the exact issuer of the token: "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://…".',
  articleStep: 1,
  decidesEarly: true,
  references: [
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html",
    "https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html",
  ],
  *check(model) {
    for (const provider of model.providers) {
      if (!servesPods(provider, model) && !isSlip(provider, model)) continue;
      const at = { urn: provider.urn, path: provider.paths.url };
      // A url that comes from a cluster is its issuer, which AWS writes right.
      if (provider.url.is === "unknown" && provider.cluster.how === "unresolved") {
        yield { verdict: "unverified", at, what: `the url of ${provider.title}`, waitsFor: provider.url.waitsFor };
      }
      if (provider.url.is !== "known") continue;
      const flaw = flawOf(provider.url.value, provider, model);
      if (!flaw) continue;
      const data = { ...flaw, provider: provider.title, url: provider.url.value, key: provider.paths.url };
      yield { verdict: "violation", at, related: [], level: flaw.level, data };
    }
  },
  mend: (type, inputs) => {
    if (awsNoun(type) !== "oidc-provider") return [];
    const url = textAt(inputs, ["url"]);
    if (url.is !== "known") return [];
    const mended = `https://${withoutTrailing(normaliseIssuer(url.value), "/")}`;
    return mended !== url.value && parseSoundEksIssuer(mended) ? [{ path: ["url"], value: mended }] : [];
  },
  explain: ({ provider, url, fault, needed, key }) => ({
    says: `${capital(provider)} has the url ${quote(url)}, ${fault}.`,
    fix: needed
      ? `Set ${key} to ${quote(needed)}.`
      : `Set ${key} to the issuer of the cluster: cluster.identities[0].oidcs[0].issuer.`,
  }),
});

/** A text that can be no issuer at all, beside a cluster of this stack. */
function isSlip({ url }: OidcProvider, { clusters }: IrsaModel): boolean {
  if (url.is !== "known" || !clusters.some(({ declared }) => declared)) return false;
  return isUnfilled(url.value) || issuerOfEndpoint(url.value) !== undefined;
}

function flawOf(url: string, provider: OidcProvider, model: IrsaModel): Flaw | undefined {
  // The bridged provider trims the url and adds a missing scheme (terraform-provider-aws, normalizeOpenIDURL); CloudFormation does neither.
  const native = provider.paths.clientIds === "clientIdList";
  const [, scheme, rest] = texts(/^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(url.trim()));
  const [, authority, path, tail] = texts(/^([^/?#]*)([^?#]*)(.*)$/s.exec(rest));
  const [, host, port] = texts(/^(.*?)(:\d*)?$/s.exec(authority));
  const eks = claimsEks(host);
  const [, id] = texts(/^\/id\/([^/]+)/.exec(path));
  const slash = path.endsWith("/") && (eks || provider.cluster.how !== "unresolved");
  const mended = `https://${host}${eks && id ? `/id/${id}` : slash ? withoutTrailing(path, "/") : path}`;
  const flaw = (fault: string, level: Level = "mandatory", needed: string | undefined = mended): Flaw => ({
    fault,
    needed: eks && !isId(id) ? undefined : needed,
    level,
  });

  const behindEndpoint = issuerOfEndpoint(url);
  if (behindEndpoint !== undefined)
    return flaw("which is the endpoint of the API server and not the issuer", "mandatory", `https://${behindEndpoint}`);
  if (isUnfilled(url))
    return { fault: "which was not filled in: that needs backticks", needed: undefined, level: "mandatory" };
  if (scheme !== "" && /^https?:\/\//i.test(rest))
    return flaw("which has a scheme twice", "mandatory", `https://${normaliseIssuer(rest)}`);
  if (scheme !== "" && scheme.toLowerCase() !== "https://") return flaw('which does not begin with "https://"');
  if (/\s/.test(rest)) return flaw("which has blanks in it", "mandatory", mended.replace(/\s/g, ""));
  if (url !== url.trim()) return flaw("which has blanks around it", native ? "mandatory" : "advisory");
  if (scheme === "" && native && host !== "") return flaw('which does not begin with "https://"');
  if (port === ":") return flaw("which has a colon after its host and no port; an issuer has neither");
  if (port !== "") return flaw(`which names the port ${quote(port.slice(1))}; an issuer has none`);
  if (tail !== "") return flaw(`which has ${quote(tail)} after the issuer`);
  if (eks && !id) return flaw("which has no cluster id: an EKS issuer ends in /id/ and 32 characters");
  if (eks && !isId(id))
    return flaw(`whose cluster id ${quote(id)} is none: EKS makes 32 upper-case letters and digits`);
  if (slash) return flaw('which ends in "/"; the issuer in the tokens does not');
  if (eks && path !== `/id/${id}`) return flaw(`which has ${quote(path.slice(id.length + 4))} after the cluster's id`);
  return eks ? idFlaw(id, mended, provider, model) : undefined;
}

function isId(text: string): boolean {
  return /^[0-9A-Za-z]+$/.test(text);
}

function idFlaw(id: string, url: string, provider: OidcProvider, model: IrsaModel): Flaw | undefined {
  const upper = url.replace(id, id.toUpperCase());
  const issuers = model.clusters.flatMap(({ issuer }) => (issuer.is === "known" ? [`https://${issuer.value}`] : []));
  if (issuers.includes(url)) return undefined;
  if (id !== id.toUpperCase())
    return {
      fault: "whose cluster id has lower-case letters; EKS writes them in upper case",
      needed: upper,
      level: issuers.includes(upper) ? "mandatory" : "advisory",
    };
  // Where the cluster is known, oidc-provider-issuer-mismatch says which id it should be.
  if (id.length === 32 || meantCluster(provider, model)) return undefined;
  return { fault: `whose cluster id has ${id.length} characters instead of 32`, needed: undefined, level: "advisory" };
}
