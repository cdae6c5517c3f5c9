/**
 * Other stacks in a rehearsal. The engine answers a StackReference out of its backend, and a rehearsal's backend has no other
 * stacks; nor does it take names of organisations. So the program gets a monitor of its own between it and the engine, which
 * lets the engine read the rehearsed stack itself and puts the other stack's outputs into the answer: those that the user has
 * told, or else one unknown value for all of them, as they are before a first deployment. Nothing else is touched: messages
 * pass as bytes.
 *
 * The engine runs a program through such a host when it is given with `--client`, as the Automation API does; the host then
 * runs the program's real language host, whatever the language.
 */
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { LanguageRuntimeClient, LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/resource_pb";
import { handle } from "./messages";
import { promised } from "./promised";
import type { Note } from "./stand-in";
import { fromStruct, text, toStruct, unknown, type Value, type ValueMap } from "./values";

const STACK_REFERENCE = "pulumi:pulumi:StackReference";
const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** A language host that runs: the address it listens on, and how to end it. */
export interface LanguageHost {
  readonly address: string;
  close(): Promise<void>;
}

export interface OtherStacksOptions {
  /** Outputs of other stacks by name, as programs name them: `acme/network/prod`. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Name of the rehearsed stack, in the form of its backend: `organization/shop/dev`. */
  readonly ownStack: string;
  /** Options of the program's runtime in Pulumi.yaml. */
  readonly runtimeOptions: Readonly<Record<string, unknown>>;
  readonly note: Note;
  /** Starts the program's real language host for an engine. */
  readonly startHost: (engineAddress: string) => Promise<LanguageHost>;
}

export interface OtherStacks {
  /** Value of the engine's `--client`. */
  readonly address: string;
  /** Stops everything. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts the host that `--client` names, on a free port of 127.0.0.1.
 * @throws Error when no port can be bound.
 */
export async function startOtherStacks(options: OtherStacksOptions): Promise<OtherStacks> {
  const closing: (() => Promise<void> | void)[] = [];
  const server = new grpc.Server(UNLIMITED);
  server.addService(LanguageRuntimeService, {
    getPluginInfo: handle(() => new PluginInfo().setVersion("1.0.0")),
    getRequiredPlugins: handle(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: handle(() => new language.GetRequiredPackagesResponse()),
    run: handle((request: language.RunRequest) => run(request, options, (close) => closing.push(close))),
    // The engine asks for these of the real host only.
  });
  const address = await listen(server);
  closing.push(() => server.forceShutdown());
  return {
    address,
    close: async () => {
      for (const close of closing.splice(0).toReversed()) await close();
    },
  };
}

async function run(
  request: language.RunRequest,
  options: OtherStacksOptions,
  onClose: (close: () => Promise<void> | void) => void,
): Promise<language.RunResponse> {
  // The engine tells its own address to such a host as the program's first argument.
  const [engineAddress = "", ...args] = request.getArgsList();
  const host = await options.startHost(engineAddress);
  onClose(() => host.close());
  const engine = new grpc.Client(request.getMonitorAddress(), grpc.credentials.createInsecure(), UNLIMITED);
  onClose(() => engine.close());
  const monitor = new grpc.Server(UNLIMITED);
  onClose(() => monitor.forceShutdown());
  monitor.addService(passOn(ResourceMonitorService), monitorHandlers(engine, options));
  request.setMonitorAddress(await listen(monitor));
  request.setArgsList(args);
  request.getInfo()?.setOptions(Struct.fromJavaScript(options.runtimeOptions as Record<string, object>));
  const client = new LanguageRuntimeClient(host.address, grpc.credentials.createInsecure(), UNLIMITED);
  onClose(() => client.close());
  return promised<language.RunResponse>((callback) => {
    client.run(request, callback);
  });
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** The same service for bytes, so that what this copy of the protocol does not know passes too. */
function passOn(service: grpc.ServiceDefinition): grpc.ServiceDefinition {
  const bytes = {
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
  return Object.fromEntries(Object.entries(service).map(([name, method]) => [name, { ...method, ...bytes }]));
}

function monitorHandlers(engine: grpc.Client, options: OtherStacksOptions): grpc.UntypedServiceImplementation {
  // The engine's errors pass as they are.
  const pass =
    (path: string): grpc.handleUnaryCall<Buffer, Buffer> =>
    (call, callback) =>
      void engine.makeUnaryRequest(path, asIs, asIs, call.request, callback);
  const handlers = Object.entries(ResourceMonitorService).map(
    ([name, { path }]): [string, grpc.handleUnaryCall<Buffer, Buffer>] => [name, pass(path)],
  );
  const { path } = ResourceMonitorService.readResource;
  return {
    ...Object.fromEntries(handlers),
    readResource: handle(async (bytes: Buffer) => {
      const request = pb.ReadResourceRequest.deserializeBinary(bytes);
      if (request.getType() !== STACK_REFERENCE) return ask(engine, path, bytes);
      const name = text(fromStruct(request.getProperties()).name) ?? request.getId();
      request.setId(options.ownStack).setProperties(toStruct({ name: options.ownStack }));
      const answer = await ask(engine, path, Buffer.from(request.serializeBinary()));
      const response = pb.ReadResourceResponse.deserializeBinary(answer).setProperties(
        toStruct(answerOf(name, options)),
      );
      return Buffer.from(response.serializeBinary());
    }),
  };
}

function answerOf(name: string, { outputs, note }: OtherStacksOptions): ValueMap {
  const told = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (told === undefined) {
    note(
      `outputs of stack ${name}`,
      "A rehearsal has no other stacks, so they count as not known yet; give them with --stack-outputs STACK=FILE, where FILE is what pulumi stack output --json prints.",
    );
  }
  return { name, outputs: told === undefined ? unknown : (told as Record<string, Value>), secretOutputNames: [] };
}

function ask(engine: grpc.Client, path: string, request: Buffer): Promise<Buffer> {
  return promised<Buffer>((callback) => {
    engine.makeUnaryRequest(path, asIs, asIs, request, (error, answer = Buffer.alloc(0)) => callback(error, answer));
  });
}

async function listen(server: grpc.Server): Promise<string> {
  const port = await promised<number>((callback) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), callback);
  });
  return `127.0.0.1:${port}`;
}
