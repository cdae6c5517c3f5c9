import { capital, quote } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import { reachedHere, type Reach } from "../../model/trust-reach";
import { accountPlaces, placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data extends Pick<Reach, "grade" | "anyName" | "strangers" | "namespaces" | "smallest"> {
  readonly role: string;
  readonly seen: string;
}

export default defineRule<Data>({
  id: "trust-policy-subject-too-broad",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "A subject pattern reaches no further than the accounts that are meant to use the role.",
  why: "Whoever can make a ServiceAccount that fits, or a pod with one, gets the permissions of the role.",
  articleStep: 3,
  references: ["https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html"],
  *check(model) {
    for (const { role, reaches } of trustFaults(model)) {
      for (const reach of reaches) {
        if (reach.pattern?.value.is !== "known") continue;
        const { grade, anyName, strangers, namespaces, smallest } = reach;
        yield {
          verdict: "violation",
          at: placeIn(role, reach.path),
          related: reach.users.flatMap(accountPlaces).slice(0, 3),
          // One namespace, or one name wherever it stands, may be what is meant; accounts of any name in several namespaces is not.
          ...(grade === "everyone" || (grade === "several-namespaces" && anyName)
            ? {}
            : { level: "advisory" as const }),
          data: { role: role.title, seen: reach.pattern.value.value, grade, anyName, strangers, namespaces, smallest },
        };
      }
    }
  },
  explain: ({ role, seen, grade, anyName, strangers, namespaces, smallest }) => ({
    says: `${capital(role)} trusts the subjects ${quote(seen)}, that is ${whom(grade, anyName)}${reachedHere({ strangers, namespaces })}.`,
    fix: `${smallest ? `Set the statement to ${smallest}` : "Name each account in full under StringEquals"}; or list ${JSON.stringify(seen)} in allowedSubjects of irsa-context.`,
  }),
});

function whom(grade: Reach["grade"], anyName: boolean): string {
  if (grade === "everyone") return "every ServiceAccount of the cluster";
  if (grade === "namespace") return "every ServiceAccount of the namespace";
  return anyName ? "every ServiceAccount of several namespaces" : "one name in several namespaces";
}
