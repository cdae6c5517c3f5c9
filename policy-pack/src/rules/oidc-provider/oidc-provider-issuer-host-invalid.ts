import { texts } from "../../facts/lists";
import { claimsEks, dnsSuffixOf, normaliseIssuer, partitionOfRegion } from "../../facts/issuer";
import { capital, quote } from "../../facts/words";
import type { Cluster, IrsaModel, OidcProvider } from "../../model/types";
import { defineRule, type Level } from "../rule";

interface HostFault {
  readonly fault: string;
  /** The host to write; undefined when the region cannot be read from the wrong one. */
  readonly needed: string | undefined;
  readonly level: Level;
}

interface Data extends HostFault {
  readonly provider: string;
  readonly host: string;
  readonly path: string;
}

export default defineRule<Data>({
  id: "oidc-provider-issuer-host-invalid",
  link: "oidc-provider",
  severity: "high",
  level: "mandatory",
  summary: "The host of an EKS issuer is oidc.eks.<region>.<suffix>, also for dual-stack clusters.",
  why: 'The tokens keep the issuer that DescribeCluster returns, so STS refuses them: "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://oidc.eks.…".',
  articleStep: 1,
  decidesEarly: true,
  references: [
    "https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3428",
    "https://github.com/aws/amazon-eks-pod-identity-webhook/issues/30",
  ],
  *check(model) {
    for (const provider of model.providers) {
      if (provider.issuer.is !== "known") continue;
      const issuer = normaliseIssuer(provider.issuer.value);
      const [, host, path] = texts(/^([^/:?#]*)(.*)$/s.exec(issuer));
      const fault = claimsEks(host) ? faultOf(host) : undefined;
      if (!fault || (provider.cluster.how === "by value" && provider.cluster.to.declared)) continue;
      const at = { urn: provider.urn, path: provider.paths.url };
      const silent = mayReport(provider, model);
      if (silent) {
        yield { verdict: "unverified", at, what: `the issuer of ${silent.title}`, waitsFor: silent.urns };
        continue;
      }
      yield {
        verdict: "violation",
        at,
        related: [],
        level: fault.level,
        data: { ...fault, provider: provider.title, host, path },
      };
    }
  },
  explain: ({ provider, host, path, fault, needed }) => ({
    says: `${capital(provider)} is for the issuer host ${quote(host)}, ${fault}.`,
    fix: needed
      ? `Set url to ${quote(`https://${needed}${path}`)}.`
      : "Set url to the issuer of the cluster: cluster.identities[0].oidcs[0].issuer.",
  }),
});

/**
 * A cluster that may turn out to have this very issuer: then EKS itself says so. The issuer of a cluster that is yet to be
 * made is none that a program can write out.
 */
function mayReport({ wiredClusters }: OidcProvider, { clusters }: IrsaModel): Cluster | undefined {
  return clusters.find((each) => each.issuer.is === "unknown" && (!each.isNew || wiredClusters.includes(each)));
}

function faultOf(host: string): HostFault | undefined {
  const dual = /^oidc[.-]eks\.([a-z0-9-]+)\.(api\.aws|api\.amazonwebservices\.[a-z.]+|api\.[a-z0-9.-]+)$/.exec(host);
  if (dual) return fault("the dual-stack endpoint, which is not the issuer in the tokens", texts(dual)[1]);
  const swapped = /^oidc\.([a-z0-9-]+)\.eks\.(.+)$/.exec(host);
  if (swapped) return fault("in which region and eks have changed places", texts(swapped)[1]);
  const right = /^oidc\.eks\.([a-z0-9-]+)\.(.+)$/.exec(host);
  const [, region, suffix] = texts(right);
  if (!/-\d+$/.test(region)) return fault("which is not of the form oidc.eks.<region>.<suffix>", "");
  const partition = partitionOfRegion(region);
  const expected = partition === undefined ? undefined : dnsSuffixOf(partition);
  if (expected === undefined || suffix === expected) return undefined;
  // The suffixes of the isolated and sovereign partitions are inferred, not documented.
  const documented = partition === "aws" || partition === "aws-cn";
  return fault(`but hosts of ${region} end in ${quote(expected)}`, region, documented ? "mandatory" : "advisory");
}

function fault(text: string, region: string, level: Level = "mandatory"): HostFault {
  const partition = partitionOfRegion(region);
  const suffix = partition === undefined ? undefined : dnsSuffixOf(partition);
  return { fault: text, needed: suffix === undefined ? undefined : `oidc.eks.${region}.${suffix}`, level };
}
