import * as fc from "fast-check";

/** Kinds of workloads whose pods roll out with their role; a bare Pod never does, which is a finding by itself. */
export const KINDS = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet"] as const;
export type Kind = (typeof KINDS)[number];

export interface ClusterPlan {
  readonly form: "aws" | "aws-native" | "eks";
  readonly region: "eu-west-1" | "us-east-1" | "cn-north-1";
  /** Whether OIDC provider and roles are in the cluster's account or in another, as in cross-account access. */
  readonly roles: "own account" | "other account";
  /** Whether the AWS provider's configuration says which account it reaches. */
  readonly told: boolean;
  readonly oidc: "bridged" | "native";
}

export interface BindingPlan {
  /** Index into the clusters, modulo their number. */
  readonly cluster: number;
  readonly shape: "wired" | "component" | "native";
  readonly account: "resource" | "list" | "patch" | "expected";
  readonly namespace: "shop" | "ops";
  /** Whether the objects take their namespace from a Namespace resource. */
  readonly namespaceFrom: "resource" | "literal";
  readonly permissions: "attachment" | "inline" | "policy" | "on role";
  readonly path: "/" | "/team/";
  /** Policy documents allow one value or a list of one in most places. */
  readonly lists: boolean;
  readonly workloads: readonly Kind[];
  readonly patched: boolean;
}

export interface StackPlan {
  readonly clusters: readonly ClusterPlan[];
  readonly bindings: readonly BindingPlan[];
  readonly addon: boolean;
  /** A Pod Identity association for an account of its own. */
  readonly association: boolean;
  readonly release: boolean;
  /** Resources that have nothing to do with the chain. */
  readonly strangers: boolean;
}

const clusterPlan: fc.Arbitrary<ClusterPlan> = fc.record({
  form: fc.constantFrom("aws", "aws-native", "eks"),
  region: fc.constantFrom("eu-west-1", "us-east-1", "cn-north-1"),
  roles: fc.constantFrom("own account", "own account", "other account"),
  told: fc.boolean(),
  oidc: fc.constantFrom("bridged", "native"),
});

const bindingPlan: fc.Arbitrary<BindingPlan> = fc.record({
  cluster: fc.nat({ max: 2 }),
  shape: fc.constantFrom("wired", "component", "native"),
  account: fc.constantFrom("resource", "resource", "list", "patch", "expected"),
  namespace: fc.constantFrom("shop", "ops"),
  namespaceFrom: fc.constantFrom("resource", "literal"),
  permissions: fc.constantFrom("attachment", "inline", "policy", "on role"),
  path: fc.constantFrom("/", "/", "/team/"),
  lists: fc.boolean(),
  workloads: fc.uniqueArray(fc.constantFrom(...KINDS), { maxLength: 2 }),
  patched: fc.boolean(),
});

/** Correct programs: one to three clusters and bindings, in every form that the pack reads. */
export const stackPlan: fc.Arbitrary<StackPlan> = fc.record({
  clusters: fc.array(clusterPlan, { minLength: 1, maxLength: 3 }),
  bindings: fc.array(bindingPlan, { minLength: 1, maxLength: 3 }),
  addon: fc.boolean(),
  association: fc.boolean(),
  release: fc.boolean(),
  strangers: fc.boolean(),
});
