import { texts } from "../facts/lists";
import { isKnownAs, known, knownValueOr, knownValues } from "../facts/fact";
import { evaluate } from "../iam/evaluate";
import { coversAction } from "../iam/trust-statements";
import type { Statement } from "../iam/document";
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
  const byArn = new Map(
    model.roles.flatMap((role): [string, Role][] => (role.arn.is === "known" ? [[role.arn.value, role]] : [])),
  );
  const untrusted = model.roles
    .filter(({ forPods }) => forPods)
    .flatMap((from) => from.permissions.attachments.flatMap((each) => asks(each, from, byArn)))
    .filter(({ from, to }) => !mayTrust(from, to));
  const unasked = model.roles.flatMap((to) => names(to, byArn)).filter(lacksPermission);
  return [...new Map([...untrusted, ...unasked].map((each) => [`${each.from.urn} ${each.to.urn}`, each])).values()];
}

/** The roles that a policy of the first role lets it assume by their very ARN. */
function asks(attachment: Attachment, from: Role, byArn: ReadonlyMap<string, Role>): readonly BrokenChain[] {
  const { document, documentAt } = attachment;
  if (document.is !== "known" || !documentAt) return [];
  return document.value.statements.filter(isAllowToAssume).flatMap(({ resources }) =>
    knownValueOr(resources, []).flatMap(({ path, value }): readonly BrokenChain[] => {
      const to = value.is === "known" ? byArn.get(value.value) : undefined;
      const evidence = { urn: documentAt.urn, path: `${documentAt.path}.${path}` };
      return to ? [{ from, to, lacks: "trust", evidence }] : [];
    }),
  );
}

/** The roles for pods that the second role trusts by their very ARN. */
function names(to: Role, byArn: ReadonlyMap<string, Role>): readonly BrokenChain[] {
  if (to.trust.is !== "known") return [];
  return to.trust.value.statements.filter(isAllowToAssume).flatMap(({ principals }) =>
    knownValueOr(principals, []).flatMap(({ path, type, value }): readonly BrokenChain[] => {
      const from = type === "AWS" && value.is === "known" ? byArn.get(value.value) : undefined;
      const evidence = { urn: to.urn, path: `${to.trustPath}.${path}` };
      return from?.forPods && from !== to ? [{ from, to, lacks: "permission", evidence }] : [];
    }),
  );
}

function isAllowToAssume(statement: Statement): boolean {
  const { effect } = statement;
  return isKnownAs(effect, "Allow") && coversAction(statement, ASSUME) === true;
}

/** Within one account the trust policy alone is enough. */
function lacksPermission({ from, to }: BrokenChain): boolean {
  if (from.arn.is !== "known" || to.arn.is !== "known") return false;
  if (from.arn.value.split(":")[4] === to.arn.value.split(":")[4]) return false;
  const { attachments, possible, reported } = from.permissions;
  if (attachments.length === 0 || possible.length > 0 || reported) return false;
  const { answer, by } = granted(from, ASSUME, to.arn.value);
  return answer === "deny" && !by;
}

/** False only when nothing in the trust policy can be about the first role, its sessions and its account included. */
function mayTrust(from: Role, to: Role): boolean {
  if (from.arn.is !== "known" || to.trust.is !== "known") return true;
  const arn = from.arn.value;
  const { answer } = evaluate(to.trust.value, {
    action: ASSUME,
    principal: { type: "AWS", value: known(arn) },
    context: {},
    unknownKeys: () => true,
  });
  const [, , , , account, resource] = texts(arn.split(":"));
  const session = `:sts::${account}:assumed-role/${resource.slice(resource.lastIndexOf("/") + 1)}/`;
  return answer !== "deny" || principalsOf(to).some((text) => text.includes(session));
}

function principalsOf(role: Role): readonly string[] {
  const statements = role.trust.is === "known" ? role.trust.value.statements : [];
  return statements.flatMap(({ principals }) =>
    knownValueOr(principals, []).flatMap(({ value }) => knownValues(value)),
  );
}
