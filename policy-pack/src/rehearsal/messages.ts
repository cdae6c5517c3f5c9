/** Between the messages of the provider protocol and the plain requests and answers of a stand-in. */
import * as grpc from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type {
  Autonaming,
  CheckFailure,
  CheckRequest,
  ConstructAnswer,
  ConstructRequest,
  DiffAnswer,
  DiffRequest,
  Subject,
} from "./stand-in";
import { fromStruct, toStruct, type ValueMap } from "./values";

/** The protocol's way to say that a provider lacks a method; the engine then does without. */
export class Unimplemented extends Error {}

/** An answering function as a gRPC handler: what it throws becomes a gRPC error, never an unhandled one. */
export function handle<Request, Response>(
  answer: (request: Request, peer: string) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const settle = async (): Promise<Response> => answer(call.request, call.getPeer());
    settle().then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(serviceError(error));
      },
    );
  };
}

function serviceError(error: unknown): Partial<grpc.StatusObject> {
  const details = error instanceof Error ? error.message : String(error);
  return { code: error instanceof Unimplemented ? grpc.status.UNIMPLEMENTED : grpc.status.INTERNAL, details };
}

interface AboutResource {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/** Older engines send the URN alone: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. */
export function subject(request: AboutResource, config: ValueMap): Subject {
  const [, , types = "", ...name] = request.getUrn().split("::");
  return {
    urn: request.getUrn(),
    type: request.getType() || types.slice(types.lastIndexOf("$") + 1),
    name: request.getName() || name.join("::"),
    config,
  };
}

export function checkRequest(request: pb.CheckRequest, config: ValueMap): CheckRequest {
  const olds = fromStruct(request.getOlds());
  return {
    ...subject(request, config),
    // The engine sends an empty struct where there is no earlier state.
    olds: Object.keys(olds).length === 0 ? undefined : olds,
    news: fromStruct(request.getNews()),
    autonaming: autonaming(request.getAutonaming()),
  };
}

function autonaming(options: pb.CheckRequest.AutonamingOptions | undefined): Autonaming {
  if (options === undefined) return { is: "unset" };
  if (options.getMode() === pb.CheckRequest.AutonamingOptions.Mode.DISABLE) return { is: "disabled" };
  return options.getProposedName() === "" ? { is: "unset" } : { is: "proposed", name: options.getProposedName() };
}

export function checkResponse(inputs: ValueMap, failures: readonly CheckFailure[]): pb.CheckResponse {
  return new pb.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(checkFailures(failures));
}

export const checkFailures = (failures: readonly CheckFailure[]): pb.CheckFailure[] =>
  failures.map(({ property, reason }) => new pb.CheckFailure().setProperty(property).setReason(reason));

export function diffRequest(request: pb.DiffRequest, config: ValueMap): DiffRequest {
  return {
    ...subject(request, config),
    id: request.getId(),
    // Engines before 3.75 send no old inputs; the old outputs hold them too.
    oldInputs: fromStruct(request.getOldInputs() ?? request.getOlds()),
    news: fromStruct(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

export function diffResponse({ changed, replaces, deleteBeforeReplace }: DiffAnswer): pb.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  return new pb.DiffResponse()
    .setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList([...changed])
    .setReplacesList([...replaces])
    .setDeletebeforereplace(deleteBeforeReplace);
}

export function constructRequest(request: pb.ConstructRequest, config: ValueMap): ConstructRequest {
  const inputDependencies = request
    .getInputdependenciesMap()
    .getEntryList()
    .map(([property]): [string, readonly string[]] => [
      property,
      request.getInputdependenciesMap().get(property)?.getUrnsList() ?? [],
    ]);
  return {
    urn: "",
    type: request.getType(),
    name: request.getName(),
    config,
    parent: request.getParent(),
    inputs: fromStruct(request.getInputs()),
    inputDependencies: new Map(inputDependencies),
    dependencies: request.getDependenciesList(),
    providers: new Map(request.getProvidersMap().getEntryList()),
    monitorEndpoint: request.getMonitorendpoint(),
    dryRun: request.getDryrun(),
  };
}

export function constructResponse({ urn, state, stateDependencies }: ConstructAnswer): pb.ConstructResponse {
  const response = new pb.ConstructResponse().setUrn(urn).setState(toStruct(state));
  const dependencies = response.getStatedependenciesMap();
  for (const [property, urns] of stateDependencies) {
    dependencies.set(property, new pb.ConstructResponse.PropertyDependencies().setUrnsList([...urns]));
  }
  return response;
}
