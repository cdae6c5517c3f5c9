import { listIn, texts } from "../facts/lists";
import { knownValueOr, knownValues } from "../facts/fact";
import type { Flaw, PolicyDocument, Statement } from "../iam/document";
import { keyFaults, operatorFaults, type KeyFault, type OperatorFault } from "./trust-condition";
import { foreignProviders, principalFaults, wildcardFaults } from "./trust-principal";
import type { ForeignProvider, PrincipalFault, WildcardFault } from "./trust-principal";
import { reaches, type Reach } from "./trust-reach";
import { unsatisfiable, type Unsatisfiable } from "./trust-satisfiable";
import {
  claimConditions,
  isFaultyProviders,
  isNaming,
  isPodIssuer,
  podStatements,
  type PodStatement,
} from "./trust-statement";
import { subjectFaults, type SubjectFault } from "./trust-subject";
import type { IrsaModel, Role } from "./types";

/** A statement for an OIDC provider that does not give the action which its tokens are for. */
interface ActionFault {
  readonly path: string;
  readonly seen: readonly string[];
  readonly issuer: string;
}

/**
 * What is wrong with a role's trust policy by itself, whoever uses it. Each part of a statement is judged only where those
 * that it builds on are sound (principal, action, condition key, operator, value), so one fault appears once.
 */
export interface TrustFaults {
  readonly role: Role;
  readonly flaws: readonly Flaw[];
  readonly wildcards: readonly WildcardFault[];
  readonly principals: readonly PrincipalFault[];
  readonly actions: readonly ActionFault[];
  /** Providers in another account than the role's, in a role that no ServiceAccount of this stack uses. */
  readonly foreign: readonly ForeignProvider[];
  readonly keys: readonly KeyFault[];
  readonly operators: readonly OperatorFault[];
  readonly subjects: readonly SubjectFault[];
  readonly unsatisfiable: readonly Unsatisfiable[];
  /** Statements that ask for a subject but for no audience. */
  readonly withoutAudience: readonly { readonly path: string; readonly issuer: string }[];
  readonly reaches: readonly Reach[];
}

const faultsOf = new WeakMap<IrsaModel, ReadonlyMap<Role, TrustFaults>>();

/** The faults of every role for pods whose trust policy is known, worked out once for a model. */
export function trustFaults(model: IrsaModel): readonly TrustFaults[] {
  return [...faultsByRole(model).values()];
}

/** The faults of one role; undefined for a role that is not for pods, or of unknown trust. */
export function faultsOfRole(role: Role, model: IrsaModel): TrustFaults | undefined {
  return faultsByRole(model).get(role);
}

function faultsByRole(model: IrsaModel): ReadonlyMap<Role, TrustFaults> {
  const done = faultsOf.get(model);
  if (done) return done;
  const found = new Map(
    model.roles.flatMap((role) =>
      role.forPods && role.trust.is === "known" ? [[role, judge(role, role.trust.value, model)] as const] : [],
    ),
  );
  faultsOf.set(model, found);
  return found;
}

function judge(role: Role, document: PolicyDocument, model: IrsaModel): TrustFaults {
  if (document.flaws.length > 0) return { ...NONE, role, flaws: document.flaws };
  const pods = podStatements(role, model);
  const wildcards = wildcardFaults(role, pods);
  const open = wildcards.map(({ statement }) => statement);
  const judged = pods
    .filter(
      ({ statement, issuers }) => !open.includes(statement) && !issuers.some((each) => isFaultyProviders(each, model)),
    )
    .map((pod) => ({ pod, faults: judgeStatement(pod, pods, document, model) }));
  // A statement with a fault admits others than it says, or nobody: how far it reaches is seen once that is mended.
  const unsound = [...open, ...judged.filter(({ faults }) => !isSound(faults)).map(({ pod }) => pod.statement)];
  const wide = reaches(role, pods, model).filter(({ path }) => !unsound.some((each) => isIn(path, each)));
  const parts = judged.map(({ faults }) => faults);
  return {
    role,
    flaws: [],
    wildcards,
    principals: parts.flatMap(({ principals }) => principals),
    actions: parts.flatMap(({ actions }) => actions),
    foreign:
      listIn(model.bindingsByRole, role).length > 0
        ? []
        : foreignProviders(
            role,
            judged.map(({ pod }) => pod),
            model,
          ),
    keys: parts.flatMap(({ keys }) => keys),
    operators: parts.flatMap(({ operators }) => operators),
    subjects: parts.flatMap(({ subjects }) => subjects),
    unsatisfiable: parts.flatMap((part) => part.unsatisfiable),
    withoutAudience: parts.flatMap(({ withoutAudience }) => withoutAudience),
    reaches: wide,
  };
}

type StatementFaults = Omit<TrustFaults, "role" | "flaws" | "wildcards" | "foreign" | "reaches">;

const NOTHING: StatementFaults = {
  principals: [],
  actions: [],
  keys: [],
  operators: [],
  subjects: [],
  unsatisfiable: [],
  withoutAudience: [],
};
const NONE: Omit<TrustFaults, "role"> = { ...NOTHING, flaws: [], wildcards: [], foreign: [], reaches: [] };

function judgeStatement(
  pod: PodStatement,
  pods: readonly PodStatement[],
  document: PolicyDocument,
  model: IrsaModel,
): StatementFaults {
  const principals = principalFaults(pod, model);
  if (principals.length > 0) return { ...NOTHING, principals };
  if (pod.covers === false) return { ...NOTHING, actions: actionFaults(pod, pods) };
  const keys = keyFaults(pod, model);
  if (keys.length > 0) return { ...NOTHING, keys };
  const operators = operatorFaults(pod, model);
  if (operators.some(isBlocking)) return { ...NOTHING, operators };
  const subjects = subjectFaults(pod, model);
  const contradiction = subjects.length === 0 && pod.complete ? unsatisfiable(pod, document) : undefined;
  return {
    ...NOTHING,
    operators,
    subjects,
    unsatisfiable: contradiction ? [contradiction] : [],
    withoutAudience: contradiction ? [] : audienceGaps(pod, model),
  };
}

/** Another statement for the same provider may give the action: then this one is for sts:TagSession or the like. */
function actionFaults(pod: PodStatement, pods: readonly PodStatement[]): readonly ActionFault[] {
  const { statement, issuers } = pod;
  const given = pods.some((each) => each.covers !== false && each.issuers.some((issuer) => issuers.includes(issuer)));
  if (given || issuers.length === 0) return [];
  const leaves = [statement.actions, statement.notActions].flatMap((each) => knownValueOr(each, []));
  return [
    {
      path: `${statement.path}.${statement.actions.is === "absent" ? "NotAction" : "Action"}`,
      seen: leaves.flatMap(({ value }) => knownValues(value)),
      issuer: texts(issuers)[0],
    },
  ];
}

function audienceGaps(pod: PodStatement, model: IrsaModel): TrustFaults["withoutAudience"] {
  if (!pod.complete || pod.covers !== true) return [];
  return pod.issuers
    .filter((issuer) => isPodIssuer(issuer, model))
    .filter((issuer) => {
      const own = { ...pod, issuers: [issuer] };
      return claimConditions(own, "sub").some(isNaming) && claimConditions(own, "aud").length === 0;
    })
    .map((issuer) => ({ path: pod.statement.path, issuer }));
}

/** True for a comparison that refuses everybody or lets everybody in. */
export function isBlocking({ fault }: OperatorFault): boolean {
  return fault === "negated" || fault === "null" || fault === "type";
}

function isSound(faults: StatementFaults): boolean {
  const { principals, keys, operators, unsatisfiable: contradictions } = faults;
  return principals.length + keys.length + contradictions.length === 0 && !operators.some(isBlocking);
}

function isIn(path: string, statement: Statement): boolean {
  return path === statement.path || path.startsWith(`${statement.path}.`);
}
