import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties, Snapshot } from "../../../policy-pack/src/model/snapshot";
import {
  ENDPOINT,
  firstPreview,
  ID,
  ISSUER,
  OTHER_ISSUER,
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

const nobody: Wiring = { serviceAccount: null, deployment: null };
/** Pods of a cluster that nobody here knows. */
const away: Wiring = {
  cluster: null,
  kubernetes: { kubeconfig: "" },
  edges: { "oidcProvider.url": [], "kubernetes.kubeconfig": [] },
};

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
    "a slash behind an issuer of another maker, whose pods are here": wired({
      ...away,
      oidcProvider: { url: "https://token.example.com/" },
      role: { assumeRolePolicy: trust({ issuer: "token.example.com/" }) },
    }),
    "a url that is not known, whose pods are here": wired({ ...away, oidcProvider: { url: UNKNOWN } }),
    "a slash behind an issuer of another maker that came from a cluster": wired({
      oidcProvider: { url: "https://token.example.com/pods/" },
    }),
    "a slash behind the issuer of a cluster that is another maker's": ownIssuer("https://oidc.example.com/shop/"),
    "the issuer of a cluster that is another maker's": ownIssuer("https://oidc.example.com/shop"),
    "a port of an issuer of a cluster that is another maker's": ownIssuer("https://oidc.example.com:8443/shop"),
    "an id in lower case, as the cluster has it": ownIssuer(
      `https://${ISSUER.toLowerCase()}`,
      `https://${ISSUER.toLowerCase()}`,
    ),
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
      oidcProvider: { url: ENDPOINT.replace(ID, "0123456789ABCDEF0123456789ABCDEF") },
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
    "the same issuer, of no cluster of this stack": elsewhere(`https://${ISSUER}`, {
      plus: [second({ url: `https://${ISSUER}` })],
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
    "the issuer of another cluster, which the role trusts": url(`https://${OTHER_ISSUER}`, {
      role: { assumeRolePolicy: trust({ issuer: OTHER_ISSUER }) },
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
    "a cluster of the configuration": identityConfig("1.33", {
      cluster: null,
      config: { clusters: [{ name: "shop", issuer: `https://${ISSUER}` }] },
    }),
  },
};

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

/** A cluster of a test cloud, which has an issuer of its own, and the url of its provider. */
function ownIssuer(text: string, issuer = "https://oidc.example.com/shop"): Snapshot {
  const stack = url(text);
  const identities = [{ oidcs: [{ issuer }] }];
  return {
    ...stack,
    resources: stack.resources.map((each) =>
      each.urn === urns.cluster ? { ...each, outputs: { ...each.outputs, identities } } : each,
    ),
  };
}

export default details;
