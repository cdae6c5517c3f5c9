import { listIn } from "../../facts/lists";
import { knownValue, knownValueOr } from "../../facts/fact";
import { parseSubject } from "../../facts/subject";
import { capital, quote, quoteAll } from "../../facts/words";
import { matchGlob } from "../../iam/match";
import { mending } from "../../model/trust-mending";
import { smallestStatement } from "../../model/trust-reach";
import { refusals, type RefusalOf } from "../../model/trust-refusal";
import { accountPlaces, isNaming, placeIn } from "../../model/trust-statement";
import type { Binding, IrsaModel } from "../../model/types";
import { defineRule, type Place } from "../rule";

interface Data {
  readonly account: string;
  readonly role: string;
  readonly seen: readonly string[];
  /** The subject of the account's tokens; undefined while Pulumi has not made its name. */
  readonly subject: string | undefined;
  /** What is said in place of a subject that is not known. */
  readonly unnamed: string;
  readonly claims: readonly string[];
  readonly condition: string | undefined;
  /** True where the condition takes subjects away, and this one among them. */
  readonly excludes: boolean;
  /** Undefined where there are no two subjects to compare. */
  readonly differs: string | undefined;
  readonly fix: string;
}

export default defineRule<Data>({
  id: "trust-policy-subject-mismatch",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "A role admits the ServiceAccount that is annotated with it.",
  why: 'STS refuses the pod at run time: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
  articleStep: 3,
  decidesEarly: true,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"],
  *check(model) {
    for (const each of refusals(model)) {
      const { binding, role } = each;
      if (each.kind === "unknown" && each.about === "subject") {
        const [at = placeIn(role, "")] = accountPlaces(binding);
        yield { verdict: "unverified", at, what: each.what, waitsFor: each.waitsFor };
      }
      if (each.kind !== "subject") continue;
      const { seen, condition, autonamed } = each;
      const { subject } = binding.token;
      const { fix, ...places } = repair(each, model);
      yield {
        verdict: "violation",
        ...places,
        // Autonaming can be configured, and a chart may change its mind, so the name may yet turn out right.
        ...(autonamed || hangsOnChartName(binding, seen) ? { level: "advisory" as const } : {}),
        data: {
          account: binding.serviceAccount.title,
          role: role.title,
          seen,
          subject: knownValue(subject),
          unnamed: unnamed(binding, autonamed),
          claims: claimsOf(binding),
          condition: condition && `${condition.operator} on ${JSON.stringify(condition.key)}`,
          excludes: isExcluding(condition),
          differs: difference(each),
          fix,
        },
      };
    }
  },
  explain: ({ account, role, seen, subject, unnamed, claims, condition, excludes, differs, fix }) => {
    const own = subject === undefined ? unnamed : quote(subject);
    const takes = seen.length > 0 ? quoteAll(seen) : "no value";
    const trusted = seen.length > 0 ? `only ${quoteAll(seen)}` : "no subject";
    return {
      says: excludes
        ? `${capital(account)} uses ${role}, whose condition ${condition ?? ""} excludes ${own}.`
        : `${capital(account)} uses ${role}, which trusts ${trusted}, not ${own}.`,
      why: [
        'STS refuses the pod at run time: "Not authorized to perform sts:AssumeRoleWithWebIdentity".',
        ...(differs ? [differs] : []),
        ...(condition && !excludes ? [`The token says ${claims.join(", ")}; ${condition} takes ${takes}.`] : []),
      ].join(" "),
      fix,
    };
  },
});

function isExcluding(condition: RefusalOf<"subject">["condition"]): boolean {
  return condition !== undefined && !isNaming(condition);
}

/** True where the namespace fits, and only the name that the chart gives by itself does not. */
function hangsOnChartName({ serviceAccount: { chartName, namespace } }: Binding, seen: readonly string[]): boolean {
  if (chartName !== "default" || namespace.is !== "known") return false;
  return seen.some((text) => parseSubject(text)?.namespace === namespace.value);
}

/** The claims of the account's tokens that are known, as the token spells them. */
function claimsOf({ token: { subject, audience, issuer } }: Binding): readonly string[] {
  return [
    ...(subject.is === "known" ? [`sub ${quote(subject.value)}`] : []),
    ...(audience.is === "known" ? [`aud ${quote(audience.value)}`] : []),
    ...(issuer.is === "known" ? [`iss ${quote(`https://${issuer.value}`)}`] : []),
  ];
}

/** In what the account and the subjects that the role takes differ, as a sentence. */
function difference({ binding, seen, condition }: RefusalOf<"subject">): string | undefined {
  const { serviceAccount, token } = binding;
  const { subject } = token;
  const trusted = seen.map(parseSubject);
  // Only the operators named Like take "*" for anything.
  const likes = /like/i.test(condition?.operator ?? "");
  const fits = (text: string | undefined, own: string | undefined): boolean =>
    text !== undefined && own !== undefined && (text === own || (likes && matchGlob(text, own)));
  if (serviceAccount.autonamed) {
    const { namespace } = serviceAccount;
    const astray = namespace.is === "known" && !trusted.some((each) => fits(each?.namespace, namespace.value));
    const made = "The account has no metadata.name, so Pulumi gives it one with a random suffix";
    return astray && seen.length > 0 ? `${made}; the namespace differs too.` : `${made}.`;
  }
  if (serviceAccount.chartName === "unknown") return "A release puts its ServiceAccount into its own namespace.";
  if (subject.is !== "known" || seen.length === 0) return undefined;
  const { value } = subject;
  if (seen.some((text) => text.toLowerCase() === value.toLowerCase())) return "The comparison is case sensitive.";
  const own = parseSubject(value);
  if (trusted.some((each) => fits(each?.name, own?.name))) {
    return serviceAccount.namespaceImplicit
      ? `The account has no metadata.namespace, so it lands in ${quote(own?.namespace ?? "")}.`
      : "Only the namespace differs.";
  }
  if (trusted.some((each) => fits(each?.namespace, own?.namespace))) return "Only the name differs.";
  return "Both the namespace and the name differ.";
}

function unnamed({ serviceAccount: { namespace } }: Binding, autonamed: boolean): string {
  return autonamed || namespace.is !== "known"
    ? "the name that Pulumi will make up for it"
    : `an account in namespace ${quote(namespace.value)}`;
}

interface Repair {
  readonly at: Place;
  readonly related: readonly Place[];
  readonly fix: string;
}

/** The property to edit: the trust policy, unless the account itself is evidently what is written wrong. */
function repair(refusal: RefusalOf<"subject">, model: IrsaModel): Repair {
  const { binding, role, path, issuer, how } = refusal;
  const { serviceAccount, token } = binding;
  const trust = placeIn(role, path);
  const [annotation] = accountPlaces(binding);
  const mend = mending(refusal, model);
  if (annotation && mend.edit === "annotation") {
    const arn = mend.role.arn.is === "known" ? JSON.stringify(mend.role.arn.value) : `the arn of ${mend.role.title}`;
    const related = [trust, { urn: mend.role.urn, path: mend.role.trustPath }];
    return { at: annotation, related, fix: `Annotate the account with ${arn}: ${mend.role.title} trusts it.` };
  }
  if (annotation && (mend.edit === "name" || mend.edit === "namespace")) {
    const metadata = `${serviceAccount.root === "" ? "" : `${serviceAccount.root}.`}metadata.${mend.edit}`;
    const at = { urn: serviceAccount.urn, path: metadata };
    return { at, related: [trust], fix: `Set ${metadata} to ${JSON.stringify(mend.needed)}.` };
  }
  const related = annotation ? [annotation] : [];
  if (isExcluding(refusal.condition)) {
    const fix = "Remove the value that fits the account from the condition, or annotate the account with another role.";
    return { at: trust, related, fix };
  }
  if (how === "by construction" || role.construction !== undefined) {
    const own = `new IrsaBinding("…", ${argumentsOf(binding)})`;
    return { at: trust, related, fix: `Give the account a role of its own: ${own}.` };
  }
  const known = knownValue(token.issuer) ?? issuer;
  const smallest = smallestStatement([binding], role, known);
  const subject = token.subject.is === "known" ? JSON.stringify(token.subject.value) : "the subject of the account";
  const shared = listIn(model.bindingsByRole, role).some(({ decision }) => decision?.answer === "allow");
  const change = shared ? `Add ${subject} to the values of the condition` : `Set the condition to ${subject}`;
  return { at: trust, related, fix: `${change}; the smallest statement that admits it is ${smallest}.` };
}

function argumentsOf({ serviceAccount: { namespace, name } }: Binding): string {
  return JSON.stringify({
    namespace: knownValueOr(namespace, "…"),
    serviceAccountName: knownValueOr(name, "…"),
  });
}
