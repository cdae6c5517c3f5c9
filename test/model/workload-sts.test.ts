import { closedVpcs, hostOf, ownerOfHost } from "../../policy-pack/src/model/workload-sts";
import { buildModel } from "../../policy-pack/src/model/build";
import type { SnapshotResource } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, UNKNOWN, urnOf, wired } from "../support/stack";
import { namesOf } from "../support/pods";

const VPC = urnOf("aws:ec2/vpc:Vpc", "main");
const SECOND_VPC = urnOf("aws:ec2/vpc:Vpc", "second");
const NATIVE_VPC = urnOf("aws-native:ec2:VPC", "native");
const SUBNET = urnOf("aws:ec2/subnet:Subnet", "main");

/** An endpoint for this service in the VPCs that its id came from. */
function endpoint(
  service: Value,
  from: readonly string[] = [VPC],
  type = "aws:ec2/vpcEndpoint:VpcEndpoint",
): SnapshotResource {
  const serviceName = typeof service === "string" ? `com.amazonaws.eu-west-1.${service}` : service;
  const name = typeof service === "string" ? service : "later";
  return resource(type, `${name}-${String(from.length)}`, { serviceName, vpcId: "vpc-1" }, { from: { vpcId: from } });
}
const vpcs = [VPC, SECOND_VPC, NATIVE_VPC, SUBNET].map((urn) => {
  const [, , type = "", name = ""] = urn.split("::");
  return resource(type, name, { cidrBlock: "10.0.0.0/16" });
});
const gateway = (type: string): SnapshotResource => resource(type, "out", { vpcId: "vpc-1" });

/** `main by ecr.api`, for each VPC without a way to STS. */
function closed(...plus: readonly SnapshotResource[]): readonly string[] {
  return closedVpcs(buildModel(wired({ plus: [...vpcs, ...plus] }))).map(
    ({ vpc, endpoint: by }) => `${namesOf([vpc])} by ${by.title.replace(/^.*"(.*)-\d"$/, "$1")}`,
  );
}

describe("a VPC in which pods do not reach STS", () => {
  test.each<[string, readonly SnapshotResource[], readonly string[]]>([
    ["has an endpoint for images and none for STS", [endpoint("ecr.api")], ["main by ecr.api"]],
    ["has the other endpoint for images", [endpoint("ecr.dkr")], ["main by ecr.dkr"]],
    ["has both, and one for S3", [endpoint("ecr.api"), endpoint("ecr.dkr"), endpoint("s3")], ["main by ecr.api"]],
    ["is none with an endpoint for STS", [endpoint("ecr.api"), endpoint("sts")], []],
    ["is none with a FIPS endpoint for STS", [endpoint("ecr.api"), endpoint("sts-fips")], []],
    [
      "is one with an endpoint for something that is called alike",
      [endpoint("ecr.api"), endpoint("sts-proxy")],
      ["main by ecr.api"],
    ],
    ["is none with an endpoint for a registry of another kind", [endpoint("ecr.api-public")], []],
    ["is none without an endpoint for images", [endpoint("s3")], []],
    ["is none without endpoints", [], []],
    ["is none while the service of an endpoint is not known", [endpoint("ecr.api"), endpoint(UNKNOWN)], []],
    ["is none where an endpoint says no service", [endpoint("ecr.api"), endpoint(null)], []],
    ["is none with a NAT gateway", [endpoint("ecr.api"), gateway("aws:ec2/natGateway:NatGateway")], []],
    ["is none with a NAT gateway of aws-native", [endpoint("ecr.api"), gateway("aws-native:ec2:NatGateway")], []],
    [
      "is none with an attachment to a transit gateway",
      [endpoint("ecr.api"), gateway("aws:ec2transitgateway/vpcAttachment:VpcAttachment")],
      [],
    ],
    [
      "may be one of aws-native",
      [endpoint("ecr.api", [NATIVE_VPC], "aws-native:ec2:VpcEndpoint")],
      ["native by ecr.api"],
    ],
    ["is none that another stack makes", [endpoint("ecr.api", [])], []],
    ["is none of which only a subnet is known", [endpoint("ecr.api", [SUBNET])], []],
    ["is found among what the id came from", [endpoint("ecr.api", [SUBNET, VPC])], ["main by ecr.api"]],
    [
      "is one where the endpoint for STS is in another",
      [endpoint("ecr.api"), endpoint("sts", [SECOND_VPC])],
      ["main by ecr.api"],
    ],
    ["is none where the endpoint for STS may be in it", [endpoint("ecr.api"), endpoint("sts", [])], []],
    [
      "is one where only the endpoint for images of another is in it",
      [endpoint("ecr.api", [SECOND_VPC]), endpoint("s3")],
      ["second by ecr.api"],
    ],
    [
      "is none by resources that are no endpoints",
      [
        endpoint("ecr.api"),
        resource("aws:eks/identityProviderConfig:IdentityProviderConfig", "idp", { clusterName: "shop" }),
      ],
      ["main by ecr.api"],
    ],
  ])("%s", (_, plus, expected) => {
    expect(closed(...plus)).toEqual(expected);
  });
});

describe("the host of an endpoint's URL", () => {
  test.each<[string, string, string | undefined]>([
    ["stands behind the scheme", "https://sts.amazonaws.com", "sts.amazonaws.com"],
    ["stands behind any scheme of the web", "http://minio", "minio"],
    ["ends before port and path", "http://minio:9000/bucket", "minio"],
    ["ends before a question", "https://minio?x=1", "minio"],
    ["is in small letters", "HTTPS://MinIO.shop.svc", "minio.shop.svc"],
    ["has no blanks around it", "  https://minio ", "minio"],
    ["is told without the password before it", "https://user:hush@minio/", "minio"],
    ["is none without a scheme", "minio:9000", undefined],
    ["is none of a URL within another text", "see https://minio", undefined],
    ["is none of an empty text", "", undefined],
    ["is none without a host", "https:///path", undefined],
  ])("%s", (_, url, expected) => {
    expect(hostOf(url)).toBe(expected);
  });
});

test.each<[string, string]>([
  ["sts.cn-north-1.amazonaws.com.cn", "aws-cn"],
  ["sts.cn-north-1.api.amazonwebservices.com.cn", "aws-cn"],
  ["sts.eu-west-1.amazonaws.com", "aws"],
  ["sts.eu-west-1.api.aws", "aws"],
  ["sts.eusc-de-east-1.amazonaws.eu", "aws"],
  ["sts.eusc-de-east-1.api.amazonwebservices.eu", "aws"],
  ["sts.us-iso-east-1.c2s.ic.gov", "aws"],
  ["sts.us-isob-east-1.sc2s.sgov.gov", "aws"],
  ["sts.eu-isoe-west-1.cloud.adc-e.uk", "aws"],
  ["minio.shop.svc", "other"],
  ["amazonaws.com", "other"],
  ["sts.amazonaws.com.cn.example.com", "other"],
  ["sts.amazonaws.com.example.com", "other"],
  ["notamazonaws.com", "other"],
])("the host %s is that of %s", (host, expected) => {
  expect(ownerOfHost(host)).toBe(expected);
});
