/**
 * The provider protocol (pulumirpc.ResourceProvider) over a stand-in's plain functions, on a free port of 127.0.0.1.
 * The engine dials once per provider instance and never names the instance in a request, so the connection that a
 * request came in on decides which instance's configuration applies (seen on the engine 3.259.0).
 */
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { type IResourceProviderServer, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { changes } from "./diff";
import {
  checkFailures,
  checkRequest,
  checkResponse,
  constructRequest,
  constructResponse,
  diffRequest,
  diffResponse,
  handle,
  subject,
  Unimplemented,
} from "./messages";
import { promised } from "./promised";
import type { StandIn } from "./stand-in";
import { fromStruct, toStruct, type ValueMap } from "./values";

export interface RunningStandIn {
  readonly packageName: string;
  readonly port: number;
  close(): Promise<void>;
}

// Programs ask for at least the version of their SDK, and the engine warns about less: a stand-in answers for all of them.
const version = "999.0.0";

/**
 * Serves a stand-in until it is closed.
 * @param schema the package's schema as JSON; undefined where nobody asks for one
 * @throws Error when no port of 127.0.0.1 can be bound.
 */
export async function serve(standIn: StandIn, schema: () => string | undefined): Promise<RunningStandIn> {
  const server = new grpc.Server({
    // Properties can be larger than gRPC's default of 4 MB; the engine itself allows 400 MB.
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceProviderService, handlers(standIn, schema));
  const port = await promised<number>((callback) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), callback);
  });
  return {
    packageName: standIn.packageName,
    port,
    close: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

function handlers(standIn: StandIn, schema: () => string | undefined): IResourceProviderServer {
  const configs = new Map<string, ValueMap>();
  let latest: ValueMap = {};
  // A connection that was dialled again is not in the map; the instance configured last is the best guess then.
  const configOf = (peer: string): ValueMap => configs.get(peer) ?? latest;

  return {
    handshake: handle(() =>
      new pb.ProviderHandshakeResponse().setAcceptSecrets(true).setSupportsAutonamingConfiguration(true),
    ),
    attach: handle(() => new Empty()),
    cancel: handle(() => new Empty()),
    getPluginInfo: handle(() => new PluginInfo().setVersion(version)),
    getSchema: handle(() => {
      const known = schema();
      if (known === undefined) {
        throw new Unimplemented(
          "a stand-in provider has no schema but for what a program in YAML names in Pulumi.yaml or Main.yaml, without a compiler",
        );
      }
      return new pb.GetSchemaResponse().setSchema(known);
    }),
    parameterize: unimplemented("parameters"),
    call: unimplemented("resource methods"),
    getMapping: handle(() => new pb.GetMappingResponse()),
    getMappings: handle(() => new pb.GetMappingsResponse()),
    list: (call) => call.end(),
    checkConfig: handle((request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews())),
    diffConfig: handle((request: pb.DiffRequest) => {
      const { oldInputs, news } = diffRequest(request, {});
      return diffResponse({ changed: changes(oldInputs, news), replaces: [], deleteBeforeReplace: false });
    }),
    configure: handle((request: pb.ConfigureRequest, peer) => {
      latest = fromStruct(request.getArgs());
      configs.set(peer, latest);
      return new pb.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),
    check: handle((request: pb.CheckRequest, peer) => {
      const { inputs, failures } = standIn.check(checkRequest(request, configOf(peer)));
      return checkResponse(inputs, failures);
    }),
    diff: handle((request: pb.DiffRequest, peer) => diffResponse(standIn.diff(diffRequest(request, configOf(peer))))),
    create: handle((request: pb.CreateRequest, peer) => {
      const { id = "", outputs } = standIn.make({
        ...subject(request, configOf(peer)),
        inputs: fromStruct(request.getProperties()),
        id: undefined,
        olds: {},
        preview: request.getPreview(),
      });
      return new pb.CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),
    update: handle((request: pb.UpdateRequest, peer) => {
      const { outputs } = standIn.make({
        ...subject(request, configOf(peer)),
        inputs: fromStruct(request.getNews()),
        id: request.getId(),
        olds: fromStruct(request.getOlds()),
        preview: request.getPreview(),
      });
      return new pb.UpdateResponse().setProperties(toStruct(outputs));
    }),
    read: handle((request: pb.ReadRequest, peer) => {
      const found = standIn.read({
        ...subject(request, configOf(peer)),
        id: request.getId(),
        inputs: fromStruct(request.getInputs()),
        state: fromStruct(request.getProperties()),
      });
      return new pb.ReadResponse()
        .setId(request.getId())
        .setProperties(toStruct(found.outputs))
        .setInputs(toStruct(found.inputs));
    }),
    delete: handle(() => new Empty()),
    invoke: handle((request: pb.InvokeRequest, peer) => {
      const { result, failures = [] } = standIn.invoke({
        token: request.getTok(),
        args: fromStruct(request.getArgs()),
        config: configOf(peer),
      });
      return new pb.InvokeResponse().setReturn(toStruct(result)).setFailuresList(checkFailures(failures));
    }),
    construct: handle(async (request: pb.ConstructRequest, peer) => {
      const built = await standIn.construct?.(constructRequest(request, configOf(peer)));
      if (built === undefined) throw new Unimplemented(`the component ${request.getType()} cannot be rehearsed`);
      return constructResponse(built);
    }),
  };
}

function unimplemented<Request, Response>(what: string): grpc.handleUnaryCall<Request, Response> {
  return handle<Request, Response>(() => {
    throw new Unimplemented(`a stand-in provider has no ${what}`);
  });
}
