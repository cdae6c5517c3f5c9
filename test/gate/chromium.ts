import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** Time for `beforeAll`: on a new machine Chromium is installed first. */
export const INSTALL_TIMEOUT_MS = 15 * 60 * 1000;

const APT_GET = "/usr/bin/apt-get";

const CANDIDATES: readonly string[] = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A page in a headless Chromium, driven over a pipe: no port, no further package. */
export interface Page {
  /** Value of an expression in the page, as JSON. */
  evaluate<T>(expression: string): Promise<T>;
  /** Presses and releases a key, as a user does. */
  press(key: string, code: number): Promise<void>;
  /** Sets the width of the window in CSS pixels, and what the user prefers. */
  view(width: number, scheme: "light" | "dark"): Promise<void>;
  screenshot(): Promise<Buffer>;
  /** Errors and warnings of the console, exceptions, and refused loads. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Path of Chromium or Chrome, the one of CHROME_PATH first. Debian's is installed where there is none and apt-get may. */
export function provideChromium(): string {
  const found = [process.env["CHROME_PATH"] ?? "", ...CANDIDATES].find((path) => path !== "" && existsSync(path));
  if (found !== undefined) return found;
  execFileSync(APT_GET, ["update", "-qq"], { stdio: ["ignore", "ignore", "inherit"] });
  execFileSync(APT_GET, ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return "/usr/bin/chromium";
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** Opens a page of the file system, or of anywhere else. */
export async function openPage(url: string): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), "irsa-gate-chromium-"));
  const browser = spawn(
    provideChromium(),
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--hide-scrollbars",
      "--window-size=1400,1000",
      "--remote-debugging-pipe",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
  );
  const complaints: string[] = [];
  const { send, on } = connect(browser);
  const { targetInfos } = await send("Target.getTargets");
  const target = (targetInfos as readonly { readonly targetId: string; readonly type: string }[]).find(
    ({ type }) => type === "page",
  );
  const { sessionId } = await send("Target.attachToTarget", { targetId: target?.targetId, flatten: true });
  const call = (method: string, params: object = {}) => send(method, params, sessionId as string);
  on("Runtime.exceptionThrown", (params) => complaints.push(JSON.stringify(params["exceptionDetails"])));
  on("Runtime.consoleAPICalled", (params) => {
    if (["error", "warning", "assert"].includes(params["type"] as string))
      complaints.push(JSON.stringify(params["args"]));
  });
  on("Log.entryAdded", (params) => complaints.push(JSON.stringify(params["entry"])));
  on("Network.requestWillBeSent", (params) => {
    const asked = (params["request"] as { readonly url: string }).url;
    if (asked !== url) complaints.push(`The page asks for ${asked}`);
  });
  await Promise.all(["Page", "Runtime", "Log", "Network"].map((domain) => call(`${domain}.enable`)));
  const loaded = new Promise((resolve) => on("Page.loadEventFired", resolve));
  await call("Page.navigate", { url });
  await loaded;
  return {
    complaints,
    evaluate: async <T>(expression: string) => {
      const answer = await call("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
      if (answer["exceptionDetails"] !== undefined) throw new Error(JSON.stringify(answer["exceptionDetails"]));
      return (answer["result"] as { readonly value: T }).value;
    },
    press: async (key, code) => {
      for (const type of ["keyDown", "keyUp"]) {
        const text = key === " " && type === "keyDown" ? { text: " " } : {};
        await call("Input.dispatchKeyEvent", { type, key, windowsVirtualKeyCode: code, ...text });
      }
    },
    view: async (width, scheme) => {
      await call("Emulation.setDeviceMetricsOverride", { width, height: 1000, deviceScaleFactor: 1, mobile: false });
      const features = [{ name: "prefers-color-scheme", value: scheme }];
      await call("Emulation.setEmulatedMedia", { features });
    },
    screenshot: async () => {
      const { data } = await call("Page.captureScreenshot", { format: "png" });
      return Buffer.from(data as string, "base64");
    },
    close: async () => {
      const ended = new Promise((resolve) => browser.once("exit", resolve));
      await send("Browser.close");
      await ended;
      // Its helpers outlive it by a moment.
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    },
  };
}

/** The DevTools protocol over file descriptors 3 and 4: JSON messages that end in a zero byte. */
function connect(browser: ChildProcess) {
  const [, , , input, output] = browser.stdio as unknown as readonly [null, null, null, Writable, Readable];
  const waiting = new Map<
    number,
    { readonly resolve: (value: Readonly<Record<string, unknown>>) => void; readonly reject: (error: Error) => void }
  >();
  const listeners = new Map<string, ((params: Readonly<Record<string, unknown>>) => void)[]>();
  let rest = "";
  let last = 0;
  output.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\0");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const { id, method, params = {}, result = {}, error } = JSON.parse(part) as Message;
      if (id === undefined) listeners.get(method ?? "")?.forEach((listen) => listen(params));
      else if (error) waiting.get(id)?.reject(new Error(error.message));
      else waiting.get(id)?.resolve(result);
    }
  });
  browser.once("error", (error) => waiting.forEach(({ reject }) => reject(error)));
  return {
    on: (method: string, listen: (params: Readonly<Record<string, unknown>>) => void) => {
      listeners.set(method, [...(listeners.get(method) ?? []), listen]);
    },
    send: (method: string, params: object = {}, sessionId?: string) =>
      new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
        const id = (last += 1);
        waiting.set(id, { resolve, reject });
        input.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
      }),
  };
}
