import { knownValue, knownValueOr, knownValues } from "../../facts/fact";
import { parseRoleArn, type RoleArn } from "../../facts/arn";
import { nearest } from "../../facts/did-you-mean";
import { capital, quote } from "../../facts/words";
import { carriesRole } from "../../model/bind";
import { isUnused } from "../../model/role-use";
import { trustingRoles } from "../../model/trusting-roles";
import type { IrsaModel, Role, ServiceAccount } from "../../model/types";
import { defineRule, type Level } from "../rule";

interface Data {
  readonly account: string;
  readonly annotationPath: string;
  readonly seen: string;
  readonly role: string;
  readonly differs: "path" | "account" | "name";
  readonly has: string;
  readonly hasNot: string;
  /** The role's ARN, where it is known. */
  readonly needed: string | undefined;
}

/** True for annotations that are one unknown map which came from a role: it hardly holds anything but that role. */
function isMadeOfRole({ metadataFrom }: ServiceAccount, { roles }: IrsaModel): boolean {
  return roles.some(({ urn }) => metadataFrom.includes(urn));
}

interface Near {
  readonly role: Role;
  readonly differs: Data["differs"];
  readonly level: Level;
}

export default defineRule<Data>({
  id: "service-account-role-mismatch",
  link: "service-account",
  severity: "high",
  level: "mandatory",
  summary: "The ARN in a ServiceAccount's role annotation is that of the role it means: account, path and name.",
  why: 'STS answers for a role that does not exist as for one that refuses: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
  articleStep: 5,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
  ],
  *check(model) {
    for (const account of model.serviceAccounts) {
      const { roleArn, role } = account;
      if (account.form === "expected") continue;
      if (role.how === "by value" && role.to.path.is === "unknown" && roleArn.is === "known") {
        const at = { urn: account.urn, path: account.roleArnPath };
        yield { verdict: "unverified", at, what: `the path of ${role.to.title}`, waitsFor: role.to.path.waitsFor };
      }
      if (role.how !== "unresolved") continue;
      if (roleArn.is === "unknown" && (carriesRole(account) || isMadeOfRole(account, model))) {
        // A value that came through a transform has lost its edges (seen with the engine 3.259): only the account is left to name.
        const waitsFor = roleArn.waitsFor.length > 0 ? roleArn.waitsFor : [account.urn];
        yield {
          verdict: "unverified",
          at: { urn: account.urn, path: account.roleArnPath },
          what: `the role of ${account.title}`,
          waitsFor,
        };
      }
      if (roleArn.is !== "known") continue;
      const arn = parseRoleArn(roleArn.value);
      if (!arn || model.config.roles.includes(roleArn.value)) continue;
      const at = { urn: account.urn, path: account.roleArnPath };
      const near = nearRole(arn, account, model);
      // A path that IAM refuses is the role's own fault, and its ARN is then none.
      if (near?.role.path.is === "known" && !/^\/(.*\/)?$/.test(near.role.path.value)) continue;
      if (near) {
        yield {
          verdict: "violation",
          at,
          related: [{ urn: near.role.urn, path: near.differs === "path" ? "path" : near.role.namePath }],
          level: near.level,
          data: { ...dataOf(near, arn), account: account.title, annotationPath: at.path, seen: roleArn.value },
        };
        continue;
      }
      yield {
        verdict: "unverified",
        at,
        what: `the role ${quote(roleArn.value)}, which this stack does not make`,
        waitsFor: role.because === "unknown" ? role.waitsFor : [],
      };
    }
  },
  explain: ({ account, annotationPath, seen, role, differs, has, hasNot, needed }) => {
    const literal = needed === undefined ? `the arn of ${role}` : quote(needed);
    const says = `${capital(account)} names the role ${quote(seen)}`;
    const fix = `Set ${annotationPath} to ${literal}.`;
    switch (differs) {
      case "path":
        return { says: `${says}, but ${role} has the path ${quote(has)}, not ${quote(hasNot)}.`, fix };
      case "account":
        return {
          says: `${says}, but this stack makes ${role} in the account ${quote(has)}, not in ${quote(hasNot)}.`,
          fix: `${fix} If the role of the other account is meant, list its ARN under roles in the configuration of irsa-context.`,
        };
      case "name":
        return {
          says: `${says}, which this stack does not make. Did you mean ${role}?`,
          fix: `${fix} If the other role is meant, list its ARN under roles in the configuration of irsa-context.`,
        };
    }
  },
});

/**
 * The role of this stack that is evidently meant. A name is taken once in an account whatever the path, so a wrong path is
 * proof; a role of another account or name may well exist elsewhere, and the likeness is a hint only.
 */
function nearRole(arn: RoleArn, account: ServiceAccount, model: IrsaModel): Near | undefined {
  const trusting = new Set(trustingRoles(account, model).map(({ role }) => role));
  const named = model.roles.filter(({ name }) => knownValue(name) === arn.name);
  const atHome = named.filter((role) => isIn(role, arn.accountId) !== false);
  const otherPath = atHome.find(({ path }) => path.is === "known" && path.value !== arn.path);
  if (otherPath) {
    const certain = isIn(otherPath, arn.accountId) === true || trusting.has(otherPath);
    return { role: otherPath, differs: "path", level: certain ? "mandatory" : "advisory" };
  }
  const isFree = (role: Role): boolean => trusting.has(role) || isIdle(role, model);
  const abroad = named.find(
    (role) => isIn(role, arn.accountId) === false && knownValue(role.path) === arn.path && isFree(role),
  );
  if (abroad) return { role: abroad, differs: "account", level: "advisory" };
  const free = model.roles.filter((role) => isFree(role) && isIn(role, arn.accountId) !== false);
  const spelling = nearest(
    arn.name,
    free.flatMap(({ name }) => knownValues(name)),
  );
  if (spelling === undefined) return undefined;
  const alike = free.find((role) => knownValue(role.name) === spelling);
  return alike && { role: alike, differs: "name", level: "advisory" };
}

function isIn({ scope }: Role, accountId: string): boolean | undefined {
  return scope.accountId.is === "known" ? scope.accountId.value === accountId : undefined;
}

/** A role for pods that no account of this stack uses. */
function isIdle(role: Role, model: IrsaModel): boolean {
  return role.forPods && isUnused(role, model);
}

function dataOf({ role, differs }: Near, arn: RoleArn): Pick<Data, "role" | "differs" | "has" | "hasNot" | "needed"> {
  const needed = knownValue(role.arn);
  const has = differs === "path" ? role.path : differs === "account" ? role.scope.accountId : role.name;
  const hasNot = differs === "path" ? arn.path : differs === "account" ? arn.accountId : arn.name;
  return { role: role.title, differs, has: knownValueOr(has, ""), hasNot, needed };
}
