/**
 * The "Policies:" section of what `pulumi preview` printed: its heading and every line below it, up to the next
 * heading. Empty when there is none, because the program failed before the packs were asked.
 */
export function policiesSection(stdout: string): string {
  const lines = stdout.split("\n");
  const start = lines.findIndex((line) => line === "Policies:");
  if (start === -1) return "";
  const length = lines.slice(start + 1).findIndex((line) => /^\S/.test(line));
  return lines
    .slice(start, length === -1 ? undefined : start + 1 + length)
    .join("\n")
    .trimEnd();
}
