import { isKnownAs, knownValue, knownValueOr, knownValues } from "../../facts/fact";
import { parseRoleArn } from "../../facts/arn";
import { nearest } from "../../facts/did-you-mean";
import { capital, quote } from "../../facts/words";
import { sameAccount } from "../../model/accounts";
import type { Attachment, IrsaModel, Role } from "../../model/types";
import { defineRule, type Place, type Violation } from "../rule";

interface Data {
  readonly role: string;
  /** The name to give to attachments; undefined while it is not known. */
  readonly name: string | undefined;
  /** The attachment that was evidently meant for this role, and how it names it. */
  readonly astray:
    { readonly title: string; readonly seen: string; readonly key: string; readonly isArn: boolean } | undefined;
  readonly user: string | undefined;
  /** True where there are policies, and all that they say is Deny. */
  readonly denies: boolean;
}

export default defineRule<Data>({
  id: "role-permissions-missing",
  link: "permissions",
  severity: "medium",
  level: "mandatory",
  summary: "A role for pods that is declared here has permissions attached here.",
  why: 'The pod gets credentials that allow nothing: "AccessDenied: User: arn:aws:sts::…:assumed-role/… is not authorized to perform: …". Only another stack, or the policy of a bucket or key, can grant the access then.',
  articleStep: 2,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"],
  *check(model) {
    for (const role of model.roles) {
      if (!role.forPods) continue;
      const byArn = role.permissions.attachments.filter(namesArn);
      for (const attachment of byArn) yield wrongTarget(attachment, role, model);
      const { attachments, reported } = role.permissions;
      if (reported || role.construction?.allowsNoPermissions || attachments.some((each) => !isDenying(each))) continue;
      const near = nearAttachment(role, model);
      if (near) {
        yield wrongTarget(near, role, model);
        continue;
      }
      const at = { urn: role.urn, path: "" };
      const [possible] = role.permissions.possible;
      if (possible) {
        const waitsFor = possible.role.is === "unknown" ? possible.role.waitsFor : [role.urn];
        yield { verdict: "unverified", at, what: `whether ${possible.title} is for ${role.title}`, waitsFor };
        continue;
      }
      yield {
        verdict: "violation",
        at,
        related: placeOfUser(role, model),
        level: "advisory",
        data: dataOf(role, model),
      };
    }
  },
  explain: ({ role, name, astray, user, denies }) => {
    const literal = name === undefined ? "role.name" : quote(name);
    if (!astray)
      return {
        says: `${capital(role)}${user ? `, which ${user} uses,` : ""} has no permissions: ${denies ? "all that its policies say is Deny" : "no managed policy is attached and no inline policy written"}.`,
        fix: `Attach one: new aws.iam.RolePolicyAttachment("…", { role: ${literal}, policyArn: "arn:aws:iam::aws:policy/…" }).`,
      };
    const { title, seen, key, isArn } = astray;
    return {
      says: isArn
        ? `${capital(title)} names ${role} by the ARN ${quote(seen)}, where IAM takes a name only: ${literal}.`
        : `${capital(title)} is for a role ${quote(seen)} that this stack does not declare, and ${role} has no permissions. Did you mean ${literal}?`,
      ...(isArn
        ? { why: 'IAM refuses the attachment: "ValidationError: The specified value for roleName is invalid".' }
        : {}),
      fix: `Set ${key} to ${literal}.`,
    };
  },
});

/** An attachment of another role's name is advisory, since that role may live elsewhere; an ARN is never a role's name. */
function wrongTarget(attachment: Attachment, role: Role, model: IrsaModel): Violation<Data> {
  const key = attachment.rolePath ?? "";
  const seen = knownValueOr(attachment.role, "");
  const isArn = parseRoleArn(seen) !== undefined;
  return {
    verdict: "violation",
    at: { urn: attachment.urn, path: key },
    related: [{ urn: role.urn, path: role.namePath }],
    level: isArn ? "mandatory" : "advisory",
    data: { ...dataOf(role, model), astray: { title: attachment.title, seen, key, isArn } },
  };
}

function dataOf(role: Role, model: IrsaModel): Data {
  const user = model.bindingsByRole.get(role)?.[0]?.serviceAccount.title;
  const denies = role.permissions.attachments.length > 0;
  return { role: role.title, name: knownValue(role.name), astray: undefined, user, denies };
}

/** True for a policy that is wholly known and allows nothing. */
function isDenying({ document }: Attachment): boolean {
  if (document.is !== "known" || !document.value.complete || document.value.flaws.length > 0) return false;
  return document.value.statements.every(({ effect }) => isKnownAs(effect, "Deny"));
}

function placeOfUser(role: Role, model: IrsaModel): readonly Place[] {
  const user = model.bindingsByRole.get(role)?.[0]?.serviceAccount;
  return user && user.urn !== "" ? [{ urn: user.urn, path: user.roleArnPath }] : [];
}

function namesArn({ role, rolePath }: Attachment): boolean {
  return rolePath !== undefined && role.is === "known" && parseRoleArn(role.value) !== undefined;
}

/** An attachment of no role of the stack, under a name that differs from this one's in a few letters. */
function nearAttachment(role: Role, model: IrsaModel): Attachment | undefined {
  const names = model.roles.flatMap(({ name }) => knownValues(name));
  return model.strayAttachments.find(
    (attachment) =>
      attachment.role.is === "known" &&
      role.name.is === "known" &&
      sameAccount(attachment.scope, role.scope) !== false &&
      nearest(attachment.role.value, names) === role.name.value,
  );
}
