import { listIn, texts } from "../facts/lists";
import type { Fact } from "../facts/fact";
import { awsManagedName } from "./aws-managed-policies";
import { sameText } from "./resource";
import type { Attachment, IrsaModel, Role } from "./types";

/** An attachment that takes away what another one gives. */
export interface Conflict {
  readonly role: Role;
  /** The one that wants to be alone, and the property that says so. */
  readonly exclusive: Attachment;
  readonly property: string;
  /** Those that it takes away; empty for an AWS-managed policy, which roles outside the stack use too. */
  readonly others: readonly Attachment[];
}

export function conflicts(model: IrsaModel): readonly Conflict[] {
  const pods = model.roles.filter(({ forPods }) => forPods);
  return [...pods.flatMap(forRole), ...forPolicy(model, pods)];
}

/** Exclusive lists of a role, against attachments of other resources that are not in the list. */
function forRole(role: Role): readonly Conflict[] {
  const { attachments } = role.permissions;
  const lists = new Map<string, Attachment[]>();
  for (const each of attachments) {
    if (each.manner !== "exclusive-for-role") continue;
    const key = `${each.urn} ${listOf(each)}`;
    lists.set(key, [...listIn(lists, key), each]);
  }
  return [...lists.values()].flatMap((list) => {
    const [exclusive] = list;
    if (!exclusive) return [];
    const others = attachments.filter(
      (each) => each.kind === exclusive.kind && each.manner !== "exclusive-for-role" && isOutside(each, list),
    );
    return others.length > 0 ? [{ role, exclusive, property: listOf(exclusive), others }] : [];
  });
}

function listOf({ path }: Attachment): string {
  return texts(path.split("[", 1))[0];
}

function isOutside(attachment: Attachment, list: readonly Attachment[]): boolean {
  const identity = ({ kind, policyArn, policyName }: Attachment) => (kind === "managed" ? policyArn : policyName);
  return list.every((entry) => differs(identity(entry), identity(attachment)));
}

/** True for texts that cannot be one: both known, or one of them of a resource that does not exist yet. */
function differs(a: Fact<string>, b: Fact<string>): boolean {
  if (sameText(a, b) !== undefined) return sameText(a, b) === false;
  const waiting = [a, b].flatMap((each) => (each.is === "unknown" ? [each.waitsFor] : []));
  return waiting.length > 0 && waiting.every((urns) => urns.length > 0);
}

/** PolicyAttachment wants all users of its policy for itself. */
function forPolicy(model: IrsaModel, pods: readonly Role[]): readonly Conflict[] {
  const all = [...model.roles.flatMap(({ permissions }) => permissions.attachments), ...model.strayAttachments];
  const seen = new Set<string>();
  return pods.flatMap((role) =>
    role.permissions.attachments.flatMap((exclusive) => {
      if (exclusive.manner !== "exclusive-for-policy" || seen.has(exclusive.urn)) return [];
      seen.add(exclusive.urn);
      const others = all.filter(
        (each) => each.urn !== exclusive.urn && sameText(each.policyArn, exclusive.policyArn) === true,
      );
      const { policyArn } = exclusive;
      const shared = policyArn.is === "known" && awsManagedName(policyArn.value) !== undefined;
      return others.length > 0 || shared ? [{ role, exclusive, property: "policyArn", others }] : [];
    }),
  );
}
