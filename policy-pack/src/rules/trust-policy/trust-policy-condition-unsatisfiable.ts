import { listIn } from "../../facts/lists";
import { knownValueOr, knownValues } from "../../facts/fact";
import { capital, enumerate, quote, quoteAll } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import { refusedTogether } from "../../model/trust-refusal";
import type { Unsatisfiable } from "../../model/trust-satisfiable";
import { accountPlaces, placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data extends Pick<Unsatisfiable, "fault" | "operator" | "key" | "values"> {
  readonly role: string;
  /** The account that is refused; undefined where nobody is admitted. */
  readonly account: string | undefined;
  readonly against: { readonly operator: string; readonly values: readonly string[] } | undefined;
}

export default defineRule<Data>({
  id: "trust-policy-condition-unsatisfiable",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "All conditions of a trust statement can hold for the token of one pod.",
  why: 'STS refuses the pods: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity". Conditions of one statement must all hold.',
  articleStep: 3,
  references: [
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html",
  ],
  *check(model) {
    for (const { role, unsatisfiable } of trustFaults(model)) {
      for (const { path, fault, operator, key, values, against } of unsatisfiable) {
        const other = against && {
          operator: against.operator,
          values: knownValueOr(against.values, []).flatMap(({ value }) => knownValues(value)),
        };
        yield {
          verdict: "violation",
          at: placeIn(role, path),
          related: listIn(model.bindingsByRole, role).flatMap(accountPlaces).slice(0, 3),
          data: { role: role.title, account: undefined, fault, operator, key, values, against: other },
        };
      }
    }
    for (const group of refusedTogether("condition", model)) {
      const [{ role, condition, seen }] = group;
      const { operator, key, path } = condition;
      yield {
        verdict: "violation",
        at: placeIn(role, path),
        related: group.flatMap(({ binding }) => accountPlaces(binding)).slice(0, 3),
        data: {
          role: role.title,
          account: enumerate(group.map(({ binding }) => binding.serviceAccount.title)),
          fault: /^(?:aws|sts|iam|saml):/i.test(key) ? "never-carried" : "other-issuer",
          operator,
          key,
          values: seen,
          against: undefined,
        },
      };
    }
  },
  explain: ({ role, account, fault, operator, key, values, against }) => {
    const asks = `${capital(role)} asks for ${quote(key)} ${quoteAll(values)}`;
    switch (fault) {
      case "never-carried":
        return {
          says: `${asks}, but a pod's call of AssumeRoleWithWebIdentity never carries that key.`,
          fix: `Remove the condition ${operator} on ${JSON.stringify(key)}, or move it into a statement for other principals.`,
        };
      case "other-issuer":
        return {
          says: `${asks}, which only tokens of that issuer carry, in one statement with conditions ${account ? `for the cluster of ${account}` : "for another issuer"}.`,
          fix: "Write one statement for each issuer, with the conditions of that issuer only.",
        };
      case "contradiction":
        return {
          says: `${asks} under ${quote(operator)} and ${quoteAll(against?.values ?? [])} under ${quote(against?.operator ?? "")}, which no token meets together.`,
          fix: `Put all the values under one operator, which takes any of them: ${JSON.stringify({ [values.some((text) => /[*?]/.test(text)) ? "StringLike" : "StringEquals"]: { [key]: [...values, ...(against?.values ?? [])] } })}.`,
        };
    }
  },
});
