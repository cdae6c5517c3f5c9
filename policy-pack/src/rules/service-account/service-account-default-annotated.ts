import { isKnownAs, knownValue } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import { carriesRole } from "../../model/bind";
import { defineRule } from "../rule";

interface Data {
  readonly account: string;
  readonly namespace: string | undefined;
  readonly role: string | undefined;
}

export default defineRule<Data>({
  id: "service-account-default-annotated",
  link: "service-account",
  severity: "medium",
  level: "advisory",
  summary: 'The ServiceAccount "default" carries no role.',
  why: "Every pod of the namespace that names no account gets the role, also those that are added later and by others.",
  articleStep: 5,
  references: ["https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html"],
  *check(model) {
    for (const account of model.serviceAccounts) {
      const { name, namespace, role } = account;
      if (!isKnownAs(name, "default") || !carriesRole(account)) continue;
      yield {
        verdict: "violation",
        at: { urn: account.urn, path: account.roleArnPath },
        related: role.how === "unresolved" ? [] : [{ urn: role.to.urn, path: role.to.namePath }],
        data: {
          account: account.title,
          namespace: knownValue(namespace),
          role: role.how === "unresolved" ? undefined : role.to.title,
        },
      };
    }
  },
  explain: ({ account, namespace, role }) => ({
    says: `${capital(account)} carries ${role ?? "a role"}, so every pod of ${namespace === undefined ? "its namespace" : `namespace ${quote(namespace)}`} that names no account has it.`,
    fix: "Create an account of its own for the pods that need the role, annotate that one, set serviceAccountName in their pod template, and remove the annotation here.",
  }),
});
