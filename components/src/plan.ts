import type * as pulumi from "@pulumi/pulumi";
import { accountsOf, DEFAULT_AUDIENCE, subjectInput, type Account } from "./accounts";
import { isLiteral } from "./checks";
import { clusterSource, type ClusterSource } from "./clusters";
import { issuerUrl } from "./issuer";
import { awsProviderOf, claimProvider } from "./provider-registry";
import type { RichIrsaBindingArgs } from "./ts-args";
import { checkedArgs } from "./validate";

/** What a binding is going to create, decided before anything is registered. */
export interface Plan {
  /** Pulumi name of the binding. */
  readonly name: string;
  readonly args: RichIrsaBindingArgs;
  readonly accounts: readonly [Account, ...Account[]];
  /** The binding's own cluster, then the additional ones. */
  readonly sources: readonly [ClusterSource, ...ClusterSource[]];
  readonly audience: pulumi.Input<string>;
  readonly subjects: pulumi.Input<string>[];
  /** What Pulumi registers of the component: early values, so that a first preview reads the literals among them. */
  readonly inputs: pulumi.Inputs;
  /** Refuses the provider of an issuer that another binding creates; called when the issuer becomes known. */
  readonly claim: (source: ClusterSource, issuer: string) => void;
}

/**
 * Checks the arguments and claims the providers that are to be created.
 * @throws pulumi.InputPropertiesError naming each wrong property, its value and what is legal.
 */
export function plan(
  name: string,
  given: RichIrsaBindingArgs,
  options: pulumi.ComponentResourceOptions | undefined,
): Plan {
  const args = checkedArgs(name, { ...given });
  const accounts = accountsOf(args);
  const more = (args.additionalClusters ?? []).map((each, index) =>
    clusterSource(name, `additionalClusters[${index}].`, each),
  );
  const sources: Plan["sources"] = [clusterSource(name, "", args), ...more];
  const audience = args.audience ?? DEFAULT_AUDIENCE;
  const subjects = accounts.map(subjectInput);
  const awsProvider = awsProviderOf(options);
  const claimAt = (path: string, key: unknown, title: string): void =>
    claimProvider(awsProvider, key, title, { name, parent: options?.parent, path });
  const claim: Plan["claim"] = ({ prefix, cluster }, issuer) =>
    claimAt(`${prefix}${cluster ? "cluster" : "issuerUrl"}`, issuer, `"${issuer}"`);
  const creates = args.role === undefined && args.roleArn === undefined;
  for (const source of creates ? sources.filter((each) => each.providerArn === undefined) : []) {
    if (isLiteral(source.issuer)) claim(source, source.issuer);
    else if (source.cluster) claimAt(`${source.prefix}cluster`, source.cluster, "this cluster");
  }
  const [{ issuer }] = sources;
  const inputs = {
    namespace: accounts[0].namespace,
    serviceAccountName: accounts[0].name,
    subjects,
    subjectPatterns: args.subjectPatterns,
    audience,
    issuerUrl: isLiteral(issuer) ? issuerUrl(issuer) : issuer.apply(issuerUrl),
  };
  return { name, args, accounts, sources, audience, subjects, inputs, claim };
}
