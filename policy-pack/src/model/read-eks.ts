import { at, type Fact, isKnownAs, type Urn } from "../facts/fact";
import type { Value } from "../facts/value";
import type { AwsScopes } from "./accounts";
import { joinRole, type BareRole } from "./read-aws";
import { cameFrom, text, type Resource } from "./resource";
import type { Addon, Cluster, Join, OtherResource, PodIdentityAssociation } from "./types";

export function readAssociation(
  resource: Resource,
  clusters: readonly Cluster[],
  roles: readonly BareRole[],
  scopes: AwsScopes,
): Omit<PodIdentityAssociation, "role"> & { readonly role: Join<BareRole> } {
  const clusterName = text(resource, "clusterName");
  const clusterFrom = cameFrom(resource, "clusterName");
  return {
    urn: resource.urn,
    title: `Pod Identity association "${resource.name}"`,
    clusterName,
    clusterFrom,
    cluster: joinCluster(clusterName, clusterFrom, clusters),
    namespace: text(resource, "namespace"),
    serviceAccount: text(resource, "serviceAccount"),
    role: joinRole(text(resource, "roleArn"), cameFrom(resource, "roleArn"), scopes.of(resource), roles),
  };
}

export function readAddon(
  resource: Resource,
  clusters: readonly Cluster[],
  scopes: AwsScopes,
  roles: readonly BareRole[],
): Omit<Addon, "role"> & { readonly role: Join<BareRole> } {
  const roleArn = text(resource, "serviceAccountRoleArn");
  const addonName = text(resource, "addonName");
  return {
    urn: resource.urn,
    title: addonName.is === "known" ? `add-on "${addonName.value}"` : `add-on "${resource.name}"`,
    addonName,
    cluster: joinCluster(text(resource, "clusterName"), cameFrom(resource, "clusterName"), clusters),
    roleArn,
    role: joinRole(roleArn, cameFrom(resource, "serviceAccountRoleArn"), scopes.of(resource), roles),
    suppliedOtherwise:
      at(resource.properties, ["podIdentityAssociations"]).is !== "absent" || mayConfigureRole(resource.properties),
    scope: scopes.of(resource),
  };
}

export function readOther(resource: Resource, scopes: AwsScopes): OtherResource {
  return {
    urn: resource.urn,
    title: `${resource.type.slice(resource.type.lastIndexOf(":") + 1)} "${resource.name}"`,
    type: resource.type,
    properties: resource.properties,
    propertyFrom: resource.propertyDependencies,
    scope: resource.provider ? scopes.of(resource) : undefined,
  };
}

/** The cluster of an EKS resource: by its name, or by the one cluster that the name came from. */
function joinCluster(name: Fact<string>, from: readonly Urn[], clusters: readonly Cluster[]): Join<Cluster> {
  const wired = clusters.filter((cluster) => cluster.urns.some((urn) => from.includes(urn)));
  const [only] = wired;
  if (name.is === "known") {
    const match = clusters.find((cluster) => isKnownAs(cluster.name, name.value));
    if (match) return { how: "by value", to: match };
    return wired.length === 1 && only
      ? { how: "by wiring", to: only }
      : { how: "unresolved", because: "elsewhere", waitsFor: [] };
  }
  if (wired.length === 1 && only) return { how: "by wiring", to: only };
  return { how: "unresolved", because: name.is === "absent" ? "absent" : "unknown", waitsFor: from };
}

/** True for configuration values that hold a role's annotation, as those of the EBS driver can, and for unknown ones. */
function mayConfigureRole(properties: Value): boolean {
  const values = at(properties, ["configurationValues"]);
  return values.is === "unknown" || (values.is === "known" && JSON.stringify(values.value).includes("role-arn"));
}
