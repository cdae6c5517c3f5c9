import type { Fact } from "../facts/fact";

/**
 * A policy document as IAM reads it. Scalars have become lists of one, element names have lost nothing, every leaf says
 * whether it is known, and each element keeps the path at which it stands, so that a finding can point at it.
 */
export interface PolicyDocument {
  readonly version: Fact<string>;
  readonly statements: readonly Statement[];
  /** What IAM would refuse; a document with flaws is still read as far as it can be. */
  readonly flaws: readonly Flaw[];
  /**
   * False when whole statements are unknown: those below may then be too few, or say nothing (all their elements unknown).
   * An unknown element inside a statement that can be seen leaves this true.
   */
  readonly complete: boolean;
  /**
   * Characters of the document without white space between tokens, as the quota counts; undefined while a part is unknown
   * and for text that is no JSON object.
   */
  readonly size: number | undefined;
}

export type FlawKind =
  | "not-json"
  | "duplicate-key"
  | "wrong-shape"
  /** The right shape but not a value that IAM takes there: an Effect `allow`, a Version `2012-10-18`, a Sid that stands twice. */
  | "wrong-value"
  | "missing-element"
  | "unknown-element"
  | "element-not-allowed"
  | "illegal-character"
  /** Text that a program made of an Output, an object or an undefined value: `[object Object]`, `Calling [toString] on an [Output<T>]`. */
  | "stringified-output"
  | "unknown-action"
  | "unknown-operator";

export interface Flaw {
  readonly kind: FlawKind;
  /** Where, for example `Statement[0].Principal.Federated`; empty for the document as a whole. */
  readonly path: string;
  /** What stands there, shortened to at most 120 characters. */
  readonly seen: string;
  /** What IAM accepts there, as a noun phrase: `"Allow" or "Deny"`. */
  readonly needed: string;
}

export interface Statement {
  readonly index: number;
  /** `Statement[0]`, or `Statement` when the document has one statement that is not in a list. */
  readonly path: string;
  readonly sid: Fact<string>;
  readonly effect: Fact<"Allow" | "Deny">;
  readonly actions: Fact<readonly Leaf[]>;
  readonly notActions: Fact<readonly Leaf[]>;
  readonly resources: Fact<readonly Leaf[]>;
  readonly notResources: Fact<readonly Leaf[]>;
  readonly principals: Fact<readonly Principal[]>;
  readonly notPrincipals: Fact<readonly Principal[]>;
  readonly conditions: Fact<readonly Condition[]>;
}

/** One text of the document and where it stands: `Statement[0].Action`, `Statement[0].Action[2]`. Absent when it is no text. */
export interface Leaf {
  readonly path: string;
  readonly value: Fact<string>;
}

/** `"*"` is `{ type: "*", … value "*" }`; `{"Federated": ["a", "b"]}` is two principals of type `Federated`. */
export interface Principal extends Leaf {
  readonly type: string;
}

/** One key of one operator. The values are alternatives (for a negated operator: all of them must differ). */
export interface Condition {
  /** `Statement[0].Condition.StringEquals["oidc…:sub"]`. */
  readonly path: string;
  /** As written, for example `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As written; empty when the keys of the operator are unknown or unreadable: the condition may then be about any key. */
  readonly key: string;
  /** Absent when what stands there cannot be read. */
  readonly values: Fact<readonly Leaf[]>;
}

/** A condition operator taken apart. */
export interface Operator {
  readonly quantifier: "ForAllValues" | "ForAnyValue" | undefined;
  readonly ifExists: boolean;
  /** The canonical name without prefix and suffix, for example `StringLike`. */
  readonly base: string;
  readonly family: "String" | "Arn" | "Numeric" | "Date" | "Bool" | "Binary" | "IpAddress" | "Null";
  readonly negated: boolean;
}
