import { UNKNOWN } from "../../policy-pack/src/facts/value";
import { copyValue } from "../../policy-pack/src/intake/copy-value";

const proxy = (require("@pulumi/policy/proxy") as { unknownCheckingProxy: (value: unknown) => unknown })
  .unknownCheckingProxy;
const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test("copies plain JSON as it is", () => {
  const value = { text: "a", number: 1.5, flag: false, nothing: null, list: [1, "b", { c: [] }], empty: {} };
  expect(copyValue(proxy(value))).toEqual(value);
});

test.each([
  ["string", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
  ["bool", "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"],
  ["number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421"],
  ["array", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"],
  ["asset", "030794c1-ac77-496b-92df-f27374a8bd58"],
  ["archive", "e48ece36-62e2-4504-bad9-02848725956a"],
  ["object", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"],
])("spells out an unknown %s through the SDK's proxy, wherever it stands", (_, sentinel) => {
  expect(copyValue(proxy({ a: sentinel, b: { c: [1, sentinel] } }))).toEqual({ a: UNKNOWN, b: { c: [1, UNKNOWN] } });
});

test("a text with an unknown inside is unknown as a whole", () => {
  expect(copyValue(`arn:aws:iam::${SENTINEL}:role/api`)).toEqual(UNKNOWN);
});

test("keeps keys that JavaScript treats specially as the data they are", () => {
  const hostile = JSON.parse('{"__proto__": {"polluted": true}, "constructor": "x", "toString": 1}') as object;
  const copied = copyValue(proxy(hostile)) as Record<string, unknown>;
  expect(Object.keys(copied).sort()).toEqual(["__proto__", "constructor", "toString"]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("objects without a prototype are objects", () => {
  expect(copyValue(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
});

test("what is too deep, too large or circular is unknown, never an exception", () => {
  let deep: unknown = "end";
  for (let level = 0; level < 10_000; level++) deep = { deeper: deep };
  expect(JSON.stringify(copyValue(deep))).toContain('"$unknown":true');

  const circular: Record<string, unknown> = { a: 1 };
  circular["self"] = circular;
  expect(copyValue(circular)).toEqual({ a: 1, self: UNKNOWN });

  const wide = Array.from({ length: 300_000 }, () => ({}));
  expect((copyValue(wide) as unknown[]).at(-1)).toEqual(UNKNOWN);
});

test("values that JSON has no word for are null", () => {
  expect(copyValue({ a: Number.NaN, b: undefined, c: () => 1, d: Symbol("x"), e: 10n })).toEqual({
    a: null,
    b: null,
    c: null,
    d: null,
    e: null,
  });
});

describe("on the wire", () => {
  const SIGNATURE = "4dabf18193072939515e22adb298388d";
  const secret = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: { password: "hunter2" } };

  test("a secret is unknown, so that no message can hold it", () => {
    expect(copyValue({ a: secret, b: [secret] })).toEqual({ a: UNKNOWN, b: [UNKNOWN] });
  });

  test("a secret is copied where only its keys will be kept", () => {
    expect(copyValue({ a: secret }, { secrets: "open" })).toEqual({ a: { password: "hunter2" } });
  });

  test("assets and archives are nothing to the chain", () => {
    expect(copyValue({ a: { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: "x" } })).toEqual({ a: null });
  });
});
