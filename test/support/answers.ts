import type { Fact } from "../../policy-pack/src/facts/fact";
import type { Join } from "../../policy-pack/src/model/types";
import { namesOf } from "./pods";

/** What the model answers, in words, so that a table can say what it expects in one line. */

/** `1.33`, `absent`, `unknown: api`, the last with the names of what it waits for. */
export function factText(fact: Fact<unknown> | undefined): string {
  if (!fact) return "nothing";
  if (fact.is === "absent") return "absent";
  if (fact.is === "unknown") return `unknown: ${namesOf(fact.waitsFor)}`;
  return typeof fact.value === "string" ? fact.value : JSON.stringify(fact.value);
}

/** `by value role "api-irsa"`, `ambiguous`, `unknown: api`, the last with the names of what it waits for. */
export function joinText(join: Join<{ readonly title: string }> | undefined): string {
  if (!join) return "nothing";
  if (join.how !== "unresolved") return `${join.how} ${join.to.title}`;
  return join.waitsFor.length > 0 ? `${join.because}: ${namesOf(join.waitsFor)}` : join.because;
}
