import * as pulumi from "@pulumi/pulumi";
import { parsePolicyArn, parseProviderArn, parseRoleArn } from "./arn";
import { issuerFlaw } from "./issuer";
import { labelFlaw, subdomainFlaw } from "./naming";
import { refused } from "./refusal";

/** What is wrong with a settled value, as a sentence that says what is legal; undefined when nothing is. */
export type Check = (value: unknown) => string | undefined;

/** True for a value that is known while the program runs: neither Output nor Promise. */
export function isLiteral<T>(input: pulumi.Input<T>): input is T & pulumi.Input<T> {
  return !pulumi.Output.isInstance(input) && !(input instanceof Promise);
}

/** Longest text of a value that is repeated in a message. */
const LONGEST_VALUE = 120;

/** The sentence of a flaw, with the value as it was given. Values are names, ARNs and URLs: never secrets. */
export function reason(value: unknown, legal: string): string {
  return value === undefined || value === null ? `it is missing: ${legal}` : `${shown(value)} is not legal: ${legal}`;
}

function shown(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "this value";
}

/** The input itself when it is a literal (the caller has checked it), otherwise an Output that fails at `path` when its value is wrong. */
export function gated<T>(binding: string, path: string, input: pulumi.Input<T>, check: Check): pulumi.Input<T> {
  if (isLiteral(input)) return input;
  return pulumi.output(input).apply((value) => {
    const legal = check(value);
    if (legal !== undefined) throw refused(binding, [{ propertyPath: path, reason: reason(value, legal) }]);
    return value;
  }) as pulumi.Output<T>;
}

const text =
  (flaw: (value: string) => string | undefined): Check =>
  (value) =>
    typeof value === "string" ? flaw(value) : "it has to be a string";

/** The value is a string that matches. */
export const matching = (pattern: RegExp, legal: string): Check =>
  text((value) => (pattern.test(value) ? undefined : legal));

/** The value is a whole number in a range, both ends included. */
export const wholeNumber =
  (least: number, most: number, unit: string): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `it has to be a whole number of ${unit} from ${least} to ${most}`;

/** The value is true or false. */
export const bool: Check = (value) => (typeof value === "boolean" ? undefined : "it has to be true or false");

/** The value is a namespace's name. */
export const namespaceName: Check = text(labelFlaw);

/** The value is a ServiceAccount's name. */
export const serviceAccountName: Check = text(subdomainFlaw);

/** The value is an OIDC issuer that can match tokens. */
export const issuer: Check = text(issuerFlaw);

/** The value is the ARN of an IAM OIDC provider. */
export const providerArn: Check = text((value) => {
  if (value === "")
    return "the ARN is empty; an eks.Cluster has one only with createOidcProvider: true (give cluster or issuerUrl instead)";
  const arn = parseProviderArn(value);
  if (!arn || arn.rest.includes("://"))
    return "it has to be arn:<partition>:iam::<account>:oidc-provider/<issuer without https://>";
  return issuerFlaw(arn.rest);
});

/** The value is the ARN of a role. */
export const roleArn: Check = text((value) =>
  parseRoleArn(value) ? undefined : "it has to be arn:<partition>:iam::<account>:role/<path and name>",
);

/** The value is the ARN of a managed policy. */
export const policyArn: Check = text((value) =>
  parsePolicyArn(value)
    ? undefined
    : "it has to be arn:<partition>:iam::<account>:policy/<path and name>, with account aws for a policy of AWS",
);

/** The value can be an audience: a client id of an IAM OIDC provider. Any is sound here, since provider, trust policy and account agree. */
export const audience: Check = matching(/^\S{1,255}$/, "an audience has 1 to 255 characters and no blanks");

/** Maps what an input settles to, Outputs inside of it included; the type of the value is for `map` to find out. */
export function settled<R>(input: unknown, map: (value: unknown) => R): pulumi.Output<R> {
  return pulumi
    .all([input as pulumi.Input<object>])
    .apply<R>(([value]) => pulumi.output(map(value)) as pulumi.Output<R>);
}
