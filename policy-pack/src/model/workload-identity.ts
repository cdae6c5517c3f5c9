import { parseRoleArn } from "../facts/arn";
import { isKnownAs, known, unknown } from "../facts/fact";
import { decide, podAccountName } from "./bind";
import { hasTrustFault } from "./subject-refusal";
import type { IrsaModel, Role, Workload } from "./types";
import type { BoundWorkload } from "./workload-bound";
import { literal, type Environment } from "./workload-env";
import { TOKEN_DIRECTORY } from "./workload-token";

/** The two variables by which an SDK finds its web identity. */
export const ROLE_VARIABLE = "AWS_ROLE_ARN";
export const TOKEN_VARIABLE = "AWS_WEB_IDENTITY_TOKEN_FILE";

/** The name that SDKs give their sessions with STS. */
export const SESSION_VARIABLE = "AWS_ROLE_SESSION_NAME";

const WEBHOOK_TOKEN = `${TOKEN_DIRECTORY}/token`;

/**
 * half: one is set without the other. no role ARN: a text that STS takes for none. session name: one that STS refuses. refused: a role of this stack that does
 * not trust the account. other role: one that lives elsewhere, or of which nobody can say.
 */
export type IdentityFault =
  | { readonly kind: "half"; readonly set: string; readonly other: string }
  | { readonly kind: "no role ARN" | "session name"; readonly value: string }
  | { readonly kind: "refused" | "other role"; readonly value: string; readonly role: string | undefined };

export interface IdentityFinding {
  /** The variable to mend. */
  readonly name: string;
  readonly certain: boolean;
  /** The role that the variable names, where this stack makes it. */
  readonly role: Role | undefined;
  readonly fault: IdentityFault;
}

/** What is wrong with the identity that a container of an account with a role is given by hand; undefined where nothing is. */
export function identityFault(
  model: IrsaModel,
  bound: BoundWorkload,
  environment: Environment,
  passedOver: boolean,
): IdentityFinding | undefined {
  const { written, all, complete } = environment;
  // The webhook reads env alone; the process also sees what envFrom brings.
  const half = [
    { set: ROLE_VARIABLE, other: TOKEN_VARIABLE },
    { set: TOKEN_VARIABLE, other: ROLE_VARIABLE },
  ].find(({ set, other }) => written.has(set) && !all.has(other));
  if (half) {
    // What the webhook passes by on purpose has settings of its own; a Patch or an unseen ConfigMap may hold the other half.
    if (passedOver || !bound.whole || !complete) return undefined;
    return { name: half.set, certain: true, role: undefined, fault: { kind: "half", ...half } };
  }
  const session = passedOver ? undefined : literal(environment, SESSION_VARIABLE);
  if (session !== undefined && !/^[\w+=,.@-]{2,64}$/.test(session)) {
    const fault = { kind: "session name", value: session } as const;
    return { name: SESSION_VARIABLE, certain: true, role: undefined, fault };
  }
  const value = written.has(ROLE_VARIABLE) ? literal(environment, ROLE_VARIABLE) : undefined;
  const annotated = bound.account.roleArn;
  if (value === undefined || isKnownAs(annotated, value)) return undefined;
  const arn = parseRoleArn(value);
  if (!arn) return { name: ROLE_VARIABLE, certain: true, role: undefined, fault: { kind: "no role ARN", value } };
  const role = model.roles.find((each) => isKnownAs(each.arn, value));
  const ownToken = literal(environment, TOKEN_VARIABLE) !== WEBHOOK_TOKEN;
  // A token of one's own may be for another audience than the account's.
  const token = { ...bound.binding.token, ...(ownToken ? { audience: unknown() } : {}) };
  const answer = role ? decide(role, token)?.answer : undefined;
  if (role && answer === "deny")
    return {
      name: ROLE_VARIABLE,
      certain: true,
      role,
      fault: { kind: "refused", value, role: role.title },
    };
  // A declared role that admits the account, or an annotation that is not known yet, proves no fault.
  if (role?.trust.is === "unknown" || answer === "allow" || annotated.is !== "known") return undefined;
  if (!role && model.roles.some((each) => mayHaveName(each, arn.name))) return undefined;
  return {
    name: ROLE_VARIABLE,
    certain: false,
    role: undefined,
    fault: { kind: "other role", value, role: role?.title },
  };
}

/** True for a role whose ARN is not known yet and may turn out to be one of that name. */
function mayHaveName({ arn, name }: Role, text: string): boolean {
  return arn.is === "unknown" && (name.is !== "known" || name.value === text);
}

/** A role of this stack that a container takes by its own variables and token volume, and that refuses its token. */
export interface HandWiredRefusal {
  readonly role: Role;
  readonly value: string;
  readonly subject: string;
}

/**
 * For pods whose account carries no role: what the webhook would add is all written by hand, with a token that the pod
 * mounts. The token's audience is left open, since the volume says it and is judged by itself.
 */
export function handWiredRefusal(
  model: IrsaModel,
  workload: Workload,
  environment: Environment,
): HandWiredRefusal | undefined {
  const { serviceAccount, namespace, scope, pod } = workload;
  const name = podAccountName(workload);
  if (serviceAccount.how === "unresolved" && serviceAccount.because !== "elsewhere") return undefined;
  if (workload.patch || name.is !== "known" || namespace.is !== "known" || pod.volumes.is !== "known") return undefined;
  const mountsToken = pod.volumes.value.some(
    ({ tokens }) => tokens.is === "known" && tokens.value.some(({ file }) => file.is === "known"),
  );
  const value = literal(environment, ROLE_VARIABLE);
  if (!mountsToken || value === undefined || literal(environment, TOKEN_VARIABLE) === undefined) return undefined;
  const role = model.roles.find((each) => isKnownAs(each.arn, value));
  if (!role || hasTrustFault(role, model)) return undefined;
  const subject = `system:serviceaccount:${namespace.value}:${name.value}`;
  const issuer = scope.cluster.how === "unresolved" ? unknown() : scope.cluster.to.issuer;
  const answer = decide(role, { subject: known(subject), audience: unknown(), issuer })?.answer;
  return answer === "deny" ? { role, value, subject } : undefined;
}
