import components from "./components.mjs";
import iam from "./iam.mjs";
import model from "./model.mjs";
import rules from "./rules.mjs";

/**
 * Why a change that no test notices may live: each entry names the line as it stands in the code (whole, without indent), and
 * what was made of it (its first 80 characters). A reason holds for every such change of that line when `to` is left out. An
 * entry that no living change needs any longer is told by `npm run mutation`.
 *
 * @typedef {{ file: string, code: string, mutator: string, to?: string, reason: string }} Reason
 */

/** @type {readonly Reason[]} */
export const REASONS = [...iam, ...components, ...rules, ...model];

/** @param {{ file: string, code: string, mutator: string, to: string }} living */
export function reasonFor(living) {
  return REASONS.find(
    ({ file, code, mutator, to }) =>
      file === living.file &&
      code === living.code &&
      mutator === living.mutator &&
      (to === undefined || to === living.to),
  );
}
