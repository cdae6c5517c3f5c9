import * as pulumi from "@pulumi/pulumi";
import { OpenIdConnectProvider, Role } from "@pulumi/aws/iam";
import { parseRoleArn, nameInArn } from "./arn";
import { disagreements, issuerClaim, policyClaim, providerClaim, roleClaim } from "./agreement";
import { refused } from "./refusal";
import { providerUrl, type ClusterSource } from "./clusters";
import { isLiteral } from "./checks";
import { boundedName, LONGEST_AUTONAMED_ROLE } from "./naming";
import { childOptions, type Scope } from "./scope";
import { suppressionsFor } from "./suppressions";
import { subjectPattern, trustPolicyText } from "./trust-policy";
import { sizeFlaws } from "./trust-size";
import type { RichIrsaBindingArgs } from "./ts-args";

/** A cluster with the provider that the role trusts. */
export interface TrustedSource extends ClusterSource {
  readonly trustedArn: pulumi.Output<string>;
  /** The provider as a resource of this program, created here or given. */
  readonly trustedProvider: OpenIdConnectProvider | undefined;
}

/** The role of a binding. */
export interface BoundRole {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  /** The role as a resource of this program, created here or given. */
  readonly resource: Role | undefined;
}

/** Creates the provider of a source, unless one is adopted. `claim` refuses a second provider for the same issuer. */
export function trustedSource(
  scope: Scope,
  args: RichIrsaBindingArgs,
  source: ClusterSource,
  audience: pulumi.Input<string>,
  existingRoleArn: pulumi.Input<string> | undefined,
  claim: (issuer: string) => void,
): TrustedSource {
  if (source.providerArn !== undefined)
    return { ...source, trustedArn: source.providerArn, trustedProvider: source.provider };
  if (existingRoleArn !== undefined)
    return { ...source, trustedArn: providerBeside(existingRoleArn, source.issuer), trustedProvider: undefined };
  const index = /\[(\d+)\]/.exec(source.prefix)?.[1];
  const url = isLiteral(source.issuer)
    ? providerUrl(source.issuer)
    : source.issuer.apply((issuer) => {
        claim(issuer);
        return issuer;
      });
  const provider = new OpenIdConnectProvider(
    index === undefined ? scope.name : `${scope.name}-${Number(index) + 1}`,
    {
      url: isLiteral(source.issuer) ? url : providerUrl(pulumi.output(url)),
      clientIdLists: [audience],
      thumbprintLists: args.thumbprints,
      tags: tagged(args.tags, suppressionsFor("oidcProvider", args.suppressions)),
    },
    childOptions(scope, [], index === undefined ? args.adopt?.oidcProvider : undefined),
  );
  return { ...source, trustedArn: provider.arn, trustedProvider: provider };
}

/** A provider that this program does not name is in the account of the role, as IAM wants it. */
function providerBeside(roleArn: pulumi.Input<string>, issuer: string | pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.all([roleArn, issuer]).apply(([arn, settled]) => {
    const { partition = "aws", account = "" } = parseRoleArn(arn) ?? {};
    return `arn:${partition}:iam::${account}:oidc-provider/${settled}`;
  });
}

/** The trust policy as JSON. Fails when it is too long or when its parts are of different accounts or partitions. */
export function trustPolicy(
  scope: Scope,
  args: RichIrsaBindingArgs,
  sources: readonly TrustedSource[],
  subjects: pulumi.Input<pulumi.Input<string>[]>,
  audience: pulumi.Input<string>,
): pulumi.Output<string> {
  const clusters = sources.map(({ prefix, providerArn: adopted, trustedArn, issuer: given }) =>
    pulumi.all([trustedArn, given]).apply(([providerArn, issuer]) => ({
      cluster: { providerArn, issuer },
      // What is created here is where it has to be; only what is adopted can be of another account or partition.
      claims:
        adopted === undefined
          ? []
          : [providerClaim(`${prefix}oidcProviderArn`, providerArn), issuerClaim(`${prefix}issuerUrl`, issuer)],
    })),
  );
  return pulumi
    .all([pulumi.all(clusters), subjects, audience, pulumi.all(args.subjectPatterns ?? [])])
    .apply(([settled, settledSubjects, settledAudience, patterns]) => {
      const text = trustPolicyText({
        clusters: settled.map((each) => each.cluster),
        audience: settledAudience,
        subjects: settledSubjects,
        subjectPatterns: patterns.map(subjectPattern),
        podIdentity: args.trustPodIdentity === true,
      });
      const flaws = [...disagreements(settled.flatMap((each) => each.claims)), ...sizeFlaws(args, text)];
      if (flaws.length > 0) throw refused(scope.name, flaws);
      return text;
    });
}

/** The existing role, or one created with the trust policy. */
export function boundRole(
  scope: Scope,
  args: RichIrsaBindingArgs,
  trust: pulumi.Output<string>,
  account: { readonly namespace: pulumi.Input<string>; readonly name: pulumi.Input<string> },
): BoundRole {
  if (args.role !== undefined) return { arn: args.role.arn, name: args.role.name, resource: args.role };
  if (args.roleArn !== undefined) {
    const arn = pulumi.output(args.roleArn);
    return { arn: agreeingRole(scope, args, arn), name: arn.apply(nameInArn), resource: undefined };
  }
  const role = new Role(
    boundedName(scope.name, LONGEST_AUTONAMED_ROLE),
    {
      assumeRolePolicy: trust,
      description:
        args.description ??
        pulumi.interpolate`For the pods of ServiceAccount ${account.namespace}/${account.name} (IRSA)`,
      name: args.roleName,
      namePrefix: args.roleNamePrefix,
      path: args.path,
      permissionsBoundary: args.permissionsBoundary,
      maxSessionDuration: args.maxSessionDuration,
      forceDetachPolicies: args.forceDetachPolicies,
      tags: tagged(args.tags, suppressionsFor("role", args.suppressions)),
    },
    childOptions(scope, [], args.adopt?.role),
  );
  return { arn: role.arn, name: role.name, resource: role };
}

function agreeingRole(scope: Scope, args: RichIrsaBindingArgs, arn: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.all([arn, pulumi.all(args.policyArns ?? [])]).apply(([settled, policies]) => {
    const flaws = disagreements([
      roleClaim("roleArn", settled),
      ...policies.map((each, index) => policyClaim(`policyArns[${index}]`, each)),
    ]);
    if (flaws.length > 0) throw refused(scope.name, flaws);
    return settled;
  });
}

function tagged(
  given: RichIrsaBindingArgs["tags"],
  suppressions: Record<string, string>,
): RichIrsaBindingArgs["tags"] | undefined {
  if (Object.keys(suppressions).length === 0) return given;
  return pulumi.output(given).apply((settled) => ({ ...settled, ...suppressions }));
}
