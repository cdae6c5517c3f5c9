/** IAM ARNs: `arn:<partition>:iam::<account>:<kind>/<path and name>`. */
export interface IamArn {
  readonly partition: string;
  /** Twelve digits, or `aws` for a policy that AWS manages. */
  readonly account: string;
  /** What follows the kind: an issuer, or path and name. */
  readonly rest: string;
}

function parse(kind: string, account: string, text: string): IamArn | undefined {
  const match = new RegExp(`^arn:(aws[a-z-]*):iam::(${account}):${kind}/(\\S+)$`).exec(text);
  return match ? { partition: match[1] ?? "", account: match[2] ?? "", rest: match[3] ?? "" } : undefined;
}

/** The parts of a provider's ARN; undefined when it is none. */
export const parseProviderArn = (text: string): IamArn | undefined => parse("oidc-provider", "\\d{12}", text);

/** The parts of a role's ARN; undefined when it is none. */
export const parseRoleArn = (text: string): IamArn | undefined => parse("role", "\\d{12}", text);

/** The parts of a managed policy's ARN; undefined when it is none. */
export const parsePolicyArn = (text: string): IamArn | undefined => parse("policy", "\\d{12}|aws", text);

/** The name of a role or policy: the last part of its path. */
export function nameInArn(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/** The issuer in a provider's ARN, without scheme; undefined when the text is no such ARN. */
export function issuerInArn(arn: string): string | undefined {
  return parseProviderArn(arn)?.rest;
}
