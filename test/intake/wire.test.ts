import * as fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { copyValue } from "../../policy-pack/src/intake/copy-value";
import { deferUnpacking, wireForm } from "../../policy-pack/src/intake/wire";

type Unpack = (properties: { toJavaScript(): unknown }, keepSecrets: boolean) => Record<string, unknown>;

/* The SDK's own modules; they carry no types of their own. */
const sdk = require("@pulumi/policy/deserialize") as { deserializeProperties: Unpack };
const { unknownCheckingProxy } = require("@pulumi/policy/proxy") as { unknownCheckingProxy: <T>(value: T) => T };
const own = sdk.deserializeProperties;
deferUnpacking();

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "s3cr3t" };
const ASSET = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "hello" };

function wire(properties: Record<string, unknown>): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

test("whoever looks sees what the SDK would have unpacked", () => {
  const leaf = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null), fc.constant(SECRET));
  const properties = fc.dictionary(
    fc.string().filter((key) => key !== "__proto__"),
    fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.string({ minLength: 1 }), leaf)),
  );
  fc.assert(
    fc.property(properties, (raw) => {
      const expected = own(wire(raw), false);
      const seen = sdk.deserializeProperties(wire(raw), false);
      expect({ ...seen }).toEqual(expected);
      expect(Object.keys(seen)).toEqual(Object.keys(expected));
      for (const key of Object.keys(expected)) expect(key in seen).toBe(true);
      expect(copyValue(unknownCheckingProxy(sdk.deserializeProperties(wire(raw), false)))).toEqual(copyValue(expected));
    }),
  );
});

test("nothing is unpacked until somebody looks, and then once", () => {
  let unpacked = 0;
  const struct = wire({ name: "api" });
  const counted = { toJavaScript: () => (unpacked++, struct.toJavaScript()) };
  const seen = unknownCheckingProxy(sdk.deserializeProperties(counted, false));
  expect(unpacked).toBe(0);
  expect(seen["name"]).toBe("api");
  expect(seen["name"]).toBe("api");
  expect(unpacked).toBe(1);
});

test("what a policy writes stays written", () => {
  const seen = sdk.deserializeProperties(wire({ name: "api", tags: {} }), false);
  seen["name"] = "other";
  delete seen["tags"];
  Object.defineProperty(seen, "region", { value: "eu-west-1", enumerable: true });
  expect({ ...seen }).toEqual({ name: "other", region: "eu-west-1" });
  expect(Object.isFrozen(Object.freeze(seen))).toBe(true);
});

test("the wire form keeps what unpacking loses, behind the SDK's proxy too", () => {
  const seen = sdk.deserializeProperties(wire({ password: SECRET }), false);
  expect(wireForm(seen)).toEqual({ password: SECRET });
  expect(wireForm(unknownCheckingProxy(seen))).toEqual({ password: SECRET });
  expect(seen["password"]).toBe("s3cr3t");
});

test("objects that did not come that way have no wire form", () => {
  for (const other of [{}, { name: "api" }, [], null, "text", unknownCheckingProxy({ name: "api" })])
    expect(wireForm(other)).toBeUndefined();
});

test("remediation gets what the SDK makes for it, and its wire form says what is secret", () => {
  const seen = unknownCheckingProxy(sdk.deserializeProperties(wire({ password: SECRET, code: ASSET }), true));
  expect(wireForm(seen)).toEqual({ password: SECRET, code: ASSET });
  expect(seen["password"]).toBe("s3cr3t");
});

test("packs that share a process defer once", () => {
  const deferred = sdk.deserializeProperties;
  deferUnpacking();
  expect(sdk.deserializeProperties).toBe(deferred);
});
