/** One statement of a permission policy. */
export interface PresetStatement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What a preset is limited to, settled. Lists that were not given are empty. */
export interface PresetScope {
  readonly partition: string;
  readonly clusterName: string;
  readonly hostedZoneArns: readonly string[];
  readonly bucketArns: readonly string[];
  readonly kmsKeyArns: readonly string[];
  readonly secretArns: readonly string[];
  readonly parameterArns: readonly string[];
  readonly queueArns: readonly string[];
  readonly nodeRoleArns: readonly string[];
  readonly workspaceArns: readonly string[];
}

/** The arguments that limit a preset. */
export type ScopeArgument = Exclude<keyof PresetScope, "partition">;

/** The permissions of one add-on. */
export interface Preset {
  /** Policies of AWS, as what follows `policy/` in their ARN. */
  readonly managed?: readonly string[];
  /** Statements of an inline policy; no policy is made when there are none. */
  readonly statements?: (scope: PresetScope) => readonly PresetStatement[];
  /** Arguments without which the permissions would be useless or boundless: all of them, or at least one of each inner list. */
  readonly needs?: readonly (ScopeArgument | readonly ScopeArgument[])[];
  /** Arguments that may limit or widen it besides. Others are refused, since they would have no effect. */
  readonly takes?: readonly ScopeArgument[];
}

/** An Allow. */
export function allow(
  actions: readonly string[],
  resource: string | readonly string[],
  condition?: PresetStatement["Condition"],
): PresetStatement {
  return { Effect: "Allow", Action: actions, Resource: resource, ...(condition && { Condition: condition }) };
}

/** Actions of one service, each `<service>:<name>`. */
export function actions(service: string, names: string): string[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`);
}

/** Statements for a list of resources; none when the list is empty, since a statement needs a resource. */
export function forEach(
  resources: readonly string[],
  make: (resources: readonly string[]) => readonly PresetStatement[],
): readonly PresetStatement[] {
  return resources.length === 0 ? [] : make(resources);
}
