import oidcProviderDuplicate from "./oidc-provider/oidc-provider-duplicate";
import type { Rule } from "./rule";

/**
 * Every rule, link by link along the chain and within a link the most causal first: reports keep this order, so the first
 * finding is the one to mend first.
 */
export const rules: readonly Rule[] = [
  // oidc-provider
  oidcProviderDuplicate,
  // trust-policy
  // permissions
  // service-account
  // workload
];
