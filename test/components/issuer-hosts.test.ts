/** Hosts and paths of EKS issuers, both sides of every limit of their shape, with the whole sentence of what is wrong. */
import { issuerFlaw, normaliseIssuer, partitionOfIssuer, regionOfIssuer } from "../../components/src/issuer";

const ID = "EXAMPLED539D4633E53DE1B71EXAMPLE";

/** Partition, regions of it, and the suffix of its issuers. */
const PARTITIONS: readonly (readonly [string, readonly string[], string])[] = [
  ["aws", ["eu-west-1", "us-east-10"], "amazonaws.com"],
  ["aws-us-gov", ["us-gov-west-1", "us-gov-east-12"], "amazonaws.com"],
  ["aws-cn", ["cn-north-1", "cn-northwest-10"], "amazonaws.com.cn"],
  ["aws-iso", ["us-iso-east-1", "us-iso-west-10"], "c2s.ic.gov"],
  ["aws-iso-b", ["us-isob-east-1", "us-isob-west-10"], "sc2s.sgov.gov"],
  ["aws-iso-e", ["eu-isoe-west-1", "eu-isoe-west-10"], "cloud.adc-e.uk"],
  ["aws-iso-f", ["us-isof-south-1", "us-isof-east-10"], "csp.hci.ic.gov"],
  ["aws-eusc", ["eusc-de-east-1", "eusc-de-east-10"], "amazonaws.eu"],
];
const REGIONS = PARTITIONS.flatMap(([partition, regions, suffix]) =>
  regions.map((region) => [region, partition, suffix] as const),
);

describe.each(REGIONS)("the region %s", (region, partition, suffix) => {
  const issuer = `oidc.eks.${region}.${suffix}/id/${ID}`;

  it("is of its partition, and no longer or shorter text is", () => {
    expect(regionOfIssuer(issuer)).toBe(region);
    expect(partitionOfIssuer(issuer)).toBe(partition);
    for (const near of [`x${region}`, `${region}x`, region.replace(/\d+$/, ""), region.replace(/\d+$/, "x")]) {
      expect(partitionOfIssuer(`oidc.eks.${near}.${suffix}/id/${ID}`)).toBeUndefined();
    }
  });

  it("has issuers of one suffix only", () => {
    expect(issuerFlaw(`https://${issuer}`)).toBeUndefined();
    expect(issuerFlaw(`https://oidc.eks.${region}.example.org/id/${ID}`)).toBe(
      `EKS issuers of region ${region} end in ${suffix}; write https://${issuer}`,
    );
  });

  it("is read from a dual-stack host and from words in the wrong order", () => {
    expect(issuerFlaw(`https://oidc-eks.${region}.api.aws/id/${ID}`)).toBe(
      `tokens never carry the dual-stack host; the issuer of the same cluster is https://${issuer}`,
    );
    expect(issuerFlaw(`https://oidc.${region}.eks.${suffix}/id/${ID}`)).toBe(
      `the words of the host are in the wrong order; write https://${issuer}`,
    );
  });
});

const HOST = "oidc.eks.eu-west-1.amazonaws.com";
const PATH = `an EKS issuer ends in /id/<id of the cluster>, for example https://${HOST}/id/${ID}`;
const NEEDED = `an issuer is needed, for example https://${HOST}/id/${ID}`;
const HOST_NAME = "an issuer begins with a host name";
const ONE_URL = "an issuer is one URL without blanks, quotes or braces";
const HTTPS = "an issuer begins with https://";
const NO_QUERY = "an issuer has neither a query nor a fragment";
const WORDS = "an EKS issuer is https://oidc.eks.<region>.amazonaws.com/id/<id>";

describe("what is wrong with an issuer", () => {
  it.each([
    ["  ", NEEDED],
    ["https://", NEEDED],
    [" http://issuer.example.org", "an issuer begins with https://, never with http://"],
    ["arn:aws:iam::111122223333:oidc-provider/x", "an issuer is a URL; give an ARN as oidcProviderArn"],
    ["issuer example.org", ONE_URL],
    ['issuer.example.org"', ONE_URL],
    ["Output<T>", ONE_URL],
    ["issuer.example.org/{id}", ONE_URL],
    ["ftp://issuer.example.org", HTTPS],
    ["s3+x.y-1://issuer.example.org", HTTPS],
    ["issuer.example.org?a=b", NO_QUERY],
    ["issuer.example.org/a#b", NO_QUERY],
    ["issuer.example.org:443/a", "an issuer has no port"],
    ["/id/1", HOST_NAME],
    ["-issuer.example.org", HOST_NAME],
    ["issuer.example.org-/a", HOST_NAME],
    ["issuer_1.example.org", HOST_NAME],
    [
      "oidc-eks.mars-1.api.aws",
      "tokens never carry the dual-stack host; the issuer of the same cluster is https://oidc.eks.mars-1.amazonaws.com/id/…",
    ],
    [
      `OIDC.EKS.eu-west-1.Amazonaws.com/id/${ID}`,
      `the host of an EKS issuer is in lower case; write https://${HOST}/id/${ID}`,
    ],
    ["oidc.eks.x", WORDS],
    [`oidc.eks..oidc.eks.eu-west-1.amazonaws.com/id/${ID}`, WORDS],
    [`${HOST}/id/${ID}/`, `the trailing slash makes it another issuer; write https://${HOST}/id/${ID}`],
    [HOST, PATH],
    [`${HOST}/`, PATH],
    [`${HOST}/ID/${ID}`, PATH],
    [`${HOST}/x/id/${ID}`, PATH],
    [`${HOST}/id/${ID}/x`, PATH],
    [`${HOST}/id/-${ID}`, PATH],
    [`${HOST}/id/${ID}-`, PATH],
  ])("%j", (issuer, flaw) => {
    expect(issuerFlaw(issuer)).toBe(flaw);
  });

  it.each([
    "a",
    "https://issuer.example.org/http://inner",
    "issuer.example.org/a://b",
    `https://xoidc-eks.eu-west-1.api.aws/id/${ID}`,
    `https://xoidc.eu-west-1.eks.amazonaws.com/id/${ID}`,
    "https://oidc.mars-1.eks.example.org",
    "https://my.oidc.eks.example.org/x",
    `https://oidc.eks.mars-1.example.org/id/${ID}`,
    `${HOST}/id/a`,
  ])("nothing with %s", (issuer) => {
    expect(issuerFlaw(issuer)).toBeUndefined();
  });
});

it("takes a scheme from the beginning of an issuer only", () => {
  expect(normaliseIssuer("issuer.example.org/https://inner")).toBe("issuer.example.org/https://inner");
});

it.each([`x${HOST}/id/${ID}`, `${HOST}/id/${ID}/`, `${HOST}/id/${ID}-`, `${HOST}/id/`, `${HOST}/ID/${ID}`])(
  "reads no region from %s",
  (issuer) => {
    expect(regionOfIssuer(issuer)).toBeUndefined();
    expect(partitionOfIssuer(issuer)).toBeUndefined();
  },
);
