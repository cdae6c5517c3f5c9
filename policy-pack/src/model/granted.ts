import { absent, known, unknown, type Fact, type Urn } from "../facts/fact";
import type { PolicyDocument, Statement } from "../iam/document";
import { allows, type Permission } from "../iam/identity";
import { awsManagedPolicy } from "./aws-managed-policies";
import type { Attachment, Role } from "./types";

/**
 * Whether the policies of a role allow an action, as far as this stack shows them. Policies that are attached elsewhere,
 * and the policies of buckets, queues and keys, are not in sight: a deny without a Deny statement is what the stack says,
 * not yet what AWS will say.
 */
export function granted(role: Role, action: string, resource?: string): Permission {
  const { attachments } = role.permissions;
  const policies = attachments.filter(carriesPolicy);
  const named = policies.map((each) => documentOf(each, "named"));
  const certain = allows(named, boundary(role, "named"), action, resource);
  // AWS-managed policies have no Deny, so what their name does not tell can only allow more.
  if (certain.answer === "allow" || certain.by) return certain;
  return allows(
    policies.map((each) => documentOf(each, "whole")),
    boundary(role, "whole"),
    action,
    resource,
  );
}

/** What has to exist before the policies of a role are known. */
export function awaitedPolicies(role: Role): readonly Urn[] {
  const facts = [
    ...role.permissions.attachments.flatMap(({ document, policyArn }) => [document, policyArn]),
    role.boundaryDocument,
  ];
  return [...new Set(facts.flatMap((fact) => (fact.is === "unknown" ? fact.waitsFor : [])))];
}

/** The attachment whose document holds a statement. */
export function attachmentOf(role: Role, statement: Statement): Attachment | undefined {
  return role.permissions.attachments.find(
    ({ document }) => document.is === "known" && document.value.statements.includes(statement),
  );
}

/** The list of an exclusive resource names inline policies that others write. */
function carriesPolicy({ kind, documentAt }: Attachment): boolean {
  return kind === "managed" || documentAt !== undefined;
}

function documentOf({ document, policyArn }: Attachment, how: "named" | "whole"): Fact<PolicyDocument> {
  if (document.is !== "absent" || policyArn.is !== "known") return document;
  return managed(policyArn.value, how);
}

function boundary(role: Role, how: "named" | "whole"): Fact<PolicyDocument> {
  const { permissionsBoundary: arn, boundaryDocument: document } = role;
  if (document.is !== "unknown" || arn.is !== "known") return document;
  const found = managed(arn.value, how);
  return found.is === "known" ? found : unknown();
}

function managed(arn: string, how: "named" | "whole"): Fact<PolicyDocument> {
  const policy = awsManagedPolicy(arn);
  return policy && (how === "named" || policy.whole) ? known(policy.document) : absent;
}
