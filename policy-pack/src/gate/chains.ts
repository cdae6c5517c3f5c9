import { parseUrn } from "../facts/urn";
import { dig, text } from "./json";
import { dependenciesOf, type Members, type Provider, type Role, type ServiceAccount, type Workload } from "./members";
import type { Chain, ChainLink, ChainNode, NodeKind } from "./report";
import { type StackResource, textOf, valueOf } from "./resources";

/**
 * The chains of a stack, for a picture: one for each account that uses a role, each add-on with a role, and each role for
 * pods that nobody in the stack uses. Parties are joined by value, or by the edges of the program while values are
 * unknown. All links are "ok" until a finding says otherwise.
 */
export function findChains(members: Members): readonly Chain[] {
  const used = new Set<Role>();
  const ofAccounts = members.serviceAccounts.flatMap((account) => {
    const role = roleOf(account, members);
    if (role !== undefined) used.add(role);
    return role !== undefined || account.annotated ? [accountChain(account, role, members)] : [];
  });
  const ofAddons = members.addons.map((addon) => {
    const role = byArn(addon.roleArn, addon.resource, "serviceAccountRoleArn", members);
    if (role !== undefined) used.add(role);
    const consumer = node(addon.resource, "service-account", `add-on ${addon.name}`);
    return chain(consumer.label, [], consumer, { role, arn: addon.roleArn, cluster: undefined }, members);
  });
  const ofRoles = members.roles
    .filter((role) => role.forPods && !used.has(role))
    .map((role) => {
      const use: Use = { role, arn: undefined, cluster: undefined };
      return chain(`role ${labelOf(role.resource)}`, [], subjectNode(role), use, members);
    });
  return [...ofAccounts, ...ofAddons, ...ofRoles].toSorted((a, b) =>
    a.title === b.title ? (a.id < b.id ? -1 : 1) : a.title < b.title ? -1 : 1,
  );
}

/** The use of a role: as far as it is a resource here, by which ARN, and by an account on which cluster of this stack. */
interface Use {
  readonly role: Role | undefined;
  readonly arn: string | undefined;
  readonly cluster: StackResource | undefined;
}

/**
 * The role that an account is annotated with; else the one role that trusts exactly it; else, while neither is known, the
 * one role that its metadata is made from.
 */
function roleOf(account: ServiceAccount, members: Members): Role | undefined {
  if (account.annotated) return byArn(account.roleArn, account.resource, "metadata", members);
  const trusting = members.roles.filter(
    ({ forPods, subjects }) =>
      forPods && subjects.some(({ namespace, name }) => namespace === account.namespace && name === account.name),
  );
  if (trusting.length > 0) return trusting.length === 1 ? trusting[0] : undefined;
  const edges = dependenciesOf(account.resource, "metadata");
  const wired = members.roles.filter(({ forPods, resource }) => forPods && edges.includes(resource.urn));
  return wired.length === 1 ? wired[0] : undefined;
}

function byArn(arn: string | undefined, from: StackResource, property: string, { roles }: Members): Role | undefined {
  const name = arn?.slice(arn.lastIndexOf("/") + 1);
  const edges = dependenciesOf(from, property);
  return (
    roles.find((role) => arn !== undefined && role.arn === arn) ??
    roles.find((role) => name !== undefined && textOf(role.resource, "name") === name) ??
    (arn === undefined ? roles.find(({ resource }) => edges.includes(resource.urn)) : undefined)
  );
}

function accountChain(account: ServiceAccount, role: Role | undefined, members: Members): Chain {
  const name = account.name === undefined ? account.resource.name : `${account.namespace ?? "?"}/${account.name}`;
  const twins = members.serviceAccounts.filter(
    (each) => each.name === account.name && each.namespace === account.namespace,
  );
  const { cluster } = account;
  const title = twins.length > 1 && cluster !== undefined ? `${name} on ${clusterName(cluster)}` : name;
  const workloads = members.workloads
    .filter((workload) => uses(workload, account))
    .map(({ resource }) => node(resource, "workload", `${kindOf(resource)} ${labelOf(resource)}`));
  const consumer = node(account.resource, "service-account", `ServiceAccount ${name}`);
  return chain(title, workloads, consumer, { role, arn: account.roleArn, cluster }, members);
}

function uses(workload: Workload, account: ServiceAccount): boolean {
  if (workload.accountName === undefined || workload.namespace === undefined)
    return dependenciesOf(workload.resource, "spec").includes(account.resource.urn);
  if (workload.resource.provider !== account.resource.provider) return false;
  return workload.accountName === account.name && workload.namespace === account.namespace;
}

function chain(title: string, workloads: readonly ChainNode[], account: ChainNode, use: Use, members: Members): Chain {
  const role = roleNode(use);
  const member = use.role;
  const provider = providerOf(use, members);
  const trusted = clusterOf(provider, member, members);
  const nodes: ChainNode[] = [...workloads, account, role];
  const links: ChainLink[] = [
    ...workloads.map(({ id }) => link(id, account.id, "workload")),
    link(account.id, role.id, "service-account"),
  ];
  if (member !== undefined) {
    const permissions: ChainNode = {
      id: `${role.id}#permissions`,
      kind: "permissions",
      label: member.permissions === 0 ? "no permissions here" : `permissions (${member.permissions})`,
      declared: member.permissions > 0,
    };
    const providerNode: ChainNode = provider
      ? node(provider.resource, "oidc-provider", `OIDC provider ${labelOf(provider.resource)}`)
      : { id: `${role.id}#provider`, kind: "oidc-provider", label: providerLabel(member), declared: false };
    nodes.push(permissions, providerNode);
    links.push(link(role.id, permissions.id, "permissions"), link(role.id, providerNode.id, "trust-policy"));
    if (trusted !== undefined) {
      const cluster = node(trusted, "cluster", `EKS cluster ${clusterName(trusted)}`);
      nodes.push(cluster);
      links.push(link(providerNode.id, cluster.id, "oidc-provider"));
    }
  }
  return { id: account.id, title, verdict: "ok", nodes, links };
}

/** Of several providers that a role trusts, the one of the cluster that the account lives on. */
function providerOf({ role, cluster }: Use, members: Members): Provider | undefined {
  if (role === undefined) return undefined;
  const edges = dependenciesOf(role.resource, "assumeRolePolicy", "assumeRolePolicyDocument");
  const trusted = members.providers.filter(({ arn, resource }) =>
    role.federated.length > 0 ? arn !== undefined && role.federated.includes(arn) : edges.includes(resource.urn),
  );
  return trusted.find((provider) => clusterOf(provider, role, members) === cluster) ?? trusted[0];
}

/** The cluster whose issuer the provider has, or, without a provider here, the issuer in the ARN that the role trusts. */
function clusterOf(
  provider: Provider | undefined,
  role: Role | undefined,
  { clusters }: Members,
): StackResource | undefined {
  const edges = provider === undefined ? [] : dependenciesOf(provider.resource, "url");
  const issuers = provider ? [provider.issuer] : (role?.federated ?? []).map((arn) => arn.slice(arn.indexOf("/") + 1));
  return (
    clusters.find((cluster) => issuers.includes(issuerOf(cluster) ?? "")) ??
    clusters.find(({ urn }) => edges.includes(urn))
  );
}

function issuerOf(cluster: StackResource): string | undefined {
  const issuer =
    text(dig(valueOf(cluster, "identities"), 0, "oidcs", 0, "issuer")) ?? textOf(cluster, "openIdConnectIssuerUrl");
  return issuer?.replace(/^https:\/\//, "");
}

function clusterName(cluster: StackResource): string {
  return textOf(cluster, "name") ?? cluster.name;
}

function roleNode({ role, arn }: Use): ChainNode {
  if (role !== undefined) return node(role.resource, "role", `IAM role ${labelOf(role.resource)}`);
  return { id: `role ${arn ?? "unknown"}`, kind: "role", label: `IAM role ${arn ?? "not known yet"}`, declared: false };
}

/** Who a role is for, where the stack has no such account: Helm or another stack makes it, or nobody. */
function subjectNode(role: Role): ChainNode {
  const [subject, ...others] = role.subjects;
  const label =
    subject === undefined
      ? "no ServiceAccount here"
      : `ServiceAccount ${subject.namespace}/${subject.name}${others.length > 0 ? ` and ${others.length} more` : ""}`;
  return { id: `${role.resource.urn}#subject`, kind: "service-account", label, declared: false };
}

function providerLabel(role: Role): string {
  const [arn] = role.federated;
  return arn === undefined ? "no OIDC provider here" : `OIDC provider ${arn.slice(arn.indexOf("/") + 1)}`;
}

function node(resource: StackResource, kind: NodeKind, label: string): ChainNode {
  return { id: resource.urn, kind, label, urn: resource.urn, declared: true };
}

function link(from: string, to: string, kind: ChainLink["link"]): ChainLink {
  return { from, to, link: kind, verdict: "ok" };
}

function labelOf(resource: StackResource): string {
  return textOf(resource, "metadata", "name") ?? textOf(resource, "name") ?? resource.name;
}

function kindOf(resource: StackResource): string {
  const { type } = parseUrn(resource.urn);
  return type.slice(type.lastIndexOf(":") + 1);
}
