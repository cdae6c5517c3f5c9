/** A client of one stand-in, speaking the provider protocol as the engine does: one connection per provider instance. */
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Rehearsal } from "../../policy-pack/src/rehearsal";

export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signature = "4dabf18193072939515e22adb298388d";
export const secret = (value: unknown): unknown => ({ [signature]: "1b47061264138c4ac30d75fd1eb44270", value });

export type Properties = Record<string, unknown>;

interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

interface Differences {
  readonly changed: readonly string[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export interface Provider {
  readonly raw: ResourceProviderClient;
  check(
    type: string,
    news: Properties,
    olds?: Properties,
    autonaming?: pb.CheckRequest.AutonamingOptions,
  ): Promise<Checked>;
  /** Check, then Create. */
  create(type: string, news: Properties, options?: { preview?: boolean }): Promise<{ id: string; outputs: Properties }>;
  update(type: string, id: string, olds: Properties, news: Properties, preview?: boolean): Promise<Properties>;
  diff(type: string, oldInputs: Properties, news: Properties): Promise<Differences>;
  read(type: string, id: string, state?: Properties): Promise<Properties>;
  invoke(token: string, args?: Properties): Promise<Properties>;
}

const struct = (properties: Properties): Struct => Struct.fromJavaScript(properties as Record<string, object>);
const javaScript = (message: Struct | undefined): Properties => message?.toJavaScript() ?? {};

const urnOf = (type: string, name = "api"): string => `urn:pulumi:dev::shop::${type}::${name}`;

const open: ResourceProviderClient[] = [];

/** Ends the connections that the tests of this file have made. */
export function disconnect(): void {
  for (const client of open.splice(0)) client.close();
}

/** Connects to a package's stand-in and configures the instance. `name` is the name of every resource it is asked for. */
export async function connect(
  rehearsal: Rehearsal,
  packageName: string,
  config: Properties = {},
  name = "api",
): Promise<Provider> {
  const ports = new Map(rehearsal.debugProviders.split(",").map((entry) => entry.split(":") as [string, string]));
  const raw = new ResourceProviderClient(
    `127.0.0.1:${ports.get(packageName) ?? "none"}`,
    grpc.credentials.createInsecure(),
    // Clients in one process share connections otherwise, which two provider instances of the engine never do.
    { "grpc.use_local_subchannel_pool": 1, "grpc.max_receive_message_length": -1 },
  );
  open.push(raw);
  const call = <Request, Response>(
    method: (request: Request, callback: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
    request: Request,
  ): Promise<Response> =>
    new Promise((resolve, reject) => {
      method(request, (error, response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  await call<pb.ConfigureRequest, pb.ConfigureResponse>(
    raw.configure.bind(raw),
    new pb.ConfigureRequest().setArgs(struct(config)),
  );

  const check: Provider["check"] = async (type, news, olds, autonaming) => {
    const response = await call<pb.CheckRequest, pb.CheckResponse>(
      raw.check.bind(raw),
      new pb.CheckRequest()
        .setUrn(urnOf(type, name))
        .setType(type)
        .setName(name)
        .setOlds(struct(olds ?? {}))
        .setNews(struct(news))
        .setAutonaming(autonaming),
    );
    return {
      inputs: javaScript(response.getInputs()),
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  };
  return {
    raw,
    check,
    create: async (type, news, { preview = true } = {}) => {
      const { inputs } = await check(type, news);
      const response = await call<pb.CreateRequest, pb.CreateResponse>(
        raw.create.bind(raw),
        new pb.CreateRequest()
          .setUrn(urnOf(type, name))
          .setType(type)
          .setName(name)
          .setProperties(struct(inputs))
          .setPreview(preview),
      );
      return { id: response.getId(), outputs: javaScript(response.getProperties()) };
    },
    update: async (type, id, olds, news, preview = true) => {
      const { inputs } = await check(type, news);
      const response = await call<pb.UpdateRequest, pb.UpdateResponse>(
        raw.update.bind(raw),
        new pb.UpdateRequest()
          .setUrn(urnOf(type, name))
          .setType(type)
          .setName(name)
          .setId(id)
          .setOlds(struct(olds))
          .setNews(struct(inputs))
          .setPreview(preview),
      );
      return javaScript(response.getProperties());
    },
    diff: async (type, oldInputs, news) => {
      const response = await call<pb.DiffRequest, pb.DiffResponse>(
        raw.diff.bind(raw),
        new pb.DiffRequest()
          .setUrn(urnOf(type, name))
          .setType(type)
          .setId("id")
          .setOldInputs(struct(oldInputs))
          .setNews(struct(news)),
      );
      return {
        changed: response.getDiffsList(),
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    read: async (type, id, state = {}) => {
      const response = await call<pb.ReadRequest, pb.ReadResponse>(
        raw.read.bind(raw),
        new pb.ReadRequest().setUrn(urnOf(type, name)).setType(type).setId(id).setProperties(struct(state)),
      );
      return javaScript(response.getProperties());
    },
    invoke: async (token, args = {}) => {
      const response = await call<pb.InvokeRequest, pb.InvokeResponse>(
        raw.invoke.bind(raw),
        new pb.InvokeRequest().setTok(token).setArgs(struct(args)),
      );
      return javaScript(response.getReturn());
    },
  };
}
