import type { Urn } from "../facts/fact";
import { byUrn, readResource, type Resources } from "./resources";
import { dig, type Fields, fields, parseJson, text } from "./json";

/** A violation as the engine reports it. `message` is the policy's description, then what the policy said. */
export interface PolicyEvent {
  readonly policy: string;
  readonly pack: string;
  readonly level: "mandatory" | "advisory";
  readonly severity: string | undefined;
  readonly urn: Urn | undefined;
  readonly message: string;
}

export interface EngineEvents {
  readonly policyEvents: readonly PolicyEvent[];
  /** Errors of engine, program and providers. */
  readonly errors: readonly string[];
  /** What program and plugins print on stderr. */
  readonly printed: readonly string[];
  readonly resources: Resources;
  /** Packs that judged the whole stack: without it, silence means nothing. */
  readonly judgedBy: ReadonlySet<string>;
  /** Lines that are no JSON: a log that was cut off, or another file. */
  readonly unreadable: number;
}

/**
 * Reads what `pulumi --event-log FILE`, a streaming `--json` or `pulumi policy analyze --json` writes: one event a line, or
 * a list of events.
 */
export function readEvents(source: string): EngineEvents {
  const whole = source.trimStart().startsWith("[") ? parseJson(source) : undefined;
  const lines = Array.isArray(whole)
    ? whole
    : source.split("\n").flatMap((line) => (line.trim() === "" ? [] : [parseJson(line)]));
  const events = lines.map(fields);
  const bodies = (kind: string): readonly Fields[] =>
    events.map((event) => fields(event[kind])).filter((body) => Object.keys(body).length > 0);
  const said = (severity: string): readonly string[] =>
    bodies("diagnosticEvent")
      .filter((body) => body["severity"] === severity)
      .map((body) => plain(text(body["message"]) ?? ""));
  return {
    policyEvents: bodies("policyEvent").map(readPolicyEvent),
    errors: said("error"),
    printed: said("info#err"),
    resources: byUrn(
      [...bodies("resourcePreEvent"), ...bodies("resOutputsEvent")].map((body) =>
        readResource(dig(body, "metadata", "new")),
      ),
    ),
    judgedBy: new Set(bodies("policyAnalyzeStackSummaryEvent").map((body) => text(body["policyPackName"]) ?? "")),
    unreadable: lines.filter((line) => line === undefined).length,
  };
}

function readPolicyEvent(body: Fields): PolicyEvent {
  return {
    policy: text(body["policyName"]) ?? "",
    pack: text(body["policyPackName"]) ?? "",
    level: body["enforcementLevel"] === "advisory" ? "advisory" : "mandatory",
    severity: text(body["severity"]),
    urn: text(body["resourceUrn"]),
    message: plain(text(body["message"]) ?? ""),
  };
}

/** The engine wraps messages in colour tags, `<{%reset%}>`, and programs write terminal colours into their errors. */
function plain(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>|\u001b\[[0-9;?]*[ -/]*[@-~]/g, "").trimEnd();
}
