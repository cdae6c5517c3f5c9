/**
 * Why a change that no test notices may live: each entry names the line as it stands in the code (whole, without indent), and
 * what was made of it. A reason holds for every such change of that line when `to` is left out. An entry that no living change
 * needs any longer is told by `npm run mutation`.
 *
 * @type {readonly { file: string, code: string, mutator: string, to?: string, reason: string }[]}
 */
export const REASONS = [];

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
