/**
 * Schemas for programs in YAML. Their host knows types by the schema of each package, and asks whoever answers for the
 * package: in a rehearsal the stand-in, which has none. So it answers with a schema of just what the program names, without
 * types: what is not there, or of another type, the real provider finds; here only the identity of pods is judged.
 */
import type { YamlProgram, YamlUse } from "./program";
import { type Path, PICKED } from "./reads";

type Type = Readonly<Record<string, unknown>>;
type Types = Readonly<Record<string, Type>>;

const ANY: Type = { $ref: "pulumi.json#/Any" };

/** The engine has them of each resource; a schema may not declare them. */
const RESERVED: ReadonlySet<string> = new Set(["id", "urn", "pulumi"]);

/** Packages that are no bridge to a Terraform provider: their tokens repeat no name (`eks:index:Cluster`). */
const NATIVE =
  /^(kubernetes|eks|awsx|aws-native|aws-apigateway|aws-iam|azure-native|google-native|command|docker-build|std|synced-folder|pulumiservice)$/;

/** Types whose children the package makes: the host asks for them in another way. */
const COMPONENT =
  /^(eks|awsx|aws-apigateway|aws-iam|synced-folder):|^kubernetes:(yaml\/v2|helm\.sh\/v4|kustomize\/v2):/;

/** The schema of a package as far as a program uses it, as JSON. */
export function schemaFor(packageName: string, program: YamlProgram): string {
  const { resources, functions, sources, keys } = program;
  const types = new Map<string, unknown>();
  const given = (uses: readonly YamlUse[]) => anything(uses.flatMap(({ properties = keys }) => properties));
  const outputs = (uses: readonly YamlUse[]) =>
    typesBelow(
      uses.flatMap(({ read }) => read).filter(([name = ""]) => !RESERVED.has(name)),
      (properties) => {
        const token = `${packageName}:index:Read${types.size + 1}`;
        types.set(token, { type: "object", properties });
        return { $ref: `#/types/${token}` };
      },
    );
  const resource = (uses: readonly YamlUse[]) => {
    const inputProperties = given(uses);
    return { inputProperties, properties: { ...inputProperties, ...outputs(uses) } };
  };
  const made = Object.hasOwn(sources, packageName);
  const ofPackage = (uses: readonly YamlUse[]) =>
    byToken(
      uses.filter(({ token }) => packageOf(token) === packageName),
      made || NATIVE.test(packageName),
    );
  const provider = `pulumi:providers:${packageName}`;
  const schema = {
    name: packageName,
    provider: resource(resources.filter(({ token }) => token === provider)),
    resources: Object.fromEntries(
      [...ofPackage(resources.filter(({ token }) => token !== provider))].map(([token, uses]) => [
        token,
        { ...resource(uses), isComponent: made || COMPONENT.test(token) },
      ]),
    ),
    functions: Object.fromEntries(
      [...ofPackage(functions)].map(([token, uses]) => [
        token,
        { inputs: { properties: given(uses) }, outputs: { properties: outputs(uses) } },
      ]),
    ),
  };
  return JSON.stringify({ ...schema, types: Object.fromEntries(types) });
}

/**
 * Types of what is read: an object where a name below is read, since the host lets nobody look into a value of any type;
 * anything else may be of any.
 */
function typesBelow(paths: readonly Path[], declare: (properties: Types) => Type): Types {
  const names = [...new Set(paths.flatMap(([name]) => name ?? []))].filter((name) => name !== PICKED);
  return Object.fromEntries(
    names.map((name) => {
      const below = paths.filter(([first]) => first === name).map(([, ...rest]) => rest);
      const properties = typesBelow(below, declare);
      const picked = below.some(([first]) => first === PICKED);
      const isObject = Object.keys(properties).length > 0;
      return [name, !isObject ? ANY : picked ? { type: "object", additionalProperties: ANY } : declare(properties)];
    }),
  );
}

function anything(names: readonly string[]): Types {
  return Object.fromEntries(names.map((name) => [name, ANY]));
}

/** Packages that a program names; the engine's own is none. */
export function packagesOf({ resources, functions }: YamlProgram): readonly string[] {
  const names = [...resources, ...functions].map(({ token }) => packageOf(token));
  return [...new Set(names)].filter((name) => name !== "pulumi");
}

function packageOf(token: string): string {
  const [first = "", module, name = ""] = token.split(":");
  return first === "pulumi" && module === "providers" ? name : first;
}

/**
 * The tokens that a program may mean, in the order in which pulumi-yaml looks for them (pkg/pulumiyaml/packages.go,
 * resolveToken): `aws:iam:Role` is `aws:iam/role:Role`, `random:RandomId` is `random:index/randomId:RandomId`.
 */
export function spellingsOf(token: string): readonly string[] {
  const [packageName = "", ...rest] = token.split(":");
  const [name = "", module = "index"] = rest.toReversed();
  const repeated = `${packageName}:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
  return [...new Set([token, `${packageName}:${module}:${name}`, repeated])];
}

/** Uses by the whole token that a package without a schema at hand most likely has: one of a bridge, unless it is native. */
function byToken(uses: readonly YamlUse[], native: boolean): ReadonlyMap<string, readonly YamlUse[]> {
  const grouped = new Map<string, YamlUse[]>();
  for (const use of uses) {
    const [index = "", repeated = index] = spellingsOf(use.token).filter((each) => each.split(":").length === 3);
    const token = native || index.includes("/") ? index : repeated;
    grouped.set(token, [...(grouped.get(token) ?? []), use]);
  }
  return grouped;
}
