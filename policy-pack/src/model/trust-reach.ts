import { listIn } from "../facts/lists";
import type { Leaf } from "../iam/document";
import { matchGlob } from "../iam/match";
import { breadth, minimalStatement, type Grade } from "../iam/web-identity";
import { known, knownValue, knownValues, unknown } from "../facts/fact";
import { enumerate, quoteAll } from "../facts/words";
import { decide } from "./bind";
import { sameIssuer } from "./read-aws";
import { isPodIssuer, type PodStatement } from "./trust-statement";
import type { Binding, IrsaModel, Role, ServiceAccount } from "./types";

/** A trust policy that reaches further than one account, seen from this stack. */
export interface Reach {
  readonly issuer: string;
  readonly grade: Grade;
  /** The statement that reaches so far. */
  readonly path: string;
  /** The widest subject pattern; undefined when no condition names a subject. */
  readonly pattern: Leaf | undefined;
  /** True when an account of any name gets in, not just those of one name in several namespaces. */
  readonly anyName: boolean;
  readonly example: string;
  /** Titles of the accounts of this stack that it admits and that do not use the role. */
  readonly strangers: readonly string[];
  /** The namespaces of this stack in which it admits any account. */
  readonly namespaces: readonly string[];
  /** The accounts that use the role, for whom a narrow statement would do. */
  readonly users: readonly Binding[];
  /** The smallest statement for them, as one line of JSON; undefined when nobody here uses the role. */
  readonly smallest: string | undefined;
}

/** How far the role can be assumed by accounts of each issuer that it trusts; only what is certain and wider than meant. */
export function reaches(role: Role, pods: readonly PodStatement[], model: IrsaModel): readonly Reach[] {
  if (role.trust.is !== "known") return [];
  const document = role.trust.value;
  const issuers = new Set(pods.flatMap((pod) => pod.issuers.filter((issuer) => isPodIssuer(issuer, model))));
  return [...issuers].flatMap((issuer) => {
    const found = breadth(document, issuer);
    if (found.is !== "known" || isMeant(found.value.pattern, role, model)) return [];
    const { grade, statement, pattern, example } = found.value;
    if (grade === "exact" || grade === "name-family") return [];
    const users = listIn(model.bindingsByRole, role);
    return [
      {
        issuer,
        grade,
        path: pattern?.path ?? statement.path,
        pattern,
        anyName: takesAnyName(pattern, example),
        example,
        ...admitted(role, issuer, users, model),
        users,
        smallest: users.length > 0 ? smallestStatement(users, role, issuer) : undefined,
      },
    ];
  });
}

function isMeant(pattern: Leaf | undefined, role: Role, model: IrsaModel): boolean {
  const text = pattern === undefined ? "*" : knownValue(pattern.value);
  if (text === undefined) return true;
  // An IrsaBinding takes a pattern only where the program asks for one.
  const subjects = role.construction?.subjects;
  if (subjects?.is === "unknown" || (subjects?.is === "known" && subjects.value.includes(text))) return true;
  return model.config.allowedSubjects.some((allowed) => matchGlob(allowed, text));
}

function takesAnyName(pattern: Leaf | undefined, example: string): boolean {
  if (pattern?.value.is !== "known") return true;
  return matchGlob(pattern.value.value, `${example.slice(0, example.lastIndexOf(":"))}:zz-any-other`);
}

function admitted(
  role: Role,
  issuer: string,
  users: readonly Binding[],
  model: IrsaModel,
): Pick<Reach, "strangers" | "namespaces"> {
  const admits = (subject: string): boolean =>
    decide(role, {
      subject: known(subject),
      audience: known(model.config.audience),
      issuer: known(issuer),
    })?.answer === "allow";
  const own = new Set(users.map(({ serviceAccount }) => serviceAccount));
  const here = model.serviceAccounts.filter((account) => mayCarry(account, issuer));
  const strangers = here.filter((account) => {
    const subject = subjectOfAccount(account);
    return !own.has(account) && subject !== undefined && admits(subject);
  });
  const names = [...here, ...model.namespaces].flatMap((each) => {
    const fact = "namespace" in each ? each.namespace : each.name;
    return knownValues(fact);
  });
  return {
    strangers: [...new Set(strangers.map(({ title }) => title))].sort(),
    namespaces: [...new Set(names)].sort().filter((name) => admits(`system:serviceaccount:${name}:zzprobe`)),
  };
}

function subjectOfAccount({ namespace, name }: ServiceAccount): string | undefined {
  if (namespace.is !== "known" || name.is !== "known") return undefined;
  return `system:serviceaccount:${namespace.value}:${name.value}`;
}

/** False for an account that certainly lives on a cluster of another issuer. */
function mayCarry({ scope }: ServiceAccount, issuer: string): boolean {
  if (scope.cluster.how === "unresolved" || scope.cluster.to.issuer.is !== "known") return true;
  return sameIssuer(scope.cluster.to.issuer.value, issuer);
}

/** The smallest statement that admits these accounts, which use one role through one issuer, as one line of JSON. */
export function smallestStatement(bindings: readonly Binding[], role: Role, issuer: string | undefined): string {
  const { accountId, partition } = role.scope;
  const provider =
    accountId.is === "known" && partition.is === "known" && issuer !== undefined
      ? { providerArn: known(`arn:${partition.value}:iam::${accountId.value}:oidc-provider/${issuer}`) }
      : {};
  const [first, ...others] = bindings;
  const { subject, audience } = first?.token ?? { subject: unknown(), audience: unknown() };
  const otherSubjects = others.flatMap(({ token }) => knownValues(token.subject));
  return JSON.stringify(minimalStatement({ ...provider, issuer: issuer ?? "", subject, audience }, otherSubjects));
}

/** What a reach means for this stack, as the end of a sentence; empty where the stack has none of it. */
export function reachedHere({ strangers, namespaces }: Pick<Reach, "strangers" | "namespaces">): string {
  const reached =
    namespaces.length > 0
      ? [`reaches ${namespaces.length === 1 ? "namespace" : "namespaces"} ${quoteAll(namespaces, 4)}`]
      : [];
  const admitted = strangers.length > 0 ? [`admits ${enumerate(strangers, 4)} too`] : [];
  const both = [...reached, ...admitted];
  return both.length > 0 ? `; in this stack it ${both.join(" and ")}` : "";
}
