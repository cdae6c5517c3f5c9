import * as pulumi from "@pulumi/pulumi";
import type { OpenIdConnectProvider, Role } from "@pulumi/aws/iam";
import type { ServiceAccount, ServiceAccountPatch } from "@pulumi/kubernetes/core/v1";
import type * as kubernetes from "@pulumi/kubernetes/types/input";
import { boundAccounts, identityAnnotations, type BoundAccount } from "./accounts";
import { parseRoleArn } from "./arn";
import type { EnvVar, IrsaBindingArgs, PodSecurityContext } from "./args";
import { isLiteral } from "./checks";
import { atCaller } from "./refusal";
import { partitionOfIssuer } from "./issuer";
import { attachPermissions } from "./permissions";
import { plan, type Plan } from "./plan";
import { podSpecFor, podTemplateFor, regionEnvOutput, type PodIdentity } from "./pod";
import { identityHash, optionalRegion, RECOMMENDED_SECURITY_CONTEXT, requiredRegion } from "./pod-values";
import { boundRole, trustedSource, trustPolicy } from "./role";
import type { Scope } from "./scope";

/** The resources of a binding, for its accessors. Not fields: every field of the class would become an output of the package's schema. */
interface Parts {
  readonly plan: Plan;
  readonly role: Role | undefined;
  readonly oidcProvider: OpenIdConnectProvider | undefined;
  readonly accounts: readonly [BoundAccount, ...BoundAccount[]];
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
}

const partsOf = new WeakMap<IrsaBinding, Parts>();

/**
 * One Kubernetes ServiceAccount of an EKS cluster, or several, that may use one IAM role: IAM OIDC provider, role with trust policy
 * and permissions, and annotated ServiceAccount, wired so that they agree.
 */
export class IrsaBinding extends pulumi.ComponentResource {
  /** ARN of the IAM OIDC provider, created or adopted. */
  public readonly oidcProviderArn: pulumi.Output<string>;
  /** OIDC issuer of the cluster without `https://`, as condition keys begin. */
  public readonly issuer: pulumi.Output<string>;
  /** ARN of the role, path included. */
  public readonly roleArn: pulumi.Output<string>;
  /** Name of the role in AWS. */
  public readonly roleName: pulumi.Output<string>;
  /** Subject of the account's tokens, `system:serviceaccount:<namespace>:<name>`; of the first account when there are several. */
  public readonly subject: pulumi.Output<string>;
  /** Subjects of all accounts. */
  public readonly subjects: pulumi.Output<string[]>;
  /** Audience of the tokens. */
  public readonly audience: pulumi.Output<string>;
  /** The role's trust policy as JSON; for an existing role, what it has to say. */
  public readonly trustPolicy: pulumi.Output<string>;
  /** Namespace of the account, of the first when there are several. Depends on the Namespace when the binding creates it. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the account, of the first when there are several. Depends on the ServiceAccount, so that pods that use it start after it. */
  public readonly serviceAccountName: pulumi.Output<string>;
  /** Names of all accounts; each depends on its ServiceAccount. */
  public readonly serviceAccountNames: pulumi.Output<string[]>;
  /** Annotations of the ServiceAccount, for a Helm chart that creates it: values such as `serviceAccount.annotations`. */
  public readonly serviceAccountAnnotations: pulumi.Output<{ [key: string]: string }>;
  /** Annotations for pod templates. Their value changes with role, audience and token settings, so that running pods are replaced: the webhook changes no running pod. */
  public readonly podAnnotations: pulumi.Output<{ [key: string]: string }>;
  /** Environment for containers: `AWS_REGION` and `AWS_DEFAULT_REGION`. In the China regions SDKs need them to find STS. Empty when the issuer is not one of EKS and no `region` is given. */
  public readonly env: pulumi.Output<EnvVar[]>;
  /** Pod security context under which pods that do not run as root can read their token. */
  public readonly podSecurityContext: pulumi.Output<PodSecurityContext>;

  /**
   * @param name Pulumi name; also the ServiceAccount's name unless `serviceAccountName` is given.
   * @param args What to bind.
   * @param opts Options; the AWS provider and the Kubernetes provider of the cluster go into `providers`.
   * @throws pulumi.InputPropertiesError before anything is registered, naming each wrong property, its value and what is legal.
   */
  constructor(name: string, args: IrsaBindingArgs, opts?: pulumi.ComponentResourceOptions) {
    const planned = atCaller(IrsaBinding, () => plan(name, args, opts));
    super("eks-irsa:index:IrsaBinding", name, planned.inputs, opts);
    const { args: checked, accounts, sources, audience, subjects } = planned;
    const scope: Scope = { name, parent: this, dependsOn: opts?.dependsOn };
    const existing = checked.role?.arn ?? checked.roleArn;

    const [primary, ...more] = sources;
    const trust = (source: typeof primary) =>
      trustedSource(scope, checked, source, audience, existing, (issuer) => planned.claim(source, issuer));
    const trusted = trust(primary);
    const all = [trusted, ...more.map(trust)];
    this.issuer = pulumi.output(trusted.issuer);
    this.oidcProviderArn = trusted.trustedArn;
    this.audience = pulumi.output(audience);
    this.subject = pulumi.output(subjects[0] ?? "");
    this.subjects = pulumi.output(subjects);
    this.trustPolicy = trustPolicy(scope, checked, all, subjects, audience);

    const role = boundRole(scope, checked, this.trustPolicy, accounts[0]);
    this.roleArn = role.arn;
    this.roleName = role.name;
    const partition =
      (isLiteral(primary.issuer) ? partitionOfIssuer(primary.issuer) : undefined) ?? role.arn.apply(partitionOfRole);
    const permissions = attachPermissions(scope, checked, role, partition);

    const providers = all.flatMap((each) => each.trustedProvider ?? []);
    const before = [...providers, ...(role.resource ? [role.resource] : []), ...permissions];
    const bound = boundAccounts(scope, checked, accounts, role, before);
    this.namespace = bound[0].namespace;
    this.serviceAccountName = bound[0].name;
    this.serviceAccountNames = pulumi.all(bound.map((each) => each.name));
    this.serviceAccountAnnotations = pulumi.output(identityAnnotations(checked, role.arn));
    const annotations = { "eks-irsa.dev/identity": identityHash(checked, role.arn, audience) };
    this.podAnnotations = pulumi.output<Record<string, pulumi.Input<string>>>(annotations);
    this.env = regionEnvOutput(optionalRegion(checked, primary.issuer));
    this.podSecurityContext = pulumi.output(RECOMMENDED_SECURITY_CONTEXT);

    partsOf.set(this, {
      plan: planned,
      role: role.resource,
      oidcProvider: trusted.trustedProvider,
      accounts: bound,
      annotations,
    });
    this.registerOutputs({
      ...planned.inputs,
      oidcProviderArn: this.oidcProviderArn,
      issuer: this.issuer,
      roleArn: this.roleArn,
      roleName: this.roleName,
      subject: this.subject,
      trustPolicy: this.trustPolicy,
      serviceAccountAnnotations: this.serviceAccountAnnotations,
      podAnnotations: this.podAnnotations,
      env: this.env,
    });
  }

  /** The role that the binding created or was given; undefined for a role given by ARN, and for a binding of another process. */
  public get role(): Role | undefined {
    return partsOf.get(this)?.role;
  }

  /** The OIDC provider that the binding created or was given; undefined for a provider given by ARN. */
  public get oidcProvider(): OpenIdConnectProvider | undefined {
    return partsOf.get(this)?.oidcProvider;
  }

  /** The ServiceAccounts that the binding created or patched, in the order of the arguments. */
  public get serviceAccounts(): (ServiceAccount | ServiceAccountPatch)[] {
    return (partsOf.get(this)?.accounts ?? []).flatMap((each) => each.resource ?? []);
  }

  /**
   * A pod spec that runs as the account: the given one with `serviceAccountName` and, in each container that sets no region, the
   * region variables. Every other field stays as it is, in its order.
   * @param spec The pod spec, as plain as the program has it.
   * @param account Name of the account, when the binding has several. Default: the first.
   * @throws pulumi.InputPropertiesError when the spec names another account.
   */
  public podSpec(
    spec: kubernetes.core.v1.PodSpec,
    account?: string,
  ): kubernetes.core.v1.PodSpec & { serviceAccountName: pulumi.Output<string> } {
    return podSpecFor(this.identity(account), spec);
  }

  /**
   * A pod template whose pods run as the account and are replaced when its role changes: the given one with the annotations of
   * `podAnnotations`, and with its spec as podSpec makes it.
   * @param template The pod template of a Deployment, StatefulSet, DaemonSet, Job or CronJob.
   * @param account Name of the account, when the binding has several. Default: the first.
   * @throws pulumi.InputPropertiesError when the spec names another account.
   */
  public podTemplate(
    template: kubernetes.core.v1.PodTemplateSpec,
    account?: string,
  ): kubernetes.core.v1.PodTemplateSpec {
    return podTemplateFor(this.identity(account), template);
  }

  private identity(account: string | undefined): PodIdentity {
    const parts = partsOf.get(this);
    if (!parts) throw new Error("this IrsaBinding was not created by this program, so only its outputs are known");
    return podIdentity(parts, account);
  }
}

function podIdentity({ plan: planned, accounts, annotations }: Parts, wanted: string | undefined): PodIdentity {
  const account = wanted === undefined ? accounts[0] : accounts.find((each) => each.given.name === wanted);
  if (!account) {
    const names = accounts.flatMap(({ given: { name } }) => (isLiteral(name) ? [`"${name}"`] : []));
    throw new Error(`the binding has no account "${wanted ?? ""}"; it has ${names.join(", ")}`);
  }
  const { name } = account.given;
  return {
    binding: planned.name,
    literalName: isLiteral(name) ? name : undefined,
    name: account.name,
    region: requiredRegion(planned.name, planned.args, planned.sources[0]),
    annotations,
  };
}

function partitionOfRole(arn: string): string {
  return parseRoleArn(arn)?.partition ?? "aws";
}
