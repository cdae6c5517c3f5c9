/**
 * Objects out of YAML: what the Kubernetes provider decodes for `yaml.ConfigFile` and `yaml.ConfigGroup`, and makes itself
 * for their second version, a remote component. Helm and Kustomize render with tools of their own, which are not here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { registerComponent, withMonitor } from "../monitor";
import type { ConstructAnswer, ConstructRequest, Note } from "../stand-in";
import {
  containsUnknown,
  fields,
  isList,
  isMap,
  isSet,
  items,
  plain,
  resourceReference,
  text,
  type Value,
  type ValueMap,
} from "../values";
import { kindOf } from "./kinds";

/**
 * The objects of a YAML stream, members of `v1/List` by themselves, each with a namespace where its kind has one.
 * @throws Error when the text is no YAML, as the provider does.
 */
export function decode(source: string, defaultNamespace: string): readonly ValueMap[] {
  const documents = parseAllDocuments(source);
  // An empty stream is an object of its own kind.
  const parsed = (Array.isArray(documents) ? documents : []).flatMap((document): readonly Value[] => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`failed to parse yaml: ${error.message}`);
    return [document.toJS({ maxAliasCount: 100 }) as Value];
  });
  return parsed.flatMap(members).map((object) => withNamespace(object, defaultNamespace));
}

function members(value: Value): readonly ValueMap[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [];
  return text(value.kind)?.endsWith("List") && isList(value.items) ? value.items.flatMap(members) : [value];
}

function withNamespace(object: ValueMap, namespace: string): ValueMap {
  const metadata = fields(object.metadata);
  const isNamespaced = kindOf(tokenOf(object))?.namespaced === true;
  return isNamespaced && !isSet(metadata.namespace) ? { ...object, metadata: { ...metadata, namespace } } : object;
}

/** `kubernetes:core/v1:ServiceAccount` for an object of `v1`. */
function tokenOf({ apiVersion, kind }: ValueMap): string {
  const version = text(apiVersion) ?? "v1";
  return `kubernetes:${version.includes("/") ? version : `core/${version}`}:${text(kind) ?? ""}`;
}

export const isManifest = (type: string): boolean => /^kubernetes:yaml\/v2:Config(File|Group)$/.test(type);

/** Makes the children that the provider makes, by its names: `<prefix>:<namespace>/<name>`. */
export const constructManifest = (component: ConstructRequest, folder: string, note: Note): Promise<ConstructAnswer> =>
  withMonitor(component.monitorEndpoint, async (monitor) => {
    const { urn } = await registerComponent(monitor, component);
    const { inputs, name, providers, dependencies } = component;
    const prefix = text(inputs.resourcePrefix) ?? name;
    const children = await Promise.all(
      objectsOf(component, folder, note).map(async (object) => {
        const { namespace, name: own = "" } = fields(object.metadata);
        const path = [text(namespace), text(own)].filter(Boolean).join("/");
        return monitor.register({
          type: tokenOf(object),
          name: `${prefix}:${path}`,
          parent: urn,
          custom: true,
          inputs: object,
          dependencies,
          provider: providers.get("kubernetes"),
        });
      }),
    );
    const state = { resources: children.map((child) => resourceReference(child.urn, child.id)) };
    await monitor.registerOutputs(urn, state);
    return { urn, state, stateDependencies: new Map([["resources", children.map((child) => child.urn)]]) };
  });

function objectsOf({ type, inputs, config }: ConstructRequest, folder: string, note: Note): readonly ValueMap[] {
  if (containsUnknown(inputs)) return [];
  const namespace = text(config.namespace) ?? "default";
  const given = plain(inputs) as ValueMap;
  const files = [...items(given.files), ...(isSet(given.file) ? [given.file] : [])].flatMap((path) => text(path) ?? []);
  const texts = files.flatMap((path) => {
    if (/^https?:\/\//.test(path)) {
      note(`${type} ${path}`, "a rehearsal reads no file from the network");
      return [];
    }
    return matching(resolve(folder, path)).map((file) => readFileSync(file, "utf8"));
  });
  return [
    ...[...texts, text(given.yaml) ?? ""].flatMap((source) => decode(source, namespace)),
    ...items(given.objs)
      .flatMap(members)
      .map((object) => withNamespace(object, namespace)),
  ];
}

/** `manifests/*.yaml`: stars stand in the last part of a path, as people write them. */
function matching(path: string): readonly string[] {
  const name = basename(path);
  if (!name.includes("*")) return [path];
  const parts = name.split("*");
  const fits = (file: string): boolean => {
    const [first = "", ...rest] = parts;
    let at = first.length;
    return (
      file.startsWith(first) &&
      file.endsWith(rest.at(-1) ?? "") &&
      rest.every((part) => {
        const found = file.indexOf(part, at);
        at = found + part.length;
        return found >= 0;
      })
    );
  };
  return readdirSync(dirname(path))
    .filter(fits)
    .sort()
    .map((file) => join(dirname(path), file));
}
