import type * as pulumi from "@pulumi/pulumi";
import { RolePolicy, RolePolicyAttachment } from "@pulumi/aws/iam";
import { nameInArn } from "./arn";
import { isLiteral, settled } from "./checks";
import { boundedName, shortHash } from "./naming";
import { addonPolicies } from "./presets/policies";
import type { BoundRole } from "./role";
import { childOptions, type Scope } from "./scope";
import type { RichIrsaBindingArgs } from "./ts-args";

/** Longest part of a logical name that is taken from a policy's name. */
const LONGEST_POLICY_PART = 64;

/** Attaches the managed policies to the role and puts the inline ones into it. */
export function attachPermissions(
  scope: Scope,
  args: RichIrsaBindingArgs,
  role: BoundRole,
  partition: pulumi.Input<string>,
): pulumi.CustomResource[] {
  const presets = addonPolicies(args.addons ?? [], partition);
  const own = (args.policyArns ?? []).map((policyArn, index, all) => ({
    policyArn,
    label: labelOf(policyArn, index, all),
  }));
  // The same policy of AWS may be wanted by name and by an add-on; one attachment serves both.
  const more = presets.managed.filter((each) => own.every(({ label }) => label !== each.label));
  const attachments = [...own, ...more].map(
    ({ policyArn, label }, index) =>
      new RolePolicyAttachment(
        `${scope.name}-${label}`,
        { role: role.name, policyArn },
        childOptions(scope, [], index < own.length ? args.adopt?.policyAttachments?.[index] : undefined),
      ),
  );
  const documents: [string, pulumi.Input<string>][] = [
    ...Object.entries(args.inlinePolicies ?? {}).map(([name, document]): [string, pulumi.Input<string>] => [
      name,
      documentText(document),
    ]),
    ...Object.entries(presets.inline),
  ];
  const inline = documents.map(
    ([name, policy]) =>
      new RolePolicy(
        `${scope.name}-${boundedName(name, LONGEST_POLICY_PART)}`,
        { role: role.name, name, policy },
        childOptions(scope, [], args.adopt?.inlinePolicies?.[name]),
      ),
  );
  return [...attachments, ...inline];
}

/** A literal ARN names its attachment, so that a new entry in the list moves no other; an ARN that is not known is named by its place. */
function labelOf(policyArn: pulumi.Input<string>, index: number, policyArns: readonly pulumi.Input<string>[]): string {
  if (!isLiteral(policyArn)) return `policy-${index}`;
  const name = boundedName(nameInArn(policyArn), LONGEST_POLICY_PART);
  const first = policyArns.findIndex((each) => isLiteral(each) && nameInArn(each) === nameInArn(policyArn));
  return first === index ? name : `${name}-${shortHash(policyArn, 6)}`;
}

function documentText(document: NonNullable<RichIrsaBindingArgs["inlinePolicies"]>[string]): pulumi.Input<string> {
  return settled(document, (value) => (typeof value === "string" ? value : JSON.stringify(value)));
}
