import { type Fact, isKnownAs, known, knownValueOr, unknown, type Urn } from "../facts/fact";
import type { Container } from "./types";

/** One environment variable of a container and where it comes from. */
export interface Variable {
  readonly name: string;
  /** Path of the entry in `env`, or in `envFrom`. */
  readonly path: string;
  /** Known only for a literal; texts that may be secrets are not kept, but empty ones are told from others. */
  readonly value: Fact<string>;
  readonly from: "value" | "valueFrom" | "nothing" | "envFrom";
  /** For `envFrom`, the Secret or ConfigMap of this stack. */
  readonly declaredBy: Urn | undefined;
}

export interface Environment {
  /** The entries of `env`, which are all that the webhook looks at: for it a name that is there is set, even when empty. */
  readonly written: ReadonlyMap<string, Variable>;
  /** These and what `envFrom` takes from objects of this stack; `env` wins, as in Kubernetes. */
  readonly all: ReadonlyMap<string, Variable>;
  /** False when `envFrom` takes from an object whose keys nobody here knows. */
  readonly complete: boolean;
}

/** What the container's process will see before the webhook adds to it; unknown while a list or a variable's name is. */
export function environmentOf(container: Pick<Container, "env" | "envFrom">): Fact<Environment> {
  const { env, envFrom } = container;
  if (env.is === "unknown") return env;
  const written = new Map<string, Variable>();
  for (const { name, path, value, from } of knownValueOr(env, [])) {
    if (name.is === "unknown") return name;
    if (name.is === "known") {
      // `$(OTHER)` is another variable's value, which Kubernetes fills in.
      const text = value.is === "known" && value.value.includes("$(") ? unknown() : value;
      written.set(name.value, { name: name.value, path, value: text, from, declaredBy: undefined });
    }
  }
  const imported = new Map<string, Variable>();
  let complete = envFrom.is !== "unknown";
  for (const { path, prefix, keys, declaredBy } of knownValueOr(envFrom, [])) {
    if (keys.is !== "known" || prefix.is === "unknown") complete = false;
    else
      for (const key of keys.value) {
        const name = `${knownValueOr(prefix, "")}${key}`;
        imported.set(name, { name, path, value: unknown(), from: "envFrom", declaredBy });
      }
  }
  return known({ written, all: new Map([...imported, ...written]), complete });
}

/**
 * What tells what a container's environment holds, while that is not known: a list, the name of a variable or of an object
 * that `envFrom` takes from, the keys of such an object, or the value of one of `variables`. Undefined once all is known.
 */
export function awaitedEnvironment(
  { env, envFrom }: Pick<Container, "env" | "envFrom">,
  ...variables: readonly string[]
): readonly Urn[] | undefined {
  const written = knownValueOr(env, []);
  const sources = knownValueOr(envFrom, []);
  const facts: readonly Fact<unknown>[] = [
    env,
    envFrom,
    ...written.flatMap(({ name, value }) => [
      name,
      ...(name.is === "known" && variables.includes(name.value) ? [value] : []),
    ]),
    ...sources.flatMap(({ name, prefix, keys }) => [name, prefix, keys]),
  ];
  const waiting = facts.find((each) => each.is === "unknown");
  return waiting?.is === "unknown" ? waiting.waitsFor : undefined;
}

/** The variable when it has a value that is not empty; SDKs pass over empty ones. */
export function setVariable(environment: Environment, name: string): Variable | undefined {
  const variable = environment.all.get(name);
  if (!variable || variable.from === "nothing") return undefined;
  return isKnownAs(variable.value, "") ? undefined : variable;
}

/** The literal text of a variable, when it has one. */
export function literal(environment: Environment, name: string): string | undefined {
  const variable = setVariable(environment, name);
  return variable?.value.is === "known" ? variable.value.value : undefined;
}
