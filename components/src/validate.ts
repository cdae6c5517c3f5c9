import type * as pulumi from "@pulumi/pulumi";
import type { ServiceAccountReference } from "./args";
import type { RichClusterTrust, RichIrsaBindingArgs } from "./ts-args";
import * as checks from "./checks";
import { gated, isLiteral, reason, type Check } from "./checks";
import type { Flaw } from "./refusal";
import { refused } from "./refusal";
import { combinationFlaws } from "./combinations";
import { agreementFlaws } from "./agreement";
import { addonFlaws } from "./presets/validate";
import { literalSizeFlaws } from "./trust-size";
import { suppressionFlaws } from "./suppressions";

/** An item of a list as JavaScript and YAML programs may give it, whatever its type says. */
type Given<T> = Partial<T> | null | undefined;

/** Characters that IAM allows in names of roles and policies. */
const IAM_NAME = "[\\w+=,.@-]";

const roleNameLegal: Check = checks.matching(
  new RegExp(`^${IAM_NAME}{1,64}$`),
  "a role's name has 1 to 64 of the characters A-Z a-z 0-9 _ + = , . @ -",
);

/** Checks of the arguments that are one value each. */
const SCALARS = {
  namespace: checks.namespaceName,
  serviceAccountName: checks.serviceAccountName,
  issuerUrl: checks.issuer,
  oidcProviderArn: checks.providerArn,
  audience: checks.audience,
  roleArn: checks.roleArn,
  roleName: roleNameLegal,
  roleNamePrefix: checks.matching(
    new RegExp(`^${IAM_NAME}{1,38}$`),
    "a prefix has 1 to 38 of the characters A-Z a-z 0-9 _ + = , . @ -, since AWS appends 26",
  ),
  path: checks.matching(/^\/([!-~]+\/)?$/, "an IAM path begins and ends with a slash, for example /team/"),
  description: checks.matching(
    /^[\t\n\r\u0020-\u00ff]{0,1000}$/,
    "a description has at most 1000 characters of Latin-1",
  ),
  permissionsBoundary: checks.policyArn,
  maxSessionDuration: checks.wholeNumber(3600, 43200, "seconds"),
  forceDetachPolicies: checks.bool,
  allowNoPermissions: checks.bool,
  trustPodIdentity: checks.bool,
  createNamespace: checks.bool,
  trustPolicyQuota: checks.wholeNumber(2048, 8192, "characters"),
  serviceAccountMode: checks.matching(/^(create|patch|external)$/, 'it has to be "create", "patch" or "external"'),
  tokenExpirationSeconds: checks.wholeNumber(600, 86400, "seconds"),
  stsRegionalEndpoints: checks.bool,
  automountServiceAccountToken: checks.bool,
  region: checks.matching(/^[a-z]{2,5}(-[a-z]+)+-\d+$/, "it has to be a region, for example eu-west-1"),
} as const satisfies { readonly [property in keyof RichIrsaBindingArgs]?: Check };

const patternLegal: Check = checks.matching(
  /^(?![*?:]+$)(?=.*[*?])[a-z0-9*?-]+:[a-z0-9*?.-]+$/,
  'it has to be "<namespace>:<name>" with * or ? in it, and not for every account of the cluster; an exact account belongs into serviceAccounts',
);

const thumbprintLegal: Check = checks.matching(
  /^[0-9a-fA-F]{40}$/,
  "a thumbprint is a SHA-1 in 40 hexadecimal digits, without colons",
);

/**
 * The arguments, safe to build from: every literal has been checked, and every Output fails when it turns out wrong. All wrong
 * literals are reported at once.
 * @throws pulumi.InputPropertiesError naming each wrong property, its value and what is legal.
 */
export function checkedArgs(name: string, args: RichIrsaBindingArgs): RichIrsaBindingArgs {
  const flaws: Flaw[] = [];
  const settle = <T>(path: string, input: pulumi.Input<T>, check: Check): pulumi.Input<T> => {
    if (!isLiteral(input)) return gated(name, path, input, check);
    const legal = check(input);
    if (legal !== undefined) flaws.push({ propertyPath: path, reason: reason(input, legal) });
    return input;
  };
  const settleList = (
    path: string,
    list: unknown,
    each: (path: string, item: never) => unknown,
  ): unknown[] | undefined => {
    if (list === undefined || list === null) return undefined;
    if (Array.isArray(list)) return list.map((item: unknown, index) => each(`${path}[${index}]`, item as never));
    flaws.push({ propertyPath: path, reason: "it has to be a list that is known at once; its items may be Outputs" });
    return undefined;
  };
  const settleText = (check: Check) => (path: string, item: pulumi.Input<string>) => settle(path, item, check);

  const given = withoutUndefined({ serviceAccountName: defaultAccountName(name, args), ...withoutUndefined(args) });
  const settled: Record<string, unknown> = { ...given };
  for (const [property, check] of Object.entries(SCALARS)) {
    if (given[property] !== undefined) settled[property] = settle(property, given[property], check);
  }
  settled["serviceAccounts"] = settleList(
    "serviceAccounts",
    args.serviceAccounts,
    (path, item: Given<ServiceAccountReference>) => ({
      namespace: settle(`${path}.namespace`, item?.namespace, checks.namespaceName),
      name: settle(`${path}.name`, item?.name, checks.serviceAccountName),
    }),
  );
  settled["additionalClusters"] = settleList(
    "additionalClusters",
    args.additionalClusters,
    (path, item: Given<RichClusterTrust>) => ({
      ...item,
      ...(item?.issuerUrl !== undefined && { issuerUrl: settle(`${path}.issuerUrl`, item.issuerUrl, checks.issuer) }),
      ...(item?.oidcProviderArn !== undefined && {
        oidcProviderArn: settle(`${path}.oidcProviderArn`, item.oidcProviderArn, checks.providerArn),
      }),
    }),
  );
  settled["subjectPatterns"] = settleList("subjectPatterns", args.subjectPatterns, settleText(patternLegal));
  settled["thumbprints"] = settleList("thumbprints", args.thumbprints, settleText(thumbprintLegal));
  settled["policyArns"] = settleList("policyArns", args.policyArns, settleText(checks.policyArn));
  settled["inlinePolicies"] = settledDocuments(args.inlinePolicies ?? undefined, settle, flaws);

  const checked = withoutUndefined(settled) as RichIrsaBindingArgs;
  const more = [...combinationFlaws(checked), ...suppressionFlaws(checked.suppressions), ...addonFlaws(checked)];
  // A property that is wrong by itself is reported once: what it does together with others is the lesser news.
  const all = [
    ...flaws,
    ...more.filter((each) => flaws.every(({ propertyPath }) => propertyPath !== each.propertyPath)),
  ];
  if (all.length === 0) all.push(...agreementFlaws(checked), ...literalSizeFlaws(checked));
  if (all.length > 0) throw refused(name, all);
  return checked;
}

function defaultAccountName(name: string, args: RichIrsaBindingArgs): string | undefined {
  return args.serviceAccounts === undefined ? name : undefined;
}

function withoutUndefined(record: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null));
}

const documentLegal: Check = (value) => {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return undefined;
  const legal = "a policy document is a JSON object with Version and Statement";
  if (typeof value !== "string") return legal;
  if (value.includes("[Output<")) return `${legal}; this text was made from an Output, use pulumi.jsonStringify`;
  try {
    const { Statement } = JSON.parse(value) as { readonly Statement?: unknown };
    return Statement === undefined ? legal : undefined;
  } catch {
    return legal;
  }
};

function settledDocuments(
  documents: RichIrsaBindingArgs["inlinePolicies"],
  settle: (path: string, input: pulumi.Input<unknown>, check: Check) => pulumi.Input<unknown>,
  flaws: Flaw[],
): Record<string, unknown> | undefined {
  if (documents === undefined) return undefined;
  const settled: Record<string, unknown> = {};
  for (const [name, document] of Object.entries(documents)) {
    const path = `inlinePolicies["${name}"]`;
    if (!new RegExp(`^${IAM_NAME}{1,128}$`).test(name)) {
      flaws.push({
        propertyPath: path,
        reason: "a policy's name has 1 to 128 of the characters A-Z a-z 0-9 _ + = , . @ -",
      });
    }
    settled[name] = settle(path, document, documentLegal);
  }
  return settled;
}
