import { absent, at, known, knownValueOr, listAt, mapFact, textAt, type Fact, type Urn } from "../facts/fact";
import { isObject, own, type Value } from "../facts/value";
import { booleanAt, entries, numberAt, pathText } from "./resource";
import type {
  Container,
  Entry,
  EnvSource,
  EnvVar,
  Mount,
  ObjectMeta,
  Pod,
  ProjectedToken,
  SecurityContext,
  Volume,
} from "./types";

/** Key names of the Secrets and ConfigMaps that the stack declares, for `envFrom`. */
export type KeysOfPod = (
  kind: "secret" | "configMap",
  name: Fact<string>,
) => { readonly keys: Fact<readonly string[]>; readonly declaredBy: Urn | undefined };

type Steps = readonly (string | number)[];

/** A reader of one object of a resource, which knows where it stands and what its unknown leaves wait for. */
class Reader {
  constructor(
    private readonly root: Value | undefined,
    private readonly steps: Steps,
    private readonly waitsFor: readonly Urn[],
  ) {}

  get path(): string {
    return pathText(this.steps);
  }
  text(...path: Steps): Fact<string> {
    return textAt(this.root, [...this.steps, ...path], this.waitsFor);
  }
  number(...path: Steps): Fact<number> {
    return numberAt(this.root, [...this.steps, ...path], this.waitsFor);
  }
  boolean(...path: Steps): Fact<boolean> {
    return booleanAt(this.root, [...this.steps, ...path], this.waitsFor);
  }
  value(...path: Steps): Fact<Value> {
    return at(this.root, [...this.steps, ...path], this.waitsFor);
  }
  entries(...path: Steps): Fact<readonly Entry[]> {
    return entries(this.root, [...this.steps, ...path], pathText([...this.steps, ...path]), this.waitsFor);
  }
  below(...path: Steps): Reader {
    return new Reader(this.root, [...this.steps, ...path], this.waitsFor);
  }
  /** One reader for each element; absent for a list that is not there. An element that is unknown is an object of unknown leaves. */
  each<T>(path: Steps, read: (item: Reader) => T): Fact<readonly T[]> {
    const items = listAt(this.root, [...this.steps, ...path], this.waitsFor);
    return mapFact(items, (values) => values.map((_, index) => read(this.below(...path, index))));
  }
}

/** Reads the pod template at `template` (the object that holds the pod's `metadata` and `spec`). */
export function readPod(properties: Value, template: Steps, waitsFor: readonly Urn[], keysOf: KeysOfPod): Pod {
  const whole = new Reader(properties, template, waitsFor);
  const spec = whole.below("spec");
  return {
    path: spec.path,
    metadata: readMeta(whole.below("metadata")),
    metadataPath: whole.below("metadata").path,
    serviceAccountName: spec.text("serviceAccountName"),
    serviceAccountAlias: spec.text("serviceAccount"),
    hostNetwork: spec.boolean("hostNetwork"),
    nodeSelector: spec.entries("nodeSelector"),
    osName: spec.text("os", "name"),
    windowsAffinity: asksForWindows(
      spec.value("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
    ),
    securityContext: readSecurity(spec.below("securityContext")),
    volumes: spec.each(["volumes"], readVolume),
    containers: joinLists([
      spec.each(["containers"], (item) => readContainer(item, "container", keysOf)),
      spec.each(["initContainers"], (item) => readContainer(item, "init container", keysOf)),
      spec.each(["ephemeralContainers"], (item) => readContainer(item, "ephemeral container", keysOf)),
    ]),
  };
}

/** Annotations and labels of an object. */
export function readObjectMeta(properties: Value, metadata: Steps, waitsFor: readonly Urn[]): ObjectMeta {
  return readMeta(new Reader(properties, metadata, waitsFor));
}

function readMeta(metadata: Reader): ObjectMeta {
  return { annotations: metadata.entries("annotations"), labels: metadata.entries("labels") };
}

function readSecurity(context: Reader): SecurityContext {
  return {
    path: context.path,
    runAsUser: context.number("runAsUser"),
    runAsNonRoot: context.boolean("runAsNonRoot"),
    fsGroup: context.number("fsGroup"),
  };
}

function readContainer(item: Reader, kind: Container["kind"], keysOf: KeysOfPod): Container {
  return {
    path: item.path,
    kind,
    name: item.text("name"),
    image: item.text("image"),
    env: item.each(["env"], readEnvVar),
    envFrom: joinLists([item.each(["envFrom"], (source) => readEnvSource(source, keysOf))]),
    mounts: item.each(["volumeMounts"], readMount),
    securityContext: readSecurity(item.below("securityContext")),
  };
}

function readEnvVar(item: Reader): EnvVar {
  const from =
    item.value("valueFrom").is === "absent" ? (item.value("value").is === "absent" ? "nothing" : "value") : "valueFrom";
  return { path: item.path, name: item.text("name"), value: item.text("value"), from };
}

function readEnvSource(item: Reader, keysOf: KeysOfPod): EnvSource {
  const kind = item.value("configMapRef").is === "absent" ? "secret" : "configMap";
  const name = item.text(kind === "secret" ? "secretRef" : "configMapRef", "name");
  return { path: item.path, kind, name, prefix: item.text("prefix"), ...keysOf(kind, name) };
}

function readMount(item: Reader): Mount {
  return {
    path: item.path,
    volume: item.text("name"),
    mountPath: item.text("mountPath"),
    subPath: item.text("subPath"),
  };
}

function readVolume(item: Reader): Volume {
  const whole = item.value();
  const source = whole.is === "known" ? volumeSource(whole.value) : whole;
  return {
    path: item.path,
    name: item.text("name"),
    source,
    secretName: item.text("secret", "secretName"),
    secretProviderClass: item.text("csi", "volumeAttributes", "secretProviderClass"),
    defaultMode: item.number("projected", "defaultMode"),
    tokens: mapFact(
      item.each(["projected", "sources"], (projection) => projection),
      (projections) =>
        projections
          .filter((each) => each.value("serviceAccountToken").is !== "absent")
          .map((each) => readToken(each.below("serviceAccountToken"))),
    ),
  };
}

function volumeSource(volume: Value): Fact<string> {
  const key = isObject(volume)
    ? Object.keys(volume).find((each) => each !== "name" && volume[each] !== null)
    : undefined;
  return key === undefined ? absent : known(key);
}

function readToken(token: Reader): ProjectedToken {
  return {
    path: token.path,
    audience: token.text("audience"),
    expirationSeconds: token.number("expirationSeconds"),
    file: token.text("path"),
  };
}

/** One list out of several. Unknown when one of them is: what is hidden might be what a rule looks for. */
function joinLists<T>(lists: readonly Fact<readonly T[]>[]): Fact<readonly T[]> {
  const waiting = lists.find((each) => each.is === "unknown");
  if (waiting) return waiting;
  return known(lists.flatMap((each) => knownValueOr(each, [])));
}

function asksForWindows(affinity: Fact<Value>): boolean {
  const terms = affinity.is === "known" ? listAt(affinity.value, ["nodeSelectorTerms"]) : absent;
  return (
    terms.is === "known" &&
    terms.value.some((term) => {
      const expressions = listAt(term, ["matchExpressions"]);
      return expressions.is === "known" && expressions.value.some(wantsWindows);
    })
  );
}

function wantsWindows(expression: Value): boolean {
  const key = textAt(expression, ["key"]);
  const values = listAt(expression, ["values"]);
  const isOs = key.is === "known" && /^(beta\.)?kubernetes\.io\/os$/.test(key.value);
  return (
    isOs &&
    own(expression, "operator") === "In" &&
    values.is === "known" &&
    values.value.length === 1 &&
    values.value[0] === "windows"
  );
}
