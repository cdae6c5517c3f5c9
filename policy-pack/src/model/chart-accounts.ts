import { known, textAt, type Fact } from "../facts/fact";
import { own, isObject, isList, isUnknown, type Value } from "../facts/value";
import type { ContextConfig } from "./config";
import { joinRole, type BareRole } from "./read-aws";
import { cameFrom, pathText, sameText, type Resource } from "./resource";
import type { Join, OpaqueSource, ServiceAccount } from "./types";

/** A ServiceAccount that the values of a chart ask for: `serviceAccount.name`, at whatever depth. */
export interface ChartAccount {
  readonly name: string;
  /** Path of the block in the resource: `values.controller.serviceAccount`. */
  readonly path: string;
  /** True unless `create: false` stands there, or a value that is not known yet. */
  readonly creates: boolean;
  /** Keys of the annotations that the values give it. */
  readonly annotations: readonly string[];
  /** The annotations as they stand there. */
  readonly annotated: Value | undefined;
}

/** The accounts that the values name in the form which most charts share; charts that do it otherwise stay unseen. */
export function chartAccounts({ values }: OpaqueSource): readonly ChartAccount[] {
  return search(values, ["values"]);
}

/** The depth is bounded for hostile values alone; charts nest a few levels. */
function search(value: Value | undefined, path: readonly (string | number)[]): readonly ChartAccount[] {
  if (path.length > 12 || !isObject(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const inner = own(value, key);
    const steps = [...path, key];
    if (isList(inner)) return [];
    const name = /serviceAccount$/i.test(key) ? own(inner, "name") : undefined;
    if (typeof name !== "string" || name === "") return search(inner, steps);
    const annotations = own(inner, "annotations");
    const create = own(inner, "create");
    const creates = create !== false && !isUnknown(create);
    const keys = isObject(annotations) ? Object.keys(annotations) : [];
    return [{ name, path: pathText(steps), creates, annotations: keys, annotated: annotations }];
  });
}

/** The value by which charts, and charts within charts, are told to render into a namespace that is not the release's. */
const MOVES_ELSEWHERE = /"namespaceOverride":(?:"[^"]|\{)/;

type BareAccount = Omit<ServiceAccount, "role"> & { readonly role: Join<BareRole> };

/**
 * The accounts that the values of a Helm release name and annotate with a role: the release renders them in its namespace,
 * so the role has to trust them as if they stood in the program. Left out are those that the program or the configuration
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
  if (source.type !== "kubernetes:helm.sh/v3:Release" || MOVES_ELSEWHERE.test(JSON.stringify(source.values))) return [];
  const from = cameFrom(resource, "values");
  const key = `${config.annotationPrefix}/role-arn`;
  return chartAccounts(source).flatMap(({ name, path, creates, annotated }) => {
    const roleArn = textAt(annotated, [key], from);
    const twins = declared.some(
      (each) => sameText(each.name, known(name)) !== false && sameText(each.namespace, namespace) !== false,
    );
    if (!creates || twins || roleArn.is === "absent" || (roleArn.is === "known" && roleArn.value === "")) return [];
    const audience = textAt(annotated, [`${config.annotationPrefix}/audience`], from);
    return [
      {
        urn: "",
        title: `ServiceAccount "${namespace.is === "known" ? `${namespace.value}/` : ""}${name}" of ${source.title}`,
        form: "expected" as const,
        root: "",
        name: known(name),
        autonamed: false,
        namespace,
        namespaceImplicit: false,
        scope: source.scope,
        annotations: known([]),
        labels: known([]),
        roleArn,
        roleArnPath: `${path}.annotations[${JSON.stringify(key)}]`,
        role: joinRole(roleArn, from, undefined, roles),
        metadataFrom: from,
        dependencies: resource.dependencies,
        audience: audience.is === "absent" ? known(config.audience) : audience,
        construction: undefined,
      },
    ];
  });
}
