import { listIn } from "../facts/lists";
import { known } from "../facts/fact";
import { quote } from "../facts/words";
import type { Statement } from "../iam/document";
import { conditionKeyProblem } from "../iam/web-identity";
import { decide, trustedProviders } from "./bind";
import { trustFaults } from "./trust";
import { refusals } from "./trust-refusal";
import { accountPlaces, claimConditions, isNaming, knownTexts, podStatements } from "./trust-statement";
import type { IrsaModel, Role } from "./types";

/** A Deny that refuses accounts for which the role is meant. */
export interface Denial {
  readonly role: Role;
  readonly statement: Statement;
  /** Titles of the accounts that use the role, or the subjects that an Allow names. */
  readonly refused: readonly string[];
  /** A condition key of the Deny that no token carries, and the one to write. */
  readonly slip: { readonly seen: string; readonly needed: string } | undefined;
  readonly places: readonly { readonly urn: string; readonly path: string }[];
}

/** One for each Deny: with the accounts that use the role, or, where nobody here uses it, with every subject that it names. */
export function denials(model: IrsaModel): readonly Denial[] {
  const found = new Map<Statement, Denial>();
  for (const each of refusals(model)) {
    if (each.kind !== "deny") continue;
    const { binding, role, statement } = each;
    const before = found.get(statement);
    found.set(statement, {
      role,
      statement,
      slip: slipIn(role, statement),
      refused: [...(before?.refused ?? []), binding.serviceAccount.title],
      places: [...(before?.places ?? []), ...accountPlaces(binding)],
    });
  }
  for (const { role, flaws } of trustFaults(model)) {
    if (flaws.length > 0 || listIn(model.bindingsByRole, role).length > 0) continue;
    const denial = denialOfAll(role, model);
    if (denial) found.set(denial.statement, denial);
  }
  return [...found.values()];
}

/** The Deny that refuses every subject which the policy names one by one: then nobody can use the role. */
function denialOfAll(role: Role, model: IrsaModel): Denial | undefined {
  const tokens = podStatements(role, model).flatMap((pod) =>
    pod.issuers.flatMap((issuer) => {
      const [audience = model.config.audience] = claimConditions(pod, "aud").flatMap(knownTexts);
      const subjects = claimConditions(pod, "sub").filter(isNaming).flatMap(knownTexts);
      return subjects
        .filter((subject) => !/[*?]|\$\{/.test(subject))
        .map((subject) => ({ subject: known(subject), audience: known(audience), issuer: known(issuer) }));
    }),
  );
  const decisions = tokens.map((token) => decide(role, token));
  const [first] = decisions;
  if (first?.answer !== "deny" || first.explicit === undefined) return undefined;
  const { explicit: statement } = first;
  if (!decisions.every((each) => each?.answer === "deny" && each.explicit === statement)) return undefined;
  const refused = [...new Set(tokens.map(({ subject }) => quote(subject.value)))];
  return { role, statement, slip: slipIn(role, statement), refused, places: [] };
}

function slipIn(role: Role, statement: Statement): Denial["slip"] {
  if (role.trust.is !== "known" || statement.conditions.is !== "known") return undefined;
  const issuers = [...new Set(trustedProviders(role.trust.value).map(({ issuer }) => issuer))];
  const slips = statement.conditions.value.flatMap(({ key }) => {
    const problem = conditionKeyProblem(key, issuers);
    const needed = "needed" in problem ? problem.needed : undefined;
    return needed === undefined ? [] : [{ seen: key, needed }];
  });
  return slips[0];
}
