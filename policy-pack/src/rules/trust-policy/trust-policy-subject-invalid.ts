import { listIn } from "../../facts/lists";
import { capital, quote } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import { accountPlaces, placeIn } from "../../model/trust-statement";
import type { SubjectFault } from "../../model/trust-subject";
import { defineRule } from "../rule";

interface Data extends SubjectFault {
  readonly role: string;
}

export default defineRule<Data>({
  id: "trust-policy-subject-invalid",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "Subjects have the form system:serviceaccount:<namespace>:<name>, with names that Kubernetes allows.",
  why: 'No token has such a subject, so STS refuses the pods: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
  articleStep: 3,
  decidesEarly: true,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
  ],
  *check(model) {
    for (const { role, subjects } of trustFaults(model)) {
      for (const fault of subjects) {
        if (fault.fault !== "form") continue;
        const related = listIn(model.bindingsByRole, role).flatMap(accountPlaces).slice(0, 3);
        yield {
          verdict: "violation",
          at: placeIn(role, fault.path),
          related,
          // One dead value beside others that work refuses nobody who was admitted before.
          ...(fault.beside ? { level: "advisory" as const } : {}),
          data: { ...fault, role: role.title },
        };
      }
    }
  },
  explain: ({ role, seen, because, needed, beside }) => ({
    says: `${capital(role)} trusts the subject ${quote(seen)}, which no ServiceAccount can have: ${because}.`,
    ...(beside ? { why: "No token has such a subject, so this value admits nobody." } : {}),
    fix: `Set the subject to ${JSON.stringify(needed ?? "system:serviceaccount:<namespace>:<name>")}.`,
  }),
});
