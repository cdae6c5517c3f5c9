import { known, unknown } from "../facts/fact";
import { isList, isObject, type Value } from "../facts/value";
import { decide } from "./bind";
import { chartAccounts, type ChartAccount } from "./chart-accounts";
import { sameText } from "./resource";
import { isUnused } from "./role-use";
import { rolesNaming } from "./trusting-roles";
import type { IrsaModel, OpaqueSource, Role } from "./types";

/** A chart that makes the account for which a role of the stack was made, and whose values do not name that role. */
export interface WithheldRole {
  readonly source: OpaqueSource;
  /** `namespace/name`. */
  readonly account: string;
  readonly subject: string;
  /** Path of the block of the values in the resource: `values.serviceAccount`. */
  readonly path: string;
  readonly role: Role;
}

/**
 * Most charts render `serviceAccount.name` as it stands, in the namespace of their release. Another stack may annotate the
 * account all the same, so what comes of it can be advice only.
 */
export function rolesWithheldFromCharts(model: IrsaModel): readonly WithheldRole[] {
  return model.opaqueSources.flatMap((source) => {
    const { namespace } = source;
    if (namespace.is !== "known" || namesRoles(source) || source.hasUnseenValues) return [];
    return chartAccounts(source).flatMap((made) => {
      if (!made.creates || isDeclared(made.name, source, model)) return [];
      const subject = `system:serviceaccount:${namespace.value}:${made.name}`;
      const role = rolesNaming(subject, model).find((each) => isWithheld(each, source, made, subject, model));
      return role ? [{ source, account: `${namespace.value}/${made.name}`, subject, path: made.path, role }] : [];
    });
  });
}

function isWithheld(role: Role, source: OpaqueSource, made: ChartAccount, subject: string, model: IrsaModel): boolean {
  if (!isUnused(role, model) || role.name.is !== "known") return false;
  if (source.valuesFrom.includes(role.urn) && !isForKube2iamAlone(role, source)) return false;
  const { value: name } = role.name;
  const { cluster } = source.scope;
  const issuer = cluster.how === "unresolved" ? unknown(cluster.waitsFor) : cluster.to.issuer;
  // A chart may take the name of a role under a key of its own.
  const mentions = textsIn(source.values).filter((text) => text === name).length;
  return (
    mentions <= (made.name === name ? 1 : 0) &&
    decide(role, { subject: known(subject), audience: known(model.config.audience), issuer })?.answer === "allow"
  );
}

/** True for values that hold the ARN of a role under whatever key, or a value that is not known. */
function namesRoles(source: OpaqueSource): boolean {
  return /:role\/|\$unknown/.test(withoutKube2iam(source));
}

/** The webhook knows nothing of kube2iam's annotation, and kube2iam can take no role that trusts an OIDC provider alone. */
function withoutKube2iam({ values }: OpaqueSource): string {
  return JSON.stringify(values).replace(/"iam\.amazonaws\.com\/role":"[^"]{0,2048}"/g, "");
}

function isForKube2iamAlone({ arn }: Role, source: OpaqueSource): boolean {
  return arn.is === "known" && !withoutKube2iam(source).includes(arn.value);
}

/** A resource or a Patch of the stack says itself what the account carries, and an association may bring the role. */
function isDeclared(name: string, { namespace }: OpaqueSource, model: IrsaModel): boolean {
  const [wanted, { serviceAccounts, associations }] = [known(name), model];
  return (
    serviceAccounts.some(
      (each) => sameText(each.name, wanted) !== false && sameText(each.namespace, namespace) !== false,
    ) ||
    associations.some(
      (each) => sameText(each.serviceAccount, wanted) !== false && sameText(each.namespace, namespace) !== false,
    )
  );
}

function textsIn(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  if (isList(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
