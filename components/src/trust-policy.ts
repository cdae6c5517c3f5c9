/** The trust policy of a role for pods: built from settled values, without Pulumi. */

/** A cluster whose pods may assume the role. */
export interface TrustedCluster {
  /** ARN of the IAM OIDC provider for the cluster's issuer, in the account of the role. */
  readonly providerArn: string;
  /** Host and path, without scheme. */
  readonly issuer: string;
}

/** Whom a role trusts. */
export interface Trust {
  readonly clusters: readonly TrustedCluster[];
  readonly audience: string;
  /** Whole subjects, `system:serviceaccount:<namespace>:<name>`; at least one. */
  readonly subjects: readonly string[];
  /** Subjects with `*` and `?`. */
  readonly subjectPatterns: readonly string[];
  readonly podIdentity: boolean;
}

interface Statement {
  readonly Effect: "Allow";
  readonly Principal: { readonly Federated: string } | { readonly Service: string };
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The subject that the tokens of an account carry. */
export function subjectOf(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/** The subject pattern of `<namespace>:<name>`. */
export function subjectPattern(pattern: string): string {
  return `system:serviceaccount:${pattern}`;
}

/**
 * The document as IAM wants it, minified JSON. One Allow per cluster demands audience and subject exactly; patterns stand in a
 * statement of their own, since two operators on one key in one statement would both have to hold.
 */
export function trustPolicyText(trust: Trust): string {
  const statements = distinctClusters(trust.clusters).flatMap((cluster) => statementsFor(cluster, trust));
  const podIdentity: Statement = {
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
  };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: trust.podIdentity ? [...statements, podIdentity] : statements,
  });
}

function statementsFor(cluster: TrustedCluster, trust: Trust): Statement[] {
  const audience = { [`${cluster.issuer}:aud`]: trust.audience };
  const subject = `${cluster.issuer}:sub`;
  const exact = statement(cluster, { StringEquals: { ...audience, [subject]: oneOrMany(trust.subjects) } });
  if (trust.subjectPatterns.length === 0) return [exact];
  return [
    exact,
    statement(cluster, { StringEquals: audience, StringLike: { [subject]: oneOrMany(trust.subjectPatterns) } }),
  ];
}

function statement(cluster: TrustedCluster, condition: NonNullable<Statement["Condition"]>): Statement {
  return {
    Effect: "Allow",
    Principal: { Federated: cluster.providerArn },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: condition,
  };
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  const distinct = [...new Set(values)];
  return distinct.length === 1 && distinct[0] !== undefined ? distinct[0] : distinct;
}

function distinctClusters(clusters: readonly TrustedCluster[]): readonly TrustedCluster[] {
  return [...new Map(clusters.map((each) => [each.providerArn, each])).values()];
}

/**
 * What is wrong with the size of a trust policy, as a sentence; undefined when it fits. Quota in characters (ACLSizePerRole, 2048
 * unless raised). The user guide exempts white space only for other policies, so the minified text is counted whole.
 */
export function trustSizeFlaw(text: string, quota: number): string | undefined {
  if (text.length <= quota) return undefined;
  return `the trust policy has ${text.length} characters, ${text.length - quota} more than the quota of ${quota} (ACLSizePerRole); use fewer accounts or clusters per role, or raise the quota and trustPolicyQuota`;
}
