/**
 * The SDK hands policies plain values: which of them the program marked as secret is lost on the way. So the moment in
 * which it unpacks a request is watched, and the request kept beside the unpacked properties, for the few resources that
 * the pack reads. Should a later SDK unpack in another way, nothing is kept and properties are read as they are handed out
 * (seen with @pulumi/policy 1.21).
 */

/** Pulumi's wire form of properties: `google.protobuf.Struct`. */
interface Struct {
  toJavaScript(): unknown;
}
interface Deserializer {
  deserializeProperties: (properties: Struct, keepSecrets: boolean) => object;
}

const requests = new WeakMap<object, Struct>();

/** Begins to keep requests. The engine's server calls the function through its module, so that it can be replaced there. */
export function watchRequests(): void {
  const deserializer = load();
  const unpack = deserializer?.deserializeProperties;
  if (!deserializer || typeof unpack !== "function" || Object.hasOwn(unpack, WATCHED)) return;
  const watching = (properties: Struct, keepSecrets: boolean): object => {
    const unpacked = unpack(properties, keepSecrets);
    requests.set(unpacked, properties);
    return unpacked;
  };
  deserializer.deserializeProperties = Object.assign(watching, { [WATCHED]: true });
}

const WATCHED = "eks-irsa:watched";

function load(): Deserializer | undefined {
  try {
    return require("@pulumi/policy/deserialize") as Deserializer;
  } catch {
    return undefined;
  }
}

/** The wire form of what a policy was handed; undefined where it was not kept. */
export function wireForm(properties: unknown): unknown {
  if (typeof properties !== "object" || properties === null) return undefined;
  // The proxy's own word for the object behind it; on any other object it is just a property that is not there.
  const target: unknown = Reflect.get(properties, "__getSpecialProxyTarget");
  return requests.get(typeof target === "object" && target !== null ? target : properties)?.toJavaScript();
}
