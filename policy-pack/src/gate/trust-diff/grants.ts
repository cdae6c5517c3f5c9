import { dig, document, fields, list, oneOrMore, text } from "../json";
import { dependenciesOf } from "../members";
import { known, type Resources, type StackResource, textOf, valueOf } from "../resources";

/** One thing that a statement allows or denies: who or what, and under which conditions. */
export interface Grant {
  readonly effect: "Allow" | "Deny";
  /** A principal of a trust policy, or `action on resource` of a permission. */
  readonly subject: readonly string[];
  /** `StringEquals issuer:sub` to the values of which one must hold. */
  readonly conditions: ReadonlyMap<string, readonly string[]>;
}

/** What a role grants, with the stack's own ARNs, issuers and account replaced by names that hold in every deployment. */
export interface RoleGrants {
  /** Type and logical name: the same role in a rehearsal, a preview and deployed state. */
  readonly role: string;
  readonly trust: readonly Grant[] | undefined;
  readonly permissions: readonly Grant[];
  /** Documents that are not known yet. */
  readonly unknown: readonly string[];
}

export function grantsOf(resources: Resources): readonly RoleGrants[] {
  const all = [...resources.values()];
  const name = naming(all);
  return all
    .filter(({ type }) => type === "aws:iam/role:Role" || type === "aws-native:iam:Role")
    .map((role) => roleGrants(role, all, name));
}

type Naming = (value: string) => string;

function roleGrants(role: StackResource, all: readonly StackResource[], name: Naming): RoleGrants {
  const trust = readDocument(
    textOf(role, "assumeRolePolicy") ?? valueOf(role, "assumeRolePolicy") ?? valueOf(role, "assumeRolePolicyDocument"),
    (statement) => principalsOf(statement).map((principal) => [principal]),
    name,
  );
  const documents = permissionDocuments(role, all).map(({ label, content }) => ({
    label,
    grants: readDocument(content, actionsOf, name),
  }));
  const attached = attachedPolicies(role, all)
    .filter((arn) => all.every((policy) => textOf(policy, "arn") !== arn))
    .map((arn): Grant => ({ effect: "Allow", subject: ["policy", name(arn)], conditions: new Map() }));
  return {
    role: `${role.type} ${role.name}`,
    trust,
    permissions: [...documents.flatMap(({ grants }) => grants ?? []), ...attached],
    unknown: [
      ...(trust === undefined ? ["its trust policy"] : []),
      ...documents.flatMap(({ label, grants }) => (grants === undefined ? [label] : [])),
    ],
  };
}

function permissionDocuments(role: StackResource, all: readonly StackResource[]) {
  const own = ["inlinePolicies", "policies"].flatMap((key) =>
    list(valueOf(role, key)).map((policy) => ({
      label: "an inline policy",
      content: dig(policy, "policy") ?? dig(policy, "policyDocument"),
    })),
  );
  const inline = all
    .filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy" || type === "aws-native:iam:RolePolicy")
    .filter((policy) => belongsTo(policy, role))
    .map((policy) => ({
      label: `the policy ${policy.name}`,
      content: valueOf(policy, "policy") ?? valueOf(policy, "policyDocument"),
    }));
  const arns = attachedPolicies(role, all);
  const edges = all
    .filter((each) => isAttachment(each) && belongsTo(each, role))
    .flatMap((each) => dependenciesOf(each, "policyArn"));
  const managed = all
    .filter(
      ({ type, urn }) =>
        /iam[/:](policy|ManagedPolicy)/.test(type) &&
        !isAttachmentType(type) &&
        (edges.includes(urn) || isOneOf(urn, arns, all)),
    )
    .map((policy) => ({
      label: `the policy ${policy.name}`,
      content: valueOf(policy, "policy") ?? valueOf(policy, "policyDocument"),
    }));
  return [...own, ...inline, ...managed];
}

function attachedPolicies(role: StackResource, all: readonly StackResource[]): readonly string[] {
  const attachments = all.filter((each) => isAttachment(each) && belongsTo(each, role));
  return [
    ...attachments.flatMap((each) => textOf(each, "policyArn") ?? []),
    ...list(valueOf(role, "managedPolicyArns")).flatMap((arn) => known(arn) ?? []),
  ].filter((arn, index, arns) => arns.indexOf(arn) === index);
}

function isAttachment({ type }: StackResource): boolean {
  return isAttachmentType(type);
}

function isAttachmentType(type: string): boolean {
  return /^aws:iam\/(rolePolicyAttachment|policyAttachment):/.test(type);
}

function isOneOf(urn: string, arns: readonly string[], all: readonly StackResource[]): boolean {
  const arn = all.filter((each) => each.urn === urn).map((each) => textOf(each, "arn"))[0];
  return arn !== undefined && arns.includes(arn);
}

function belongsTo(part: StackResource, role: StackResource): boolean {
  const names = [textOf(part, "role"), textOf(part, "roleName"), ...list(valueOf(part, "roles")).map(text)];
  const own = [textOf(role, "name"), textOf(role, "roleName"), textOf(role, "id")];
  return (
    dependenciesOf(part, "role", "roleName", "roles").includes(role.urn) ||
    names.some((each) => each !== undefined && own.includes(each))
  );
}

/** Undefined while the document is not known. */
function readDocument(
  content: unknown,
  subjects: (statement: unknown) => readonly (readonly string[])[],
  name: Naming,
): readonly Grant[] | undefined {
  if (content === undefined || (typeof content === "string" && known(content) === undefined)) return undefined;
  return oneOrMore(dig(document(content), "Statement")).flatMap((statement) => {
    const effect = dig(statement, "Effect") === "Deny" ? "Deny" : "Allow";
    const conditions = conditionsOf(dig(statement, "Condition"), name);
    return subjects(statement).map((subject) => ({ effect, subject: subject.map(name), conditions }) as const);
  });
}

function principalsOf(statement: unknown): readonly string[] {
  const principal = dig(statement, "Principal");
  if (principal === undefined) return dig(statement, "NotPrincipal") === undefined ? [] : ["* (NotPrincipal)"];
  if (typeof principal === "string") return [principal];
  return Object.entries(fields(principal)).flatMap(([kind, values]) =>
    oneOrMore(values).map((value) => (kind === "AWS" && value === "*" ? "*" : `${kind} ${String(value)}`)),
  );
}

function actionsOf(statement: unknown): readonly (readonly string[])[] {
  const actions = oneOrMore(dig(statement, "Action")).map(String);
  const all =
    actions.length > 0 ? actions : oneOrMore(dig(statement, "NotAction")).map((action) => `all but ${String(action)}`);
  const resources = oneOrMore(dig(statement, "Resource")).map(String);
  return all.flatMap((action) => (resources.length > 0 ? resources : ["*"]).map((resource) => [action, resource]));
}

function conditionsOf(condition: unknown, name: Naming): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(fields(condition)).flatMap(([operator, keys]) =>
      Object.entries(fields(keys)).map(([key, values]) => [
        `${operator} ${name(key)}`,
        oneOrMore(values)
          .map((value) => name(String(value)))
          .sort(),
      ]),
    ),
  );
}

/** Real and rehearsed deployments differ in account, issuers and generated names, and that is no difference of trust. */
function naming(all: readonly StackResource[]): Naming {
  const symbols = all.flatMap((resource): readonly (readonly [string, string])[] => {
    const arn = textOf(resource, "arn");
    const kind = resource.type.slice(resource.type.lastIndexOf(":") + 1);
    const isProvider = kind === "OpenIdConnectProvider" || kind === "OidcProvider";
    const label = `${isProvider ? "OIDC provider" : kind} "${resource.name}"`;
    const own: readonly (readonly [string, string])[] = arn === undefined ? [] : [[arn, label]];
    const issuer = isProvider ? textOf(resource, "url")?.replace(/^https:\/\//, "") : undefined;
    return issuer === undefined ? own : [...own, [issuer, `issuer of "${resource.name}"`]];
  });
  const account = symbols.map(([arn]) => /^arn:[^:]*:iam::(\d{12}):/.exec(arn)?.[1]).find(Boolean);
  const sorted = [...symbols].sort(([a], [b]) => b.length - a.length);
  return (value) => {
    const named = sorted.reduce((current, [real, symbol]) => current.replaceAll(real, symbol), value);
    return account === undefined ? named : named.replaceAll(`:${account}:`, ":this account:");
  };
}
