import type { Reason } from "../../policy-pack/src/model/trust-reason";
import type { Properties, Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { kubeconfig, kubernetesProvider, OTHER_ISSUER, resource, ROLE_ARN, UNKNOWN, urnOf } from "./stack";

/** Stacks of several clusters, accounts and roles, for the tests that ask whom a role trusts and who uses it. */

/** The stack with other outputs of one resource, as the cloud would report them. */
export function withOutputs(stack: Snapshot, urn: string, outputs: Properties): Snapshot {
  const resources = stack.resources.map((each) =>
    each.urn === urn ? { ...each, outputs: { ...each.outputs, ...outputs } } : each,
  );
  return { ...stack, resources };
}

const CLUSTER = "aws:eks/cluster:Cluster";
export const ROLE = "aws:iam/role:Role";
export const ACCOUNT_TYPE = "kubernetes:core/v1:ServiceAccount";

/** One more cluster that stands, with the issuer and the endpoint that EKS reports. */
export function clusterOf(name: string, issuer: Value = `https://${OTHER_ISSUER}`): SnapshotResource {
  const endpoint = `https://${name}.example.com`;
  return resource(CLUSTER, name, { name }, { outputs: { name, id: name, endpoint, identities: identities(issuer) } });
}

/** One more cluster that this update makes. */
export function newCluster(name: string): SnapshotResource {
  const outputs = { name, id: UNKNOWN, endpoint: UNKNOWN, identities: UNKNOWN };
  return resource(CLUSTER, name, { name }, { outputs });
}

export function identities(issuer: Value): Value {
  return issuer === UNKNOWN ? UNKNOWN : [{ oidcs: [{ issuer }] }];
}

/** The Kubernetes provider of a cluster from {@link clusterOf}. */
export function providerOn(name: string): NonNullable<SnapshotResource["provider"]> {
  return kubernetesProvider(name, { kubeconfig: kubeconfig(`https://${name}.example.com`) });
}

/** One more role, with the ARN that IAM gives it. */
export function roleOf(name: string, assumeRolePolicy: Value, from: readonly string[] = []): SnapshotResource {
  const arn = roleArn(name);
  return resource(
    ROLE,
    name,
    { name, assumeRolePolicy },
    { outputs: { name, assumeRolePolicy, arn }, from: { assumeRolePolicy: from } },
  );
}

export function roleArn(name: string): string {
  return ROLE_ARN.replace("api-irsa", name);
}

/** One more account `<namespace>/<name>` that carries a role. */
export function accountOf(
  subject: `${string}/${string}`,
  role: string,
  options: Parameters<typeof resource>[3] = {},
): SnapshotResource {
  const [namespace = "", name = ""] = subject.split("/");
  const annotations = { "eks.amazonaws.com/role-arn": role };
  return resource(ACCOUNT_TYPE, `${namespace}-${name}`, { metadata: { name, namespace, annotations } }, options);
}

/** The URN of one more cluster, role or account of these. */
export const urnIn = { cluster: (name: string) => urnOf(CLUSTER, name), role: (name: string) => urnOf(ROLE, name) };

/** A reason in one line: `provider by value at Statement.Principal.Federated: EKS cluster "shop", trusts …`. */
export function describeReason(reason: Reason | undefined): string {
  switch (reason?.kind) {
    case undefined:
      return "nothing";
    case "not-web-identity":
      return `not-web-identity at ${placed(reason.path)}: ${reason.principals.join(", ")}`;
    case "provider": {
      const { how, path, cluster, issuers, trusted, account } = reason;
      const clusters = trusted.map(({ title }) => title.replace("EKS cluster ", ""));
      return [
        `provider ${how} at ${placed(path)} for ${cluster.title.replace("EKS cluster ", "")}`,
        ...(issuers.length > 0 ? [`of ${issuers.join(" and ")}`] : []),
        ...(clusters.length > 0 ? [`of the clusters ${clusters.join(" and ")}`] : []),
        ...(account === undefined ? [] : [`in ${account}`]),
      ].join(", ");
    }
    case "subject": {
      const { how, path, seen, autonamed, issuer } = reason;
      const more = [issuer === undefined ? "" : ", with an issuer", autonamed ? ", of a name with a suffix" : ""];
      return `subject ${how} at ${placed(path)}: ${seen.join(" and ")}${more.join("")}`;
    }
    case "audience":
      return `audience at ${placed(reason.path)}: ${reason.seen.join(" and ")}`;
    case "condition":
      return `condition at ${placed(reason.condition.path)}: ${reason.seen.join(" and ")}`;
    case "deny":
      return `deny at ${reason.statement.path}`;
    case "unknown": {
      const awaited = reason.waitsFor.map((urn) => urn.slice(urn.lastIndexOf("::") + 2));
      return `unknown ${reason.about}: ${reason.what}${awaited.length > 0 ? `, with ${awaited.join(" and ")}` : ""}`;
    }
  }
}

/** A place in a trust policy without the issuer in its keys. */
function placed(path: string): string {
  return path === "" ? "the whole" : path.replace(/\["oidc[^"]*:(\w+)"\]/, ".$1");
}
