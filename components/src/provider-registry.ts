import * as pulumi from "@pulumi/pulumi";
import { Provider as AwsProvider } from "@pulumi/aws/provider";
import { refused } from "./refusal";

/** Who creates a provider. The same name under the same parent is the same binding: Pulumi refuses a second one. */
export interface Claimant {
  readonly name: string;
  readonly parent: pulumi.Resource | undefined;
  /** The argument that the provider is for. */
  readonly path: string;
}

type Claims = Map<unknown, Claimant>;

/** Per run of a program (one resource monitor each, also under the Automation API) and per AWS provider, since a provider is unique in an account. */
const programs = new WeakMap<object, Map<unknown, Claims>>();

/**
 * Claims the right to create the provider of an issuer or cluster.
 * @throws pulumi.InputPropertiesError when another binding of the program creates it: AWS would answer EntityAlreadyExists.
 */
export function claimProvider(awsProvider: unknown, key: unknown, title: string, claimant: Claimant): void {
  const program: object | undefined = pulumi.runtime.getMonitor();
  if (program === undefined) return;
  const byProvider = programs.get(program) ?? new Map<unknown, Claims>();
  programs.set(program, byProvider);
  const claims = byProvider.get(awsProvider) ?? new Map<unknown, Claimant>();
  byProvider.set(awsProvider, claims);
  const first = claims.get(key);
  const sameBinding = first?.name === claimant.name && first.parent === claimant.parent;
  if (first === undefined || (sameBinding && first.path === claimant.path)) {
    claims.set(key, claimant);
    return;
  }
  const reason = sameBinding
    ? `${title} stands at ${first.path} already; leave this out`
    : `IrsaBinding "${first.name}" creates the OIDC provider of ${title} already, and an AWS account has one per issuer; give oidcProviderArn, the output of that binding`;
  throw refused(claimant.name, [{ propertyPath: claimant.path, reason }]);
}

/** The AWS provider that the children of a component with these options get; undefined for the default one. */
export function awsProviderOf(
  options: pulumi.ComponentResourceOptions | undefined,
): pulumi.ProviderResource | undefined {
  const { provider, providers, parent } = options ?? {};
  const given = [...(provider ? [provider] : []), ...Object.values(providers ?? {})];
  return (
    given.find((each) => AwsProvider.isInstance(each)) ??
    parent?.getProvider("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
  );
}
