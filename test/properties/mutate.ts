import * as fc from "fast-check";
import { parseUrn } from "../../policy-pack/src/facts/urn";
import { UNKNOWN, type Value } from "../../policy-pack/src/facts/value";
import { BINDING_COMPONENT } from "../../policy-pack/src/model/tokens";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { textsIn } from "./edges";
import { placesOf, put, type Place } from "./leaves";

/** One fault: which place, and what is done to it; both are taken modulo what the stack has. */
export interface Mutation {
  readonly where: number;
  readonly what: number;
}

export const mutations = (most: number): fc.Arbitrary<readonly Mutation[]> =>
  fc.array(fc.record({ where: fc.nat({ max: 10_000 }), what: fc.nat({ max: 10_000 }) }), { maxLength: most });

const WORDS: readonly Value[] = [
  "",
  "api",
  "API",
  "default",
  "kube-system",
  "*",
  "system:serviceaccount:shop:*",
  "system:serviceaccount:shop:web",
  "sts.amazonaws.com.cn",
  "arn:aws:iam::111122223333:role/other",
  "arn:aws-cn:iam::111122223333:role/api-irsa",
  "arn:aws:iam::aws:policy/AdministratorAccess",
  "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
  "{}",
  "[object Object]",
  0,
  1000,
  true,
  false,
  null,
  [],
  {},
];

/** The stack with each mutation made in turn: a text of the stack or of another kind in the place of a value. */
export function mutate(snapshot: Snapshot, list: readonly Mutation[]): Snapshot {
  return list.reduce((stack, { where, what }) => {
    const places = placesOf(stack).filter((place) => isMistakable(stack, place));
    const place = places[where % Math.max(places.length, 1)];
    return place ? withoutArn(put(stack, place, replacement(stack, place, what)), place) : stack;
  }, snapshot);
}

/** The ARN follows the name: with another one it is not the old one any more. */
function withoutArn(stack: Snapshot, { urn, path }: Place): Snapshot {
  if (!["name", "roleName", "path", "url"].includes(String(path[0]))) return stack;
  const resources = stack.resources.map((each) =>
    each.urn === urn && each.outputs && Object.hasOwn(each.outputs, "arn")
      ? { ...each, outputs: { ...each.outputs, arn: UNKNOWN } }
      : each,
  );
  return { ...stack, resources };
}

/**
 * Programs make mistakes in what they write, not in what the cloud answers; and the parts of an IrsaBinding follow its inputs,
 * so that these alone cannot be wrong; the account that it makes is always annotated. A stack in which such values contradict
 * each other does not exist.
 */
function isMistakable(stack: Snapshot, { urn, part, path }: Place): boolean {
  if (part === "outputs" || parseUrn(urn).type === BINDING_COMPONENT) return false;
  return path.at(-1) !== "annotations" || parentType(stack, urn) !== BINDING_COMPONENT;
}

function parentType(stack: Snapshot, urn: string): string | undefined {
  const parent = stack.resources.find((each) => each.urn === urn)?.parent;
  return parent === undefined ? undefined : parseUrn(parent).type;
}

function replacement(stack: Snapshot, place: Place, what: number): Value {
  const own = stack.resources.flatMap((each) => textsIn([each.inputs ?? {}, each.outputs ?? {}]));
  const { value } = place;
  if (typeof value === "string" && what % 3 === 0) return edited(value, what);
  return [...WORDS, ...own][what % (WORDS.length + own.length)] ?? "";
}

/** A slip in a text: a letter lost, a letter in the other case, or one word of a document replaced. */
function edited(text: string, what: number): string {
  const at = what % Math.max(text.length, 1);
  switch (what % 4) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + text.slice(at).replace(/[a-z]/, (letter) => letter.toUpperCase());
    case 2:
      return text.replace(/StringEquals|shop|api|sts/, ["StringLike", "ops", "web", "iam", "Null"][what % 5] ?? "");
    default:
      return `${text} `;
  }
}
