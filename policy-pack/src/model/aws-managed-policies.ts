import { known } from "../facts/fact";
import type { PolicyDocument } from "../iam/document";
import { parsePolicyDocument } from "../iam/parse";

/** What the name of an AWS-managed policy tells: actions that it allows on every resource. */
export interface ManagedPolicy {
  readonly document: PolicyDocument;
  /** True when the policy allows nothing else. */
  readonly whole: boolean;
}

interface Entry {
  readonly actions: readonly string[];
  readonly whole: boolean;
}

const whole = (...actions: string[]): Entry => ({ actions, whole: true });
const partly = (...actions: string[]): Entry => ({ actions, whole: false });

/**
 * The policies whose name is a promise: "full access" to a service, or "read only" where that is the three verbs. AWS adds
 * actions to them and takes none away; their pages are in the AWS Managed Policy Reference. Others are not guessed.
 */
const POLICIES: Readonly<Record<string, Entry>> = {
  AdministratorAccess: whole("*"),
  AmazonS3FullAccess: whole("s3:*", "s3-object-lambda:*"),
  AmazonS3ReadOnlyAccess: whole(
    "s3:Get*",
    "s3:List*",
    "s3:Describe*",
    "s3-object-lambda:Get*",
    "s3-object-lambda:List*",
  ),
  AmazonSQSFullAccess: whole("sqs:*"),
  AmazonSSMReadOnlyAccess: whole("ssm:Describe*", "ssm:Get*", "ssm:List*"),
  AmazonDynamoDBFullAccess: partly("dynamodb:*"),
  AmazonSNSFullAccess: partly("sns:*"),
  AmazonSESFullAccess: partly("ses:*"),
  AmazonEC2FullAccess: partly("ec2:*"),
  AmazonEC2ReadOnlyAccess: partly("ec2:Describe*"),
  AmazonKinesisFullAccess: partly("kinesis:*"),
  AmazonRoute53FullAccess: partly("route53:*"),
  AmazonSSMFullAccess: partly("ssm:*"),
  AWSLambda_FullAccess: partly("lambda:*"),
  CloudWatchFullAccess: partly("cloudwatch:*", "logs:*"),
  CloudWatchLogsFullAccess: partly("logs:*"),
  IAMFullAccess: partly("iam:*"),
  SecretsManagerReadWrite: partly("secretsmanager:*"),
};

/** The AWS-managed policy of an ARN such as `arn:aws:iam::aws:policy/AmazonS3FullAccess`; undefined for every other. */
export function awsManagedPolicy(arn: string): ManagedPolicy | undefined {
  const name = awsManagedName(arn);
  const entry = name !== undefined && Object.hasOwn(POLICIES, name) ? POLICIES[name] : undefined;
  if (!entry) return undefined;
  const document = parsePolicyDocument(
    known({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: entry.actions, Resource: "*" }] }),
    { kind: "identity" },
  );
  return document.is === "known" ? { document: document.value, whole: entry.whole } : undefined;
}

/** The path and name of an AWS-managed policy: `service-role/AmazonEBSCSIDriverPolicy`. */
export function awsManagedName(arn: string): string | undefined {
  return /^arn:aws[a-z0-9-]*:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
}
