import { knownValue, knownValueOr } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import { hiddenSupply, isAnnotatedBeside, isSuppliedOtherwise } from "../../model/account-supply";
import { rolelessDefaults } from "../../model/default-account";
import { isBare, misplacedRoles } from "../../model/misplaced-role";
import { isUnused } from "../../model/role-use";
import { trustingRoles } from "../../model/trusting-roles";
import { placeIn } from "../../model/trust-statement";
import { sameCluster } from "../../model/bind";
import { sameText } from "../../model/resource";
import { classesOfDefault, classUserOf } from "../../model/secret-classes";
import type { IrsaModel, Role, RoleRequest, ServiceAccount } from "../../model/types";
import { misspeltRoleKeys, roleArnKey } from "../../model/webhook-annotations";
import { defineRule, type Place } from "../rule";

interface Data {
  /** The pods that run as `default`, where that is the account. */
  readonly pods?: string;
  readonly account: string;
  /** The role that trusts the account; undefined where only a store of External Secrets asks for one. */
  readonly role: string | undefined;
  readonly store: string;
  /** True for pods that mount a class of secrets in place of such a store. */
  readonly mounts?: boolean;
  readonly subject: string;
  readonly key: string;
  readonly isEmpty: boolean;
  readonly arn: string | undefined;
}

export default defineRule<Data>({
  id: "service-account-role-missing",
  link: "service-account",
  severity: "high",
  level: "mandatory",
  summary: "A ServiceAccount that a role trusts by name carries the annotation with that role's ARN.",
  why: 'Without the annotation the webhook leaves the pods as they are: they act as the node\'s role, or fail with "Unable to locate credentials". An empty annotation counts as none.',
  articleStep: 5,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"],
  *check(model) {
    for (const { workload, role, subject } of rolelessDefaults(model))
      yield {
        verdict: "violation",
        at: { urn: workload.urn, path: `${workload.pod.path}.serviceAccountName` },
        related: [{ urn: role.urn, path: role.trustPath }],
        // Another stack may annotate the account.
        level: "advisory",
        data: {
          pods: workload.title,
          account: "",
          role: role.title,
          store: "",
          subject,
          key: roleArnKey(model),
          isEmpty: false,
          arn: knownValue(role.arn),
        },
      };
    for (const { workload, secretClass } of classesOfDefault(model))
      yield {
        verdict: "violation",
        at: { urn: workload.urn, path: `${workload.pod.path}.serviceAccountName` },
        related: [{ urn: secretClass.urn, path: "spec.provider" }],
        // Another stack may annotate the account.
        level: "advisory",
        data: {
          account: `ServiceAccount "default"`,
          role: undefined,
          store: `${workload.title}, which mounts ${secretClass.title},`,
          mounts: true,
          subject: "",
          key: EXTERNAL_SECRETS_KEY,
          isEmpty: false,
          arn: undefined,
        },
      };
    const misplaced = new Set(misplacedRoles(model).map(({ account }) => account));
    const idle = model.roles.filter((role) => isIdle(role, model));
    for (const account of model.serviceAccounts) {
      if (account.form !== "resource" || account.annotations.is === "unknown" || !isBare(account)) continue;
      // A key that is misspelt, or that stands elsewhere, is what to mend then.
      if (misplaced.has(account) || misspeltRoleKeys(account, model).length > 0) continue;
      if (isListed(account, model)) continue;
      const served = isAnnotatedBeside(account, model) || trustingRoles(account, model).length > 0;
      const store = served ? undefined : seekerOf(account, model);
      if (isSuppliedOtherwise(account, model) && !store) {
        const hidden = trustingRoles(account, model).length > 0 ? hiddenSupply(account, model) : undefined;
        if (hidden) yield { verdict: "unverified", at: { urn: account.urn, path: account.roleArnPath }, ...hidden };
        continue;
      }
      const [trusting] = trustingRoles(account, model);
      if (trusting) {
        const { role } = trusting;
        yield {
          verdict: "violation",
          at: { urn: account.urn, path: account.roleArnPath },
          related: [placeIn(role, trusting.path)],
          level: isUnused(role, model) && trusting.certain ? "mandatory" : "advisory",
          data: {
            account: account.title,
            role: role.title,
            store: "",
            subject: `system:serviceaccount:${text(account.namespace)}:${text(account.name)}`,
            key: roleArnKey(model),
            isEmpty: account.roleArn.is === "known",
            arn: knownValue(role.arn),
          },
        };
        continue;
      }
      const waiting = idle.filter((each) => mayBeFor(each, account));
      if (store && waiting.length === 0)
        yield {
          verdict: "violation",
          at: { urn: account.urn, path: account.roleArnPath },
          related: [store.place],
          // Another stack may annotate the account.
          level: "advisory",
          data: {
            account: account.title,
            role: undefined,
            store: store.title,
            mounts: store.mounts,
            subject: "",
            key: EXTERNAL_SECRETS_KEY,
            isEmpty: account.roleArn.is === "known",
            arn: undefined,
          },
        };
      for (const role of waiting) {
        yield {
          verdict: "unverified",
          at: { urn: account.urn, path: account.roleArnPath },
          what: `the trust policy of ${role.title}`,
          waitsFor: role.trustFrom,
        };
      }
    }
  },
  explain: ({ pods, account, role, store, mounts, subject, key, isEmpty, arn }) => {
    if (pods !== undefined)
      return {
        says: `${capital(role ?? "")} trusts ${quote(subject)}, the account that ${pods} runs as, and nothing in this stack gives that account the annotation ${quote(key)}.`,
        fix: `Create a ServiceAccount with the annotation ${quote(key)}: ${arn === undefined ? `the arn of ${role ?? ""}` : quote(arn)}, name it in serviceAccountName, and let the role trust it in place of "default".`,
      };
    const lacks = `${account} has ${isEmpty ? "an empty" : "no"} annotation ${quote(key)}`;
    if (role === undefined)
      return {
        says: `${capital(store)} takes its role from ${account}, and ${lacks}.`,
        why: mounts
          ? 'The provider of the Secrets Store CSI driver reads the annotation itself: "MountVolume.SetUp failed: … An IAM role must be associated with service account …".'
          : 'External Secrets reads the annotation itself: "unable to create session: an IAM role must be associated with service account …".',
        fix: `Set metadata.annotations[${quote(key)}] of ${account} to the ARN of a role that trusts it.`,
      };
    return {
      says: `${capital(role)} trusts ${quote(subject)}, but ${lacks}.`,
      fix: `Set metadata.annotations[${quote(key)}] of ${account} to ${arn === undefined ? `the arn of ${role}` : quote(arn)}.`,
    };
  },
});

/** Who reads the annotation of the account by itself: a store, or the pods that mount a class of secrets. */
interface Seeker {
  readonly title: string;
  readonly place: Place;
  readonly mounts: boolean;
}

function seekerOf(account: ServiceAccount, model: IrsaModel): Seeker | undefined {
  const store = storeOf(account, model);
  if (store) return { title: store.title, place: { urn: store.urn, path: store.account?.path ?? "" }, mounts: false };
  const user = classUserOf(account, model);
  if (!user) return undefined;
  const { workload, secretClass } = user;
  const title = `${workload.title}, which mounts ${secretClass.title},`;
  return { title, place: { urn: secretClass.urn, path: "spec.provider" }, mounts: true };
}

/** Whatever prefix the webhook is told to read. */
const EXTERNAL_SECRETS_KEY = "eks.amazonaws.com/role-arn";

/** The store that is told to take the role of the account. */
function storeOf(account: ServiceAccount, model: IrsaModel): RoleRequest | undefined {
  return model.roleRequests.find(
    ({ account: asked }) =>
      asked !== undefined &&
      sameText(asked.name, account.name) === true &&
      sameText(asked.namespace, account.namespace) === true &&
      sameCluster(asked.scope, account.scope) !== false,
  );
}

/** True when the configuration says that the account is made, and annotated, outside the stack. */
function isListed({ name, namespace }: ServiceAccount, model: IrsaModel): boolean {
  return model.config.serviceAccounts.includes(`${text(namespace)}/${text(name)}`);
}

/** A role for pods that nobody uses yet and whose trust policy is not known. */
function isIdle(role: Role, model: IrsaModel): boolean {
  if (!role.forPods || role.trust.is !== "unknown" || role.construction !== undefined) return false;
  const isAssociated = model.associations.some((each) => each.role.how !== "unresolved" && each.role.to === role);
  return !isAssociated && isUnused(role, model);
}

/** Without an edge between the two, a role is rather meant for what Helm or another stack makes. */
function mayBeFor(role: Role, account: ServiceAccount): boolean {
  return role.trustFrom.includes(account.urn) || account.dependencies.includes(role.urn);
}

function text(fact: ServiceAccount["name"]): string {
  return knownValueOr(fact, "");
}
