import type { Fact } from "../facts/fact";
import type { Condition, Statement } from "./document";

/** One request as IAM sees it: who asks, for which action, on which resource, with which context. */
export interface Request {
  readonly action: string;
  /** The caller, for documents that name principals; undefined for identity policies. */
  readonly principal?: {
    readonly type: "Federated" | "AWS" | "Service";
    readonly value: Fact<string>;
    /** While the value is unknown: whether it may turn out to be this text. Without it, it may turn out to be anything. */
    readonly canBe?: (text: string) => boolean;
  };
  /** The resource ARN, for documents that name resources; undefined for trust policies. */
  readonly resource?: Fact<string>;
  /**
   * The condition keys that the request carries; an unknown fact is a key that is carried with a value not known yet. A key
   * that is missing here is absent from the request, except those of {@link unknownKeys}. Case of names does not matter.
   */
  readonly context: Readonly<Record<string, Fact<readonly string[]>>>;
  /** True for a key of which nobody can say whether and with which value the request will carry it. */
  readonly unknownKeys?: (key: string) => boolean;
}

/**
 * allow and deny are certain for every value that the unknown leaves may take; unknown says which leaf decides.
 * `because` has, in document order, one line of evidence for each part that keeps an Allow from applying, and for each part
 * on which a Deny still hangs. `explicit` is the Deny that applies; without one, no Allow does.
 */
export type Decision =
  | { readonly answer: "allow"; readonly by: Statement }
  | { readonly answer: "deny"; readonly explicit: Statement | undefined; readonly because: readonly Mismatch[] }
  | { readonly answer: "unknown"; readonly because: readonly Mismatch[] };

/**
 * Why a statement does not apply. `seen` are the known texts of the policy there, `needed` is what the request has (empty
 * while that is unknown).
 */
export type Mismatch =
  | { readonly kind: "effect"; readonly statement: Statement; readonly verdict: "fails" | "unknown" }
  | {
      readonly kind: "action";
      readonly statement: Statement;
      readonly verdict: "fails" | "unknown";
      readonly seen: readonly string[];
      readonly needed: string;
    }
  | {
      readonly kind: "principal";
      readonly statement: Statement;
      readonly verdict: "fails" | "unknown";
      readonly seen: readonly string[];
      readonly needed: string;
    }
  | {
      readonly kind: "resource";
      readonly statement: Statement;
      readonly verdict: "fails" | "unknown";
      readonly seen: readonly string[];
      readonly needed: string;
    }
  | {
      readonly kind: "condition";
      readonly statement: Statement;
      readonly condition: Condition;
      readonly verdict: "fails" | "unknown";
      /** The values in the policy. */
      readonly seen: readonly string[];
      /** The request's value of the key; undefined when the request does not carry the key. */
      readonly needed: string | undefined;
      readonly reason: "key-absent" | "value-differs" | "operator-never-matches" | "operator-unknown" | "value-unknown";
    };
