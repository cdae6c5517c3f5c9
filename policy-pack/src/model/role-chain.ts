import { evaluate } from "../iam/evaluate";
import { coversAction } from "../iam/trust-statements";
import { hasWildcard } from "../iam/match";
import type { Leaf, Statement } from "../iam/document";
import { granted } from "./granted";
import type { Attachment, IrsaModel, Role } from "./types";

const ASSUME = "sts:AssumeRole";

/** A role for pods that is to assume a second role of the stack, where one of the two does not agree. */
export interface BrokenChain {
  readonly from: Role;
  readonly to: Role;
  /** trust: the second role does not trust the first. permission: the first may not ask. */
  readonly lacks: "trust" | "permission";
  /** The text that says that the hop is meant. */
  readonly evidence: { readonly urn: string; readonly path: string };
}

export function brokenChains(model: IrsaModel): readonly BrokenChain[] {
  const pods = model.roles.filter(({ forPods, arn }) => forPods && arn.is === "known");
  return pods.flatMap((from) => model.roles.flatMap((to) => (to === from ? [] : broken(from, to))));
}

function broken(from: Role, to: Role): readonly BrokenChain[] {
  if (from.arn.is !== "known" || to.arn.is !== "known" || to.trust.is !== "known") return [];
  const asks = from.permissions.attachments.flatMap((each) => permissionFor(each, to.arn))[0];
  if (asks && !mayTrust(from.arn.value, to)) return [{ from, to, lacks: "trust", evidence: asks }];
  const named = to.trust.value.statements.flatMap((statement) => namedBy(statement, from.arn))[0];
  // Within one account the trust policy alone is enough.
  if (!named || from.arn.value.split(":")[4] === to.arn.value.split(":")[4]) return [];
  const { attachments, possible, reported } = from.permissions;
  if (attachments.length === 0 || possible.length > 0 || reported) return [];
  const { answer, by } = granted(from, ASSUME, to.arn.value);
  if (answer !== "deny" || by) return [];
  return [{ from, to, lacks: "permission", evidence: { urn: to.urn, path: `${to.trustPath}.${named.path}` } }];
}

/** Where a policy of the first role allows it to assume the second by its very ARN. */
function permissionFor({ document, documentAt }: Attachment, arn: Role["arn"]): readonly BrokenChain["evidence"][] {
  if (document.is !== "known" || !documentAt || arn.is !== "known") return [];
  return document.value.statements.flatMap((statement) => {
    const { effect, resources } = statement;
    if (effect.is !== "known" || effect.value !== "Allow" || coversAction(statement, ASSUME) !== true) return [];
    const leaves = resources.is === "known" ? resources.value : [];
    return leaves
      .filter(({ value }) => value.is === "known" && value.value === arn.value && !hasWildcard(value.value))
      .map(({ path }) => ({ urn: documentAt.urn, path: `${documentAt.path}.${path}` }));
  });
}

/** False only when nothing in the trust policy can be about the first role, its sessions and its account included. */
function mayTrust(arn: string, role: Role): boolean {
  if (role.trust.is !== "known") return true;
  const { answer } = evaluate(role.trust.value, {
    action: ASSUME,
    principal: { type: "AWS", value: { is: "known", value: arn } },
    context: {},
    unknownKeys: () => true,
  });
  const [, , , , account = "", resource = ""] = arn.split(":");
  const session = `:sts::${account}:assumed-${resource.replace(/\/.*\//, "/")}/`;
  return answer !== "deny" || principalsOf(role).some((text) => text.includes(session));
}

function principalsOf(role: Role): readonly string[] {
  const statements = role.trust.is === "known" ? role.trust.value.statements : [];
  return statements.flatMap(({ principals }) =>
    principals.is === "known"
      ? principals.value.flatMap(({ value }) => (value.is === "known" ? [value.value] : []))
      : [],
  );
}

/** The principal that names the first role in an Allow for sts:AssumeRole. */
function namedBy(statement: Statement, arn: Role["arn"]): readonly Leaf[] {
  const { effect, principals } = statement;
  if (effect.is !== "known" || effect.value !== "Allow" || coversAction(statement, ASSUME) !== true) return [];
  if (principals.is !== "known" || arn.is !== "known") return [];
  return principals.value.filter(
    ({ type, value }) => type === "AWS" && value.is === "known" && value.value === arn.value,
  );
}
