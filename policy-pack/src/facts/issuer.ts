import { texts } from "./lists";
/**
 * Issuers. Source of the partitions' host suffixes: the AWS endpoint tables shipped in botocore; of the issuer's shape:
 * Amazon EKS User Guide, "IAM roles for service accounts".
 */
const PARTITIONS: readonly { readonly partition: string; readonly region: RegExp; readonly suffix: string }[] = [
  { partition: "aws-us-gov", region: /^us-gov-[a-z]+-\d+$/, suffix: "amazonaws.com" },
  { partition: "aws-cn", region: /^cn-[a-z]+-\d+$/, suffix: "amazonaws.com.cn" },
  { partition: "aws-iso", region: /^us-iso-[a-z]+-\d+$/, suffix: "c2s.ic.gov" },
  { partition: "aws-iso-b", region: /^us-isob-[a-z]+-\d+$/, suffix: "sc2s.sgov.gov" },
  { partition: "aws-iso-e", region: /^eu-isoe-[a-z]+-\d+$/, suffix: "cloud.adc-e.uk" },
  { partition: "aws-iso-f", region: /^us-isof-[a-z]+-\d+$/, suffix: "csp.hci.ic.gov" },
  { partition: "aws-eusc", region: /^eusc-[a-z]+-[a-z]+-\d+$/, suffix: "amazonaws.eu" },
  { partition: "aws", region: /^[a-z]{2}-[a-z]+-\d+$/, suffix: "amazonaws.com" },
];

/** The partition of a region (`cn-north-1` is `aws-cn`), or undefined for a region of no known shape. */
export function partitionOfRegion(region: string): string | undefined {
  return PARTITIONS.find((each) => each.region.test(region))?.partition;
}

/** The DNS suffix of a partition (`aws-cn` has `amazonaws.com.cn`), or undefined for an unknown partition. */
export function dnsSuffixOf(partition: string): string | undefined {
  return PARTITIONS.find((each) => each.partition === partition)?.suffix;
}

/** The issuer as IAM uses it: no blanks around it and no scheme. The letters' case is kept, since ids are case-sensitive. */
export function normaliseIssuer(text: string): string {
  return text.trim().replace(/^https?:\/\//i, "");
}

/** What an EKS issuer says of its cluster. */
export interface EksIssuer {
  readonly region: string;
  /** The DNS suffix after the region, for example `amazonaws.com`. */
  readonly suffix: string;
  readonly id: string;
}

/** The parts of `oidc.eks.<region>.<suffix>/id/<id>`, scheme or not; undefined for every other issuer, misspelt EKS hosts included. */
export function parseEksIssuer(issuer: string): EksIssuer | undefined {
  const match = /^oidc\.eks\.([a-z0-9-]+)\.([a-z0-9.-]+)\/id\/([0-9A-Za-z]+)$/.exec(normaliseIssuer(issuer));
  if (!match) return undefined;
  const [, region, suffix, id] = texts(match);
  return { region, suffix, id };
}

/**
 * The issuer of the cluster whose API server has this endpoint (`https://<id>.gr7.<region>.eks.amazonaws.com`), which people
 * take for it; undefined for every other text. The id is the same, in upper case.
 */
export function issuerOfEndpoint(text: string): string | undefined {
  const match = /^([0-9A-F]{32})\.[a-z0-9]+\.([a-z0-9-]+)\.eks\.([a-z0-9.-]+?)\/?$/i.exec(
    normaliseIssuer(text.slice(0, 512)),
  );
  const [, id, region, suffix] = texts(match);
  const issuer = `oidc.eks.${region}.${suffix}/id/${id.toUpperCase()}`;
  return match && parseSoundEksIssuer(issuer) ? issuer : undefined;
}

/** True for text of a program that was to be filled in: `${cluster.issuer}` between ordinary quotes. */
export function isUnfilled(text: string): boolean {
  return /\$\{[^{}]{1,512}\}/.test(text.slice(0, 2048));
}

/** Like {@link parseEksIssuer}, but only where the region is one and the host ends as those of its partition do. */
export function parseSoundEksIssuer(issuer: string): EksIssuer | undefined {
  const eks = parseEksIssuer(issuer);
  if (!eks) return undefined;
  const partition = partitionOfRegion(eks.region);
  return partition !== undefined && dnsSuffixOf(partition) === eks.suffix ? eks : undefined;
}

/** The domains of AWS, dual-stack ones and those of the isolated partitions included. Others may name their own issuer `oidc-eks`. */
const AWS_DOMAIN = /(amazonaws\.|amazonwebservices\.|\.aws$|\.ic\.gov$|\.sgov\.gov$|\.adc-e\.uk$)/i;

/** True when the host means an EKS issuer, rightly spelt or not (`oidc.eks.…`, `oidc-eks.….api.aws`, `oidc.<region>.eks.…`). */
export function claimsEks(issuer: string): boolean {
  const host = texts(normaliseIssuer(issuer).split(/[/?#]/, 1))[0].replace(/:\d*$/, "");
  return /[.-]eks[.-]/i.test(host) && /^oidc/i.test(host) && AWS_DOMAIN.test(host);
}
