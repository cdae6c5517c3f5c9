import { texts } from "../facts/lists";
import { absent, type Fact, isKnownAs, knownValue, textAt, unknown, type Urn } from "../facts/fact";
import { isList, isObject, type Value } from "../facts/value";
import { readPolicyDocument } from "./policy";
import type { PolicyDocument } from "../iam/document";
import type { AwsScopes } from "./accounts";
import { grouped, once } from "./lookup";
import { joinRole, type BareRole } from "./read-aws";
import { cameFrom, computedText, fact, list, text, type Resource } from "./resource";
import type { Attachment, Permissions } from "./types";

/** A customer-managed policy that this stack declares. */
export interface DeclaredPolicy {
  readonly urn: Urn;
  readonly title: string;
  readonly arn: Fact<string>;
  readonly document: Fact<PolicyDocument>;
  /** `policy`, or `policyDocument` for aws-native. */
  readonly path: string;
}

/** Once for each resource: both attachments and boundaries ask, and its document may be long. */
export const readPolicy = once((resource: Resource): DeclaredPolicy => {
  const native = resource.type.startsWith("aws-native:");
  const key = native ? "policyDocument" : "policy";
  return {
    urn: resource.urn,
    title: `policy "${resource.name}"`,
    arn: native ? computedText(resource, "policyArn") : computedText(resource, "arn"),
    document: readPolicyDocument(fact(resource, key), { kind: "identity", waitsFor: cameFrom(resource, key) }),
    path: key,
  };
});

/** The policy that an ARN means: by its value or, while that is unknown, by the one policy that it came from. */
export function declaredPolicy(arn: Fact<string>, declared: readonly DeclaredPolicy[]): DeclaredPolicy | undefined {
  const by = policiesBy(declared);
  if (arn.is === "known") return by.arn.get(arn.value)?.[0];
  const [only] = arn.is === "unknown" && arn.waitsFor.length === 1 ? arn.waitsFor : [];
  return only === undefined ? undefined : by.urn.get(only)?.[0];
}

const policiesBy = once((policies: readonly DeclaredPolicy[]) => ({
  arn: grouped(policies, ({ arn }) => knownValue(arn)),
  urn: grouped(policies, ({ urn }) => urn),
}));

/** The document of a permissions boundary. */
export function boundaryDocument(arn: Fact<string>, declared: readonly DeclaredPolicy[]): Fact<PolicyDocument> {
  if (arn.is === "absent" || isKnownAs(arn, "")) return absent;
  return declaredPolicy(arn, declared)?.document ?? unknown(arn.is === "unknown" ? arn.waitsFor : []);
}

/** Every attachment of the stack, whichever resource kind makes it; those on the role itself have no `rolePath`. */
export function readAttachments(
  resources: readonly Resource[],
  roles: readonly Resource[],
  policies: readonly Resource[],
  scopes: AwsScopes,
): readonly Attachment[] {
  const declared = policies.map(readPolicy);
  const reader = new AttachmentReader(declared, scopes);
  return [
    ...resources.flatMap((resource) => reader.fromAttachmentResource(resource)),
    ...roles.flatMap((role) => reader.fromRole(role)),
    ...policies.flatMap((policy) => reader.fromPolicy(policy)),
  ];
}

class AttachmentReader {
  constructor(
    private readonly declared: readonly DeclaredPolicy[],
    private readonly scopes: AwsScopes,
  ) {}

  fromAttachmentResource(resource: Resource): Attachment[] {
    const [, kind] = texts(/:([A-Za-z]+)$/.exec(resource.type));
    switch (kind) {
      case "RolePolicyAttachment":
        return [this.managed(resource, "single", ["policyArn"], ["role"])];
      case "PolicyAttachment":
        return indexes(list(resource, "roles")).map((index) =>
          this.managed(resource, "exclusive-for-policy", ["policyArn"], ["roles", index]),
        );
      case "RolePolicyAttachmentsExclusive":
        return indexes(list(resource, "policyArns")).map((index) =>
          this.managed(resource, "exclusive-for-role", ["policyArns", index], ["roleName"]),
        );
      case "RolePolicy": {
        const native = resource.type.startsWith("aws-native:");
        return [
          this.inline(resource, "single", [native ? "policyDocument" : "policy"], [native ? "roleName" : "role"]),
        ];
      }
      case "RolePoliciesExclusive":
        return indexes(list(resource, "policyNames")).map((index) => ({
          ...this.inline(resource, "exclusive-for-role", ["policyNames", index], ["roleName"]),
          policyName: text(resource, "policyNames", index),
          document: absent,
          documentAt: undefined,
        }));
      default:
        return [];
    }
  }

  fromRole(seen: Resource): Attachment[] {
    const role = asWritten(seen);
    const native = role.type.startsWith("aws-native:");
    const managed = indexes(list(role, "managedPolicyArns")).map((index) =>
      this.managed(role, native ? "single" : "exclusive-for-role", ["managedPolicyArns", index], undefined),
    );
    const [key, document] = native ? ["policies", "policyDocument"] : ["inlinePolicies", "policy"];
    const inline = list(role, key);
    const documents = indexes(inline)
      // The bridged provider takes one empty inline policy as "there shall be none".
      .filter((index) => inline.is !== "known" || !isEmptyInline(inline.value[index]))
      .map((index) => this.inline(role, native ? "single" : "exclusive-for-role", [key, index, document], undefined));
    return [...managed, ...documents];
  }

  /** aws-native's managed policy names the roles that it is for. */
  fromPolicy(policy: Resource): Attachment[] {
    if (!policy.type.startsWith("aws-native:")) return [];
    const { arn, document } = readPolicy(policy);
    return indexes(list(policy, "roles")).map((index) => ({
      ...this.managed(policy, "single", ["policyDocument"], ["roles", index]),
      policyArn: arn,
      document,
      documentAt: { urn: policy.urn, path: "policyDocument" },
    }));
  }

  private managed(
    resource: Resource,
    manner: Attachment["manner"],
    path: Step[],
    rolePath: Step[] | undefined,
  ): Attachment {
    const policyArn = text(resource, ...path);
    const policy = declaredPolicy(policyArn, this.declared);
    return {
      ...this.base(resource, manner, path, rolePath),
      kind: "managed",
      policyArn,
      policyName: absent,
      document: policy?.document ?? absent,
      documentAt: policy && { urn: policy.urn, path: policy.path },
    };
  }

  private inline(
    resource: Resource,
    manner: Attachment["manner"],
    path: Step[],
    rolePath: Step[] | undefined,
  ): Attachment {
    const document = readPolicyDocument(fact(resource, ...path), {
      kind: "identity",
      waitsFor: cameFrom(resource, String(path[0])),
    });
    const nameKey = resource.type.startsWith("aws-native:") ? "policyName" : "name";
    return {
      ...this.base(resource, manner, path, rolePath),
      kind: "inline",
      policyArn: absent,
      policyName: text(resource, ...path.slice(0, -1), nameKey),
      document,
      documentAt: { urn: resource.urn, path: steps(path) },
    };
  }

  private base(resource: Resource, manner: Attachment["manner"], path: Step[], rolePath: Step[] | undefined) {
    const key = rolePath ? String(rolePath[0]) : "";
    return {
      urn: resource.urn,
      title: rolePath ? `attachment "${resource.name}"` : `role "${resource.name}"`,
      path: steps(path),
      manner,
      rolePath: rolePath ? steps(rolePath) : undefined,
      // An attachment that stands on the role is the role's, whatever its name turns out to be.
      role: rolePath ? text(resource, ...rolePath) : absent,
      roleFrom: rolePath ? cameFrom(resource, key) : [resource.urn],
      scope: this.scopes.of(resource),
    };
  }
}

type Step = string | number;

function steps(path: readonly Step[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .slice(1);
}

/** The role without what IAM adds to it: the provider reports every policy of a role under the names of the exclusive lists. */
function asWritten(role: Resource): Resource {
  const { inputs } = role;
  if (!inputs) return role;
  const written = Object.entries(role.properties).filter(([key]) => Object.hasOwn(inputs, key));
  return { ...role, properties: Object.fromEntries(written) };
}

/** True when IAM reports policies on a role that does not write its own. */
function isReported(role: Resource): boolean {
  return ["managedPolicyArns", "inlinePolicies"].some((key) => {
    const reported = role.inputs && !Object.hasOwn(role.inputs, key) ? role.outputs[key] : undefined;
    return isList(reported) && reported.some((each) => typeof each === "string" || !isEmptyInline(each));
  });
}

/** One index for each element; a list that is not known yet counts as one element, so that it is not taken for none. */
function indexes(items: Fact<readonly Value[]>): number[] {
  if (items.is === "absent") return [];
  return items.is === "unknown" ? [0] : items.value.map((_, index) => index);
}

function isEmptyInline(value: Value | undefined): boolean {
  return (
    isObject(value) &&
    textAt(value, ["policy"]).is === "absent" &&
    textAt(value, ["name"]).is === "absent" &&
    Object.keys(value).length === 0
  );
}

/** Attachments by the role that they are for, and those that are for no role of this stack. */
export function joinAttachments(
  attachments: readonly Attachment[],
  roles: readonly BareRole[],
  resources: readonly Resource[],
): { readonly byRole: ReadonlyMap<BareRole, Permissions>; readonly stray: readonly Attachment[] } {
  const byRole = new Map<BareRole, { attachments: Attachment[]; possible: Attachment[]; reported: boolean }>();
  const reported = new Set(resources.filter(isReported).map((each) => each.urn));
  for (const role of roles) byRole.set(role, { attachments: [], possible: [], reported: reported.has(role.urn) });
  const stray: Attachment[] = [];
  const byUrn = grouped(roles, ({ urn }) => urn);
  for (const attachment of attachments) {
    const onRole = attachment.rolePath === undefined ? byUrn.get(attachment.urn)?.[0] : undefined;
    if (onRole) {
      byRole.get(onRole)?.attachments.push(attachment);
      continue;
    }
    const join = joinRole(attachment.role, attachment.roleFrom, attachment.scope, roles);
    if (join.how !== "unresolved") byRole.get(join.to)?.attachments.push(attachment);
    else if (join.because === "unknown" || join.because === "ambiguous") {
      const candidates =
        attachment.role.is === "known"
          ? roles.filter((role) => role.name.is !== "known" || join.because === "ambiguous")
          : roles;
      for (const role of candidates) byRole.get(role)?.possible.push(attachment);
    } else stray.push(attachment);
  }
  return { byRole, stray };
}

export const NO_PERMISSIONS: Permissions = { attachments: [], possible: [], reported: false };
