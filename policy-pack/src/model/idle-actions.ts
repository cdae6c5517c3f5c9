import { isKnownAs, knownValueOr, knownValues } from "../facts/fact";
import { texts } from "../facts/lists";
import type { Statement } from "../iam/document";
import type { Attachment, IrsaModel, Role } from "./types";

/** Actions about the objects of a bucket that a policy allows on the bucket itself, so that nothing is allowed. */
export interface IdleActions {
  readonly role: Role;
  readonly attachment: Attachment;
  /** Where the resources stand. */
  readonly at: { readonly urn: string; readonly path: string };
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** The resource that is missing: the objects of the bucket. */
  readonly needed: string;
}

/** The actions of S3 that are about an object (Service Authorization Reference, Amazon S3). */
const OBJECT_ACTIONS =
  /^s3:(?:\*Object|(?:Get|Put|Delete)Object\*?|(?:Get|Delete)ObjectVersion|(?:Get|Put|Delete)ObjectTagging|(?:Get|Put)ObjectAcl|RestoreObject|AbortMultipartUpload|ListMultipartUploadParts)$/i;
const BUCKET = /^arn:[\w-]+:s3:::[a-z0-9.-]+$/;

/** Only where all policies of the role that the stack attaches are known, and no other statement of them allows the same. */
export function idleActions(model: IrsaModel): readonly IdleActions[] {
  return model.roles.flatMap((role) => {
    const { attachments, possible } = role.permissions;
    const isSeen = attachments.every(({ document }) => document.is === "known" && document.value.complete);
    if (!role.forPods || possible.length > 0 || !isSeen) return [];
    return attachments.flatMap((attachment) => {
      const { document, documentAt } = attachment;
      if (document.is !== "known" || !documentAt) return [];
      return document.value.statements.flatMap((statement): readonly IdleActions[] => {
        const resources = bucketsOf(statement);
        const [bucket = ""] = resources;
        const actions = textsOf(statement.actions).filter((action) => OBJECT_ACTIONS.test(action));
        const isIdle = actions.length > 0 && resources.some((each) => !isNamedBeside(role, statement, each));
        if (!isIdle) return [];
        const at = { urn: documentAt.urn, path: `${documentAt.path}.${statement.path}.Resource` };
        return [{ role, attachment, at, actions, resources, needed: `${bucket}/*` }];
      });
    });
  });
}

/** The resources of an Allow where all of them are buckets, without their objects. */
function bucketsOf({ effect, resources, notActions }: Statement): readonly string[] {
  if (!isKnownAs(effect, "Allow") || notActions.is !== "absent" || resources.is !== "known") return [];
  const named = textsOf(resources).filter((each) => BUCKET.test(each));
  return named.length === resources.value.length ? named : [];
}

/** True when another statement of the role's policies is about the objects of the bucket, or may be. */
function isNamedBeside(role: Role, own: Statement, bucket: string): boolean {
  return role.permissions.attachments.some(({ document }) => {
    const statements = document.is === "known" ? document.value.statements : [];
    return statements.some((each) => {
      if (each === own) return false;
      if (each.resources.is !== "known") return true;
      const named = textsOf(each.resources);
      if (named.length < each.resources.value.length) return true;
      return named.some((text) => /[*?]/.test(texts(text.split("/"))[0]) || text.startsWith(`${bucket}/`));
    });
  });
}

function textsOf(leaves: Statement["actions"]): readonly string[] {
  return knownValueOr(leaves, []).flatMap(({ value }) => knownValues(value));
}
