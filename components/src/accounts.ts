import * as pulumi from "@pulumi/pulumi";
import { Namespace, ServiceAccount, ServiceAccountPatch } from "@pulumi/kubernetes/core/v1";
import { isLiteral } from "./checks";
import type { BoundRole } from "./role";
import { childOptions, knownAfter, type Scope } from "./scope";
import { suppressionsFor } from "./suppressions";
import { subjectOf } from "./trust-policy";
import type { RichIrsaBindingArgs } from "./ts-args";

/** Audience that the pod identity webhook asks for when the account has no annotation. */
export const DEFAULT_AUDIENCE = "sts.amazonaws.com";

/** An account of a binding, as the arguments name it. */
export interface Account {
  readonly namespace: pulumi.Input<string>;
  readonly name: pulumi.Input<string>;
}

/** An account of a binding after its ServiceAccount: whoever uses these values waits for it. */
export interface BoundAccount {
  readonly given: Account;
  readonly namespace: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resource: ServiceAccount | ServiceAccountPatch | undefined;
}

/** The accounts that the arguments name; checkedArgs has made sure there is one. */
export function accountsOf(args: RichIrsaBindingArgs): readonly [Account, ...Account[]] {
  const [first, ...more] = args.serviceAccounts ?? [];
  return first ? [first, ...more] : [{ namespace: args.namespace ?? "", name: args.serviceAccountName ?? "" }];
}

/** The subject of an account, a string when it is known while the program runs. */
export function subjectInput({ namespace, name }: Account): pulumi.Input<string> {
  return isLiteral(namespace) && isLiteral(name)
    ? subjectOf(namespace, name)
    : pulumi.all([namespace, name]).apply(([namespaceText, nameText]) => subjectOf(namespaceText, nameText));
}

/** The annotations by which the pod identity webhook knows what to inject. */
export function identityAnnotations(
  args: RichIrsaBindingArgs,
  roleArn: pulumi.Output<string>,
): Record<string, pulumi.Input<string>> {
  const { audience, tokenExpirationSeconds: expiration, stsRegionalEndpoints: regional } = args;
  return {
    "eks.amazonaws.com/role-arn": roleArn,
    ...(audience !== undefined && audience !== DEFAULT_AUDIENCE && { "eks.amazonaws.com/audience": audience }),
    ...(expiration !== undefined && { "eks.amazonaws.com/token-expiration": asText(expiration) }),
    ...(regional !== undefined && { "eks.amazonaws.com/sts-regional-endpoints": asText(regional) }),
  };
}

function asText(input: pulumi.Input<number> | pulumi.Input<boolean>): pulumi.Input<string> {
  return isLiteral<number | boolean>(input) ? String(input) : pulumi.output<number | boolean>(input).apply(String);
}

/** Creates, patches or leaves alone the ServiceAccounts, after role, permissions and providers. */
export function boundAccounts(
  scope: Scope,
  args: RichIrsaBindingArgs,
  accounts: readonly [Account, ...Account[]],
  role: BoundRole,
  after: readonly pulumi.Resource[],
): readonly [BoundAccount, ...BoundAccount[]] {
  const [first, ...more] = accounts;
  const namespaces =
    args.createNamespace === true ? createNamespaces(scope, args, accounts) : new Map<unknown, Namespace>();
  const bind = (account: Account, index: number): BoundAccount => {
    const created = [namespaces.get(account.namespace)].flatMap((each) => each ?? []);
    const waits = [...after, ...created];
    const resource = accountResource(scope, args, account, index, role, waits);
    return {
      given: account,
      namespace: knownAfter(account.namespace, created),
      name: knownAfter(account.name, resource === undefined ? waits : [resource]),
      resource,
    };
  };
  return [bind(first, 0), ...more.map((account, index) => bind(account, index + 1))];
}

function accountResource(
  scope: Scope,
  args: RichIrsaBindingArgs,
  account: Account,
  index: number,
  role: BoundRole,
  after: readonly pulumi.Resource[],
): ServiceAccount | ServiceAccountPatch | undefined {
  const { serviceAccountMode: mode, automountServiceAccountToken } = args;
  if (mode === "external") return undefined;
  const logicalName = args.serviceAccounts === undefined ? scope.name : `${scope.name}-${labelOf(account, index)}`;
  const metadata = {
    name: account.name,
    namespace: account.namespace,
    annotations: {
      ...args.annotations,
      ...suppressionsFor("serviceAccount", args.suppressions),
      ...identityAnnotations(args, role.arn),
    },
    labels: args.labels,
  };
  const options = childOptions(scope, after, index === 0 ? args.adopt?.serviceAccount : undefined);
  if (mode === "patch") return new ServiceAccountPatch(logicalName, { metadata }, options);
  return new ServiceAccount(logicalName, { metadata, automountServiceAccountToken }, options);
}

/** A literal account names its resource, so that a new entry in the list moves no other. */
function labelOf({ namespace, name }: Account, index: number): string {
  return isLiteral(namespace) && isLiteral(name) ? `${namespace}-${name}` : String(index);
}

function createNamespaces(
  scope: Scope,
  args: RichIrsaBindingArgs,
  accounts: readonly Account[],
): Map<unknown, Namespace> {
  const distinct = [...new Set(accounts.map((each) => each.namespace))];
  return new Map(
    distinct.map((name, index) => [
      name,
      new Namespace(
        distinct.length === 1 ? scope.name : `${scope.name}-${isLiteral(name) ? name : index}`,
        { metadata: { name } },
        childOptions(scope, [], index === 0 ? args.adopt?.namespace : undefined),
      ),
    ]),
  );
}
