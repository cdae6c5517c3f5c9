/** Texts of a program in the syntax of a report. Control characters are gone already (sanitize.ts). */

/** `&`, `<`, `>` and quotes, for HTML and SVG text and attributes. */
export function html(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Markdown text that is nothing but text: no link, mention, issue number, HTML, emphasis or table cell. GitHub shows
 * character references as characters and never as syntax.
 */
export function markdown(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{N} .,;'"/—…-]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`)
    .replaceAll(/www\./gi, "www&#46;");
}

/** A code block whose fence is longer than any in its content. */
export function fence(lines: readonly string[], language = "text"): string {
  const content = lines.join("\n");
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}\n${content}\n${marks}`;
}

/** A label of a Mermaid diagram, without its quotes; `#35;` is Mermaid's own spelling of a character. */
export function mermaid(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ./_,-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}

/** The message of a GitHub workflow command. */
export function commandText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A property of a GitHub workflow command. */
export function commandProperty(text: string): string {
  return commandText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/**
 * A line of a log. CI systems obey commands in logs: `::error::…` at the start of a line, `##[…]` and `##vso[…]` anywhere
 * in one. A space takes their meaning away.
 */
export function logLine(line: string): string {
  return line.replace(/^(\s*):(?=:)/, "$1: ").replaceAll(/##(?=\[|vso\[)/g, "# #");
}
