/**
 * Stand-in for the Kubernetes provider (pulumi-kubernetes). While the kubeconfig is unknown the engine calls neither
 * Check nor Create and hands out empty outputs itself (pulumi/pulumi provider_plugin.go), so nothing of that is here:
 * in mode `unknown` the kubeconfig is unknown because the cluster's outputs are.
 */
import { changes } from "../diff";
import { uuid } from "../hash";
import { constructBare } from "../monitor";
import type {
  CheckAnswer,
  CheckFailure,
  CheckRequest,
  DiffAnswer,
  DiffRequest,
  MakeAnswer,
  MakeRequest,
  Note,
  ReadRequest,
  RehearsalMode,
  StandIn,
} from "../stand-in";
import {
  equal,
  fields,
  isMap,
  isSecret,
  isSet,
  isUnknown,
  plain,
  reveal,
  scalar,
  text,
  unknown,
  type Value,
  type ValueMap,
} from "../values";
import { generatedName } from "./autoname";
import { type Kind, kindOf } from "./kinds";
import { constructManifest, decode, isManifest } from "./manifests";
import { checkedRelease, deployedRelease, RELEASE } from "./release";

const creationTimestamp = "2024-01-01T00:00:00Z";
const autonamed = "pulumi.com/autonamed";

/** @param folder where paths of manifests start: the program's */
export function kubernetesStandIn(mode: RehearsalMode, note: Note, folder: string): StandIn {
  return {
    packageName: "kubernetes",
    check,
    diff,
    make: (request) => make(request, mode),
    read,
    invoke: ({ token, args, config }) => {
      if (token === "kubernetes:yaml:decode") {
        const namespace = text(args.defaultNamespace) ?? defaultNamespace(config);
        return { result: { result: decode(scalar(args.text), namespace) } };
      }
      note(token, "the Kubernetes provider answers it, which is not run; an empty answer was given");
      return { result: { result: [] } };
    },
    construct: (request) => {
      if (isManifest(request.type)) return constructManifest(request, folder, note);
      note(request.type, "its objects are rendered by the Kubernetes provider, which is not run");
      return constructBare(request);
    },
  };
}

function check(request: CheckRequest): CheckAnswer {
  if (request.type === RELEASE)
    return { inputs: checkedRelease(request, defaultNamespace(request.config)), failures: [] };
  const kind = kindOf(request.type);
  if (kind === undefined) return { inputs: request.news, failures: [] };
  const inputs: ValueMap = {
    ...request.news,
    apiVersion: isSet(request.news.apiVersion) ? request.news.apiVersion : kind.apiVersion,
    kind: isSet(request.news.kind) ? request.news.kind : kind.kind,
  };
  if (kind.form === "list") return { inputs, failures: [] };
  if (isUnknown(reveal(inputs.metadata))) return { inputs, failures: [] };
  const metadata = withMetadata(kind, request);
  return { inputs: { ...inputs, metadata }, failures: patchFailures(kind, metadata) };
}

/** A Patch names an existing object, so it gets no generated name and fails without one. */
function patchFailures(kind: Kind, metadata: Value): readonly CheckFailure[] {
  if (kind.form !== "patch" || isSet(fields(metadata).name)) return [];
  return [{ property: "metadata.name", reason: "patch resources require the resource `.metadata.name` to be set" }];
}

function withMetadata(kind: Kind, request: CheckRequest): Value {
  const given = request.news.metadata;
  const metadata = fields(given);
  const named = kind.form === "object" ? withName(request, metadata) : metadata;
  const namespace = isSet(named.namespace) ? {} : { namespace: defaultNamespace(request.config) };
  const completed = kind.namespaced ? { ...named, ...namespace } : named;
  return isMap(given) && isSecret(given) ? { ...given, value: completed } : completed;
}

const defaultNamespace = (config: ValueMap): string =>
  scalar(config.namespace) === "" ? "default" : scalar(config.namespace);

/** `<name>-<8 hex>` and the annotation that tells later deployments that the name was generated. */
function withName(request: CheckRequest, metadata: ValueMap): ValueMap {
  const { olds, autonaming } = request;
  if (isSet(metadata.name) || isSet(metadata.generateName)) return metadata;
  if (autonaming.is === "disabled") return metadata;
  const old = fields(olds?.metadata);
  const earlier = isSet(fields(old.annotations)[autonamed]) ? text(old.name) : undefined;
  const annotations = isUnknown(reveal(metadata.annotations))
    ? {}
    : { annotations: { ...fields(metadata.annotations), [autonamed]: "true" } };
  return { ...metadata, ...annotations, name: earlier ?? generatedName(request) };
}

function diff({ type, oldInputs, news, ignoreChanges }: DiffRequest): DiffAnswer {
  const changed = changes(oldInputs, news).filter((property) => !ignoreChanges.includes(property));
  const [old, next] = [fields(plain(oldInputs.metadata ?? null)), fields(plain(news.metadata ?? null))];
  const moved = !equal(old.name, next.name) || !equal(old.namespace, next.namespace);
  const replaces = changed.filter(
    (property) =>
      ["apiVersion", "kind"].includes(property) ||
      (property === "metadata" && moved) ||
      immutable(type, property, oldInputs, news),
  );
  return { changed, replaces, deleteBeforeReplace: replaces.length > 0 && !moved };
}

/** What the API server refuses to change in place: a Job's or bare Pod's spec, and selectors. */
function immutable(type: string, property: string, olds: ValueMap, news: ValueMap): boolean {
  if (property !== "spec") return false;
  if (/:batch\/v1:Job$|:core\/v1:Pod$/.test(type)) return true;
  const [old, next] = [fields(plain(olds.spec ?? null)), fields(plain(news.spec ?? null))];
  return /:(Deployment|ReplicaSet|StatefulSet|DaemonSet)$/.test(type) && !equal(old.selector, next.selector);
}

function make(request: MakeRequest, mode: RehearsalMode): MakeAnswer {
  const metadata = fields(request.inputs.metadata);
  const hidden = mode === "unknown" && request.preview;
  if (request.type === RELEASE)
    return { id: hidden ? request.id : idOf(request.inputs), outputs: deployedRelease(request.inputs, hidden) };
  const id = request.id ?? (hidden ? undefined : idOf(metadata));
  const kind = kindOf(request.type);
  if (kind === undefined || kind.form === "list")
    return { id: id ?? (hidden ? undefined : request.name), outputs: request.inputs };
  return { id, outputs: withServerFields(request.inputs, request.urn, fields(request.olds.metadata), hidden) };
}

/** `<namespace>/<name>`, or the name alone where there is no namespace, of an object's metadata or of a Helm release. */
function idOf(metadata: ValueMap): string | undefined {
  const [namespace, name] = [metadata.namespace, text(metadata.name)];
  if (name === undefined || isUnknown(reveal(namespace))) return undefined;
  return text(namespace) === undefined ? name : `${text(namespace)}/${name}`;
}

/** What the API server adds; metadata as a whole stays unknown when its own value is. */
function withServerFields(inputs: ValueMap, urn: string, old: ValueMap, hidden: boolean): ValueMap {
  const given = inputs.metadata;
  if (isUnknown(reveal(given))) return inputs;
  const server: ValueMap = {
    uid: uuid("uid", urn),
    resourceVersion: "1",
    generation: 1,
    creationTimestamp,
  };
  const added = Object.entries(server).map(([key, value]): [string, Value] => [
    key,
    isSet(old[key]) ? old[key] : hidden ? unknown : value,
  ]);
  const metadata = { ...Object.fromEntries(added), ...fields(given) };
  return { ...inputs, metadata: isMap(given) && isSecret(given) ? { ...given, value: metadata } : metadata };
}

function read({ type, id, urn, inputs, state }: ReadRequest): { outputs: ValueMap; inputs: ValueMap } {
  const kind = kindOf(type);
  const [name = id, namespace] = id.split("/").reverse();
  const located = {
    apiVersion: kind?.apiVersion ?? "v1",
    kind: kind?.kind ?? "",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...fields(inputs.metadata),
      ...fields(state.metadata),
    },
  };
  const known = { ...located, ...inputs, ...state, metadata: located.metadata };
  return { outputs: withServerFields(known, urn, {}, false), inputs };
}
