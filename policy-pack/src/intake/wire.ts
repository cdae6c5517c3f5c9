/**
 * The SDK unpacks the properties of every resource anew for each stack policy, and hands policies plain values: that costs
 * most of a policy pack's time on resources that nobody reads, and which values the program marked as secret is lost on
 * the way. So properties are handed out still packed: they are unpacked when somebody looks, and the wire form of the few
 * resources that the pack reads stays within reach. Should a later SDK unpack in another way, this changes nothing, and
 * properties are read as they are handed out (seen with @pulumi/policy 1.21).
 */

/** Pulumi's wire form of properties: `google.protobuf.Struct`. */
interface Struct {
  toJavaScript(): unknown;
}
type Unpack = (properties: Struct, keepSecrets: boolean) => object;
interface Deserializer {
  deserializeProperties: Unpack;
}

const WIRE = Symbol("eks-irsa:wire");
const DEFERRED = "eks-irsa:deferred";
const remediated = new WeakMap<object, Struct>();

/** Begins to hand out packed properties. The engine's server calls the function through its module, so that it can be replaced there. */
export function deferUnpacking(): void {
  const deserializer = load();
  const unpack = deserializer?.deserializeProperties;
  if (!deserializer || typeof unpack !== "function" || Object.hasOwn(unpack, DEFERRED)) return;
  const deferred: Unpack = (properties, keepSecrets) => {
    if (!keepSecrets) return new Proxy({}, new Packed(properties, unpack));
    // Remediation writes to what it gets, secrets wrapped in proxies of the SDK's own: that is left as it is made.
    const unpacked = unpack(properties, keepSecrets);
    remediated.set(unpacked, properties);
    return unpacked;
  };
  deserializer.deserializeProperties = Object.assign(deferred, { [DEFERRED]: true });
}

function load(): Deserializer | undefined {
  try {
    return require("@pulumi/policy/deserialize") as Deserializer;
  } catch {
    return undefined;
  }
}

/** Fills the object that it stands before at the first look into it; from then on that is an object like any other. */
class Packed implements ProxyHandler<object> {
  private packed = true;

  constructor(
    private readonly wire: Struct,
    private readonly unpack: Unpack,
  ) {}

  get(target: object, key: string | symbol): unknown {
    return key === WIRE ? this.wire : Reflect.get(this.filled(target), key);
  }
  set(target: object, key: string | symbol, value: unknown): boolean {
    return Reflect.set(this.filled(target), key, value);
  }
  has(target: object, key: string | symbol): boolean {
    return Reflect.has(this.filled(target), key);
  }
  ownKeys(target: object): (string | symbol)[] {
    return Reflect.ownKeys(this.filled(target));
  }
  getOwnPropertyDescriptor(target: object, key: string | symbol): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.filled(target), key);
  }
  defineProperty(target: object, key: string | symbol, attributes: PropertyDescriptor): boolean {
    return Reflect.defineProperty(this.filled(target), key, attributes);
  }
  deleteProperty(target: object, key: string | symbol): boolean {
    return Reflect.deleteProperty(this.filled(target), key);
  }
  preventExtensions(target: object): boolean {
    return Reflect.preventExtensions(this.filled(target));
  }

  private filled(target: object): object {
    if (this.packed) {
      this.packed = false;
      Object.defineProperties(target, Object.getOwnPropertyDescriptors(this.unpack(this.wire, false)));
    }
    return target;
  }
}

/** The wire form of what a policy was handed; undefined where it was not kept. */
export function wireForm(properties: unknown): unknown {
  if (typeof properties !== "object" || properties === null) return undefined;
  // The proxy's own word for the object behind it; on any other object it is just a property that is not there.
  const target: unknown = Reflect.get(properties, "__getSpecialProxyTarget");
  const kept = typeof target === "object" && target !== null ? target : properties;
  const wire: unknown = remediated.get(kept) ?? Reflect.get(kept, WIRE);
  return isStruct(wire) ? wire.toJavaScript() : undefined;
}

function isStruct(value: unknown): value is Struct {
  return typeof value === "object" && value !== null && "toJavaScript" in value;
}
