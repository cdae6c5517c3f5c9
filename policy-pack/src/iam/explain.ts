import { listIn } from "../facts/lists";
import type { Decision, Mismatch } from "./decision";
import type { Statement } from "./document";

/** What keeps one statement from admitting the request. */
export interface Explanation {
  readonly statement: Statement;
  /** The part to look at first: the first that fails, in the order in which IAM's own documentation explains them. */
  readonly mismatch: Mismatch;
  /** What else does not fit, in the order of the document. */
  readonly others: readonly Mismatch[];
}

const STAGES: Readonly<Record<Mismatch["kind"], number>> = {
  effect: 0,
  action: 1,
  principal: 2,
  resource: 3,
  condition: 4,
};

/**
 * Why a request is not admitted, one explanation for each statement, the one that came nearest first: action and principal
 * fit and the fewest conditions fail. For an unknown decision: what it hangs on, leaving out statements that fail anyway.
 * Empty for an allow, and for a document without statements.
 */
export function explainDenial(decision: Decision): readonly Explanation[] {
  if (decision.answer === "allow") return [];
  const wanted = decision.answer === "deny" ? "fails" : "unknown";
  const byStatement = new Map<Statement, Mismatch[]>();
  for (const mismatch of decision.because)
    byStatement.set(mismatch.statement, [...listIn(byStatement, mismatch.statement), mismatch]);
  const explanations = [...byStatement].flatMap(([statement, mismatches]) => explain(statement, mismatches, wanted));
  return explanations.sort(
    (a, b) => STAGES[b.mismatch.kind] - STAGES[a.mismatch.kind] || a.others.length - b.others.length,
  );
}

function explain(
  statement: Statement,
  mismatches: readonly Mismatch[],
  wanted: Mismatch["verdict"],
): readonly Explanation[] {
  if (wanted === "unknown" && mismatches.some(({ verdict }) => verdict === "fails")) return [];
  const mismatch = mismatches.find(({ verdict }) => verdict === wanted);
  return mismatch ? [{ statement, mismatch, others: mismatches.filter((each) => each !== mismatch) }] : [];
}
