import { at, knownValueOr, listAt, textAt, type Fact } from "../facts/fact";
import { isList, isObject, own, type Value } from "../facts/value";
import { coversAction } from "../iam/trust-statements";
import { joinRole, type BareRole } from "./read-aws";
import type { KubernetesScopes } from "./read-kubernetes";
import { cameFrom, pathText, type Resource } from "./resource";
import { roleRequestKind } from "./tokens";
import type { Join, Role, RoleRequest } from "./types";

type Steps = readonly (string | number)[];

/**
 * What the custom resources of controllers ask for: the role that cert-manager assumes for a zone
 * (`spec.acme.solvers[].dns01.route53.role`), and what External Secrets assumes for a store (`spec.provider.aws.role`),
 * with the account from whose annotation it takes its first role (`auth.jwt.serviceAccountRef`), and the role with which
 * Prometheus signs what it writes (`sigv4.roleArn`).
 */
export function readRoleRequests(
  resources: readonly Resource[],
  scopes: KubernetesScopes,
  roles: readonly BareRole[],
): readonly (Omit<RoleRequest, "role"> & { readonly role: Join<BareRole> })[] {
  return resources.flatMap((resource) => {
    if (resource.type === "kubernetes:helm.sh/v3:Release") return requestsOfChart(resource, roles);
    const kind = roleRequestKind(resource.type);
    if (kind === undefined) return [];
    const from = cameFrom(resource, "spec");
    const name = textAt(resource.properties, ["metadata", "name"]);
    const shown = resource.type.slice(resource.type.lastIndexOf(":") + 1);
    const title = `${shown} "${knownValueOr(name, resource.name)}"`;
    const scope = scopes.of(resource);
    return placesOf(resource, kind).map(({ role: path, account }) => {
      const arn = textAt(resource.properties, path, from);
      return {
        urn: resource.urn,
        title,
        path: pathText(path),
        arn,
        role: joinRole(arn, from, undefined, roles),
        account: account && {
          path: pathText([...account, "name"]),
          name: textAt(resource.properties, [...account, "name"], from),
          namespace: namespaceOf(resource, account, scopes),
          scope,
        },
      };
    });
  });
}

/** Prometheus assumes the role of a remote write's `sigv4`, which charts hand on as it stands. */
function requestsOfChart(
  resource: Resource,
  roles: readonly BareRole[],
): readonly (Omit<RoleRequest, "role"> & { readonly role: Join<BareRole> })[] {
  const from = cameFrom(resource, "values");
  return signers(resource.properties["values"], ["values"]).map((path) => {
    const arn = textAt(resource.properties, path, from);
    return {
      urn: resource.urn,
      title: `Release "${resource.name}"`,
      path: pathText(path),
      arn,
      role: joinRole(arn, from, undefined, roles),
      account: undefined,
    };
  });
}

/** The depth is bounded for hostile values alone; charts nest a few levels. */
function signers(value: Value | undefined, steps: Steps): readonly Steps[] {
  if (steps.length > 16) return [];
  if (isList(value)) return value.flatMap((each, index) => signers(each, [...steps, index]));
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const inner = own(value, key);
    if (key !== "sigv4") return signers(inner, [...steps, key]);
    return ["roleArn", "role_arn"].flatMap((name) => (own(inner, name) ? [[...steps, key, name]] : []));
  });
}

interface Places {
  readonly role: Steps;
  readonly account: Steps | undefined;
}

function placesOf(resource: Resource, kind: "issuer" | "store" | "prometheus"): readonly Places[] {
  if (kind === "prometheus")
    return signers(resource.properties["spec"], ["spec"]).map((role) => ({ role, account: undefined }));
  if (kind === "store") {
    const account = ["spec", "provider", "aws", "auth", "jwt", "serviceAccountRef"];
    const named = at(resource.properties, account).is === "known";
    return [{ role: ["spec", "provider", "aws", "role"], account: named ? account : undefined }];
  }
  const solvers = listAt(resource.properties, ["spec", "acme", "solvers"]);
  return knownValueOr(solvers, []).flatMap((_, index) => {
    const solver = ["spec", "acme", "solvers", index, "dns01", "route53"];
    // With an account of its own the solver takes the role by web identity.
    const own = at(resource.properties, [...solver, "auth"]).is !== "absent";
    return own ? [] : [{ role: [...solver, "role"], account: undefined }];
  });
}

/** A store of one namespace may name accounts of that alone. */
function namespaceOf(resource: Resource, account: Steps, scopes: KubernetesScopes): Fact<string> {
  const written = textAt(resource.properties, [...account, "namespace"], cameFrom(resource, "spec"));
  if (written.is !== "absent" || resource.type.endsWith(":ClusterSecretStore")) return written;
  const own = textAt(resource.properties, ["metadata", "namespace"], cameFrom(resource, "metadata"));
  return own.is === "absent" ? scopes.defaultNamespace(resource) : own;
}

/** True for a trust policy that is wholly known and admits no principal of AWS to sts:AssumeRole: only tokens open the role. */
export function admitsNoPrincipalOfAws({ trust }: Role): boolean {
  if (trust.is !== "known" || !trust.value.complete || trust.value.flaws.length > 0) return false;
  return trust.value.statements.every((statement) => {
    const { effect, principals } = statement;
    if (effect.is !== "known" || principals.is !== "known") return false;
    if (effect.value !== "Allow" || coversAction(statement, "sts:AssumeRole") === false) return true;
    return principals.value.every(({ type }) => type === "Federated" || type === "Service");
  });
}
