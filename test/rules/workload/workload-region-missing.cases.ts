import rule from "../../../policy-pack/src/rules/workload/workload-region-missing";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, trust, UNKNOWN, urns, wired, type Change, type Wiring } from "../../support/stack";

const spec = (env: readonly Value[], image = "example.com/shop/api:1.4.2", more: Change = {}): Change => ({
  spec: { template: { spec: { containers: [{ name: "api", image, env }] }, ...more } },
});
const region = (value: Value) => ({ name: "AWS_REGION", value });
const defaultRegion = (value: string) => ({ name: "AWS_DEFAULT_REGION", value });
const sdk = (text: string): Change => ({ metadata: { annotations: { "eks-irsa.dev/sdk": text } } });

const ISSUER = "oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
const PROVIDER = `arn:aws-cn:iam::111122223333:oidc-provider/${ISSUER}`;
const aws = {
  urn: "urn:pulumi:dev::shop::pulumi:providers:aws::china",
  type: "pulumi:providers:aws",
  name: "china",
  inputs: { region: "cn-north-1" },
};
/** The same chain in China, where every ARN and the issuer have another look. */
const china = (deployment: Change, more: Wiring = {}) =>
  wired({
    cluster: null,
    oidcProvider: null,
    role: null,
    attachment: null,
    serviceAccount: {
      metadata: { annotations: { "eks.amazonaws.com/role-arn": "arn:aws-cn:iam::111122223333:role/api-irsa" } },
    },
    deployment,
    edges: { "serviceAccount.metadata": [ROLE], "deployment.spec": [urns.serviceAccount, ROLE] },
    ...more,
    plus: [
      resource(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "china",
        { url: `https://${ISSUER}`, clientIdLists: ["sts.amazonaws.com"] },
        { provider: aws, outputs: { url: ISSUER, arn: PROVIDER } },
      ),
      resource(
        "aws:iam/role:Role",
        "china",
        { name: "api-irsa", assumeRolePolicy: trust({ issuer: ISSUER, provider: PROVIDER }) },
        { provider: aws, outputs: { arn: "arn:aws-cn:iam::111122223333:role/api-irsa" } },
      ),
      resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "china",
        { role: "api-irsa", policyArn: "arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess" },
        { provider: aws },
      ),
    ],
  });
const ROLE = "urn:pulumi:dev::shop::aws:iam/role:Role::china";
const at = (path: string) => ({ urn: urns.deployment, path: `spec.template.spec.containers[0].${path}` });

export default cases(rule, {
  invalid: [
    {
      name: "in China, neither",
      covers: ["workload-china-region-missing"],
      stack: china({}),
      finds: [
        {
          at: at("env"),
          says: 'Container "api" of Deployment "shop/api" runs in AWS China and sets neither "AWS_DEFAULT_REGION" nor "AWS_REGION", which AWS asks for there.',
          fix: 'Add AWS_DEFAULT_REGION and AWS_REGION to env, with the value "cn-north-1" or "cn-northwest-1".',
          level: "advisory",
        },
      ],
    },
    {
      name: "in China, AWS_REGION alone, which boto3 does not read",
      covers: ["workload-china-region-missing", "workload-region-partial"],
      stack: china(spec([region("cn-north-1")], undefined, sdk("boto3@1.34.0"))),
      finds: [
        {
          at: at("env[0]"),
          says: 'Container "api" of Deployment "shop/api" sets "AWS_REGION" without "AWS_DEFAULT_REGION", which is what boto3 reads.',
          fix: 'Add { name: "AWS_DEFAULT_REGION", value: "cn-north-1" } to env, or remove "AWS_REGION" so that the webhook sets both.',
        },
      ],
    },
    {
      name: "in China, AWS_REGION alone, and nobody says what reads it",
      covers: ["workload-china-region-missing", "workload-region-partial"],
      stack: china(spec([region("cn-north-1")])),
      finds: [
        {
          at: at("env[0]"),
          says: 'Container "api" of Deployment "shop/api" sets "AWS_REGION" without "AWS_DEFAULT_REGION".',
          fix: 'Add { name: "AWS_DEFAULT_REGION", value: "cn-north-1" } to env, or remove "AWS_REGION" so that the webhook sets both.',
          level: "advisory",
        },
      ],
    },
    {
      name: "AWS_REGION alone, which the AWS CLI does not read, at the first preview",
      covers: ["workload-region-partial"],
      stack: firstPreview({ deployment: spec([region("eu-west-1")], "public.ecr.aws/aws-cli/aws-cli:2.17.0") }),
      finds: [
        {
          at: at("env[0]"),
          says: 'Container "api" of Deployment "shop/api" sets "AWS_REGION" without "AWS_DEFAULT_REGION", which is what aws-cli reads.',
          fix: 'Add { name: "AWS_DEFAULT_REGION", value: "eu-west-1" } to env, or remove "AWS_REGION" so that the webhook sets both.',
          level: "advisory",
        },
      ],
    },
    {
      name: "both of another partition",
      covers: ["workload-region-mismatch"],
      stack: wired({ deployment: spec([region("cn-north-1"), defaultRegion("cn-north-1")]) }),
      finds: [
        {
          at: at("env[0]"),
          says: 'Container "api" of Deployment "shop/api" sets "AWS_REGION" and "AWS_DEFAULT_REGION" to "cn-north-1", a region of partition "aws-cn", but role "api-irsa" is in "aws".',
          fix: 'Set "AWS_REGION" and "AWS_DEFAULT_REGION" to "eu-west-1".',
        },
      ],
    },
    {
      name: "one of another partition, beside one that is not known yet; advisory, since that may be right",
      stack: wired({ deployment: spec([region(UNKNOWN), defaultRegion("cn-north-1")]) }),
      finds: [
        {
          at: at("env[1]"),
          says: 'Container "api" of Deployment "shop/api" sets "AWS_DEFAULT_REGION" to "cn-north-1", a region of partition "aws-cn", but role "api-irsa" is in "aws".',
          fix: 'Set "AWS_DEFAULT_REGION" to "eu-west-1".',
          level: "advisory",
        },
      ],
    },
    {
      name: "one unlike the other",
      covers: ["workload-region-mismatch"],
      stack: wired({ deployment: spec([region("eu-west-1"), defaultRegion("us-east-1")]) }),
      finds: [
        {
          at: at("env[0]"),
          says: 'Container "api" of Deployment "shop/api" sets "AWS_REGION" to "eu-west-1" and "AWS_DEFAULT_REGION" to "us-east-1".',
          fix: 'Set both to one region, for example "eu-west-1".',
          level: "advisory",
        },
      ],
    },

    {
      name: "an availability zone in place of its region",
      stack: wired({ deployment: spec([region("eu-west-1a")]) }),
      finds: [
        {
          at: { urn: urns.deployment, path: "spec.template.spec.containers[0].env[0]" },
          level: "advisory",
          says: 'Container "api" of Deployment "shop/api" sets "AWS_REGION" to "eu-west-1a", which is no region.',
          fix: 'Set "AWS_REGION" to "eu-west-1".',
        },
      ],
    },
  ],
  valid: [
    {
      name: "the region of a store that is not of AWS",
      stack: wired({ deployment: spec([region("fr-par"), defaultRegion("fr-par")]) }),
    },
    { name: "neither, outside China: the webhook sets both", stack: wired() },
    { name: "in China, both", stack: china(spec([region("cn-north-1"), defaultRegion("cn-north-1")])) },
    {
      name: "both, for a region that is not the cluster's",
      stack: wired({ deployment: spec([region("us-east-1"), defaultRegion("us-east-1")]) }),
    },
    {
      name: "AWS_REGION alone, outside China, and nobody says what reads it",
      stack: wired({ deployment: spec([region("eu-west-1")]) }),
    },
    {
      name: "AWS_DEFAULT_REGION alone, outside China, at the first preview",
      stack: firstPreview({ deployment: spec([defaultRegion("eu-west-1")]) }),
    },
    {
      name: "AWS_REGION alone, for an SDK that reads it",
      stack: wired({ deployment: spec([region("eu-west-1")], undefined, sdk("aws-sdk-go-v2@1.30.0")) }),
    },
    {
      name: "AWS_DEFAULT_REGION alone, for a controller that reads it",
      stack: wired({
        deployment: spec([defaultRegion("eu-west-1")], "registry.k8s.io/external-dns/external-dns:v0.14.2"),
      }),
    },
    {
      name: "AWS_REGION from a ConfigMap that lives elsewhere",
      stack: wired({
        deployment: {
          spec: {
            template: {
              spec: {
                containers: [
                  { name: "api", image: "example.com/shop/api:1.4.2", envFrom: [{ configMapRef: { name: "region" } }] },
                ],
              },
            },
          },
        },
      }),
    },
  ],
  unverified: none("an environment that is not known is awaited by workload-identity-env"),
});
