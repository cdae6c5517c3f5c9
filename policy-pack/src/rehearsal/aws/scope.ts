/** Whose account, which region and which partition a provider instance or a resource answers for. */
import { isMap, isUnknown, items, plain, text, type Value, type ValueMap } from "../values";

export interface AwsScope {
  /** Twelve digits. */
  readonly accountId: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
  /** `amazonaws.com`, `amazonaws.com.cn`, … */
  readonly dnsSuffix: string;
  /** Issuer URLs of clusters by name, where the user has told them. */
  readonly issuers: Readonly<Record<string, string>>;
}

export interface AwsDefaults {
  readonly accountId: string;
  readonly region: string | undefined;
  readonly partition: string | undefined;
  readonly issuers: Readonly<Record<string, string>>;
}

const commercial = { partition: "aws", regions: /^/, dnsSuffix: "amazonaws.com", region: "us-west-2" };

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html and botocore's partitions.json */
const partitions = [
  { partition: "aws-cn", regions: /^cn-/, dnsSuffix: "amazonaws.com.cn", region: "cn-north-1" },
  { partition: "aws-us-gov", regions: /^us-gov-/, dnsSuffix: "amazonaws.com", region: "us-gov-west-1" },
  { partition: "aws-iso", regions: /^us-iso-/, dnsSuffix: "c2s.ic.gov", region: "us-iso-east-1" },
  { partition: "aws-iso-b", regions: /^us-isob-/, dnsSuffix: "sc2s.sgov.gov", region: "us-isob-east-1" },
  { partition: "aws-iso-e", regions: /^eu-isoe-/, dnsSuffix: "cloud.adc-e.uk", region: "eu-isoe-west-1" },
  { partition: "aws-iso-f", regions: /^us-isof-/, dnsSuffix: "csp.hci.ic.gov", region: "us-isof-south-1" },
  { partition: "aws-eusc", regions: /^eusc-/, dnsSuffix: "amazonaws.eu", region: "eusc-de-east-1" },
  commercial,
];

/**
 * The scope of a provider instance. Its own region wins over the default, because a program with an explicit provider
 * for a second region would otherwise be rehearsed in the wrong one; the account is the one it assumes a role in.
 */
export function providerScope(config: ValueMap, defaults: AwsDefaults): AwsScope {
  const named = partitions.find(({ partition }) => partition === defaults.partition);
  const region = text(config.region) ?? defaults.region ?? named?.region ?? commercial.region;
  return {
    ...regional(region, defaults.partition),
    accountId: configuredAccount(config) ?? defaults.accountId,
    issuers: defaults.issuers,
  };
}

/** The scope of a resource: @pulumi/aws from version 7 has a `region` on every regional resource. */
export function resourceScope(scope: AwsScope, inputs: ValueMap): AwsScope {
  const region = text(inputs.region);
  return region === undefined || region === scope.region ? scope : { ...scope, ...regional(region, undefined) };
}

function regional(region: string, partition: string | undefined): Pick<AwsScope, "region" | "partition" | "dnsSuffix"> {
  const found =
    partitions.find((candidate) => candidate.partition === partition) ??
    partitions.find(({ regions }) => regions.test(region)) ??
    commercial;
  return { region, partition: partition ?? found.partition, dnsSuffix: found.dnsSuffix };
}

function configuredAccount(config: ValueMap): string | undefined {
  // With a chain of roles (`assumeRoles`) the last one is who the provider acts as.
  const roles = [setting(config.assumeRole), setting(config.assumeRoles), setting(config.assumeRoleWithWebIdentity)]
    .flatMap((value) => (value === undefined ? [] : Array.isArray(value) ? items(value) : [value]))
    .map((role) => (isMap(role) ? accountOf(text(role.roleArn)) : undefined))
    .filter((account) => account !== undefined);
  const allowed = items(setting(config.allowedAccountIds)).filter((id) => typeof id === "string" && !isUnknown(id));
  return roles.at(-1) ?? (allowed.length === 1 ? text(allowed[0]) : undefined);
}

const accountOf = (arn: string | undefined): string | undefined =>
  /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn ?? "")?.[1];

/** Provider configuration carries its nested values as JSON text. */
export function setting(value: Value | undefined): Value | undefined {
  const revealed = value === undefined ? undefined : plain(value);
  if (typeof revealed !== "string" || !/^\s*[[{]/.test(revealed)) return revealed;
  try {
    return JSON.parse(revealed) as Value;
  } catch {
    return revealed;
  }
}
