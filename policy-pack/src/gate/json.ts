/** Reads JSON that other programs wrote, so nothing is certain of its shape. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none for anything else. */
export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value below a path of own keys and indices; undefined where a step is missing. */
export function dig(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, step) => (typeof step === "number" ? list(found)[step] : own(fields(found), step)),
    value,
  );
}

function own(object: Fields, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Undefined for text that is no JSON. */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

/** A JSON policy document, or anything else that may be given as text or as an object. */
export function document(value: unknown): unknown {
  return typeof value === "string" ? parseJson(value) : value;
}

/** IAM and Kubernetes take a single value where a list of one is meant. */
export function oneOrMore(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}
