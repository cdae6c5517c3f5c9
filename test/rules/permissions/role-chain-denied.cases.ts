import rule from "../../../policy-pack/src/rules/permissions/role-chain-denied";
import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import { cases, none } from "../../support/cases";
import { resource, ROLE_ARN, trustStatement, urnOf, urns, wired } from "../../support/stack";

const ROLE = "aws:iam/role:Role";
const INLINE = "aws:iam/rolePolicy:RolePolicy";
const B = "444455556666";
const FAR = `arn:aws:iam::${B}:role/data`;
const NEAR = "arn:aws:iam::111122223333:role/data";
const accountB = {
  urn: urnOf("pulumi:providers:aws", "b"),
  type: "pulumi:providers:aws",
  name: "b",
  inputs: { region: "eu-west-1" },
};
const trusting = (AWS: Value) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" }],
  });
const far = (principal: Value) =>
  resource(
    ROLE,
    "data",
    { name: "data", assumeRolePolicy: trusting(principal) },
    { provider: accountB, outputs: { arn: FAR } },
  );
const near = (principal: Value) =>
  resource(ROLE, "data", { name: "data", assumeRolePolicy: trusting(principal) }, { outputs: { arn: NEAR } });
const hop = (arn: string) =>
  resource(INLINE, "hop", {
    role: "api-irsa",
    name: "hop",
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: arn }],
    }),
  });
/** An issuer of cert-manager that is told to assume a role for its zone. */
const issuer = (route53: Properties) =>
  resource("kubernetes:cert-manager.io/v1:ClusterIssuer", "letsencrypt", {
    metadata: { name: "letsencrypt" },
    spec: { acme: { solvers: [{ http01: {} }, { dns01: { route53 } }] } },
  });
/** A store of External Secrets with a role to assume on top of the one of an account. */
const store = (role: string) =>
  resource("kubernetes:external-secrets.io/v1:SecretStore", "app", {
    metadata: { name: "app", namespace: "shop" },
    spec: {
      provider: { aws: { service: "SecretsManager", role, auth: { jwt: { serviceAccountRef: { name: "api" } } } } },
    },
  });
const prometheus = (roleArn: string) =>
  resource("kubernetes:monitoring.coreos.com/v1:Prometheus", "main", {
    metadata: { name: "main", namespace: "shop" },
    spec: { serviceAccountName: "api", remoteWrite: [{ url: "https://aps", sigv4: { region: "eu-west-1", roleArn } }] },
  });
const data = { urn: urnOf(ROLE, "data"), path: "assumeRolePolicy" };
const trustFix = `Add { Effect: "Allow", Principal: { AWS: "${ROLE_ARN}" }, Action: "sts:AssumeRole" } to the trust policy of role "data".`;

export default cases(rule, {
  invalid: [
    {
      name: "the second role, in another account, trusts somebody else",
      covers: ["role-chain-missing-assume"],
      stack: wired({ plus: [hop(FAR), far(`arn:aws:iam::${B}:root`)] }),
      finds: [
        {
          at: data,
          says: `Role "api-irsa" is allowed to assume role "data", whose trust policy does not admit "${ROLE_ARN}".`,
          fix: trustFix,
        },
      ],
    },
    {
      name: "the second role, in the same account, trusts another role",
      stack: wired({ plus: [hop(NEAR), near("arn:aws:iam::111122223333:role/web")] }),
      finds: [
        {
          at: data,
          says: `Role "api-irsa" is allowed to assume role "data", whose trust policy does not admit "${ROLE_ARN}".`,
          fix: trustFix,
        },
      ],
    },
    {
      name: "the second role trusts the first, which may not ask; advisory, since the policy may be elsewhere",
      covers: ["role-chain-missing-assume"],
      stack: wired({ plus: [far(ROLE_ARN)] }),
      finds: [
        {
          at: { urn: urns.role, path: "" },
          says: `Role "data", in another account, trusts role "api-irsa", but no policy of role "api-irsa" allows "sts:AssumeRole" on "${FAR}".`,
          fix: `Add { Effect: "Allow", Action: "sts:AssumeRole", Resource: "${FAR}" } to a policy of role "api-irsa".`,
          level: "advisory",
        },
      ],
    },

    {
      name: "the role may assume itself, and does not trust itself",
      stack: wired({ plus: [hop(ROLE_ARN)] }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy" },
          level: "advisory",
          says: `Role "api-irsa" is allowed to assume itself, and its trust policy does not admit "${ROLE_ARN}".`,
          fix: `Take the role out of what the application is told to assume, or add { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "sts:AssumeRole", Condition: { ArnEquals: { "aws:PrincipalArn": "${ROLE_ARN}" } } } to its trust policy.`,
        },
      ],
    },
    {
      name: "cert-manager is told to assume the role that it has already",
      stack: wired({ plus: [issuer({ region: "eu-west-1", role: ROLE_ARN }), hop(ROLE_ARN)] }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:cert-manager.io/v1:ClusterIssuer", "letsencrypt"),
            path: "spec.acme.solvers[1].dns01.route53.role",
          },
          level: "advisory",
          says: 'ClusterIssuer "letsencrypt" asks for role "api-irsa" by sts:AssumeRole, which ServiceAccount "shop/api" gives its pods already and whose trust policy admits tokens alone.',
          fix: 'Take the role out of ClusterIssuer "letsencrypt": the controller acts as role "api-irsa" without it.',
        },
      ],
    },
    {
      name: "a store assumes the role of its account a second time",
      stack: wired({ plus: [store(ROLE_ARN)] }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:external-secrets.io/v1:SecretStore", "app"),
            path: "spec.provider.aws.role",
          },
          level: "advisory",
          says: 'SecretStore "app" asks for role "api-irsa" by sts:AssumeRole, which ServiceAccount "shop/api" gives its pods already and whose trust policy admits tokens alone.',
          fix: 'Take the role out of SecretStore "app": the controller acts as role "api-irsa" without it.',
        },
      ],
    },
    {
      name: "Prometheus signs with the role that its account has, in the values of its chart",
      stack: wired({
        plus: [
          resource("kubernetes:helm.sh/v3:Release", "prometheus", {
            chart: "kube-prometheus-stack",
            namespace: "monitoring",
            values: { prometheus: { prometheusSpec: { remoteWrite: [{ sigv4: { roleArn: ROLE_ARN } }] } } },
          }),
        ],
      }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:helm.sh/v3:Release", "prometheus"),
            path: "values.prometheus.prometheusSpec.remoteWrite[0].sigv4.roleArn",
          },
          level: "advisory",
          says: 'Release "prometheus" asks for role "api-irsa" by sts:AssumeRole, which ServiceAccount "shop/api" gives its pods already and whose trust policy admits tokens alone.',
          fix: 'Take the role out of Release "prometheus": the controller acts as role "api-irsa" without it.',
        },
      ],
    },
    {
      name: "Prometheus signs with the role that its account has",
      stack: wired({ plus: [prometheus(ROLE_ARN)] }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:monitoring.coreos.com/v1:Prometheus", "main"),
            path: "spec.remoteWrite[0].sigv4.roleArn",
          },
          level: "advisory",
          says: 'Prometheus "main" asks for role "api-irsa" by sts:AssumeRole, which ServiceAccount "shop/api" gives its pods already and whose trust policy admits tokens alone.',
          fix: 'Take the role out of Prometheus "main": the controller acts as role "api-irsa" without it.',
        },
      ],
    },
    {
      name: "cert-manager, of another stack, is told to assume a role that trusts tokens alone",
      stack: wired({
        serviceAccount: null,
        deployment: null,
        plus: [issuer({ region: "eu-west-1", role: ROLE_ARN })],
      }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:cert-manager.io/v1:ClusterIssuer", "letsencrypt"),
            path: "spec.acme.solvers[1].dns01.route53.role",
          },
          level: "advisory",
          says: 'ClusterIssuer "letsencrypt" asks for role "api-irsa" by sts:AssumeRole, and its trust policy admits tokens alone.',
          fix: `Take the role out of ClusterIssuer "letsencrypt" if the controller's ServiceAccount is annotated with it; else add { Effect: "Allow", Principal: { AWS: "<ARN of the controller's role>" }, Action: "sts:AssumeRole" } to the trust policy of role "api-irsa".`,
        },
      ],
    },
  ],
  valid: [
    { name: "cert-manager uses the role that it has", stack: wired({ plus: [issuer({ region: "eu-west-1" })] }) },
    {
      name: "cert-manager takes the role by web identity, with an account that the issuer names",
      stack: wired({
        plus: [
          issuer({
            region: "eu-west-1",
            role: ROLE_ARN,
            auth: { kubernetes: { serviceAccountRef: { name: "api" } } },
          }),
        ],
      }),
    },
    {
      name: "cert-manager and a store assume a second role, which trusts the first",
      stack: wired({ plus: [issuer({ region: "eu-west-1", role: FAR }), store(FAR), hop(FAR), far(ROLE_ARN)] }),
    },
    {
      name: "Prometheus signs with a second role, which trusts the first",
      stack: wired({
        plus: [prometheus(FAR), hop(FAR), far(ROLE_ARN)],
      }),
    },
    {
      name: "a store assumes a role of another stack",
      stack: wired({ plus: [store("arn:aws:iam::444455556666:role/elsewhere")] }),
    },
    {
      name: "the role may assume itself, and trusts its account",
      stack: wired({
        role: {
          assumeRolePolicy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              trustStatement(),
              {
                Effect: "Allow",
                Principal: { AWS: "arn:aws:iam::111122223333:root" },
                Action: "sts:AssumeRole",
                Condition: { ArnEquals: { "aws:PrincipalArn": ROLE_ARN } },
              },
            ],
          }),
        },
        plus: [hop(ROLE_ARN)],
      }),
    },
    { name: "both agree, across accounts", stack: wired({ plus: [hop(FAR), far(ROLE_ARN)] }) },
    {
      name: "the second role trusts the first role's account",
      stack: wired({ plus: [hop(FAR), far("111122223333")] }),
    },
    {
      name: "the second role trusts sessions of the first",
      stack: wired({ plus: [hop(NEAR), near("arn:aws:sts::111122223333:assumed-role/api-irsa/api")] }),
    },
    { name: "within one account the trust policy alone is enough", stack: wired({ plus: [near(ROLE_ARN)] }) },
    {
      name: "the second role is in another stack",
      stack: wired({ plus: [hop("arn:aws:iam::444455556666:role/elsewhere")] }),
    },
  ],
  unverified: none("only ARNs that are known show that a hop is meant"),
});
