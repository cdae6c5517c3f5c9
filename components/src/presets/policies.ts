import * as pulumi from "@pulumi/pulumi";
import type { AddonPreset } from "../args";
import type { AddonName } from "./names";
import { PRESETS } from "./index";
import type { PresetScope, ScopeArgument } from "./preset";

/** What add-ons add to a role. */
export interface AddonPolicies {
  readonly managed: readonly { readonly policyArn: pulumi.Input<string>; readonly label: string }[];
  /** Documents (JSON) by policy name. */
  readonly inline: Readonly<Record<string, pulumi.Output<string>>>;
}

const LISTS = [
  "hostedZoneArns",
  "bucketArns",
  "kmsKeyArns",
  "secretArns",
  "parameterArns",
  "queueArns",
  "nodeRoleArns",
  "workspaceArns",
] as const satisfies readonly ScopeArgument[];

/** The policies of the add-ons, in the partition of the role. */
export function addonPolicies(
  addons: readonly (AddonName | AddonPreset)[],
  partition: pulumi.Input<string>,
): AddonPolicies {
  const managed: { policyArn: pulumi.Input<string>; label: string }[] = [];
  const inline: Record<string, pulumi.Output<string>> = {};
  for (const given of addons) {
    const args: AddonPreset = typeof given === "string" ? { addon: given } : given;
    const { managed: policies = [], statements } = PRESETS[args.addon];
    for (const policy of policies) {
      const policyArn =
        typeof partition === "string"
          ? awsPolicyArn(partition, policy)
          : pulumi.output(partition).apply((known) => awsPolicyArn(known, policy));
      managed.push({ policyArn, label: policy.slice(policy.lastIndexOf("/") + 1) });
    }
    const makesInline = statements !== undefined && (policies.length === 0 || args.kmsKeyArns !== undefined);
    if (makesInline) {
      inline[args.addon] = settledScope(args, partition).apply((scope) =>
        JSON.stringify({ Version: "2012-10-17", Statement: statements(scope) }),
      );
    }
  }
  return { managed, inline };
}

function awsPolicyArn(partition: string, policy: string): string {
  return `arn:${partition}:iam::aws:policy/${policy}`;
}

function settledScope(args: AddonPreset, partition: pulumi.Input<string>): pulumi.Output<PresetScope> {
  const lists = pulumi.all(LISTS.map((list) => pulumi.output(args[list] ?? [])));
  return pulumi.all([partition, args.clusterName ?? "", lists]).apply(([settledPartition, clusterName, settled]) => {
    const at = (list: (typeof LISTS)[number]): readonly string[] => settled[LISTS.indexOf(list)] ?? [];
    return {
      partition: settledPartition,
      clusterName,
      hostedZoneArns: at("hostedZoneArns"),
      bucketArns: at("bucketArns"),
      kmsKeyArns: at("kmsKeyArns"),
      secretArns: at("secretArns"),
      parameterArns: at("parameterArns"),
      queueArns: at("queueArns"),
      nodeRoleArns: at("nodeRoleArns"),
      workspaceArns: at("workspaceArns"),
    };
  });
}
