/** What the user can mend: one message, no stack trace, exit code 2. */
export class GateFailure extends Error {
  override readonly name = "GateFailure";
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
