import { existsSync, readFileSync } from "node:fs";

/** A violation as the engine reports it. `message` is the policy's description, then the finding. */
interface PolicyEvent {
  readonly policyName: string;
  readonly policyPackName: string;
  readonly enforcementLevel: string;
  readonly severity: string | undefined;
  /** Absent where a stack policy names no resource. */
  readonly resourceUrn: string | undefined;
  readonly message: string;
}

/** What the engine, a provider or the program says, but no debug output: `severity` is info, info#err, warning or error. */
interface Diagnostic {
  readonly severity: string;
  readonly message: string;
  readonly urn: string | undefined;
}

/** What the engine would do, or did, with one resource. `inputs` and `outputs` are those of the new state. */
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly inputs: unknown;
  readonly outputs: unknown;
}

export interface EngineEvents {
  readonly policyEvents: readonly PolicyEvent[];
  readonly diagnostics: readonly Diagnostic[];
  readonly steps: readonly Step[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the JSON lines of `--event-log`. A run that failed before its first event leaves no file: no events. */
export function readEventLog(file: string): EngineEvents {
  return eventsIn(existsSync(file) ? readFileSync(file, "utf8") : "");
}

/** Reads engine events, one JSON object a line; lines of another kind are passed over. */
export function eventsIn(lines: string): EngineEvents {
  const events = lines.split("\n").flatMap((line) => (line.startsWith("{") ? [parse(line)] : []));
  const bodies = (kind: string): readonly Fields[] => events.map((event) => fields(event[kind])).filter(isFilled);
  return {
    policyEvents: bodies("policyEvent").map((body) => ({
      policyName: text(body["policyName"]) ?? "",
      policyPackName: text(body["policyPackName"]) ?? "",
      enforcementLevel: text(body["enforcementLevel"]) ?? "",
      severity: text(body["severity"]),
      resourceUrn: text(body["resourceUrn"]),
      message: plain(text(body["message"]) ?? ""),
    })),
    diagnostics: bodies("diagnosticEvent")
      .filter((body) => body["severity"] !== "debug")
      .map((body) => ({
        severity: text(body["severity"]) ?? "",
        message: plain(text(body["message"]) ?? ""),
        urn: text(body["urn"]),
      })),
    steps: [...bodies("resourcePreEvent"), ...bodies("resOutputsEvent")].reduce(latestOfEach, []),
  };
}

/** The engine announces a step before it runs and again with its outputs; the later one knows more. */
function latestOfEach(steps: readonly Step[], body: Fields): readonly Step[] {
  const metadata = fields(body["metadata"]);
  const state = fields(metadata["new"]);
  const step: Step = {
    op: text(metadata["op"]) ?? "",
    urn: text(metadata["urn"]) ?? "",
    type: text(metadata["type"]) ?? "",
    inputs: state["inputs"],
    outputs: state["outputs"],
  };
  return [...steps.filter(({ urn }) => urn !== step.urn), step];
}

/** The engine wraps messages in colour tags, `<{%reset%}>`, unless the terminal's own colours are wanted. */
function plain(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "").trimEnd();
}

function parse(line: string): Fields {
  try {
    return fields(JSON.parse(line));
  } catch {
    return {};
  }
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function isFilled(value: Fields): boolean {
  return Object.keys(value).length > 0;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
