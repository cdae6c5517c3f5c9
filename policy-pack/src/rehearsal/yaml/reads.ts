/** What a program in YAML reads of its resources and variables: the interpolations `${role.arn}` in its texts. */
import { isMap, isScalar, visit, type YAMLMap } from "yaml";

/** Names one below the other: `["metadata", "name"]`. `[]` is where one is picked of many, and ends the path. */
export type Path = readonly string[];

export const PICKED = "[]";

/** Variables may stand for each other; no program has a longer chain than this. */
const MAX_ALIASES = 10;

/** What is read of a resource or variable, by its key. */
export function readReads(program: YAMLMap): (key: string) => readonly Path[] {
  const paths: Path[] = [];
  visit(program, {
    Scalar: (_, { value }) => {
      if (typeof value === "string") paths.push(...pathsIn(value));
    },
  });
  const aliases = aliasesIn(program);
  const read = new Map<string, Path[]>();
  for (const path of paths) {
    const [root = "", ...rest] = whole(path, aliases);
    if (rest.length > 0) read.set(root, [...(read.get(root) ?? []), rest]);
  }
  return (key) => read.get(key) ?? [];
}

/** Variables that only name something else: `roleArn: ${role.arn}`. */
function aliasesIn(program: YAMLMap): ReadonlyMap<string, Path> {
  const variables: unknown = program.get("variables");
  if (!isMap(variables)) return new Map();
  return new Map(
    variables.items.flatMap(({ key, value }): [string, Path][] => {
      const text = isScalar(value) && typeof value.value === "string" ? value.value.trim() : "";
      const [path, ...others] = pathsIn(text);
      const isAlias =
        path !== undefined && others.length === 0 && text.startsWith("${") && text.indexOf("}") === text.length - 1;
      return isAlias && isScalar(key) ? [[String(key.value), path]] : [];
    }),
  );
}

function whole(path: Path, aliases: ReadonlyMap<string, Path>, depth = 0): Path {
  const [root = "", ...rest] = path;
  const stands = aliases.get(root);
  return stands === undefined || depth === MAX_ALIASES ? path : whole([...stands, ...rest], aliases, depth + 1);
}

function pathsIn(text: string): readonly Path[] {
  // `$${` is an escaped brace, whose path is read in vain and does no harm.
  return text
    .split("${")
    .slice(1)
    .map(pathAt)
    .filter((path) => path.length > 0);
}

/** The path at the start of a text, which ends at its brace: `role.arn}`, `list[0].name}`, `map["a key"]}`. */
function pathAt(text: string): Path {
  const end = text.search(/[[}]/);
  if (end < 0) return [];
  const names = text.slice(0, end).split(".").filter(Boolean);
  return text.charAt(end) === "[" && names.length > 0 ? [...names, PICKED] : names;
}
