import type { Link } from "../rules/rule";

/** The phrases by which rules say what they wait for, and the link of the chain that hangs on it. */
const PHRASES: readonly (readonly [RegExp, Link])[] = [
  [
    /^(the (account that .* runs as|environment of |audience of the token volume of )|where .* has its token from$)/,
    "workload",
  ],
  [/^the (audience of |role of |role ".*", which this stack does not make$)|^which add-on /, "service-account"],
  [/^(the policy ARN of |what the role of .* allows$|whether .* is for )/, "permissions"],
  [/^the (trust policy|name|namespace) of /, "trust-policy"],
  [/^(the (client ids|issuer|url) of |the audiences that |whether )/, "oidc-provider"],
];

/**
 * The links that a line of irsa-unverified leaves open. All others the pack has judged, by value or by the wiring of the
 * program. Undefined when the line does not say it in words that rules use: then every link counts as open.
 */
export function awaitedLinks(says: string): ReadonlySet<Link> | undefined {
  const [, rest] = says.split(" is not verified yet: ", 2);
  const [awaited, after] = rest?.split(/\. (?:Known once|Nothing in this stack) /, 2) ?? [];
  if (awaited === undefined || after === undefined) return undefined;
  const links = awaited.split("; ").map((phrase) => PHRASES.find(([pattern]) => pattern.test(phrase))?.[1]);
  return links.includes(undefined) ? undefined : new Set(links.filter((link) => link !== undefined));
}
