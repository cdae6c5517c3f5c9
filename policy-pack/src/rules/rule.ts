import type { Urn } from "../facts/fact";
import type { Value } from "../facts/value";
import type { ContextConfig } from "../model/config";
import type { IrsaModel } from "../model/types";

/** The five parts of the chain, in the order in which the pack reports them. */
export type Link = "oidc-provider" | "trust-policy" | "permissions" | "service-account" | "workload";
export const LINKS: readonly Link[] = ["oidc-provider", "trust-policy", "permissions", "service-account", "workload"];

export type Severity = "low" | "medium" | "high" | "critical";

/** mandatory: certain to fail at run time, or open to principals that were not meant. advisory: hardening, hints, heuristics. */
export type Level = "mandatory" | "advisory";

/** One property of one resource. `path` is empty when the resource as a whole is meant. */
export interface Place {
  readonly urn: Urn;
  readonly path: string;
}

/** A fault that the inputs prove (mandatory) or make likely (advisory). */
export interface Violation<Data> {
  readonly verdict: "violation";
  /** The one resource to edit. */
  readonly at: Place;
  /** The other parties, nearest first. */
  readonly related: readonly Place[];
  /** Set where the finding is weaker than the rule's own level. */
  readonly level?: Level;
  readonly data: Data;
}

/** Something the rule would judge, but cannot yet. */
export interface Unverified {
  readonly verdict: "unverified";
  readonly at: Place;
  /** What is not known, as a noun phrase: `the trust policy of role "api-irsa"`. */
  readonly what: string;
  /** The resources that make it known once they exist; empty when only the user can tell (another stack, Helm). */
  readonly waitsFor: readonly Urn[];
}

/** What a person reads: the sentence with both parties, why it matters here, and the literal repair. */
export interface Explanation {
  /** One sentence, capital to full stop: both parties by kind and name, the value seen, the value needed, texts in double quotes. */
  readonly says: string;
  /** The symptom at run time; the rule's own `why` when left out. */
  readonly why?: string;
  /** An instruction with the literal text to write. */
  readonly fix: string;
}

/** One leaf of a resource's inputs to be set; a step past the end of a list appends. */
export interface Edit {
  readonly path: readonly (string | number)[];
  readonly value: Value;
}

export interface RuleDefinition<Data> {
  /** `subject-fault`; also the name of the file, the policy, the document and the SARIF rule. */
  readonly id: string;
  readonly link: Link;
  readonly severity: Severity;
  readonly level: Level;
  /** The invariant in one sentence. */
  readonly summary: string;
  /** What the user meets at run time when it is broken, with AWS's or Kubernetes' own error text. */
  readonly why: string;
  /** Step of AWS's troubleshooting article, 1 to 13; undefined where the article is silent. */
  readonly articleStep: number | undefined;
  readonly references: readonly string[];
  /**
   * True when no resource that comes later can mend what the rule finds. Such a rule also judges a resource when it is
   * registered, with those that it names, so that an update stops before the resource is made.
   */
  readonly decidesEarly?: boolean;
  /**
   * For the level `remediate`: what to set so that the resource is right, where that needs no guess. Pure: reads the inputs
   * of one resource, and must leave alone what it does not know. Empty for most resources.
   */
  readonly mend?: (type: string, inputs: Value, config: ContextConfig) => readonly Edit[];
  /** Pure: reads the model, yields data. */
  readonly check: (model: IrsaModel) => Iterable<Violation<Data> | Unverified>;
  /** Pure: data to text. */
  readonly explain: (data: Data) => Explanation;
}

/** A rule whose data type is its own affair: everybody else sees only findings that are already explained. */
export interface Rule extends Omit<RuleDefinition<never>, "check" | "explain"> {
  readonly judge: (model: IrsaModel) => Iterable<Judgement>;
}

export type Judgement = (Omit<Violation<unknown>, "data"> & { readonly explanation: Explanation }) | Unverified;

/** Declares a rule. `explain` is bound to `check` here, so that the type of the data needs to be known nowhere else. */
export function defineRule<Data>(definition: RuleDefinition<Data>): Rule {
  const { check, explain, ...metadata } = definition;
  return {
    ...metadata,
    *judge(model) {
      for (const found of check(model)) {
        if (found.verdict === "unverified") yield found;
        else {
          const { data, ...place } = found;
          yield { ...place, explanation: explain(data) };
        }
      }
    },
  };
}
