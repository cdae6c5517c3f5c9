import { listIn, texts } from "../../facts/lists";
import { capital, quote, quoteAll } from "../../facts/words";
import { attachmentOf, awaitedPolicies, granted } from "../../model/granted";
import { idleActions } from "../../model/idle-actions";
import { bindingsWithNeeds, isAction, type RequiredAction } from "../../model/required-actions";
import type { Role } from "../../model/types";
import { defineRule, type Place } from "../rule";

type Reason = "no-policy" | "boundary" | "deny" | "no-action" | "idle";

interface Data {
  readonly account: string;
  readonly role: string;
  readonly needs: readonly string[];
  readonly reason: Reason;
  /** The statement that denies. */
  readonly statement: string | undefined;
  /** For actions about objects that are allowed on buckets: those, and the resource that is missing. */
  readonly idle?: { readonly resources: readonly string[]; readonly needed: string };
}

export default defineRule<Data>({
  id: "role-action-denied",
  link: "permissions",
  severity: "medium",
  level: "mandatory",
  summary:
    "A role allows what its ServiceAccount is declared to need, and allows what is done to objects on the objects of a bucket.",
  why: 'The call fails at run time: "AccessDenied: User: arn:aws:sts::…:assumed-role/… is not authorized to perform: …". The needs are those of the annotation eks-irsa.dev/required-actions of the ServiceAccount ("s3:GetObject, sqs:SendMessage arn:aws:sqs:…") and of requiredActions of irsa-context.',
  articleStep: 2,
  references: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"],
  *check(model) {
    for (const { role, at, actions, resources, needed } of idleActions(model)) {
      const [user] = listIn(model.bindingsByRole, role);
      yield {
        verdict: "violation",
        at,
        related: [{ urn: role.urn, path: "" }].filter(({ urn }) => urn !== at.urn),
        // Another stack, or the bucket's own policy, may allow the same.
        level: "advisory",
        data: {
          account: user?.serviceAccount.title ?? "",
          role: role.title,
          needs: actions,
          reason: "idle",
          statement: undefined,
          idle: { resources, needed },
        },
      };
    }
    for (const { binding, needs } of bindingsWithNeeds(model)) {
      const { serviceAccount: account } = binding;
      const here: Place = { urn: account.urn, path: needs.find(({ path }) => path)?.path ?? account.root };
      if (binding.role.how === "unresolved") {
        const { waitsFor } = binding.role;
        yield { verdict: "unverified", at: here, what: `what the role of ${account.title} allows`, waitsFor };
        continue;
      }
      const role = binding.role.to;
      const { attachments, possible, reported } = role.permissions;
      const open = possible.length > 0 || reported;
      // A role with nothing attached is reported by role-permissions-missing.
      if (attachments.length === 0 && !open) continue;
      const groups = new Map<string, { readonly needs: RequiredAction[]; readonly data: Data; readonly at: Place }>();
      const undecided: string[] = [];
      for (const need of needs) {
        const judged = judge(role, need, here);
        if (judged === "allowed") {
          // A policy that may turn out to be attached as well may deny what the others allow.
          if (possible.some(({ document }) => document.is !== "absent")) undecided.push(need.action);
          continue;
        }
        if (judged === "unknown" || (judged.reason === "no-policy" && open)) {
          undecided.push(need.action);
          continue;
        }
        const key = `${judged.reason} ${judged.at.urn} ${judged.at.path}`;
        const found = groups.get(key)?.needs ?? [];
        const data = { account: account.title, role: role.title, statement: judged.statement, reason: judged.reason };
        const all = [...found, need];
        groups.set(key, { needs: all, at: judged.at, data: { ...data, needs: all.map(({ action }) => action) } });
      }
      for (const { at, data } of groups.values()) {
        const related = [{ urn: role.urn, path: "" }, here].filter(({ urn }) => urn !== "" && urn !== at.urn);
        const level = data.reason === "deny" || data.reason === "boundary" ? "mandatory" : "advisory";
        yield { verdict: "violation", at, related, level, data };
      }
      if (undecided.length > 0) {
        const what = `whether ${role.title} allows ${quoteAll(undecided)}`;
        yield { verdict: "unverified", at: here, what, waitsFor: awaitedPolicies(role) };
      }
    }
  },
  explain: ({ account, role, needs, reason, statement, idle }) => {
    const actions = quoteAll(needs);
    switch (reason) {
      case "idle": {
        const used = account === "" ? "" : `, which ${account} uses,`;
        return {
          says: `${capital(role)}${used} is allowed ${actions} on ${quoteAll(idle?.resources ?? [])} alone, and what is asked for are the objects in it.`,
          why: `Nothing is allowed by it: "AccessDenied: User: arn:aws:sts::…:assumed-role/… is not authorized to perform: ${texts(needs)[0]} on resource: …".`,
          fix: `Add ${quote(idle?.needed ?? "")} to Resource.`,
        };
      }
      case "no-action":
        return {
          says: `${capital(account)} is declared to need ${actions}, but an IAM action is written like "s3:GetObject".`,
          why: "No policy can allow what is no action, so nothing is checked.",
          fix: `Write each action as "service:Action", in place of ${actions}.`,
        };
      case "deny":
        return {
          says: `${capital(account)} needs ${actions}, which ${statement ?? `a Deny statement of ${role}`} denies.`,
          fix: `Take ${actions} out of ${statement ?? "the Deny statement"}: no Allow overrides a Deny.`,
        };
      case "boundary":
        return {
          says: `${capital(account)} needs ${actions}, which the permissions boundary of ${role} does not allow.`,
          fix: `Allow ${actions} in the permissions boundary too: a role can do only what both its policies and its boundary allow.`,
        };
      case "no-policy":
        return {
          says: `${capital(account)} needs ${actions}, which no policy of ${role} allows.`,
          why: `The call fails at run time, unless another stack or the resource's own policy grants it: "is not authorized to perform: ${texts(needs)[0]}".`,
          fix: `Add { Effect: "Allow", Action: [${needs.map(quote).join(", ")}], Resource: "…" } to a policy of ${role}.`,
        };
    }
  },
});

interface Judged {
  readonly reason: Reason;
  readonly at: Place;
  readonly statement: string | undefined;
}

function judge(role: Role, need: RequiredAction, here: Place): Judged | "allowed" | "unknown" {
  if (!isAction(need.action)) return { reason: "no-action", at: here, statement: undefined };
  const { answer, by, lacking } = granted(role, need.action, need.resource);
  if (answer === "allow") return "allowed";
  if (answer === "unknown") return "unknown";
  if (!by) {
    const boundary = lacking === "boundary";
    const at = { urn: role.urn, path: boundary ? "permissionsBoundary" : "" };
    return { reason: boundary ? "boundary" : "no-policy", at, statement: undefined };
  }
  const attachment = attachmentOf(role, by);
  const place = attachment?.documentAt;
  const holder = attachment && (attachment.urn === role.urn ? role.title : `${attachment.title} of ${role.title}`);
  return {
    reason: "deny",
    at: place ? { urn: place.urn, path: `${place.path}.${by.path}` } : { urn: role.urn, path: "permissionsBoundary" },
    statement: `${by.path} of ${holder ?? `the permissions boundary of ${role.title}`}`,
  };
}
