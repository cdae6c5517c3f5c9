/**
 * OIDC issuers as IAM and STS compare them. Shape of EKS issuers: Amazon EKS User Guide, "IAM roles for service accounts";
 * host suffixes of the partitions: the endpoint tables of botocore.
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

/** The partition of a region, or undefined for a region of no known shape. */
function partitionOfRegion(region: string): (typeof PARTITIONS)[number] | undefined {
  return PARTITIONS.find((each) => each.region.test(region));
}

/** Host and path of an issuer: what follows `oidc-provider/` in the provider's ARN and what condition keys begin with. */
export function normaliseIssuer(issuer: string): string {
  return issuer.trim().replace(/^https:\/\//i, "");
}

/** The issuer as the `url` of an IAM OIDC provider. */
export function issuerUrl(issuer: string): string {
  return `https://${normaliseIssuer(issuer)}`;
}

/** The region of a rightly spelt EKS issuer; undefined for every other issuer. */
export function regionOfIssuer(issuer: string): string | undefined {
  return /^oidc\.eks\.([a-z0-9-]+)\.[a-z0-9.-]+\/id\/[0-9A-Za-z]+$/.exec(normaliseIssuer(issuer))?.[1];
}

/** The partition of a rightly spelt EKS issuer; undefined for every other issuer. */
export function partitionOfIssuer(issuer: string): string | undefined {
  const region = regionOfIssuer(issuer);
  return region && partitionOfRegion(region)?.partition;
}

/** What is wrong with an issuer, as a sentence that says what is legal; undefined when it can match the tokens of a cluster. */
export function issuerFlaw(text: string): string | undefined {
  if (/^http:\/\//i.test(text.trim())) return "an issuer begins with https://, never with http://";
  const issuer = normaliseIssuer(text);
  if (issuer === "")
    return "an issuer is needed, for example https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
  if (issuer.startsWith("arn:")) return "an issuer is a URL; give an ARN as oidcProviderArn";
  if (/[\s"'<>\\^`{|}]|\[object|Output</.test(issuer)) return "an issuer is one URL without blanks, quotes or braces";
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(issuer)) return "an issuer begins with https://";
  const [host = "", ...rest] = issuer.split("/");
  if (/[?#]/.test(issuer)) return "an issuer has neither a query nor a fragment";
  if (host.includes(":")) return "an issuer has no port";
  if (!/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host)) return "an issuer begins with a host name";
  return eksFlaw(host, rest);
}

function eksFlaw(host: string, path: readonly string[]): string | undefined {
  const dualStack = /^oidc-eks\.([a-z0-9-]+)\.api\./i.exec(host);
  const tail = path.length > 0 ? `/${path.join("/")}` : "/id/…";
  if (dualStack?.[1]) {
    return `tokens never carry the dual-stack host; the issuer of the same cluster is https://oidc.eks.${dualStack[1]}.${suffixOf(dualStack[1])}${tail}`;
  }
  const swapped = /^oidc\.([a-z0-9-]+)\.eks\.(.+)/i.exec(host);
  if (swapped?.[1] && partitionOfRegion(swapped[1])) {
    return `the words of the host are in the wrong order; write https://oidc.eks.${swapped[1]}.${swapped[2] ?? ""}${tail}`;
  }
  if (!/^oidc\.eks\./i.test(host)) return undefined;
  if (host !== host.toLowerCase())
    return `the host of an EKS issuer is in lower case; write https://${host.toLowerCase()}${tail}`;
  const region = /^oidc\.eks\.([a-z0-9-]+)\.(.+)/.exec(host);
  if (!region?.[1]) return "an EKS issuer is https://oidc.eks.<region>.amazonaws.com/id/<id>";
  const suffix = partitionOfRegion(region[1])?.suffix;
  if (suffix !== undefined && region[2] !== suffix) {
    return `EKS issuers of region ${region[1]} end in ${suffix}; write https://oidc.eks.${region[1]}.${suffix}${tail}`;
  }
  if (path.at(-1) === "" && path.length > 1)
    return `the trailing slash makes it another issuer; write https://${host}/${path.slice(0, -1).join("/")}`;
  if (!/^id\/[0-9A-Za-z]+$/.test(path.join("/"))) {
    return `an EKS issuer ends in /id/<id of the cluster>, for example https://${host}/id/EXAMPLED539D4633E53DE1B71EXAMPLE`;
  }
  return undefined;
}

function suffixOf(region: string): string {
  return partitionOfRegion(region)?.suffix ?? "amazonaws.com";
}
