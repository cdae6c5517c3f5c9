import { parseArn } from "../../facts/arn";
import { knownValue, knownValueOr, type Fact } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import { managedArnFault } from "../../model/aws-managed-arns";
import type { Attachment, Role } from "../../model/types";
import { defineRule, type Level } from "../rule";

interface Fault {
  readonly says: string;
  readonly why?: string;
  readonly fix: string;
  readonly level: Level;
}

export default defineRule<Fault>({
  id: "role-policy-arn-invalid",
  link: "permissions",
  severity: "medium",
  level: "mandatory",
  summary: "The policies attached to a role are policy ARNs of its partition and account, no more than the quota.",
  why: 'IAM refuses the attachment: "NoSuchEntity: Policy … does not exist or is not attachable", or "ValidationError".',
  articleStep: 2,
  references: ["https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html"],
  *check(model) {
    const quota = model.config.managedPoliciesQuota;
    for (const role of model.roles) {
      if (!role.forPods) continue;
      const managed = role.permissions.attachments.filter(({ kind }) => kind === "managed");
      for (const attachment of managed) {
        const at = { urn: attachment.urn, path: attachment.path };
        const related = attachment.urn === role.urn ? [] : [{ urn: role.urn, path: "" }];
        const { policyArn } = attachment;
        if (policyArn.is === "unknown" && policyArn.waitsFor.length === 0) {
          yield { verdict: "unverified", at, what: `the policy ARN of ${attachment.title}`, waitsFor: [] };
        }
        const data = policyArn.is === "known" ? faultOf(policyArn.value, attachment, role) : undefined;
        if (data) yield { verdict: "violation", at, related, level: data.level, data };
      }
      const distinct = new Set(
        managed.map(({ policyArn }) => identityOf(policyArn)).filter((each) => each !== undefined),
      );
      if (distinct.size <= quota) continue;
      const places = managed.filter(({ urn }) => urn !== role.urn).map(({ urn, path }) => ({ urn, path }));
      // The quota can be raised, and only the configuration knows to what.
      yield {
        verdict: "violation",
        at: { urn: role.urn, path: "" },
        related: places.slice(0, 3),
        level: "advisory",
        data: {
          says: `${capital(role.title)} has ${distinct.size} managed policies, and the account's quota is ${quota}.`,
          why: `IAM refuses the next one: "LimitExceeded: Cannot exceed quota for PoliciesPerRole: ${quota}".`,
          fix: `Put several policies into one, or set managedPoliciesQuota of irsa-context to the quota that AWS raised.`,
          level: "advisory",
        },
      };
    }
  },
  explain: ({ says, why, fix }) => ({ says, fix, ...(why ? { why } : {}) }),
});

/** What tells one policy from another: its ARN, or the resource that will make it. Of any other ARN that is not known, nobody can say. */
function identityOf(policyArn: Fact<string>): string | undefined {
  if (policyArn.is === "known") return policyArn.value;
  const [source, ...others] = policyArn.is === "unknown" ? policyArn.waitsFor : [];
  return others.length === 0 ? source : undefined;
}

function faultOf(text: string, { title, path }: Attachment, role: Role): Fault | undefined {
  const own = knownValue(role.scope.partition);
  const arn = parseArn(text);
  const key = path.slice(path.lastIndexOf(".") + 1);
  const fault = (clause: string, needed: string, level: Level = "mandatory"): Fault => ({
    says: `${capital(title)} gives ${role.title} the policy ${quote(text)}, ${clause}.`,
    fix: `Set ${key} to ${quote(needed)}.`,
    level,
  });
  const partition = own ?? "aws";
  if (!arn) {
    const name = text.trim();
    const named = /^[\w+=,.@/-]+$/.test(name) ? `arn:${partition}:iam::aws:policy/${name}` : undefined;
    return fault("which is not the ARN of a policy", named ?? `arn:${partition}:iam::aws:policy/…`);
  }
  if (
    arn.service !== "iam" ||
    arn.region !== "" ||
    !/^policy\/./.test(arn.resource) ||
    !/^(aws|\d{12})$/.test(arn.accountId)
  )
    return fault("which is an ARN, but not of a policy", `arn:${arn.partition}:iam::aws:policy/…`);
  if (own !== undefined && arn.partition !== own)
    return fault(`but the role is in the partition ${quote(own)}`, text.replace(/^arn:[^:]*/, `arn:${own}`));
  const { accountId } = role.scope;
  if (arn.accountId !== "aws" && accountId.is === "known" && arn.accountId !== accountId.value)
    return fault(`but the role is in account ${quote(accountId.value)}`, text.replace(arn.accountId, accountId.value));
  const managed = managedArnFault(text);
  if (!managed) return undefined;
  const right = `arn:${arn.partition}:iam::aws:policy/${managed.needed}`;
  switch (managed.fault) {
    case "path":
      return fault(
        managed.needed.includes("/") && !/policy\/.*\//.test(text) ? "whose path is missing" : "which has another path",
        right,
      );
    case "spelling":
      return fault("a name that AWS hardly has", right, "advisory");
    case "customer":
      return {
        ...fault("which AWS does not manage", "", "advisory"),
        fix: `Make the policy in this account, as the controller's guide has it, and set ${key} to its ARN: arn:${arn.partition}:iam::${knownValueOr(accountId, "<account>")}:policy/${managed.needed}.`,
      };
  }
}
