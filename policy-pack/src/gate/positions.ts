import { isAbsolute, join, relative, sep } from "node:path";
import { readYamlProgram, spellingsOf, type YamlProgram } from "../rehearsal";
import type { Position } from "./report";
import type { Resources, StackResource } from "./resources";

/** Where files are: both absolute. */
export interface Folders {
  /** Folder of Pulumi.yaml, which the engine's positions are relative to. */
  readonly project: string;
  /** What the positions in reports are relative to: the repository. */
  readonly base: string;
  /** The program, where it is one in YAML: the engine records positions of its host's own code then. */
  readonly program?: YamlProgram | undefined;
}

/** The folders of a program that is at hand. */
export function foldersOf(project: string, base: string): Folders {
  return { project, base, program: readYamlProgram(project) };
}

/**
 * Where the program makes a resource. A component of a package makes its children inside node_modules, where nobody can
 * mend anything, so the frames above and then the component's own position are asked. Undefined where the engine
 * recorded no position in the project, and for files outside the base.
 */
export function positionOf(resource: StackResource, resources: Resources, folders: Folders): Position | undefined {
  const seen = new Set<string>();
  for (let each: StackResource | undefined = resource; each !== undefined && !seen.has(each.urn);) {
    seen.add(each.urn);
    const declared = declaredAt(each, folders);
    if (declared !== undefined) return declared;
    for (const frame of each.positions) {
      const position = readPosition(frame, folders);
      if (position !== undefined) return position;
    }
    each = each.parent === undefined ? undefined : resources.get(each.parent);
  }
  return undefined;
}

/** Where a program in YAML declares a resource. */
function declaredAt({ type, name }: StackResource, { base, program }: Folders): Position | undefined {
  const found = program?.resources.find((each) => each.name === name && spellingsOf(each.token).includes(type));
  const file = program && insideOf(base, program.file);
  return found && file !== undefined ? { file, line: found.line, column: found.column } : undefined;
}

function readPosition(source: string, { project, base }: Folders): Position | undefined {
  const match = /^(?:project|file):\/\/\/(.+)#(\d+)(?:,(\d+))?$/.exec(source);
  const [, path, line, column] = match ?? [];
  if (path === undefined || line === undefined) return undefined;
  const file = insideOf(base, join(project, decode(path)));
  if (file === undefined || /(^|\/)(node_modules|site-packages)\//.test(file)) return undefined;
  return { file, line: Math.max(1, Number(line)), column: Math.max(1, Number(column ?? 1)) };
}

/** A path relative to the base, with forward slashes; undefined for paths that leave it. */
export function insideOf(base: string, absolute: string): string | undefined {
  const path = relative(base, absolute);
  if (path === "" || isAbsolute(path) || path === ".." || path.startsWith(`..${sep}`)) return undefined;
  return path.split(sep).join("/");
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
