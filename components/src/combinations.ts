import type { RichClusterTrust, RichIrsaBindingArgs } from "./ts-args";
import { isLiteral } from "./checks";
import type { Flaw } from "./refusal";

/** Annotation keys of the pod identity webhook; the binding writes them itself. */
const WEBHOOK_PREFIX = "eks.amazonaws.com/";

/** Which of the arguments that are given, or not given, do not go together. */
export function combinationFlaws(args: RichIrsaBindingArgs): Flaw[] {
  return [
    ...accountFlaws(args),
    ...sourceFlaws("", args),
    ...(args.additionalClusters ?? []).flatMap((each, index) => sourceFlaws(`additionalClusters[${index}].`, each)),
    ...roleFlaws(args),
    ...serviceAccountFlaws(args),
    ...duplicateFlaws("policyArns", args.policyArns),
    ...duplicateFlaws("subjectPatterns", args.subjectPatterns),
    ...(args.thumbprints && args.thumbprints.length > 5
      ? [flaw("thumbprints", `a provider has at most 5 thumbprints, not ${args.thumbprints.length}`)]
      : []),
  ];
}

function flaw(propertyPath: string, reason: string): Flaw {
  return { propertyPath, reason };
}

function accountFlaws(args: RichIrsaBindingArgs): Flaw[] {
  if (args.serviceAccounts === undefined) {
    return args.namespace === undefined
      ? [flaw("namespace", "it is missing: name the namespace of the ServiceAccount")]
      : [];
  }
  const flaws: Flaw[] = [];
  if (args.serviceAccounts.length === 0)
    flaws.push(flaw("serviceAccounts", "the list is empty: name at least one account"));
  if (args.namespace !== undefined || args.serviceAccountName !== undefined) {
    flaws.push(flaw("serviceAccounts", "give either serviceAccounts, or namespace and serviceAccountName, not both"));
  }
  const keys = args.serviceAccounts.map((each) =>
    isLiteral(each.namespace) && isLiteral(each.name) ? `${each.namespace}:${each.name}` : undefined,
  );
  keys.forEach((key, index) => {
    const first = keys.indexOf(key);
    if (key !== undefined && first < index)
      flaws.push(flaw(`serviceAccounts[${index}]`, `"${key}" stands at serviceAccounts[${first}] already`));
  });
  return flaws;
}

function sourceFlaws(prefix: string, source: RichClusterTrust): Flaw[] {
  const flaws: Flaw[] = [];
  const { cluster, issuerUrl, oidcProvider, oidcProviderArn } = source;
  if ([cluster, issuerUrl, oidcProvider, oidcProviderArn].every((each) => each === undefined)) {
    flaws.push(flaw(`${prefix}cluster`, "it is missing: give cluster, issuerUrl, oidcProvider or oidcProviderArn"));
  }
  if (oidcProvider !== undefined && oidcProviderArn !== undefined) {
    flaws.push(flaw(`${prefix}oidcProviderArn`, "give either oidcProvider or oidcProviderArn, not both"));
  }
  return flaws;
}

/** Arguments that only a role created here can have. */
const ROLE_ARGS = [
  "roleName",
  "roleNamePrefix",
  "path",
  "description",
  "permissionsBoundary",
  "maxSessionDuration",
  "forceDetachPolicies",
] as const;

function roleFlaws(args: RichIrsaBindingArgs): Flaw[] {
  const existing = args.role !== undefined ? "role" : args.roleArn !== undefined ? "roleArn" : undefined;
  const flaws: Flaw[] = [];
  if (args.role !== undefined && args.roleArn !== undefined)
    flaws.push(flaw("roleArn", "give either role or roleArn, not both"));
  if (args.roleName !== undefined && args.roleNamePrefix !== undefined) {
    flaws.push(flaw("roleNamePrefix", "give either roleName or roleNamePrefix, not both"));
  }
  if (existing !== undefined) {
    for (const property of ROLE_ARGS) {
      if (args[property] !== undefined)
        flaws.push(flaw(property, `the role of ${existing} exists already and is not changed; leave this out`));
    }
    if (args.thumbprints !== undefined)
      flaws.push(flaw("thumbprints", `no provider is created for the role of ${existing}; leave this out`));
  } else if (!hasPermissions(args) && args.allowNoPermissions !== true) {
    flaws.push(
      flaw(
        "policyArns",
        "the role would have no permissions: give policyArns, inlinePolicies or addons, or set allowNoPermissions: true when they are attached elsewhere",
      ),
    );
  }
  return flaws;
}

function hasPermissions(args: RichIrsaBindingArgs): boolean {
  return [args.policyArns ?? [], Object.keys(args.inlinePolicies ?? {}), args.addons ?? []].some(
    (each) => each.length > 0,
  );
}

function serviceAccountFlaws(args: RichIrsaBindingArgs): Flaw[] {
  const flaws: Flaw[] = [];
  for (const key of Object.keys(args.annotations ?? {})) {
    if (key.startsWith(WEBHOOK_PREFIX)) {
      flaws.push(
        flaw(
          `annotations["${key}"]`,
          `annotations ${WEBHOOK_PREFIX}… are written by the binding; use audience, tokenExpirationSeconds or stsRegionalEndpoints`,
        ),
      );
    }
  }
  const mode = args.serviceAccountMode ?? "create";
  if (mode === "create") return flaws;
  for (const property of mode === "external"
    ? (["labels", "annotations", "automountServiceAccountToken"] as const)
    : (["automountServiceAccountToken"] as const)) {
    if (args[property] !== undefined)
      flaws.push(flaw(property, `serviceAccountMode "${mode}" does not write it; leave this out`));
  }
  return flaws;
}

function duplicateFlaws(path: string, list: readonly unknown[] | undefined): Flaw[] {
  const flaws = list?.flatMap((item, index) => {
    const first = list.indexOf(item);
    return isLiteral(item) && first < index
      ? [flaw(`${path}[${index}]`, `"${String(item)}" stands at ${path}[${first}] already`)]
      : [];
  });
  return flaws ?? [];
}
