/** Starts a pack as the engine does and speaks the analyzer protocol with it, over real gRPC. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { Client, credentials } from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/analyzer_pb";

/** A pack under measurement: a folder that the Node language host runs, or an executable file. */
export interface Pack {
  readonly id: "pack" | "single-file" | "idle" | "naive";
  readonly title: string;
  readonly folder?: string;
  readonly file?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface PackProcess {
  /** Milliseconds from the start of the process until it has printed its port. */
  readonly bootMs: number;
  /** Of these, the milliseconds of processor time; undefined as `processorTime`. */
  readonly bootCpuMs: number | undefined;
  analyze(request: Buffer): Promise<pb.AnalyzeResponse>;
  analyzeStack(request: Buffer): Promise<pb.AnalyzeResponse>;
  /** Milliseconds of processor time so far, all threads; undefined where the system does not tell (it is read from /proc). */
  processorTime(): number | undefined;
  /** Peak of the resident memory so far, in MiB; undefined where the system does not tell (it is read from /proc). */
  peakMemory(): number | undefined;
  stop(): Promise<void>;
}

/** The pack never dials the engine that its first argument names. */
const NO_ENGINE = "127.0.0.1:1";
const SIZE_LIMIT = 1024 * 1024 * 400;
const SERVICE = "/pulumirpc.Analyzer";

/** Starts a pack and configures it for a preview. */
export async function startPack(pack: Pack): Promise<PackProcess> {
  const started = performance.now();
  const child = spawnPack(pack);
  const port = await firstLine(child, pack);
  const bootMs = performance.now() - started;
  const bootCpuMs = processorTime(child);
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": SIZE_LIMIT,
    "grpc.max_send_message_length": SIZE_LIMIT,
  });
  const call = (method: string, request: Buffer): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const answered = (error: Error | null, answer?: Buffer): void => {
        if (error) reject(error);
        else resolve(answer ?? Buffer.alloc(0));
      };
      client.makeUnaryRequest(`${SERVICE}/${method}`, same, same, request, answered);
    });
  const analysis = async (method: string, request: Buffer): Promise<pb.AnalyzeResponse> =>
    pb.AnalyzeResponse.deserializeBinary(await call(method, request));
  await call("ConfigureStack", Buffer.from(stackConfiguration().serializeBinary()));
  await call("Configure", Buffer.from(new pb.ConfigureAnalyzerRequest().serializeBinary()));
  return {
    bootMs,
    bootCpuMs,
    analyze: (request) => analysis("Analyze", request),
    analyzeStack: (request) => analysis("AnalyzeStack", request),
    processorTime: () => processorTime(child),
    peakMemory: () => peakMemory(child),
    stop: async () => {
      client.close();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      if (child.kill("SIGKILL")) await ended;
    },
  };
}

function same(bytes: Buffer): Buffer {
  return bytes;
}

function stackConfiguration(): pb.AnalyzerStackConfigureRequest {
  const request = new pb.AnalyzerStackConfigureRequest();
  request.setStack("prod");
  request.setProject("shop");
  request.setOrganization("organization");
  request.setDryRun(true);
  return request;
}

function spawnPack({ folder, file, env }: Pack): ChildProcess {
  const options = {
    env: { ...process.env, PULUMI_NODEJS_DRY_RUN: "true", ...env },
    stdio: ["ignore", "pipe", "inherit"] as ["ignore", "pipe", "inherit"],
  };
  if (folder === undefined) return spawn(file ?? "", [NO_ENGINE], { ...options, cwd: tmpdir() });
  const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  return spawn(process.execPath, [runner, NO_ENGINE, folder], { ...options, cwd: folder });
}

function firstLine(child: ChildProcess, { title }: Pack): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout) createInterface({ input: child.stdout }).once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`${title} ended with code ${code ?? "none"} before it served.`));
    });
  });
}

function peakMemory(child: ChildProcess): number | undefined {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(processFile(child, "status"))?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const TICK_MS = 10;

function processorTime(child: ChildProcess): number | undefined {
  // The name in parentheses may hold blanks; of what follows it, the 12th and 13th fields are user and system time.
  const fields = processFile(child, "stat").split(") ").at(-1)?.split(" ") ?? [];
  const [user, system] = [fields[11], fields[12]];
  return user === undefined || system === undefined ? undefined : (Number(user) + Number(system)) * TICK_MS;
}

function processFile(child: ChildProcess, name: string): string {
  try {
    return readFileSync(`/proc/${child.pid ?? 0}/${name}`, "utf8");
  } catch {
    return "";
  }
}
