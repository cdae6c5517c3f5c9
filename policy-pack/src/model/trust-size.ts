import { trustFaults } from "./trust";
import { claimConditions, isNaming, knownTexts, podStatements } from "./trust-statement";
import type { IrsaModel, Role } from "./types";

/** The length of a trust policy against the quota. */
export interface TrustSize {
  readonly role: Role;
  /** Characters without white space between tokens. */
  readonly size: number;
  /** How many subjects it names. */
  readonly subjects: number;
  /** How many more subjects like the longest would fit; negative: how many are too many. */
  readonly fits: number;
}

/** The trust policies of roles for pods whose text is wholly known. */
export function trustSize(model: IrsaModel): readonly TrustSize[] {
  return trustFaults(model).flatMap(({ role, flaws }) => {
    const size = role.trust.is === "known" ? role.trust.value.size : undefined;
    if (size === undefined || flaws.length > 0) return [];
    const subjects = podStatements(role, model).flatMap((pod) =>
      claimConditions(pod, "sub").filter(isNaming).flatMap(knownTexts),
    );
    // One more value costs its text, two quotes and a comma.
    const step = Math.max(30, ...subjects.map((text) => text.length)) + 3;
    const left = model.config.trustPolicyQuota - size;
    return [{ role, size, subjects: subjects.length, fits: Math.floor(left / step) }];
  });
}
