import { withoutSurrounding } from "../../facts/trim";
import { parseArn, parseRoleArn } from "../../facts/arn";
import { knownValue, listAt, textAt, type Urn } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import { chartAnnotations } from "../../model/chart-annotations";
import { meantRole, roleTextFault, type RoleTextFault } from "../../model/role-text";
import { kubernetesNoun } from "../../model/tokens";
import type { IrsaModel, Role, ServiceAccount } from "../../model/types";
import { roleArnKey } from "../../model/webhook-annotations";
import { defineRule, type Place } from "../rule";

interface Data {
  readonly account: string;
  readonly path: string;
  readonly seen: string;
  readonly fault: RoleTextFault | "partition";
  /** The ARN to write, where it can be told. */
  readonly needed: string | undefined;
  /** The role that is meant, as text. */
  readonly role: string | undefined;
  /** For a wrong partition: the right one, and whose it is. */
  readonly partition: string | undefined;
  readonly whose: string | undefined;
}

export default defineRule<Data>({
  id: "service-account-role-arn-invalid",
  link: "service-account",
  severity: "high",
  level: "mandatory",
  summary: "The role annotation of a ServiceAccount holds the ARN of an IAM role and nothing else.",
  why: 'The webhook hands the text to the pods as it is, and STS answers: "ValidationError: Request ARN is invalid".',
  articleStep: 5,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
  ],
  decidesEarly: true,
  *check(model) {
    for (const account of model.serviceAccounts) {
      const { roleArn } = account;
      if (account.form === "expected" || roleArn.is !== "known" || roleArn.value === "") continue;
      const fault = roleTextFault(roleArn.value);
      const found = fault
        ? { fault, ...meantBy(roleArn.value, account.metadataFrom, model) }
        : partitionFault(account, roleArn.value, model);
      if (!found) continue;
      const { role, ...data } = found;
      yield {
        verdict: "violation",
        at: { urn: account.urn, path: account.roleArnPath },
        related: role ? [roleAt(role)] : [],
        level: found.fault === "partition" && !role ? "advisory" : "mandatory",
        data: {
          partition: undefined,
          whose: undefined,
          ...data,
          account: account.title,
          path: account.roleArnPath,
          seen: roleArn.value,
          role: role?.title,
        },
      };
    }
    for (const addon of model.addons) {
      const fault =
        addon.roleArn.is === "known" && addon.roleArn.value !== "" ? roleTextFault(addon.roleArn.value) : undefined;
      if (addon.roleArn.is !== "known" || !fault) continue;
      const { role, needed } = meantBy(addon.roleArn.value, [], model);
      yield {
        verdict: "violation",
        at: { urn: addon.urn, path: "serviceAccountRoleArn" },
        related: role ? [roleAt(role)] : [],
        data: {
          partition: undefined,
          whose: undefined,
          fault,
          needed,
          account: addon.title,
          path: "serviceAccountRoleArn",
          seen: addon.roleArn.value,
          role: role?.title,
        },
      };
    }
    for (const { source, on, key, path, value } of chartAnnotations(model)) {
      if (on !== "account" || key !== roleArnKey(model) || value.is !== "known" || value.value === "") continue;
      const fault = roleTextFault(value.value);
      if (!fault) continue;
      const { role, needed } = meantBy(value.value, source.valuesFrom, model);
      yield {
        verdict: "violation",
        at: { urn: source.urn, path },
        related: role ? [roleAt(role)] : [],
        data: {
          partition: undefined,
          whose: undefined,
          fault,
          needed,
          account: `the ServiceAccount in the values of ${source.title}`,
          path,
          seen: value.value,
          role: role?.title,
        },
      };
    }
  },
  mend: (type, inputs, { annotationPrefix }) => {
    if (kubernetesNoun(type)?.noun !== "service-account") return [];
    const key = `${annotationPrefix}/role-arn`;
    const items = listAt(inputs, ["items"]);
    const roots = kubernetesNoun(type)?.list && items.is === "known" ? items.value.map((_, i) => ["items", i]) : [[]];
    return roots.flatMap((root) => {
      const path = [...root, "metadata", "annotations", key];
      const written = textAt(inputs, path);
      const trimmed =
        written.is === "known" && written.value.length <= 4096
          ? withoutSurrounding(written.value.trim(), "\"' \t\r\n")
          : "";
      return written.is === "known" && trimmed !== written.value && parseRoleArn(trimmed)
        ? [{ path, value: trimmed }]
        : [];
    });
  },
  explain: ({ account, path, seen, fault, needed, role, partition, whose }) => {
    const literal = needed === undefined ? `the arn of ${role ?? "the role"}` : quote(needed);
    if (fault === "partition")
      return {
        says: `${capital(account)} has the role ARN ${quote(seen)}, but ${whose ?? "its cluster"} is in the partition ${quote(partition ?? "")}.`,
        why: 'STS of the one partition does not know roles of the other: "ValidationError: Request ARN is invalid", or AccessDenied.',
        fix: `Set ${path} to ${literal}.`,
      };
    return {
      says: `${capital(account)} has ${quote(seen)} where the ARN of its role must stand: ${WORDS[fault]}.`,
      fix:
        fault === "output"
          ? `Set ${path} to ${literal} as an Output (pulumi.interpolate, apply or Output.format), not joined as text.`
          : `Set ${path} to ${literal}.`,
    };
  },
});

const WORDS: Readonly<Record<RoleTextFault, string>> = {
  output: "it is the text of a value that the program did not wait for",
  blanks: "there are blanks around it, which nobody trims",
  quotes: "there are quotes around it",
  name: 'it is a name; an ARN has the form "arn:aws:iam::<account>:role/<path><name>"',
  "other-arn": 'it is the ARN of something else; a role\'s has "iam" and "role/" in it',
  "account-id": "its account id does not have 12 digits",
  region: "an IAM ARN has no region",
  protected:
    "it is a role that AWS keeps for itself, which pods cannot assume, and whose trust policy nobody can change",
  path: 'after "role/" stands no name that a role can have',
  malformed: 'an ARN has the form "arn:aws:iam::<account>:role/<path><name>"',
};

function meantBy(
  seen: string,
  from: readonly Urn[],
  model: IrsaModel,
): { readonly role: Role | undefined; readonly needed: string | undefined } {
  const trimmed = withoutSurrounding(seen.trim(), "\"'`").trim();
  const wired = model.roles.filter((role) => from.includes(role.urn));
  const [only] = wired;
  const role = meantRole(seen, model) ?? (wired.length === 1 ? only : undefined);
  if (parseRoleArn(trimmed) && !roleTextFault(trimmed)) return { role, needed: trimmed };
  return { role, needed: role?.arn.is === "known" ? role.arn.value : undefined };
}

/** A role of this stack settles its partition; a cluster only makes it likely, since an issuer may be trusted from anywhere. */
function partitionFault(
  account: ServiceAccount,
  seen: string,
  model: IrsaModel,
): (Pick<Data, "fault" | "needed" | "partition" | "whose"> & { readonly role: Role | undefined }) | undefined {
  const arn = parseArn(seen);
  if (!arn) return undefined;
  const { role, scope } = account;
  const rewritten = (partition: string): string => seen.replace(/^arn:[^:]*/, `arn:${partition}`);
  if (role.how !== "unresolved") {
    const { partition } = role.to.scope;
    if (partition.is !== "known" || partition.value === arn.partition) return undefined;
    return {
      fault: "partition",
      needed: rewritten(partition.value),
      partition: partition.value,
      whose: role.to.title,
      role: role.to,
    };
  }
  if (scope.cluster.how === "unresolved") return undefined;
  // A role of this stack whose name is not known yet may be the one that is named, and settle it.
  const candidates = model.roles.filter(({ urn }) => role.waitsFor.includes(urn));
  if (candidates.some(({ scope: { partition } }) => partition.is !== "known" || partition.value === arn.partition))
    return undefined;
  const { title, scope: aws } = scope.cluster.to;
  const partition = knownValue(aws.partition);
  if (partition === undefined || partition === arn.partition) return undefined;
  return { fault: "partition", needed: rewritten(partition), partition, whose: title, role: undefined };
}

function roleAt(role: Role): Place {
  return { urn: role.urn, path: role.namePath };
}
