import rule from "../../../policy-pack/src/rules/workload/workload-sts-endpoint";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, urnOf, urns, wired, type Change } from "../../support/stack";

const env = (...variables: { readonly name: string; readonly value: string }[]): Change => ({
  spec: { template: { spec: { containers: [{ name: "api", image: "example.com/shop/api:1.4.2", env: variables }] } } },
});
const at = { urn: urns.deployment, path: "spec.template.spec.containers[0].env[0]" };
const VPC = urnOf("aws:ec2/vpc:Vpc", "shop");
const endpoint = (service: string) =>
  resource(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    service,
    { vpcId: "vpc-0a1b2c3d", serviceName: `com.amazonaws.eu-west-1.${service}`, vpcEndpointType: "Interface" },
    { from: { vpcId: [VPC] } },
  );
const vpc = resource("aws:ec2/vpc:Vpc", "shop", { cidrBlock: "10.0.0.0/16" });
const redirected = (name: string, host: string) => ({
  at,
  says: `Container "api" of Deployment "shop/api" sets "${name}" to host "${host}", where the SDK then asks for the credentials of role "api-irsa".`,
  fix: `Remove "${name}", or name the one service that is meant, for example "AWS_ENDPOINT_URL_S3".`,
});

export default cases(rule, {
  invalid: [
    {
      name: "the global endpoint",
      covers: ["workload-sts-legacy"],
      stack: wired({ deployment: env({ name: "AWS_STS_REGIONAL_ENDPOINTS", value: "legacy" }) }),
      finds: [
        {
          at,
          says: 'Container "api" of Deployment "shop/api" sets "AWS_STS_REGIONAL_ENDPOINTS" to "legacy", which sends its calls to STS to us-east-1.',
          fix: 'Set AWS_STS_REGIONAL_ENDPOINTS to "regional", or remove it: the webhook of EKS sets it so.',
        },
      ],
    },
    {
      name: "an imitation of AWS, at the first preview",
      covers: ["workload-sts-endpoint-override"],
      stack: firstPreview({
        deployment: env({ name: "AWS_ENDPOINT_URL", value: "http://user:secret@localstack.shop:4566" }),
      }),
      finds: [redirected("AWS_ENDPOINT_URL", "localstack.shop")],
    },
    {
      name: "the STS of another partition",
      covers: ["workload-sts-endpoint-override"],
      stack: wired({
        deployment: env({ name: "AWS_ENDPOINT_URL_STS", value: "https://sts.cn-north-1.amazonaws.com.cn" }),
      }),
      finds: [redirected("AWS_ENDPOINT_URL_STS", "sts.cn-north-1.amazonaws.com.cn")],
    },
    {
      name: "a network without a way out has no endpoint for STS",
      covers: ["platform-sts-unreachable"],
      stack: wired({ plus: [vpc, endpoint("ecr.api"), endpoint("ec2")] }),
      finds: [
        {
          at: { urn: urnOf("aws:ec2/vpcEndpoint:VpcEndpoint", "ecr.api"), path: "" },
          says: 'VpcEndpoint "ecr.api" is for pods of VPC "shop" that have no way out, and there is no endpoint for "sts", where they ask for the credentials of role "api-irsa".',
          fix: 'Add an interface endpoint for com.amazonaws.<region>.sts to VPC "shop", with privateDnsEnabled.',
        },
      ],
    },

    {
      name: "a word that is neither regional nor legacy",
      stack: wired({ deployment: env({ name: "AWS_STS_REGIONAL_ENDPOINTS", value: "true" }) }),
      finds: [
        {
          at,
          says: 'Container "api" of Deployment "shop/api" sets "AWS_STS_REGIONAL_ENDPOINTS" to "true", where SDKs know "regional" and "legacy".',
          fix: 'Set AWS_STS_REGIONAL_ENDPOINTS to "regional", or remove it: the webhook of EKS sets it so.',
        },
      ],
    },
  ],
  valid: [
    {
      name: "the regional endpoint",
      stack: wired({ deployment: env({ name: "AWS_STS_REGIONAL_ENDPOINTS", value: "regional" }) }),
    },
    {
      name: "an endpoint for S3 alone",
      stack: wired({ deployment: env({ name: "AWS_ENDPOINT_URL_S3", value: "http://minio.shop:9000" }) }),
    },
    {
      name: "an interface endpoint for STS by name",
      stack: wired({
        deployment: env({
          name: "AWS_ENDPOINT_URL_STS",
          value: "https://vpce-0a1b-2c3d.sts.eu-west-1.vpce.amazonaws.com",
        }),
      }),
    },
    {
      name: "a closed network with an endpoint for STS",
      stack: wired({ plus: [vpc, endpoint("ecr.api"), endpoint("sts")] }),
    },
    {
      name: "endpoints in a network with a NAT gateway",
      stack: wired({
        plus: [
          vpc,
          endpoint("ecr.api"),
          resource("aws:ec2/natGateway:NatGateway", "shop", { subnetId: "subnet-0a1b2c3d" }),
        ],
      }),
    },
    { name: "a gateway endpoint for S3, as in any network", stack: wired({ plus: [vpc, endpoint("s3")] }) },
  ],
  unverified: none("an environment that is not known is awaited by workload-identity-env"),
});
