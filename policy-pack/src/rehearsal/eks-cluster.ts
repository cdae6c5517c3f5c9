/**
 * `eks:index:Cluster` of the pulumi-eks package, a component that runs outside the program. Of its children only those
 * of the IRSA chain are made (names as in pulumi-eks nodejs/eks/cluster/cluster.ts): the service role, the cluster and,
 * with `createOidcProvider`, the IAM OIDC provider.
 */
import { textOf } from "./aws/resource-type";
import { type AwsDefaults, type AwsScope, providerScope } from "./aws/scope";
import { type Monitor, type Registered, registerComponent, withMonitor } from "./monitor";
import type { ConstructAnswer, ConstructRequest } from "./stand-in";
import {
  compact,
  containsUnknown,
  fields,
  isSet,
  items,
  plain,
  resourceReference,
  reveal,
  text,
  unknown,
  type Value,
  type ValueMap,
} from "./values";

/** @param defaults whose account a role belongs to that the program hands over as `serviceRole` */
export const constructEksCluster = (component: ConstructRequest, defaults: AwsDefaults): Promise<ConstructAnswer> =>
  withMonitor(component.monitorEndpoint, async (monitor) => {
    const { urn } = await registerComponent(monitor, component);
    const role = await serviceRole(monitor, component, urn, providerScope(component.config, defaults));
    const cluster = await eksCluster(monitor, component, urn, role);
    const provider = isTrue(component.inputs.createOidcProvider)
      ? await oidcProvider(monitor, component, urn, cluster)
      : undefined;
    const state = outputs(component, cluster, provider);
    await monitor.registerOutputs(urn, state);
    const providerUrns = provider === undefined ? [] : [provider.urn];
    const dependsOn = (property: string): readonly string[] =>
      property.startsWith("oidcProvider") && provider !== undefined ? providerUrns : [cluster.urn];
    return {
      urn,
      state,
      stateDependencies: new Map(Object.keys(state).map((property) => [property, dependsOn(property)])),
    };
  });

const isTrue = (value: Value | undefined): boolean => reveal(value) === true;

const awsProvider = ({ providers }: ConstructRequest): string | undefined => providers.get("aws");

/** The role that the program hands over, or the one that the component makes. */
async function serviceRole(
  monitor: Monitor,
  component: ConstructRequest,
  parent: string,
  { partition, accountId }: AwsScope,
): Promise<{ readonly arn: Value; readonly urns: readonly string[] }> {
  const { inputs, inputDependencies, name } = component;
  if (isSet(inputs.serviceRole)) {
    // The engine hands over a role resource as its id, which is its name.
    const arn = textOf`arn:${partition}:iam::${accountId}:role/${reveal(inputs.serviceRole)}`;
    return { arn, urns: inputDependencies.get("serviceRole") ?? [] };
  }
  const common = { custom: true, provider: awsProvider(component) };
  const owner = await monitor.register({
    type: "eks:index:ServiceRole",
    name: `${name}-eksRole`,
    parent,
    custom: false,
    inputs: {},
  });
  const role = await monitor.register({
    ...common,
    type: "aws:iam/role:Role",
    name: `${name}-eksRole-role`,
    parent: owner.urn,
    inputs: {
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    },
  });
  await monitor.register({
    ...common,
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: `${name}-eksRole-4b490823`,
    parent: owner.urn,
    inputs: {
      role: role.outputs.name ?? unknown,
      policyArn: `arn:${partition}:iam::aws:policy/AmazonEKSClusterPolicy`,
    },
    inputDependencies: new Map([["role", [role.urn]]]),
  });
  return { arn: role.outputs.arn ?? unknown, urns: [role.urn] };
}

const subnetInputs = ["subnetIds", "privateSubnetIds", "publicSubnetIds"];

function eksCluster(
  monitor: Monitor,
  component: ConstructRequest,
  parent: string,
  role: { readonly arn: Value; readonly urns: readonly string[] },
): Promise<Registered> {
  const { inputs, inputDependencies, name } = component;
  const subnetIds = subnetInputs.flatMap((property) => items(inputs[property]));
  return monitor.register({
    type: "aws:eks/cluster:Cluster",
    name: `${name}-eksCluster`,
    parent,
    custom: true,
    provider: awsProvider(component),
    inputs: compact({
      name: inputs.name,
      version: inputs.version,
      roleArn: role.arn,
      vpcConfig: compact({
        subnetIds: subnetIds.some(containsUnknown) ? unknown : subnetIds,
        endpointPrivateAccess: inputs.endpointPrivateAccess,
        endpointPublicAccess: inputs.endpointPublicAccess,
      }),
      enabledClusterLogTypes: inputs.enabledClusterLogTypes,
      tags: inputs.clusterTags ?? inputs.tags,
    }),
    inputDependencies: new Map([
      ["name", inputDependencies.get("name") ?? []],
      ["roleArn", role.urns],
      ["vpcConfig", subnetInputs.flatMap((property) => inputDependencies.get(property) ?? [])],
    ]),
  });
}

const oidcProvider = (
  monitor: Monitor,
  component: ConstructRequest,
  parent: string,
  cluster: Registered,
): Promise<Registered> =>
  monitor.register({
    type: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    name: `${component.name}-oidcProvider`,
    parent,
    custom: true,
    provider: awsProvider(component),
    inputs: { clientIdLists: ["sts.amazonaws.com"], url: issuerOf(cluster) },
    inputDependencies: new Map([["url", [cluster.urn]]]),
  });

function issuerOf(cluster: Registered): Value {
  const [identity] = items(cluster.outputs.identities);
  const [oidc] = items(fields(identity).oidcs);
  return fields(oidc).issuer ?? unknown;
}

function outputs(component: ConstructRequest, cluster: Registered, provider: Registered | undefined): ValueMap {
  const issuer = text(issuerOf(cluster));
  const kubeconfig = kubeconfigOf(cluster);
  const eksCluster = resourceReference(cluster.urn, cluster.id);
  const securityGroupId = fields(cluster.outputs.vpcConfig).clusterSecurityGroupId ?? unknown;
  const oidcProvider = provider === undefined ? {} : { oidcProvider: resourceReference(provider.urn, provider.id) };
  return {
    eksCluster,
    kubeconfig: kubeconfig ?? unknown,
    kubeconfigJson: kubeconfig === undefined ? unknown : JSON.stringify(kubeconfig),
    clusterSecurityGroupId: securityGroupId,
    nodeSecurityGroupId: securityGroupId,
    oidcIssuer: issuer?.replace(/^https:\/\//, "") ?? unknown,
    oidcProviderUrl: issuer ?? unknown,
    // The component gives an empty text where it made no provider.
    oidcProviderArn: provider === undefined ? "" : (provider.outputs.arn ?? unknown),
    core: compact({
      cluster: eksCluster,
      clusterName: cluster.outputs.name,
      endpoint: cluster.outputs.endpoint,
      kubeconfig: kubeconfig ?? unknown,
      subnetIds: component.inputs.subnetIds ?? [],
      vpcId: component.inputs.vpcId,
      ...oidcProvider,
    }),
  };
}

/** Undefined until everything in it is known. */
function kubeconfigOf({ outputs }: Registered): ValueMap | undefined {
  const { endpoint, name, certificateAuthority } = plain(outputs) as ValueMap;
  const data = fields(certificateAuthority).data;
  if (text(endpoint) === undefined || text(name) === undefined || text(data) === undefined) return undefined;
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "kubernetes", cluster: { server: endpoint ?? "", "certificate-authority-data": data ?? "" } }],
    contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
    "current-context": "aws",
    users: [
      {
        name: "aws",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["eks", "get-token", "--cluster-name", name ?? "", "--output", "json"],
          },
        },
      },
    ],
  };
}
