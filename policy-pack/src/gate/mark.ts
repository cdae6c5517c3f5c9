import { awaitedLinks } from "./awaited";
import type { Chain, ChainLink, ReportFinding, ReportPlace, UnverifiedLine, Verdict } from "./report";
import type { Resources } from "./resources";

const WEIGHT: Readonly<Record<Verdict, number>> = { ok: 0, unverified: 1, advisory: 2, violation: 3 };

/** The chains that a finding is about: those with most of its resources, so that a shared cluster accuses no stranger. */
export function chainsOf(
  places: readonly ReportPlace[],
  chains: readonly Chain[],
  resources: Resources,
): readonly string[] {
  const urns = new Set(places.flatMap(({ urn }) => urn ?? []));
  const scores = chains.map((chain) => scoreOf(chain, urns, resources));
  const best = Math.max(0, ...scores);
  return best === 0 ? [] : chains.filter((_, index) => scores[index] === best).map(({ id }) => id);
}

function scoreOf(chain: Chain, urns: ReadonlySet<string>, resources: Resources): number {
  const own = new Set(
    chain.nodes.flatMap(({ urn }) => (urn === undefined ? [] : [urn, ...bindingAbove(urn, resources)])),
  );
  return [...urns].filter((urn) => own.has(urn)).length;
}

/** The IrsaBinding that a resource is a part of stands for it. */
function bindingAbove(urn: string, resources: Resources): readonly string[] {
  const parent = resources.get(resources.get(urn)?.parent ?? "");
  return parent?.type === "eks-irsa:index:IrsaBinding" ? [parent.urn] : [];
}

/** The chains with the links marked that findings and open questions concern. */
export function markChains(
  chains: readonly Chain[],
  findings: readonly ReportFinding[],
  unverified: readonly UnverifiedLine[],
): readonly Chain[] {
  return chains.map((chain) => {
    const own = findings.filter(({ chains: ids }) => ids.includes(chain.id));
    const open = unverified.filter(({ chains: ids }) => ids.includes(chain.id));
    const waiting = new Set(open.flatMap((line) => openLinks(line, chain)));
    const verdicts = new Map<ChainLink, Verdict>(
      chain.links.map((link) => [link, waiting.has(link) ? "unverified" : "ok"]),
    );
    for (const finding of own) {
      for (const link of linksOf(finding, chain)) {
        verdicts.set(link, worse(verdicts.get(link) ?? "ok", verdictOf(finding)));
      }
    }
    return {
      ...chain,
      links: chain.links.map((link) => ({ ...link, verdict: verdicts.get(link) ?? "ok" })),
      verdict: own.map(verdictOf).reduce(worse, open.length > 0 ? "unverified" : "ok"),
    };
  });
}

/** What a line leaves open; all of the chain where that is none of its links, so that no open chain looks proven. */
function openLinks({ says }: UnverifiedLine, { links }: Chain): readonly ChainLink[] {
  const awaited = awaitedLinks(says);
  // The same substitution as for findings: without a cluster in the picture the trust policy leads to its provider.
  const kinds = new Set(links.map(({ link }) => link));
  const shown = [...(awaited ?? [])].map((link) =>
    link === "oidc-provider" && !kinds.has(link) ? "trust-policy" : link,
  );
  const open = links.filter(({ link }) => shown.includes(link));
  return open.length > 0 ? open : links;
}

function linksOf(finding: ReportFinding, { links }: Chain): readonly ChainLink[] {
  // What another pack says is of the resource, not of a link.
  if (finding.link === "other") return [];
  const urns = [finding.at, ...finding.related].map(({ urn }) => urn);
  const touching = (link: ChainLink) => urns.includes(link.from) || urns.includes(link.to);
  const ofKind = links.filter(({ link }) => link === finding.link);
  const near = ofKind.filter(({ from }) => urns.includes(from));
  if (near.length > 0) return near;
  if (ofKind.length > 0) return ofKind;
  // Without a provider there is no link to its cluster: it is the trust policy that leads nowhere.
  const instead = finding.link === "oidc-provider" ? links.filter(({ link }) => link === "trust-policy") : [];
  return instead.length > 0 ? instead : links.filter(touching).slice(0, 1);
}

function verdictOf({ level }: ReportFinding): Verdict {
  return level === "mandatory" ? "violation" : "advisory";
}

function worse(a: Verdict, b: Verdict): Verdict {
  return WEIGHT[b] > WEIGHT[a] ? b : a;
}
