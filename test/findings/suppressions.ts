import type { Value } from "../../policy-pack/src/facts/value";
import type { UnverifiedFinding } from "../../policy-pack/src/findings/finding";
import { run } from "../../policy-pack/src/findings/run";
import { applySuppressions, type SuppressedVerdicts } from "../../policy-pack/src/findings/suppress";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { rules } from "../../policy-pack/src/rules";
import { trust, urns, wired, type Wiring } from "../support/stack";

export const ids = rules.map((rule) => rule.id);
export const KEY = "eks.amazonaws.com/role-arn";

export function unverifiedOf(urn: string, waiting: readonly string[]): UnverifiedFinding {
  return {
    rule: "irsa-unverified",
    verdict: "unverified",
    at: { urn, path: "" },
    says: "It is not verified yet.",
    rules: waiting,
    waitsFor: [],
  };
}

export function apply(snapshot: Snapshot): SuppressedVerdicts {
  return applySuppressions(run(rules, buildModel(snapshot)), snapshot, ids);
}

/** A stack whose one fault is the ServiceAccount's annotation: `service-account-role-arn-invalid`. */
export function badArn(annotations: { readonly [key: string]: Value } = {}, more: Wiring = {}): Snapshot {
  return wired({ serviceAccount: { metadata: { annotations: { [KEY]: "api-irsa", ...annotations } } }, ...more });
}
export const ARN_RULE = "service-account-role-arn-invalid";
export const on = (rule: string): string => `ignore.eks-irsa.dev/${rule}`;
export const arnPlace = { urn: urns.serviceAccount, path: `metadata.annotations["${on(ARN_RULE)}"]` };

/** A stack whose one fault is in the role: `trust-policy-audience-missing`. */
export const TRUST_RULE = "trust-policy-audience-missing";
export function noAudience(tags: Value): Snapshot {
  return wired({ role: { assumeRolePolicy: trust({ aud: null }), tags } });
}
