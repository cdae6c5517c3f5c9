import type { Urn } from "../facts/fact";
import type { Condition, Statement } from "../iam/document";
import type { Cluster } from "./types";

/** Why a role does not admit an account that is annotated with it, when its trust policy has no fault of its own. */
export type Reason =
  | { readonly kind: "not-web-identity"; readonly path: string; readonly principals: readonly string[] }
  | {
      readonly kind: "provider";
      /** Where the trusted provider stands; empty for the policy as a whole. */
      readonly path: string;
      readonly cluster: Cluster;
      /** The other clusters of this stack that the role trusts. */
      readonly trusted: readonly Cluster[];
      readonly issuers: readonly string[];
      /** The account of the trusted provider, where the issuer is right and the account is not the role's. */
      readonly account: string | undefined;
      /** likely: the account's cluster cannot be read, but the stack makes only this one. */
      readonly how: "by value" | "by wiring" | "likely";
    }
  | {
      readonly kind: "subject";
      readonly path: string;
      readonly condition: Condition | undefined;
      /** The subjects that the role admits. */
      readonly seen: readonly string[];
      readonly issuer: string | undefined;
      /** True while only the making of the name is known: Pulumi adds a random suffix. */
      readonly autonamed: boolean;
      readonly how: "by value" | "by construction";
    }
  | {
      readonly kind: "audience";
      readonly path: string;
      readonly condition: Condition;
      readonly seen: readonly string[];
      readonly issuer: string | undefined;
    }
  | { readonly kind: "condition"; readonly condition: Condition; readonly seen: readonly string[] }
  | { readonly kind: "deny"; readonly statement: Statement }
  | {
      readonly kind: "unknown";
      /** What decides once it is known. */
      readonly about: "provider" | "subject" | "audience";
      readonly what: string;
      readonly waitsFor: readonly Urn[];
    };
