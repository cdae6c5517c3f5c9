import { knownValues } from "../../facts/fact";
import { capital, enumerate, quoteAll } from "../../facts/words";
import { matchGlob } from "../../iam/match";
import type { Binding, IrsaModel } from "../../model/types";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly accounts: readonly string[];
  readonly namespaces: readonly string[];
  readonly subjects: readonly string[];
}

export default defineRule<Data>({
  id: "role-shared",
  link: "permissions",
  severity: "low",
  level: "advisory",
  summary: "A role serves the accounts of one namespace.",
  why: "Each account gets what any of them needs, and CloudTrail cannot tell them apart: who gets into one pod has the rights of all.",
  articleStep: 3,
  references: ["https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html"],
  *check(model) {
    for (const [role, bindings] of model.bindingsByRole) {
      // Several accounts in one IrsaBinding are listed there on purpose.
      if (role.construction) continue;
      const users = bindings.filter((binding) => isServed(binding) && !isMeant(binding, model));
      const byNamespace = new Map<string, Binding>();
      for (const user of users) {
        const { namespace } = user.serviceAccount;
        if (namespace.is === "known" && !byNamespace.has(namespace.value)) byNamespace.set(namespace.value, user);
      }
      if (byNamespace.size < 2) continue;
      const shown = [...byNamespace.values()];
      yield {
        verdict: "violation",
        at: { urn: role.urn, path: role.trustPath },
        related: shown
          .filter(({ serviceAccount }) => serviceAccount.urn !== "")
          .slice(0, 3)
          .map(({ serviceAccount }) => ({ urn: serviceAccount.urn, path: serviceAccount.roleArnPath })),
        data: {
          role: role.title,
          accounts: shown.map(({ serviceAccount }) => serviceAccount.title),
          namespaces: [...byNamespace.keys()],
          subjects: shown.flatMap(({ token }) => knownValues(token.subject)),
        },
      };
    }
  },
  explain: ({ role, accounts, namespaces, subjects }) => ({
    says: `${capital(role)} serves the namespaces ${quoteAll(namespaces)}: ${enumerate(accounts)} use it.`,
    fix: `Make a role for each; or, if they are one application, list ${quoteAll(subjects)} in allowedSubjects of irsa-context.`,
  }),
});

/** An account that the role refuses is a mistake of another kind. */
function isServed({ decision }: Binding): boolean {
  return decision?.answer !== "deny";
}

function isMeant({ token }: Binding, model: IrsaModel): boolean {
  const { subject } = token;
  return subject.is === "known" && model.config.allowedSubjects.some((pattern) => matchGlob(pattern, subject.value));
}
