/** EKS resources of the chain, after terraform-provider-aws `internal/service/eks`. */
import { hex, uuid } from "../hash";
import { fields, isSet, isUnknown, own, scalar, unknown, type Value, type ValueMap } from "../values";
import { arnFaults } from "./iam-types";
import { createdAt, type Making, regionalArn, type ResourceType, textOf } from "./resource-type";
import type { AwsScope } from "./scope";

export const defaultKubernetesVersion = "1.34";

/** The certificate authority of every rehearsed cluster: PEM-like text that is no certificate. */
const certificateAuthority = Buffer.from(
  "-----BEGIN CERTIFICATE-----\nrehearsal\n-----END CERTIFICATE-----\n",
).toString("base64");

/**
 * What EKS tells about a cluster, for the resource and for `eks.getCluster` alike: both derive it from the account,
 * the region and the name, so a second stack that looks the cluster up sees the same issuer.
 */
export function clusterFacts(scope: AwsScope, name: Value | undefined): Readonly<Record<string, Value>> {
  const arn = textOf`arn:${scope.partition}:eks:${scope.region}:${scope.accountId}:cluster/${name}`;
  const id = isUnknown(arn) ? unknown : hex(32, "cluster", scalar(arn)).toUpperCase();
  const told = typeof name === "string" ? own(scope.issuers, name) : undefined;
  return {
    arn,
    endpoint: textOf`https://${id}.gr7.${scope.region}.eks.${scope.dnsSuffix}`,
    identities: [{ oidcs: [{ issuer: told ?? textOf`https://oidc.eks.${scope.region}.${scope.dnsSuffix}/id/${id}` }] }],
    certificateAuthority: { data: certificateAuthority },
    status: "ACTIVE",
    platformVersion: "eks.1",
    createdAt,
  };
}

const cluster: ResourceType = {
  autoname: { property: "name", maxLength: 100 },
  required: ["roleArn", "vpcConfig"],
  defaults: { bootstrapSelfManagedAddons: true },
  forceNew: ["name", "roleArn", "bootstrapSelfManagedAddons", "outpostConfig"],
  validate: (inputs) => arnFaults(inputs, "roleArn", "role_arn"),
  id: ({ inputs }) => inputs.name ?? unknown,
  computed: (making) => ({
    ...clusterFacts(making.scope, making.inputs.name),
    version: defaultKubernetesVersion,
    kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: "10.100.0.0/16" },
    accessConfig: { authenticationMode: "CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: true },
    vpcConfig: {
      clusterSecurityGroupId: `sg-${hex(17, "cluster-security-group", making.urn)}`,
      vpcId: `vpc-${hex(17, "cluster-vpc", making.urn)}`,
      endpointPrivateAccess: false,
      endpointPublicAccess: true,
      publicAccessCidrs: ["0.0.0.0/0"],
    },
  }),
};

/** Something inside a cluster whose id is `<cluster>:<name>`. */
const member = (
  kind: string,
  name: (inputs: ValueMap) => Value | undefined,
  rest: Partial<ResourceType>,
): ResourceType => ({
  id: ({ inputs }) => textOf`${inputs.clusterName}:${name(inputs)}`,
  computed: (making) => ({
    arn: memberArn(making, kind, name(making.inputs)),
    status: "ACTIVE",
    createdAt,
    modifiedAt: createdAt,
  }),
  ...rest,
});

const memberArn = (making: Making, kind: string, name: Value | undefined): Value =>
  regionalArn(making, "eks", textOf`${kind}/${making.inputs.clusterName}/${name}/${uuid(kind, making.urn)}`);

const associationId = ({ urn }: Making): string => `a-${hex(17, "pod-identity-association", urn)}`;

export const eksTypes: Readonly<Record<string, ResourceType>> = {
  "aws:eks/cluster:Cluster": cluster,
  "aws:eks/addon:Addon": member("addon", ({ addonName }) => addonName, {
    required: ["addonName", "clusterName"],
    forceNew: ["addonName", "clusterName"],
    validate: (inputs) => arnFaults(inputs, "serviceAccountRoleArn", "service_account_role_arn"),
    computed: (making) => ({
      arn: memberArn(making, "addon", making.inputs.addonName),
      addonVersion: "v1.0.0-eksbuild.1",
      configurationValues: "",
      createdAt,
      modifiedAt: createdAt,
    }),
  }),
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    required: ["clusterName", "namespace", "roleArn", "serviceAccount"],
    forceNew: ["clusterName", "namespace", "serviceAccount"],
    id: associationId,
    computed: (making) => ({
      associationId: associationId(making),
      associationArn: regionalArn(
        making,
        "eks",
        textOf`podidentityassociation/${making.inputs.clusterName}/${associationId(making)}`,
      ),
      disableSessionTags: false,
      externalId: isSet(making.inputs.targetRoleArn) ? uuid("external-id", making.urn) : "",
    }),
  },
  "aws:eks/nodeGroup:NodeGroup": member("nodegroup", ({ nodeGroupName }) => nodeGroupName, {
    autoname: { property: "nodeGroupName", maxLength: 63 },
    required: ["clusterName", "nodeRoleArn", "scalingConfig", "subnetIds"],
    forceNew: ["clusterName", "nodeGroupName", "nodeGroupNamePrefix", "nodeRoleArn", "subnetIds", "instanceTypes"],
    computed: (making) => ({
      arn: memberArn(making, "nodegroup", making.inputs.nodeGroupName),
      status: "ACTIVE",
      version: defaultKubernetesVersion,
      resources: [{ autoscalingGroups: [{ name: `eks-${uuid("asg", making.urn)}` }], remoteAccessSecurityGroupId: "" }],
      ...(isSet(fields(making.inputs.launchTemplate).id) ? {} : { instanceTypes: ["t3.medium"] }),
    }),
  }),
  "aws:eks/fargateProfile:FargateProfile": member("fargateprofile", ({ fargateProfileName }) => fargateProfileName, {
    autoname: { property: "fargateProfileName", maxLength: 100 },
    required: ["clusterName", "podExecutionRoleArn", "selectors"],
    forceNew: ["clusterName", "fargateProfileName", "podExecutionRoleArn", "selectors", "subnetIds"],
  }),
  "aws:eks/accessEntry:AccessEntry": member("access-entry", ({ principalArn }) => principalArn, {
    required: ["clusterName", "principalArn"],
    forceNew: ["clusterName", "principalArn", "type"],
    computed: (making) => ({
      accessEntryArn: memberArn(making, "access-entry", "role"),
      createdAt,
      modifiedAt: createdAt,
      kubernetesGroups: [],
      userName: making.inputs.principalArn,
      type: "STANDARD",
    }),
  }),
};
