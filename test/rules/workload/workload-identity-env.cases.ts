import rule from "../../../policy-pack/src/rules/workload/workload-identity-env";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases } from "../../support/cases";
import {
  ACCOUNT,
  firstPreview,
  resource,
  ROLE_ARN,
  SUBJECT,
  trust,
  UNKNOWN,
  urnOf,
  urns,
  wired,
} from "../../support/stack";

type Env = readonly Value[] | typeof UNKNOWN;
const spec = (env: Env, more: { readonly [key: string]: Value } = {}) => ({
  spec: { template: { spec: { containers: [{ name: "api", image: "example.com/shop/api:1.4.2", env, ...more }] } } },
});
const role = (value: string) => ({ name: "AWS_ROLE_ARN", value });
const file = (value: string) => ({ name: "AWS_WEB_IDENTITY_TOKEN_FILE", value });
const TOKEN = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
const at = { urn: urns.deployment, path: "spec.template.spec.containers[0].env[0]" };
const other = `arn:aws:iam::${ACCOUNT}:role/worker-irsa`;
const worker = (sub: string) => [
  resource(
    "aws:iam/role:Role",
    "worker",
    { name: "worker-irsa", assumeRolePolicy: trust({ sub }) },
    { outputs: { arn: other }, from: { assumeRolePolicy: [urns.oidcProvider] } },
  ),
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "worker", {
    role: "worker-irsa",
    policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
  }),
  resource("kubernetes:core/v1:ServiceAccount", "worker", {
    metadata: { name: "worker", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": other } },
  }),
];
/** The webhook's wiring by hand, with a token for STS; the account carries no annotation. */
const byHand = (arn: string) => ({
  deployment: {
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: "api",
              image: "example.com/shop/api:1.4.2",
              env: [role(arn), file("/var/run/aws/token")],
              volumeMounts: [{ name: "aws-token", mountPath: "/var/run/aws" }],
            },
          ],
          volumes: [
            {
              name: "aws-token",
              projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", path: "token" } }] },
            },
          ],
        },
      },
    },
  },
  serviceAccount: { metadata: { annotations: undefined } },
});
const both = 'Remove "AWS_ROLE_ARN" and "AWS_WEB_IDENTITY_TOKEN_FILE" from env';

const API_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const RELEASE = urnOf("kubernetes:helm.sh/v3:Release", "api");
/** A Helm release in place of the program's own account and pods. */
const charted = (variables: Value, annotations: Value = { "eks.amazonaws.com/role-arn": ROLE_ARN }) =>
  wired({
    serviceAccount: null,
    deployment: null,
    plus: [
      resource(
        "kubernetes:helm.sh/v3:Release",
        "api",
        {
          chart: "shop-api",
          name: "api",
          namespace: "shop",
          values: { env: variables, serviceAccount: { name: "api", annotations } },
        },
        { from: { values: [urns.role] } },
      ),
    ],
  });

export default cases(rule, {
  invalid: [
    {
      name: "the values of a chart give its pods the token for the API server",
      stack: charted({ AWS_ROLE_ARN: ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE: API_TOKEN }),
      finds: [
        {
          at: { urn: RELEASE, path: "values.env" },
          says: 'Release "api" gives its pods the token for the Kubernetes API as "AWS_WEB_IDENTITY_TOKEN_FILE" in values.env, in place of the one that the webhook mounts for values.serviceAccount.',
          fix: 'Remove "AWS_ROLE_ARN" and "AWS_WEB_IDENTITY_TOKEN_FILE" from values.env: the webhook sets both.',
          level: "advisory",
        },
      ],
    },
    {
      name: "the values of a chart set one of the two variables",
      stack: charted([role(ROLE_ARN)]),
      finds: [
        {
          at: { urn: RELEASE, path: "values.env" },
          says: 'Release "api" sets "AWS_ROLE_ARN" without "AWS_WEB_IDENTITY_TOKEN_FILE" in values.env, so the webhook adds neither to pods of values.serviceAccount.',
          fix: 'Remove "AWS_ROLE_ARN" and "AWS_WEB_IDENTITY_TOKEN_FILE" from values.env: the webhook sets both.',
          level: "advisory",
        },
      ],
    },
    {
      name: "a name for the session that STS refuses",
      stack: wired({ deployment: spec([{ name: "AWS_ROLE_SESSION_NAME", value: SUBJECT }]) }),
      finds: [
        {
          at,
          says: `Container "api" of Deployment "shop/api" sets "AWS_ROLE_SESSION_NAME" to "${SUBJECT}", which STS refuses as the name of a session with role "api-irsa".`,
          fix: 'Remove "AWS_ROLE_SESSION_NAME" from env, or use only those characters in it.',
        },
      ],
    },
    {
      name: "a role for a second hop takes the webhook's variable",
      covers: ["workload-env-role-arn-override"],
      stack: wired({ deployment: spec([role(other)]) }),
      finds: [
        {
          at,
          says: 'Container "api" of Deployment "shop/api" sets "AWS_ROLE_ARN" without "AWS_WEB_IDENTITY_TOKEN_FILE", so the webhook adds neither for ServiceAccount "shop/api".',
          fix: 'Remove "AWS_ROLE_ARN" from env: the webhook sets it. Give the ARN of a second role to assume another name, for example "TARGET_ROLE_ARN".',
        },
      ],
    },
    {
      name: "a role ARN from a Secret, at the first preview",
      covers: ["workload-env-role-arn-override"],
      stack: firstPreview({
        deployment: spec([{ name: "AWS_ROLE_ARN", valueFrom: { secretKeyRef: { name: "aws", key: "role" } } }]),
      }),
      finds: [
        {
          at,
          says: 'Container "api" of Deployment "shop/api" sets "AWS_ROLE_ARN" without "AWS_WEB_IDENTITY_TOKEN_FILE", so the webhook adds neither for ServiceAccount "shop/api".',
          fix: 'Remove "AWS_ROLE_ARN" from env: the webhook sets it. Give the ARN of a second role to assume another name, for example "TARGET_ROLE_ARN".',
        },
      ],
    },
    {
      name: "the token file alone",
      covers: ["workload-env-token-file-override"],
      stack: wired({ deployment: spec([file(TOKEN)]) }),
      finds: [
        {
          at,
          says: 'Container "api" of Deployment "shop/api" sets "AWS_WEB_IDENTITY_TOKEN_FILE" without "AWS_ROLE_ARN", so the webhook adds neither for ServiceAccount "shop/api".',
          fix: 'Remove "AWS_WEB_IDENTITY_TOKEN_FILE" from env: the webhook sets it.',
        },
      ],
    },
    {
      name: "both, with the role's name in place of its ARN",
      covers: ["workload-env-role-arn-override"],
      stack: wired({ deployment: spec([role("api-irsa"), file(TOKEN)]) }),
      finds: [
        {
          at,
          says: 'Container "api" of Deployment "shop/api" sets "AWS_ROLE_ARN" to "api-irsa", which is no role ARN, in place of role "api-irsa".',
          fix: `${both}: the webhook sets both.`,
        },
      ],
    },
    {
      name: "both, with a role of this stack that does not trust the account",
      covers: ["workload-env-role-arn-override"],
      stack: wired({ deployment: spec([role(other), file(TOKEN)]), plus: worker("system:serviceaccount:shop:worker") }),
      finds: [
        {
          at,
          says: `Container "api" of Deployment "shop/api" sets "AWS_ROLE_ARN" to "${other}", and role "worker-irsa" does not trust ServiceAccount "shop/api"; its annotation names role "api-irsa".`,
          fix: `${both}: the webhook sets both for role "api-irsa".`,
        },
      ],
    },
    {
      name: "both, with a role that lives elsewhere",
      stack: wired({ deployment: spec([role(other), file(TOKEN)]) }),
      finds: [
        {
          at,
          says: `Container "api" of Deployment "shop/api" sets "AWS_ROLE_ARN" to "${other}", while the annotation of ServiceAccount "shop/api" names role "api-irsa".`,
          fix: `${both}, so that the annotation decides; or annotate the account with "${other}".`,
          level: "advisory",
        },
      ],
    },
    {
      name: "the whole wiring by hand, with a role of this stack that trusts another account",
      stack: wired({
        ...byHand(ROLE_ARN),
        role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
      }),
      finds: [
        {
          at,
          says: 'Container "api" of Deployment "shop/api" takes role "api-irsa" by "AWS_ROLE_ARN", and that role does not trust "system:serviceaccount:shop:api", the subject of its token.',
          fix: 'Let the trust policy of role "api-irsa" name "system:serviceaccount:shop:api", or set serviceAccountName to the account that it trusts.',
        },
      ],
    },
  ],
  valid: [
    {
      name: "the values of a chart set both variables as the webhook would",
      stack: charted({ AWS_ROLE_ARN: ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE: TOKEN }),
    },
    {
      name: "the values of a chart set one of the two variables, and another whose name is not known yet",
      stack: charted([role(ROLE_ARN), { name: UNKNOWN, value: TOKEN }]),
    },
    {
      name: "the values of a chart set one of the two variables, and annotations that are not known yet",
      stack: charted([role(ROLE_ARN)], UNKNOWN),
    },
    {
      name: "the values of a chart set the region alone",
      stack: charted([{ name: "AWS_REGION", value: "eu-west-1" }]),
    },
    {
      name: "a name for the session",
      stack: wired({ deployment: spec([{ name: "AWS_ROLE_SESSION_NAME", value: "shop.api@prod" }]) }),
    },
    {
      name: "a name for the session that Kubernetes fills in",
      stack: wired({ deployment: spec([{ name: "AWS_ROLE_SESSION_NAME", value: "$(POD_NAME)" }]) }),
    },
    {
      name: "both, with a role of this stack whose trust policy is not known yet",
      stack: wired({
        deployment: spec([role(other), file(TOKEN)]),
        plus: [resource("aws:iam/role:Role", "worker", { name: "worker-irsa", assumeRolePolicy: UNKNOWN })],
      }),
    },
    {
      name: "both, with an ARN that a role of this stack may turn out to have",
      stack: wired({
        deployment: spec([role(other), file(TOKEN)]),
        plus: [
          resource(
            "aws:iam/role:Role",
            "worker",
            { name: "worker-irsa", assumeRolePolicy: trust({ sub: SUBJECT }) },
            { outputs: { arn: UNKNOWN }, provider: undefined, from: { assumeRolePolicy: [urns.oidcProvider] } },
          ),
          resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "worker", {
            role: "worker-irsa",
            policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
          }),
        ],
      }),
    },
    { name: "the whole wiring by hand, with the role that trusts the account", stack: wired(byHand(ROLE_ARN)) },
    {
      name: "the whole wiring by hand, with a role that lives elsewhere",
      stack: wired({ ...byHand(other), role: null, attachment: null }),
    },
    { name: "both, as the webhook would set them", stack: wired({ deployment: spec([role(ROLE_ARN), file(TOKEN)]) }) },
    {
      name: "a role ARN that is put together from another variable",
      stack: wired({ deployment: spec([role("arn:aws:iam::$(ACCOUNT):role/api-irsa"), file(TOKEN)]) }),
    },
    {
      name: "the role alone beside Pod Identity, which uses other variables",
      stack: wired({
        deployment: spec([role(other)]),
        serviceAccount: { metadata: { annotations: undefined } },
        role: null,
        attachment: null,
        oidcProvider: null,
        plus: [
          resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "api", {
            clusterName: "shop",
            namespace: "shop",
            serviceAccount: "api",
            roleArn: other,
          }),
        ],
      }),
    },
    {
      name: "the role alone in a pod whose account carries none: an application's own setting",
      stack: wired({
        deployment: spec([role(other)]),
        serviceAccount: { metadata: { annotations: undefined } },
        role: null,
        attachment: null,
        oidcProvider: null,
      }),
    },
    {
      name: "a Patch that adds one half to a pod that others describe",
      stack: wired({
        plus: [
          resource(
            "kubernetes:apps/v1:DeploymentPatch",
            "web",
            {
              metadata: { name: "web", namespace: "shop" },
              spec: {
                template: {
                  spec: { serviceAccountName: "api", containers: [{ name: "web", env: [role(ROLE_ARN)] }] },
                },
              },
            },
            { dependsOn: [urns.serviceAccount] },
          ),
        ],
      }),
    },
    {
      name: "the other half may come from a ConfigMap that lives elsewhere",
      stack: wired({ deployment: spec([role(ROLE_ARN)], { envFrom: [{ configMapRef: { name: "aws" } }] }) }),
    },
  ],
  unverified: [
    {
      name: "the name of the session is not known",
      stack: wired({ deployment: spec([{ name: "AWS_ROLE_SESSION_NAME", value: UNKNOWN }]) }),
      waits: ['the environment of Deployment "shop/api"'],
    },
    {
      name: "a variable whose name is not known",
      stack: wired({ deployment: spec([{ name: UNKNOWN, value: "x" }]) }),
      waits: ['the environment of Deployment "shop/api"'],
    },
  ],
});
