import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties, Snapshot } from "../../../policy-pack/src/model/snapshot";
import {
  ENDPOINT,
  firstPreview,
  ID,
  ISSUER,
  OTHER_ISSUER,
  PROVIDER_ARN,
  REGION,
  resource,
  ROLE_ARN,
  trust,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  type Wiring,
} from "../../support/stack";
import type { Details } from "../../support/judgements";
import { OTHER_PROVIDER, otherCluster } from "../trust-policy/support";

const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const CLUSTER = "aws:eks/cluster:Cluster";
const url = (text: string, changes: Wiring = {}) => wired({ oidcProvider: { url: text }, ...changes });

/** The url of a provider for a cluster that is neither of this stack nor of its wiring. */
const elsewhere = (text: string, changes: Wiring = {}) =>
  url(text, { cluster: null, kubernetes: null, serviceAccount: null, deployment: null, ...changes });

/** A provider as CloudFormation takes it, for pods. */
const native = (text: string) =>
  wired({
    oidcProvider: null,
    plus: [
      resource(
        "aws-native:iam:OidcProvider",
        "native",
        { url: text, clientIdList: ["sts.amazonaws.com"] },
        { from: { url: [urns.cluster] } },
      ),
    ],
    edges: { "role.assumeRolePolicy": [urnOf("aws-native:iam:OidcProvider", "native")] },
  });

const ids = (clientIdLists: Value, changes: Wiring = {}) => wired({ oidcProvider: { clientIdLists }, ...changes });
const nobody: Wiring = { serviceAccount: null, deployment: null };
const asks = (audience: Value) => ({
  serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": audience } } },
});

/** An issuer that is not EKS's, in a stack without a cluster. */
const foreign = (clientIdLists: Value, aud: Value, issuer = "token.example.com"): Snapshot =>
  wired({
    ...nobody,
    cluster: null,
    kubernetes: null,
    oidcProvider: { url: `https://${issuer}`, clientIdLists },
    role: { assumeRolePolicy: trust({ issuer, aud }) },
  });

const second = (inputs: Properties, from: readonly string[] = [], provider?: string) =>
  resource(
    PROVIDER,
    "second",
    { clientIdLists: ["sts.amazonaws.com"], ...inputs },
    {
      from: { url: from },
      outputs: { ...inputs, arn: UNKNOWN },
      ...(provider === undefined
        ? {}
        : {
            provider: {
              urn: urnOf("pulumi:providers:aws", provider),
              type: "pulumi:providers:aws",
              name: provider,
              inputs: { region: UNKNOWN, assumeRoles: UNKNOWN },
            },
          }),
    },
  );

const host = (name: string, changes: Wiring = {}) => elsewhere(`https://${name}/id/${ID}`, changes);

const PIN = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280";
const outpostConfig = {
  controlPlaneInstanceType: "m5.large",
  outpostArns: ["arn:aws:outposts:eu-west-1:111122223333:outpost/op-0123456789abcdef0"],
};

const details: Details = {
  "oidc-provider-url-invalid": {
    "two lines": url(`https://${ISSUER}\nhttps://${ISSUER}`),
    "a scheme twice, the second without s": url(`https://http://${ISSUER}`),
    "no scheme, and one in the query": url(`${ISSUER}?https://${ISSUER}`),
    "a scheme of capitals": url(`HTTPS://${ISSUER}`),
    "another scheme": url(`oidc://${ISSUER}`),
    "blanks in it": url(`https://oidc .eks.${REGION}.amazonaws.com/id/${ID}`),
    "blanks around it, for CloudFormation": native(` https://${ISSUER} `),
    "no scheme, for CloudFormation": native(ISSUER),
    "nothing, for CloudFormation": native(""),
    "no scheme and a path alone, for CloudFormation": native(`/id/${ID}`),
    "a colon without a port": url(`https://oidc.eks.${REGION}.amazonaws.com:/id/${ID}`),
    "a fragment": url(`https://${ISSUER}#keys`),
    "a slash and a query": url(`https://${ISSUER}/?a=b`),
    "a path before the id": url(`https://oidc.eks.${REGION}.amazonaws.com/v1/id/${ID}`),
    "a path after the id": url(`https://${ISSUER}/keys`),
    "an id with a dash": url(`https://oidc.eks.${REGION}.amazonaws.com/id/a-b`),
    "a slash behind an issuer of another maker": elsewhere("https://token.example.com/"),
    "a slash behind an issuer of another maker that came from a cluster": wired({
      oidcProvider: { url: "https://token.example.com/pods/" },
    }),
    "the id in lower case, of no cluster here": elsewhere(`https://${ISSUER.toLowerCase()}`),
    "an id that is too long, of no cluster here": elsewhere(`https://${ISSUER}0`),
    "what was not filled in, beside a cluster": wired({
      ...nobody,
      role: null,
      attachment: null,
      oidcProvider: { url: "https://${cluster.issuer}" },
      edges: { "oidcProvider.url": [] },
    }),
    "the endpoint, beside a cluster": wired({
      ...nobody,
      role: null,
      attachment: null,
      oidcProvider: { url: ENDPOINT },
      edges: { "oidcProvider.url": [] },
    }),
    "another maker's port, beside a cluster": wired({
      ...nobody,
      role: null,
      attachment: null,
      oidcProvider: { url: "https://token.example.com:8443" },
      edges: { "oidcProvider.url": [] },
    }),
    "what was not filled in, without a cluster": elsewhere("https://${cluster.issuer}", {
      role: null,
      attachment: null,
    }),
    "a url that is not known, of nobody's": wired({
      ...nobody,
      role: null,
      attachment: null,
      oidcProvider: { url: UNKNOWN },
      edges: { "oidcProvider.url": [] },
    }),
    "the first preview": firstPreview(),
  },
  "oidc-provider-issuer-host-invalid": {
    "dual-stack, by a dot": host(`oidc.eks.${REGION}.api.aws`),
    "dual-stack, by a dash": host(`oidc-eks.${REGION}.api.aws`),
    "dual-stack, in China": host("oidc-eks.cn-north-1.api.amazonwebservices.com.cn"),
    "dual-stack, elsewhere": host(`oidc-eks.${REGION}.api.example.com`),
    "dual-stack, after another label": host(`my.oidc-eks.${REGION}.api.aws`),
    "dual-stack, before another label": host(`oidc-eks.${REGION}.api.aws.example.com`),
    "region and eks swapped": host(`oidc.${REGION}.eks.amazonaws.com`),
    "region and eks swapped, after another label": host(`my.oidc.${REGION}.eks.amazonaws.com`),
    "the right host after another label": host(`my.oidc.eks.${REGION}.amazonaws.com`),
    "a region of two digits": host("oidc.eks.eu-west-12.amazonaws.com"),
    "a zone for a region": host("oidc.eks.eu-west-1a.amazonaws.com"),
    "no region": host("oidc.eks.amazonaws.com"),
    "a region that nobody knows": host("oidc.eks.xx-west-1.amazonaws.com"),
    "a zone of a region that nobody knows": host("oidc.eks.xx-west-1a.amazonaws.com"),
    "the suffix of the world in China": host("oidc.eks.cn-north-1.amazonaws.com"),
    "the suffix of China in the world": host("oidc.eks.eu-west-1.amazonaws.com.cn"),
    "another suffix in GovCloud": host("oidc.eks.us-gov-west-1.amazonaws.com.cn"),
    "another suffix in an isolated partition": host("oidc.eks.us-iso-east-1.amazonaws.com"),
    "a port": host("oidc.eks.eu-west-1.amazonaws.com.cn:443"),
    "a line break": host("oidc.eks.eu-west-1.amazonaws.com.cn\n"),
    "a cluster that stands, whose issuer is not known": host("oidc-eks.eu-west-1.api.aws", {
      plus: [
        resource(CLUSTER, "other", { name: "other" }, { outputs: { name: "other", identities: UNKNOWN, id: "other" } }),
      ],
    }),
    "a cluster that is yet to be made": host("oidc-eks.eu-west-1.api.aws", {
      plus: [
        resource(CLUSTER, "other", { name: "other" }, { outputs: { name: "other", identities: UNKNOWN, id: UNKNOWN } }),
      ],
    }),
    "a cluster that is yet to be made, from which the url came": host("oidc-eks.eu-west-1.api.aws", {
      plus: [
        resource(CLUSTER, "other", { name: "other" }, { outputs: { name: "other", identities: UNKNOWN, id: UNKNOWN } }),
      ],
      edges: { "oidcProvider.url": [urnOf(CLUSTER, "other")] },
    }),
  },
  "oidc-provider-audience-missing": {
    "no client id": ids([]),
    "client ids that are not known": ids(UNKNOWN),
    "one of two client ids is not known": ids(["vault", UNKNOWN]),
    "one of two client ids is not known, the other right": ids(["sts.amazonaws.com", UNKNOWN]),
    "one of two client ids is not known, and nobody is seen": ids(["vault", UNKNOWN], {
      ...nobody,
      role: null,
      attachment: null,
    }),
    "a slip after another client id": ids(["vault", "sts.amazon.com"]),
    "a slip, and nobody is seen": ids(["sts.amazon.com"], { ...nobody, role: null, attachment: null }),
    "an audience of the account's own": ids(["vault"], asks("vault")),
    "an audience of the account's own that is not known": ids(["vault"], asks(UNKNOWN)),
    "nobody but the role, which asks for the audience": ids(["vault"], nobody),
    "nobody but the role, which asks for one of two": ids(["vault"], {
      ...nobody,
      role: { assumeRolePolicy: trust({ aud: ["vault", "sts.amazonaws.com"] }) },
    }),
    "nobody but the role, which asks for another": ids(["vault"], {
      ...nobody,
      role: { assumeRolePolicy: trust({ aud: "vault" }) },
    }),
    "nobody but the role, whose policy is not known": ids(["vault"], {
      ...nobody,
      role: { assumeRolePolicy: UNKNOWN },
    }),
    "nobody but the role, whose second statement asks for it": ids(["vault"], {
      ...nobody,
      role: {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
            ...(JSON.parse(trust()) as { readonly Statement: readonly Value[] }).Statement,
          ],
        }),
      },
    }),
    "an account that uses no role of this provider": ids(["vault"], {
      role: null,
      attachment: null,
      deployment: null,
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": undefined } } },
    }),
    "an account that uses no role of this provider and has another audience": ids(["vault"], {
      role: null,
      attachment: null,
      deployment: null,
      serviceAccount: {
        metadata: {
          annotations: { "eks.amazonaws.com/role-arn": undefined, "eks.amazonaws.com/audience": "vault" },
        },
      },
    }),
    "an account that uses no role of this provider and has an audience that is not known": ids(["vault"], {
      role: null,
      attachment: null,
      deployment: null,
      serviceAccount: {
        metadata: {
          annotations: { "eks.amazonaws.com/role-arn": undefined, "eks.amazonaws.com/audience": UNKNOWN },
        },
      },
    }),
    "another maker's issuer, no client id": foreign([], "vault"),
    "another maker's issuer with an audience of its own": foreign(["vault"], "vault"),
    "another maker's issuer, for the audience of AWS": foreign(["vault"], "sts.amazonaws.com"),
    "another maker's issuer that came from the cluster": wired({
      ...nobody,
      oidcProvider: { url: "https://token.example.com", clientIdLists: ["vault"] },
      role: { assumeRolePolicy: trust({ issuer: "token.example.com", aud: "vault" }) },
    }),
    "an issuer of EKS elsewhere": foreign(["vault"], "vault", OTHER_ISSUER),
    "the first preview": firstPreview({ oidcProvider: { clientIdLists: ["vault"] } }),
    "the first preview, with client ids that are not known": firstPreview({ oidcProvider: { clientIdLists: UNKNOWN } }),
    "the account in the values of a chart": wired({
      ...nobody,
      oidcProvider: { clientIdLists: ["vault"] },
      plus: [
        resource(
          "kubernetes:helm.sh/v3:Release",
          "shop",
          {
            chart: "api",
            namespace: "shop",
            values: {
              serviceAccount: {
                name: "api",
                annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN },
              },
            },
          },
          { from: { values: [urns.role] } },
        ),
      ],
    }),
  },
  "oidc-provider-duplicate": {
    "the same issuer": wired({ plus: [second({ url: `https://${ISSUER}` })] }),
    "the same issuer in another account, perhaps": wired({ plus: [second({ url: `https://${ISSUER}` }, [], "other")] }),
    "another issuer, and the same cluster": wired({
      plus: [second({ url: `https://${OTHER_ISSUER}` }, [urns.cluster])],
    }),
    "both issuers unknown, of one cluster": firstPreview({ plus: [second({ url: UNKNOWN }, [urns.cluster])] }),
    "both issuers unknown, of two clusters": firstPreview({ plus: otherCluster("first") }),
    "the other's cluster unknown": firstPreview({ plus: [second({ url: UNKNOWN })] }),
    "one issuer known, of one cluster": firstPreview({ plus: [second({ url: `https://${ISSUER}` }, [urns.cluster])] }),
    "the clusters of both unknown": firstPreview({
      edges: { "oidcProvider.url": [] },
      plus: [second({ url: UNKNOWN })],
    }),
    "three of one issuer": wired({
      plus: [
        second({ url: `https://${ISSUER}` }),
        resource(PROVIDER, "third", { url: `https://${ISSUER}`, clientIdLists: ["sts.amazonaws.com"] }),
      ],
    }),
  },
  "oidc-provider-issuer-mismatch": {
    "the issuer of another cluster": url(`https://${OTHER_ISSUER}`),
    "another region": url(`https://oidc.eks.us-east-1.amazonaws.com/id/${ID}`),
    "another region, before the cluster is made": firstPreview({
      oidcProvider: { url: `https://oidc.eks.us-east-1.amazonaws.com/id/${ID}` },
    }),
    "the region, before the cluster is made": firstPreview({ oidcProvider: { url: `https://${ISSUER}` } }),
    "the case of the id": url(`https://${ISSUER.toLowerCase()}`),
    "another scheme before it": url(`https://http://${OTHER_ISSUER}`),
    "another maker's issuer": url("https://token.example.com"),
    "nothing but a cluster of this stack": url(`https://${OTHER_ISSUER}`, { edges: { "oidcProvider.url": [] } }),
    "nothing but a cluster of this stack, and no account": url(`https://${OTHER_ISSUER}`, {
      ...nobody,
      edges: { "oidcProvider.url": [] },
    }),
    "two clusters": wired({
      oidcProvider: { url: `https://${OTHER_ISSUER}` },
      plus: otherCluster("known").filter(({ urn }) => urn !== OTHER_PROVIDER),
    }),
    "a cluster whose region nobody knows": wired({
      oidcProvider: { url: `https://${OTHER_ISSUER}` },
      cluster: null,
      plus: [
        resource(
          CLUSTER,
          "shop",
          { name: "shop" },
          {
            provider: {
              urn: urnOf("pulumi:providers:aws", "other"),
              type: "pulumi:providers:aws",
              name: "other",
              inputs: { region: UNKNOWN },
            },
            outputs: { identities: [{ oidcs: [{ issuer: `https://${ISSUER}` }] }] },
          },
        ),
      ],
    }),
  },
  "cluster-irsa-unsupported": {
    "accounts of another cluster": wired({
      ...nobody,
      oidcProvider: null,
      role: null,
      attachment: null,
      cluster: { outpostConfig },
      plus: otherCluster("known"),
    }),
    nobody: wired({ ...nobody, oidcProvider: null, role: null, attachment: null, cluster: { outpostConfig } }),
    "an account of which nobody knows the cluster": wired({
      cluster: { outpostConfig },
      oidcProvider: null,
      kubernetes: { kubeconfig: UNKNOWN },
      edges: { "kubernetes.kubeconfig": [] },
    }),
    "an account in the values of a chart": wired({ ...nobody, cluster: { outpostConfig }, plus: [release()] }),
  },
  "cluster-identity-provider-not-irsa": {
    "Kubernetes 1.29": identityConfig("1.29"),
    "Kubernetes 1.30": identityConfig("1.30"),
    "a version that begins otherwise": identityConfig("v1.30"),
    "a version without a minor": identityConfig("1"),
    "a version that is not known": identityConfig(UNKNOWN),
    "a version that is not known, and one in the configuration": identityConfig(UNKNOWN, {
      config: { kubernetesVersion: "1.31" },
    }),
  },
  "oidc-provider-audience-unused": {
    "two that are not used, and one that is": ids(["vault", "sts.amazonaws.com", "consul", "argo"], {
      role: { assumeRolePolicy: trust({ aud: ["sts.amazonaws.com", "argo"] }) },
    }),
    "without the usual audience": ids(["vault", "consul"]),
    "without the usual audience, one not known": ids(["vault", UNKNOWN]),
    "one that is not known": ids(["sts.amazonaws.com", UNKNOWN, "vault"]),
    "the audience of an account is not known": ids(["sts.amazonaws.com", "vault"], asks(UNKNOWN)),
    "the audience of an account is known": ids(["sts.amazonaws.com", "vault"], asks("vault")),
    "a condition of which not all is known": ids(["sts.amazonaws.com", "vault"], {
      role: { assumeRolePolicy: { Version: "2012-10-17", Statement: [withConditions(UNKNOWN)] } },
    }),
    "the values of a condition are not known": ids(["sts.amazonaws.com", "vault"], {
      role: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [withConditions({ StringEquals: { [`${ISSUER}:aud`]: UNKNOWN } })],
        },
      },
    }),
    "one value of a condition is not known": ids(["sts.amazonaws.com", "vault"], {
      role: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [withConditions({ StringEquals: { [`${ISSUER}:aud`]: ["sts.amazonaws.com", UNKNOWN] } })],
        },
      },
    }),
    "the policy of the role is not known": ids(["sts.amazonaws.com", "vault"], { role: { assumeRolePolicy: UNKNOWN } }),
    "the first preview": firstPreview({ oidcProvider: { clientIdLists: ["sts.amazonaws.com", "vault"] } }),
    "the first preview, with a policy that is known": firstPreview({
      oidcProvider: { clientIdLists: ["sts.amazonaws.com", "vault"] },
      role: { assumeRolePolicy: trust() },
    }),
    "a projected token of another audience": ids(["sts.amazonaws.com", "vault", "consul"], projected("vault")),
    "a projected token of an audience that is not known": ids(["sts.amazonaws.com", "vault"], projected(UNKNOWN)),
    "projected tokens that are not known": ids(["sts.amazonaws.com", "vault"], {
      deployment: { spec: { template: { spec: { volumes: [{ name: "token", projected: { sources: UNKNOWN } }] } } } },
    }),
  },
  "oidc-provider-thumbprint-invalid": {
    six: pins(Array.from({ length: 6 }, () => PIN)),
    five: pins(Array.from({ length: 5 }, () => PIN)),
    "six, of another maker's issuer": pinsElsewhere(Array.from({ length: 6 }, () => PIN)),
    "colons, of another maker's issuer": pinsElsewhere([PIN.replace(/(..)(?=.)/g, "$1:").toUpperCase()]),
    "a digit too many, of another maker's issuer": pinsElsewhere([`${PIN}0`]),
    "an x before it, of another maker's issuer": pinsElsewhere([`x${PIN}`]),
    "an x after it, of another maker's issuer": pinsElsewhere([`${PIN}x`]),
    "a SHA-256, of another maker's issuer": pinsElsewhere(["ab".repeat(32)]),
    "nothing, of another maker's issuer": pinsElsewhere([""]),
    "one that is not known": pins([UNKNOWN, "x"]),
    "an issuer that is not known, of nobody's cluster": wired({
      cluster: null,
      oidcProvider: { url: UNKNOWN, thumbprintLists: ["x"] },
    }),
    "an issuer that is not known, of this cluster": firstPreview({ oidcProvider: { thumbprintLists: ["x"] } }),
  },
  "oidc-provider-thumbprint-pinned": {
    zeros: pins(["0".repeat(40)]),
    "zeros and ones": pins(["01".repeat(20)]),
    "three letters": pins(["012".repeat(13) + "0"]),
    "digits in their order": pins(["1234567890".repeat(4)]),
    "digits in their order, after another": pins(["a" + "1234567890".repeat(4).slice(1)]),
    "digits in their order, once": pins([`1234567890${PIN.slice(10)}`]),
    deadbeef: pins(["deadbeef".repeat(5)]),
    "GitHub's": pins(["6938fd4d98bab03faadb97b34396831e3780aea1"]),
    "GitLab's in capitals, of another maker's issuer": pinsElsewhere(["B3DD7606D2B5A8B4A13771DBECC9EE1CECAFA38A"]),
    "zeros, of another maker's issuer": pinsElsewhere(["0".repeat(40)]),
    "zeros, at the first preview": firstPreview({ oidcProvider: { thumbprintLists: ["0".repeat(40)] } }),
    "zeros, of an issuer of EKS elsewhere": elsewhere(`https://${ISSUER}`, {
      oidcProvider: { url: `https://${ISSUER}`, thumbprintLists: ["0".repeat(40)] },
    }),
    "one that is not known, and one that is": pins([UNKNOWN, "0".repeat(40)]),
    "one that is too short": pins(["0".repeat(39)]),
    "none, and one is kept": kept([], [PIN]),
    "none, and none is kept": kept([], []),
    "one, and another is kept": kept([PIN], ["0".repeat(40)]),
    "one that is not known, and another is kept": kept(UNKNOWN, [PIN]),
  },
};

/** Conditions of a statement that is right otherwise. */
function withConditions(Condition: Value): Value {
  return {
    Effect: "Allow",
    Principal: { Federated: PROVIDER_ARN },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition,
  };
}

function projected(audience: Value): Wiring {
  const volume = { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token", audience } }] } };
  return { deployment: { spec: { template: { spec: { volumes: [volume] } } } } };
}

function pins(thumbprintLists: Value): Snapshot {
  return wired({ oidcProvider: { thumbprintLists } });
}

/** The same of an issuer that is not EKS's, whose role is for pods. */
function pinsElsewhere(thumbprintLists: Value): Snapshot {
  return wired({
    ...nobody,
    cluster: null,
    kubernetes: null,
    oidcProvider: { url: "https://token.example.com", thumbprintLists },
    role: { assumeRolePolicy: trust({ issuer: "token.example.com" }) },
  });
}

/** Thumbprints that are written, and those that IAM has. */
function kept(thumbprintLists: Value, has: readonly string[]): Snapshot {
  const stack = pins(thumbprintLists);
  return {
    ...stack,
    resources: stack.resources.map((each) =>
      each.urn === urns.oidcProvider ? { ...each, outputs: { ...each.outputs, thumbprintLists: has } } : each,
    ),
  };
}

/** A release whose values name the account and annotate it with the role. */
function release() {
  const annotations = { "eks.amazonaws.com/role-arn": ROLE_ARN };
  return resource(
    "kubernetes:helm.sh/v3:Release",
    "shop",
    { chart: "api", namespace: "shop", values: { serviceAccount: { name: "api", annotations } } },
    { from: { values: [urns.role] } },
  );
}

function identityConfig(version: Value, changes: Wiring = {}): Snapshot {
  const oidc = {
    clientId: "sts.amazonaws.com",
    identityProviderConfigName: "irsa",
    issuerUrl: `https://${ISSUER}`,
  };
  return wired({
    cluster: { version },
    plus: [
      resource(
        "aws:eks/identityProviderConfig:IdentityProviderConfig",
        "irsa",
        { clusterName: "shop", oidc },
        { from: { oidc: [urns.cluster], clusterName: [urns.cluster] } },
      ),
    ],
    ...changes,
  });
}

export default details;
