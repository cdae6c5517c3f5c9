/**
 * What the stand-ins for Pulumi's language hosts share: the service that the engine asks (pulumirpc.LanguageRuntime), and the
 * processes that run programs and plugins for it. A stand-in serves a CLI that was built from its Go module: only official
 * releases carry the real hosts. It runs what is installed already.
 *
 * What the official ones do beyond that, and nothing here needs: they start a pack only after ConfigureStack, with the
 * project, stack and configuration in the pack's environment; they run package managers; they generate code.
 */
"use strict";

const { spawn } = require("node:child_process");
const { createRequire } = require("node:module");

// One copy of the protocol: messages of another copy of google-protobuf are refused.
const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = sdk("@grpc/grpc-js");
const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");
const messages = require("@pulumi/pulumi/proto/language_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const { version } = require("@pulumi/pulumi/package.json");

/** Exit code by which an SDK says that it has shown the error to the user. */
const ALREADY_REPORTED = 32;

/** By the engine: pulumi-language-<runtime> [FLAGS] ENGINE_ADDRESS. */
const engineAddress = process.argv.slice(2).findLast((argument) => /^[^\s=]+:\d+$/.test(argument));

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/**
 * @typedef {object} Command
 * @property {string} file
 * @property {readonly string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 */

/** @param {Command} command @param {import("node:child_process").StdioOptions} stdio */
function start({ file, args, cwd, env }, stdio) {
  const child = spawn(file, args, { cwd, env, stdio });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/** @param {import("node:child_process").ChildProcess} child */
function stop(child) {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), 2_000).unref();
}

function endAll() {
  for (const child of running) child.kill("SIGKILL");
  process.exit(0);
}

/** An error that the engine shows as it is. @param {string} message */
const notReady = (message) => Object.assign(new Error(message), { code: grpc.status.FAILED_PRECONDITION });

/** Options of the runtime in Pulumi.yaml. */
const optionsOf = (request) => request.getInfo()?.getOptions()?.toJavaScript() ?? {};

/** What an SDK reads of the stack's configuration from its environment. */
const configOf = (request) => ({
  PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
  PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
});

/** What the engine gives a plugin's environment. */
const environmentOf = (request) =>
  Object.fromEntries(
    request.getEnvList().map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );

/** Runs a program to its end. What it prints goes to this process's own output, which the engine shows. */
function run(command, call, callback) {
  const child = start(command, ["ignore", "inherit", "inherit"]);
  call.on("cancelled", () => stop(child));
  child.once("error", (error) => callback(error));
  child.once("close", (code, signal) => {
    const response = new messages.RunResponse();
    if (code === ALREADY_REPORTED) response.setBail(true);
    else if (code !== 0) response.setError(`Program exited with ${signal ?? `non-zero exit code: ${code}`}`);
    callback(null, response);
  });
}

/** Runs a policy pack or another plugin, and passes on what it prints: its port comes first. */
function runPlugin(command, call) {
  const child = start(command, ["ignore", "pipe", "pipe"]);
  const forward = (/** @type {"setStdout" | "setStderr"} */ set) => (/** @type {Buffer} */ chunk) => {
    const response = new messages.RunPluginResponse();
    response[set](new Uint8Array(chunk));
    if (!call.cancelled) call.write(response);
  };
  child.stdout?.on("data", forward("setStdout"));
  child.stderr?.on("data", forward("setStderr"));
  call.on("cancelled", () => stop(child));
  child.once("error", (error) => call.destroy(error));
  child.once("close", (code) => {
    if (call.cancelled) return;
    const response = new messages.RunPluginResponse();
    response.setExitcode(code ?? 1);
    call.write(response);
    call.end();
  });
}

/** Answers a unary call, or says why it cannot. */
const answer = (handler) => (call, callback) => {
  try {
    handler(call, callback);
  } catch (error) {
    callback(error);
  }
};

/**
 * Serves on a free port of 127.0.0.1, which it prints, until the engine ends.
 * @param {object} host
 * @param {(request: any) => Command} host.program how to run a program; throws what the user must know
 * @param {(request: any) => Command} host.plugin how to run a policy pack or another plugin
 */
function serve({ program, plugin }) {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(LanguageRuntimeService, {
    getPluginInfo: answer((_call, callback) => callback(null, new PluginInfo().setVersion(version))),
    // Providers are attached to, or named by the program's own requests: nothing has to be known beforehand.
    getRequiredPlugins: answer((_call, callback) => callback(null, new messages.GetRequiredPluginsResponse())),
    getRequiredPackages: answer((_call, callback) => callback(null, new messages.GetRequiredPackagesResponse())),
    run: answer((call, callback) => run(program(call.request), call, callback)),
    runPlugin: (call) => {
      try {
        runPlugin(plugin(call.request), call);
      } catch (error) {
        call.destroy(error);
      }
    },
    // A stream that is not ended makes the CLI wait for ever.
    installDependencies: (call) => call.end(),
    cancel: answer((_call, callback) => {
      for (const child of running) stop(child);
      callback(null, new Empty());
    }),
  });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      console.error(error.message);
      process.exit(1);
    }
    console.log(port);
  });

  // The engine holds the other end of stdin for as long as it lives, so its end is the only sign of an engine that died.
  process.stdin.on("end", endAll).on("error", endAll).resume();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, endAll);
}

module.exports = { serve, notReady, engineAddress, optionsOf, configOf, environmentOf };
