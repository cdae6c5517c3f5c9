/**
 * What the IAM User Guide says of a question: every answer that its text leaves open. One answer where the guide is clear; two
 * where it is silent or where two of its pages disagree, so that nobody can call either of them wrong.
 */
export type Answers<T> = readonly T[];

export const EITHER: Answers<boolean> = [true, false];

/** All results of `combine` over every way to pick one answer to each question. */
export function combine<T, R>(questions: readonly Answers<T>[], combine: (picked: readonly T[]) => R): Answers<R> {
  let ways: readonly (readonly T[])[] = [[]];
  for (const answers of questions) ways = distinct(ways.flatMap((way) => answers.map((answer) => [...way, answer])));
  return distinct(ways.map(combine));
}

export function all(questions: readonly Answers<boolean>[]): Answers<boolean> {
  return combine(shortened(questions), (picked) => !picked.includes(false));
}

export function any(questions: readonly Answers<boolean>[]): Answers<boolean> {
  return combine(shortened(questions), (picked) => picked.includes(true));
}

export function negated(answers: Answers<boolean>): Answers<boolean> {
  return answers.map((answer) => !answer);
}

/** Questions with the same answers are one question to "all" and "any"; this keeps the ways to pick few. */
function shortened(questions: readonly Answers<boolean>[]): readonly Answers<boolean>[] {
  return distinct(questions);
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
