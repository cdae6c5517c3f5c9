import { issuerFlaw, issuerUrl, normaliseIssuer, partitionOfIssuer, regionOfIssuer } from "../../components/src/issuer";

const ID = "EXAMPLED539D4633E53DE1B71EXAMPLE";

describe("issuers that match tokens", () => {
  it.each([
    `https://oidc.eks.eu-west-1.amazonaws.com/id/${ID}`,
    `oidc.eks.us-gov-west-1.amazonaws.com/id/${ID}`,
    `https://oidc.eks.cn-north-1.amazonaws.com.cn/id/${ID}`,
    `https://oidc.eks.us-iso-east-1.c2s.ic.gov/id/${ID}`,
    "https://my-bucket.s3.eu-west-1.amazonaws.com",
    "https://issuer.example.org/clusters/7/",
    " https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF ",
  ])("%s is legal", (issuer) => {
    expect(issuerFlaw(issuer)).toBeUndefined();
  });
});

describe("issuers that never match tokens", () => {
  it.each([
    ["", /an issuer is needed/],
    [`http://oidc.eks.eu-west-1.amazonaws.com/id/${ID}`, /never with http/],
    [
      `https://oidc.eks.eu-west-1.amazonaws.com/id/${ID}/`,
      new RegExp(`write https://oidc.eks.eu-west-1.amazonaws.com/id/${ID}$`),
    ],
    [
      `https://oidc-eks.eu-west-1.api.aws/id/${ID}`,
      new RegExp(`is https://oidc.eks.eu-west-1.amazonaws.com/id/${ID}$`),
    ],
    [`https://oidc-eks.cn-north-1.api.amazonwebservices.com.cn/id/${ID}`, /oidc\.eks\.cn-north-1\.amazonaws\.com\.cn/],
    [
      `https://oidc.eu-west-1.eks.amazonaws.com/id/${ID}`,
      new RegExp(`write https://oidc.eks.eu-west-1.amazonaws.com/id/${ID}$`),
    ],
    ["https://oidc.eks.eu-west-1.amazonaws.com", /ends in \/id\//],
    [
      "https://oidc.eks.eu-west-1.amazonaws.com/id/",
      /write https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id$|ends in \/id\//,
    ],
    [`https://oidc.eks.eu-west-1.amazonaws.com:443/id/${ID}`, /no port/],
    [`https://oidc.eks.eu-west-1.amazonaws.com/id/${ID}?x=1`, /query/],
    [`https://OIDC.eks.eu-west-1.amazonaws.com/id/${ID}`, /lower case/],
    [`https://oidc.eks.cn-north-1.amazonaws.com/id/${ID}`, /amazonaws\.com\.cn/],
    [`arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/${ID}`, /oidcProviderArn/],
    ["[object Object]", /without blanks, quotes or braces/],
    ["ftp://example.org", /begins with https/],
  ])("%s is refused", (issuer, legal) => {
    expect(issuerFlaw(issuer)).toMatch(legal);
  });
});

it("keeps the path as it is and drops only scheme and blanks", () => {
  expect(normaliseIssuer(` HTTPS://oidc.eks.eu-west-1.amazonaws.com/id/${ID} `)).toBe(
    `oidc.eks.eu-west-1.amazonaws.com/id/${ID}`,
  );
  expect(issuerUrl("issuer.example.org/a/")).toBe("https://issuer.example.org/a/");
});

it("reads region and partition of EKS issuers only", () => {
  expect(regionOfIssuer(`https://oidc.eks.cn-north-1.amazonaws.com.cn/id/${ID}`)).toBe("cn-north-1");
  expect(partitionOfIssuer(`oidc.eks.cn-north-1.amazonaws.com.cn/id/${ID}`)).toBe("aws-cn");
  expect(regionOfIssuer("https://issuer.example.org/eu-west-1")).toBeUndefined();
});
