import { awsManagedName } from "./aws-managed-policies";

/** What is wrong with the ARN of an AWS-managed policy. */
export interface ManagedArnFault {
  /** path: the policy is under another path. spelling: a policy is named nearly so. customer: guides have one make it. */
  readonly fault: "path" | "spelling" | "customer";
  /** Path and name to write after `policy/`. */
  readonly needed: string;
}

/** The AWS-managed policies that roles for pods and nodes of EKS are given, by their path (AWS Managed Policy Reference). */
const BY_PATH: Readonly<Record<string, readonly string[]>> = {
  "service-role/": [
    "AmazonEBSCSIDriverPolicy",
    "AmazonEFSCSIDriverPolicy",
    "AmazonGrafanaAthenaAccess",
    "AmazonGrafanaCloudWatchAccess",
    "AWSGlueServiceRole",
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaRole",
  ],
  "": [
    "AdministratorAccess",
    "AmazonAthenaFullAccess",
    "AmazonBedrockFullAccess",
    "AmazonDynamoDBFullAccess",
    "AmazonDynamoDBReadOnlyAccess",
    "AmazonEC2ContainerRegistryFullAccess",
    "AmazonEC2ContainerRegistryPowerUser",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEC2FullAccess",
    "AmazonEC2ReadOnlyAccess",
    "AmazonEKS_CNI_Policy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSFargatePodExecutionRolePolicy",
    "AmazonEKSServicePolicy",
    "AmazonEKSVPCResourceController",
    "AmazonEKSWorkerNodePolicy",
    "AmazonElasticFileSystemClientReadWriteAccess",
    "AmazonElasticFileSystemFullAccess",
    "AmazonEventBridgeFullAccess",
    "AmazonFSxFullAccess",
    "AmazonKinesisFirehoseFullAccess",
    "AmazonKinesisFullAccess",
    "AmazonMSKFullAccess",
    "AmazonOpenSearchServiceFullAccess",
    "AmazonPrometheusFullAccess",
    "AmazonPrometheusQueryAccess",
    "AmazonPrometheusRemoteWriteAccess",
    "AmazonRoute53FullAccess",
    "AmazonRoute53ReadOnlyAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "AmazonSESFullAccess",
    "AmazonSNSFullAccess",
    "AmazonSQSFullAccess",
    "AmazonSQSReadOnlyAccess",
    "AmazonSSMFullAccess",
    "AmazonSSMManagedInstanceCore",
    "AmazonSSMReadOnlyAccess",
    "AWSAppMeshEnvoyAccess",
    "AWSAppMeshFullAccess",
    "AWSCertificateManagerPrivateCAFullAccess",
    "AWSCloudMapFullAccess",
    "AWSKeyManagementServicePowerUser",
    "AWSXRayDaemonWriteAccess",
    "CloudWatchAgentServerPolicy",
    "CloudWatchLogsFullAccess",
    "CloudWatchReadOnlyAccess",
    "ElasticLoadBalancingFullAccess",
    "ElasticLoadBalancingReadOnly",
    "IAMFullAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SecretsManagerReadWrite",
  ],
};

/** Policies that the guides of controllers have one create in one's own account. */
const CUSTOMERS: ReadonlySet<string> = new Set([
  "AllowExternalDNSUpdates",
  "AmazonEKSClusterAutoscalerPolicy",
  "AmazonEKS_EBS_CSI_Driver_Policy",
  "AmazonEKS_EFS_CSI_Driver_Policy",
  "AWSLoadBalancerControllerIAMPolicy",
]);

const FULL_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(BY_PATH).flatMap(([path, names]) => names.map((name) => [name, `${path}${name}`] as const)),
);
const BY_SPELLING: ReadonlyMap<string, string> = new Map(
  [...FULL_NAMES].map(([name, full]) => [spelling(name), full] as const),
);

/**
 * The fault of an ARN such as `arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicy`; undefined for every other text. Names of
 * policies are unique in an account whatever their path (IAM API, CreatePolicy), so a known name under another path is none.
 */
export function managedArnFault(arn: string): ManagedArnFault | undefined {
  const written = awsManagedName(arn);
  if (written === undefined) return undefined;
  const name = written.slice(written.lastIndexOf("/") + 1);
  const full = FULL_NAMES.get(name);
  if (full !== undefined) return full === written ? undefined : { fault: "path", needed: full };
  if (CUSTOMERS.has(name)) return { fault: "customer", needed: name };
  const near = BY_SPELLING.get(spelling(name)) ?? slipOf(name);
  return near === undefined ? undefined : { fault: "spelling", needed: near };
}

/** Case, punctuation and the words that are left out or put in most often make no other policy. */
function spelling(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replace(/^(?:aws|amazon)/, "")
    .replace(/(?:access|policy)$/, "");
}

/** The policy whose name differs by one letter that is missing, too much, or exchanged with the next; other letters make other services. */
function slipOf(name: string): string | undefined {
  if (name.length > 128) return undefined;
  for (const [known, full] of FULL_NAMES) if (isSlip(name, known)) return full;
  return undefined;
}

function isSlip(text: string, known: string): boolean {
  const [short, long] = text.length < known.length ? [text, known] : [known, text];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  // Near the beginning one letter is another service: AmazonESFullAccess and AmazonSESFullAccess.
  if (long.length === short.length + 1) return start > 8 && short.slice(start) === long.slice(start + 1);
  if (long.length !== short.length || start > short.length - 2) return false;
  return short.slice(start) === `${long.charAt(start + 1)}${long.charAt(start)}${long.slice(start + 2)}`;
}
