/** Stand-in for a package that the chain does not depend on: it takes every input and hands it back. */
import { changes } from "./diff";
import { alphanumeric, hex, uuid } from "./hash";
import { constructBare } from "./monitor";
import type { ConstructAnswer, ConstructRequest, MakeRequest, Note, RehearsalMode, StandIn } from "./stand-in";
import { compact, isSet, own, scalar, text, unknown, type Value, type ValueMap } from "./values";

type Component = (request: ConstructRequest) => Promise<ConstructAnswer>;

/**
 * @param components the package's components that can be built, by type token; every other one is registered without
 *   children and noted
 */
export function echoStandIn(
  packageName: string,
  mode: RehearsalMode,
  note: Note,
  components: Readonly<Record<string, Component>> = {},
): StandIn {
  return {
    packageName,
    check: ({ news }) => ({ inputs: news, failures: [] }),
    diff: ({ oldInputs, news, ignoreChanges }) => ({
      changed: changes(oldInputs, news).filter((property) => !ignoreChanges.includes(property)),
      replaces: [],
      deleteBeforeReplace: false,
    }),
    make: (request) => {
      const hidden = mode === "unknown" && request.preview;
      const generated = Object.entries(compact(generatedOutputs(request))).map(([key, value]): [string, Value] => [
        key,
        request.olds[key] ?? (hidden ? unknown : value),
      ]);
      const id = request.id ?? (hidden ? undefined : hex(16, "id", request.urn));
      return { id, outputs: { ...Object.fromEntries(generated), ...request.inputs } };
    },
    read: ({ id, inputs, state }) => ({ outputs: { ...inputs, ...state, id }, inputs }),
    invoke: ({ token, args }) => {
      const answer = own(answers, token)?.(args);
      if (answer === undefined) {
        note(token, `${packageName} has an echo stand-in only; the function was given its own arguments back`);
      }
      return { result: { ...args, ...answer } };
    },
    construct: (request) => {
      const component = own(components, request.type);
      if (component !== undefined) return component(request);
      note(request.type, "the children of this remote component are made by its package, which is not run");
      return constructBare(request);
    },
  };
}

/** Outputs that programs use to build names: the random package's results and the tls package's keys. */
function generatedOutputs({ type, urn, inputs }: MakeRequest): Readonly<Record<string, Value | undefined>> {
  const length = typeof inputs.length === "number" ? inputs.length : 16;
  const prefix = isSet(inputs.prefix) ? (text(inputs.prefix) ?? "") : "";
  switch (type) {
    case "random:index/randomId:RandomId": {
      const bytes = Buffer.from(hex(64, "random", urn), "hex").subarray(0, Number(inputs.byteLength ?? 8));
      return {
        hex: prefix + bytes.toString("hex"),
        dec: prefix + BigInt(`0x${bytes.toString("hex") || "0"}`).toString(),
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
      };
    }
    case "random:index/randomString:RandomString":
    case "random:index/randomPassword:RandomPassword":
      return { result: repeated((part) => alphanumeric(32, "random", urn, part), length).toLowerCase() };
    case "random:index/randomPet:RandomPet":
      return {
        result: [prefix, "calm", "otter", hex(4, "random", urn)].filter(Boolean).join(text(inputs.separator) ?? "-"),
      };
    case "random:index/randomUuid:RandomUuid":
      return { result: uuid("random", urn) };
    case "random:index/randomInteger:RandomInteger":
      return { result: inputs.min };
    case "random:index/randomShuffle:RandomShuffle":
      return { results: inputs.inputs };
    default:
      return {};
  }
}

const repeated = (part: (index: string) => string, length: number): string =>
  Array.from({ length: Math.ceil(Math.min(length, 4096) / 32) }, (_, index) => part(String(index)))
    .join("")
    .slice(0, length);

const answers: Readonly<Record<string, (args: ValueMap) => ValueMap>> = {
  // The usual way to compute the thumbprint of an issuer: the root of the chain comes last.
  "tls:index/getCertificate:getCertificate": ({ url = "" }) => ({
    id: hex(40, "certificate", scalar(url)),
    certificates: ["leaf", "root"].map((level) => ({
      sha1Fingerprint: hex(40, "certificate", level, scalar(url)),
      isCa: level === "root",
      subject: `CN=rehearsal ${level}`,
      issuer: "CN=rehearsal root",
      notBefore: "2024-01-01T00:00:00Z",
      notAfter: "2034-01-01T00:00:00Z",
    })),
  }),
};
