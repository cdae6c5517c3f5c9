/** What one stand-in provider answers. The server (`server.ts`) turns these plain functions into the provider protocol. */
import type { ValueMap } from "./values";

export type RehearsalMode = "known" | "unknown";

export interface CheckFailure {
  /** Property path as Pulumi prints it: `url`, `thumbprintLists[0]`. */
  readonly property: string;
  readonly reason: string;
}

/** A name the engine proposes (project setting `pulumi:autonaming`); `disabled` asks for no name at all. */
export type Autonaming =
  { readonly is: "unset" } | { readonly is: "disabled" } | { readonly is: "proposed"; readonly name: string };

/** The resource that a request is about. */
export interface Subject {
  readonly urn: string;
  /** Type token, `aws:iam/role:Role`. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** The inputs of the provider instance (`new aws.Provider(..., {region})`) that serves the resource. */
  readonly config: ValueMap;
}

export interface CheckRequest extends Subject {
  /** Inputs of the last deployment; undefined for a new resource. */
  readonly olds: ValueMap | undefined;
  readonly news: ValueMap;
  readonly autonaming: Autonaming;
}

export interface CheckAnswer {
  readonly inputs: ValueMap;
  readonly failures: readonly CheckFailure[];
}

export interface DiffRequest extends Subject {
  readonly id: string;
  readonly oldInputs: ValueMap;
  readonly news: ValueMap;
  readonly ignoreChanges: readonly string[];
}

export interface DiffAnswer {
  /** Top-level properties that changed. */
  readonly changed: readonly string[];
  /** Those of them that cannot be changed in place. */
  readonly replaces: readonly string[];
  /** Whether the replacement would collide with the old resource's name. */
  readonly deleteBeforeReplace: boolean;
}

export interface MakeRequest extends Subject {
  readonly inputs: ValueMap;
  /** The id of the resource that is updated; undefined at creation. */
  readonly id: string | undefined;
  /** Outputs before the update; empty at creation. */
  readonly olds: ValueMap;
  readonly preview: boolean;
}

export interface MakeAnswer {
  /** Undefined where the mode leaves it unknown. */
  readonly id: string | undefined;
  readonly outputs: ValueMap;
}

export interface ReadRequest extends Subject {
  readonly id: string;
  /** What state or the program already knows. */
  readonly inputs: ValueMap;
  readonly state: ValueMap;
}

interface InvokeRequest {
  readonly token: string;
  readonly args: ValueMap;
  readonly config: ValueMap;
}

interface InvokeAnswer {
  readonly result: ValueMap;
  readonly failures?: readonly CheckFailure[];
}

export interface ConstructRequest extends Subject {
  readonly parent: string;
  readonly inputs: ValueMap;
  /** Property name to the URNs it depends on. */
  readonly inputDependencies: ReadonlyMap<string, readonly string[]>;
  readonly dependencies: readonly string[];
  readonly providers: ReadonlyMap<string, string>;
  readonly monitorEndpoint: string;
  readonly dryRun: boolean;
}

export interface ConstructAnswer {
  readonly urn: string;
  readonly state: ValueMap;
  readonly stateDependencies: ReadonlyMap<string, readonly string[]>;
}

export interface StandIn {
  /** The package it stands in for: `aws`. */
  readonly packageName: string;
  check(request: CheckRequest): CheckAnswer;
  diff(request: DiffRequest): DiffAnswer;
  /** Creates, or updates when `id` is given. */
  make(request: MakeRequest): MakeAnswer;
  /** What is there under an id. A stand-in cannot know what is not there, so it always finds something. */
  read(request: ReadRequest): { readonly outputs: ValueMap; readonly inputs: ValueMap };
  invoke(request: InvokeRequest): InvokeAnswer;
  /** Undefined when the component is not one it can build. */
  construct?(request: ConstructRequest): Promise<ConstructAnswer | undefined>;
}

/** Notes something that cannot be rehearsed, once per `what`. */
export type Note = (what: string, why: string) => void;
