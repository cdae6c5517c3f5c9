import { capital } from "../../facts/words";
import { trustSize } from "../../model/trust-size";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly size: number;
  readonly quota: number;
  /** Subjects that would still fit; negative: those that are too many. */
  readonly fits: number;
  readonly subjects: number;
}

export default defineRule<Data>({
  id: "trust-policy-too-long",
  link: "trust-policy",
  severity: "medium",
  level: "mandatory",
  summary: "The trust policy of a role fits the account's quota for its length.",
  why: 'IAM refuses the role when it is made: "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048".',
  articleStep: 3,
  references: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"],
  *check(model) {
    for (const { role, size, subjects, fits } of trustSize(model)) {
      const quota = model.config.trustPolicyQuota;
      if (size <= quota && (fits > 0 || subjects < 2)) continue;
      yield {
        verdict: "violation",
        at: { urn: role.urn, path: role.trustPath },
        related: [],
        ...(size > quota ? {} : { level: "advisory" as const }),
        data: { role: role.title, size, quota, fits, subjects },
      };
    }
  },
  explain: ({ role, size, quota, fits, subjects }) => {
    // Of a single subject nothing is said.
    const named = `${subjects} subjects`;
    if (size <= quota) {
      return {
        says: `${capital(role)} has a trust policy of ${size} characters for ${named}; the quota is ${quota}, so 0 more subjects fit.`,
        why: `The next account that is added breaks it: "LimitExceeded: Cannot exceed quota for ACLSizePerRole: ${quota}".`,
        fix: "Give the next account a role of its own.",
      };
    }
    const over = fits < 0 && -fits < subjects ? `; ${-fits} of its ${named} would have to go` : "";
    return {
      says: `${capital(role)} has a trust policy of ${size} characters, white space left out, but the quota is ${quota}${over}.`,
      fix: "Split the accounts among several roles. Where the quota of the account has been raised, set trustPolicyQuota of irsa-context to it.",
    };
  },
});
