import { Server } from "@grpc/grpc-js";
import { isDryRun, watchDryRun } from "../../policy-pack/src/intake/dry-run";

type Handler = (call: { request: { getDryRun(): boolean } }, callback: () => void) => void;

/** What a server would be given for the service, by a pack that is served after `watchDryRun`. */
function served(handlers: Record<string, Handler>): Record<string, Handler> {
  const server = new Server();
  const given: Record<string, Handler> = {};
  const service = { configureStack: definition("ConfigureStack") };
  server.addService(service, handlers as never);
  // The server keeps its handlers by path; calling one is what the engine's call comes to.
  const kept = (server as unknown as { handlers: Map<string, { func: Handler }> }).handlers;
  for (const [path, { func }] of kept) given[path] = func;
  return given;
}

function definition(name: string) {
  const bytes = { serialize: () => Buffer.alloc(0), deserialize: () => ({}) };
  return {
    path: `/pulumirpc.Analyzer/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes.serialize,
    requestDeserialize: bytes.deserialize,
    responseSerialize: bytes.serialize,
    responseDeserialize: bytes.deserialize,
  };
}

const before = process.env["PULUMI_NODEJS_DRY_RUN"];

afterAll(() => {
  process.env["PULUMI_NODEJS_DRY_RUN"] = before ?? "";
});

test("until the engine has said so, the language host's variable tells; then the engine's word does", () => {
  process.env["PULUMI_NODEJS_DRY_RUN"] = "";
  expect(isDryRun()).toBe(false);
  process.env["PULUMI_NODEJS_DRY_RUN"] = "true";
  expect(isDryRun()).toBe(true);

  watchDryRun();
  watchDryRun();
  const answered: boolean[] = [];
  const { "/pulumirpc.Analyzer/ConfigureStack": handler } = served({
    configureStack: ({ request }, callback) => {
      answered.push(request.getDryRun());
      callback();
    },
  });
  let callbacks = 0;
  handler?.({ request: { getDryRun: () => false } }, () => callbacks++);
  expect(isDryRun()).toBe(false);
  handler?.({ request: { getDryRun: () => true } }, () => callbacks++);
  expect(isDryRun()).toBe(true);
  expect(answered).toEqual([false, true]);
  expect(callbacks).toBe(2);
});

test("other services are served as they are", () => {
  const asked: string[] = [];
  const server = new Server();
  const check: Handler = (_, callback) => {
    asked.push("check");
    callback();
  };
  server.addService({ check: definition("Check") }, { check } as never);
  const [kept] = [...(server as unknown as { handlers: Map<string, { func: Handler }> }).handlers.values()];
  kept?.func({ request: { getDryRun: () => true } }, () => asked.push("answered"));
  expect(asked).toEqual(["check", "answered"]);
});
