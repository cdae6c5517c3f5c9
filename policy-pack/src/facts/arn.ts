import { texts } from "./lists";
/** The parts of an Amazon Resource Name. `resource` is everything after the fifth colon. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/** AWS's own limit. A longer text is no ARN, and must not reach a regular expression, whose stack it would exhaust. */
const MAX_LENGTH = 2048;

/** The parts of an ARN, or undefined when the text is not one (`arn:partition:service:region:account:resource`). */
export function parseArn(text: string): Arn | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const parts = text.split(":");
  const [prefix, partition, service, region, accountId] = texts(parts);
  if (prefix !== "arn" || parts.length < 6 || partition === "" || service === "") return undefined;
  return { partition, service, region, accountId, resource: parts.slice(5).join(":") };
}

export interface RoleArn {
  readonly partition: string;
  readonly accountId: string;
  /** `/` or `/team/x/`, as IAM spells a path. */
  readonly path: string;
  readonly name: string;
}

/** The parts of an IAM role ARN (`arn:aws:iam::111122223333:role/team/x/name`), or undefined when it is not one. */
export function parseRoleArn(text: string): RoleArn | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = /^arn:(aws[a-z0-9-]*):iam::(\d{12}):role(\/(?:[\w+=,.@/-]*\/)?)([\w+=,.@-]+)$/.exec(text);
  if (!match) return undefined;
  const [, partition, accountId, path, name] = texts(match);
  return { partition, accountId, path, name };
}

export interface OidcProviderArn {
  readonly partition: string;
  readonly accountId: string;
  /** Host and path, without a scheme: `oidc.eks.eu-west-1.amazonaws.com/id/ABC…`. */
  readonly issuer: string;
}

/** The parts of an IAM OIDC provider ARN (`arn:aws:iam::111122223333:oidc-provider/<issuer>`), or undefined when it is not one. */
export function parseOidcProviderArn(text: string): OidcProviderArn | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = /^arn:(aws[a-z0-9-]*):iam::(\d{12}):oidc-provider\/(.+)$/.exec(text);
  if (!match) return undefined;
  const [, partition, accountId, issuer] = texts(match);
  return { partition, accountId, issuer };
}
