import { at, type Fact, isKnownAs, known, textAt, unknown } from "../facts/fact";
import { own, isObject, isList, isUnknown, type Value } from "../facts/value";
import { defaultAccountName, rightBlock } from "./chart-catalogue";
import type { ContextConfig } from "./config";
import { joinAnnotatedRole, type BareRole } from "./read-aws";
import { cameFrom, pathText, sameText, type Resource } from "./resource";
import type { Join, OpaqueSource, ServiceAccount } from "./types";

/** A ServiceAccount that the values of a chart describe: a block `serviceAccount`, at whatever depth, or one for each part in it. */
interface AccountBlock {
  /** Undefined where the chart makes the name up, or fills a template in. */
  readonly name: string | undefined;
  /** Path of the block in the resource: `values.controller.serviceAccount`. */
  readonly path: string;
  /** True unless `create: false` stands there, or a value that is not known yet. */
  readonly creates: boolean;
  /** Keys of the annotations that the values give it. */
  readonly annotations: readonly string[];
  /** The annotations as they stand there. */
  readonly annotated: Value | undefined;
}

/** A ServiceAccount that the values of a chart ask for by its name. */
export interface ChartAccount extends AccountBlock {
  readonly name: string;
}

/** The accounts that the values name in the form which most charts share; charts that do it otherwise stay unseen. */
export function chartAccounts({ values }: OpaqueSource): readonly ChartAccount[] {
  return search(values, ["values"]).flatMap((block) =>
    block.name === undefined ? [] : [{ ...block, name: block.name }],
  );
}

/** The depth is bounded for hostile values alone; charts nest a few levels. */
function search(value: Value | undefined, path: readonly (string | number)[]): readonly AccountBlock[] {
  if (path.length > 12 || !isObject(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const inner = own(value, key);
    const steps = [...path, key];
    if (isList(inner)) return [];
    if (!/serviceAccounts?$/i.test(key) || !isObject(inner)) return search(inner, steps);
    const whole = blockAt(inner, steps);
    if (whole) return [whole];
    return Object.keys(inner).flatMap((part) => {
      const found = blockAt(own(inner, part), [...steps, part]);
      return found ? [found] : search(own(inner, part), [...steps, part]);
    });
  });
}

function blockAt(value: Value | undefined, steps: readonly (string | number)[]): AccountBlock | undefined {
  if (!isObject(value) || isUnknown(value)) return undefined;
  const [name, annotations, create] = [own(value, "name"), own(value, "annotations"), own(value, "create")];
  const written = typeof name === "string" && name !== "" && !name.includes("{{") ? name : undefined;
  if (written === undefined && !isObject(annotations)) return undefined;
  const creates = create !== false && !isUnknown(create);
  const keys = isObject(annotations) ? Object.keys(annotations) : [];
  return { name: written, path: pathText(steps), creates, annotations: keys, annotated: annotations };
}

/**
 * The name that the chart gives the account. Once all values are known the provider renders the chart to check the release,
 * and says what it makes (`resourceNames`); a guess that is not among it is none.
 */
function nameByDefault(resource: Resource, values: Value, path: string): string | undefined {
  const name = defaultAccountName(resource, values, path);
  const made = at(resource.properties, ["resourceNames", "ServiceAccount/v1"]);
  // What it makes may be said later, so that the guess proves nothing yet.
  if (made.is === "unknown") return undefined;
  if (name === undefined || made.is === "absent" || !isList(made.value) || made.value.length === 0) return name;
  return made.value.some((each) => typeof each === "string" && each.split("/").at(-1) === name) ? name : undefined;
}

/** The value by which charts, and charts within charts, are told to render into a namespace that is not the release's. */
const MOVES_ELSEWHERE = /"namespaceOverride":(?:"[^"]|\{)/;

type BareAccount = Omit<ServiceAccount, "role"> & { readonly role: Join<BareRole> };

/**
 * The accounts that the values of a Helm release annotate with a role: the release renders them in its namespace, so the
 * role has to trust them as if they stood in the program. Left out are those that the program or the configuration
 * declares too, and charts that are told to use another namespace. `namespace` is the one of the release. The children of
 * a Chart are resources themselves.
 */
export function accountsOfRelease(
  resource: Resource,
  source: OpaqueSource,
  config: ContextConfig,
  roles: readonly BareRole[],
  declared: readonly Pick<ServiceAccount, "name" | "namespace">[],
  namespace: Fact<string>,
): readonly BareAccount[] {
  // Files may name the account, and its namespace, otherwise.
  if (source.hasUnseenValues) return [];
  if (source.type !== "kubernetes:helm.sh/v3:Release" || MOVES_ELSEWHERE.test(JSON.stringify(source.values))) return [];
  const from = cameFrom(resource, "values");
  const key = `${config.annotationPrefix}/role-arn`;
  return search(source.values, ["values"]).flatMap(({ name: written, path, creates, annotated }) => {
    const roleArn = textAt(annotated, [key], from);
    const byDefault = written === undefined ? nameByDefault(resource, source.values, path) : undefined;
    const name = written ?? byDefault;
    const twins = declared.some(
      (each) =>
        name !== undefined &&
        sameText(each.name, known(name)) !== false &&
        sameText(each.namespace, namespace) !== false,
    );
    // What the chart does not read makes no account.
    if (rightBlock(source.chart, path) !== undefined) return [];
    if (!creates || twins || roleArn.is === "absent" || isKnownAs(roleArn, "")) return [];
    const audience = textAt(annotated, [`${config.annotationPrefix}/audience`], from);
    return [
      {
        urn: "",
        title:
          name === undefined
            ? `the ServiceAccount in the values of ${source.title}`
            : `ServiceAccount "${namespace.is === "known" ? `${namespace.value}/` : ""}${name}" of ${source.title}`,
        form: "expected" as const,
        root: "",
        name: name === undefined ? unknown() : known(name),
        ...(written === undefined ? { chartName: byDefault === undefined ? "unknown" : "default" } : {}),
        autonamed: false,
        namespace,
        namespaceImplicit: false,
        scope: source.scope,
        annotations: known([]),
        labels: known([]),
        roleArn,
        roleArnPath: `${path}.annotations[${JSON.stringify(key)}]`,
        role: joinAnnotatedRole(at(annotated, []), roleArn, from, roles),
        metadataFrom: from,
        dependencies: resource.dependencies,
        audience: audience.is === "absent" ? known(config.audience) : audience,
        construction: undefined,
      },
    ];
  });
}
