/** Where progress goes: the part of process.stderr that is used here. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** Something to show beside the elapsed time, "812 packages compiled". */
  detail(text: string): void;
  /** Ends the display; a terminal's live line is cleared. Returns the whole seconds that passed. */
  stop(): number;
}

/** A log that nobody watches needs few lines; a terminal is redrawn each second. */
const PLAIN_INTERVAL_MS = 20_000;
const LIVE_INTERVAL_MS = 1_000;

/** Shows that something long is going on, and for how long: a live line on a terminal, else a plain line every 20 s. */
export function startProgress(title: string, stream: ProgressStream = process.stderr): Progress {
  const started = Date.now();
  const live = stream.isTTY === true;
  let detail = "";
  const seconds = (): number => Math.round((Date.now() - started) / 1000);
  const line = (): string => `${title}: ${seconds()} s${detail === "" ? "" : `, ${detail}`}`;
  const draw = (): void => {
    stream.write(live ? `\r\u001b[K${line()}` : `${line()}\n`);
  };
  const timer = setInterval(draw, live ? LIVE_INTERVAL_MS : PLAIN_INTERVAL_MS);
  if (live) draw();
  return {
    detail: (text) => {
      detail = text;
    },
    stop: () => {
      clearInterval(timer);
      if (live) stream.write("\r\u001b[K");
      return seconds();
    },
  };
}
