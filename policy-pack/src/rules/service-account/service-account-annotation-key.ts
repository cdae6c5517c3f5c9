import { parseRoleArn } from "../../facts/arn";
import { knownValueOr, type Fact } from "../../facts/fact";
import { nearest } from "../../facts/did-you-mean";
import { capital, quote, quoteAll } from "../../facts/words";
import { isSuppliedOtherwise } from "../../model/account-supply";
import { misspeltChartKeys } from "../../model/chart-annotations";
import { unreadChartRoles, type UnreadChartRole } from "../../model/chart-unread-roles";
import { isBare, misplacedRoles } from "../../model/misplaced-role";
import type { Entry, IrsaModel, Role, ServiceAccount } from "../../model/types";
import { ACCOUNT_SUFFIXES, misspeltRoleKeys, POD_SUFFIXES, roleArnKey } from "../../model/webhook-annotations";
import { defineRule, type Violation } from "../rule";

type Data =
  | {
      readonly fault: "spelling";
      readonly account: string;
      readonly key: string;
      readonly needed: string;
      readonly value: string;
    }
  | {
      readonly fault: "place";
      readonly among: "labels" | "annotations";
      readonly holder: string;
      readonly account: string;
      readonly belongs: "here" | "default" | "elsewhere";
      /** The role that the account has already, where it is another one. */
      readonly has: string | undefined;
      readonly key: string;
      readonly needed: string;
      readonly value: string;
    }
  | {
      readonly fault: "unread";
      readonly source: string;
      readonly form: UnreadChartRole["form"];
      readonly seen: string;
      readonly needed: string;
      readonly value: string;
    }
  | {
      readonly fault: "unknown";
      readonly account: string;
      readonly key: string;
      readonly read: readonly string[];
      readonly near: string | undefined;
      readonly onPod: boolean;
    };

export default defineRule<Data>({
  id: "service-account-annotation-key",
  link: "service-account",
  severity: "high",
  level: "mandatory",
  summary: "The role stands in the annotation eks.amazonaws.com/role-arn of the ServiceAccount, exactly spelt.",
  why: 'The pod identity webhook reads exactly this key, on ServiceAccounts only: the pods get no role and act as the node\'s role, or fail with "Unable to locate credentials".',
  articleStep: 5,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    "https://github.com/aws/amazon-eks-pod-identity-webhook",
  ],
  *check(model) {
    for (const account of model.serviceAccounts) yield* onAccount(account, model);
    for (const { source, key, path, value } of misspeltChartKeys(model))
      yield {
        verdict: "violation",
        at: { urn: source.urn, path },
        related: [],
        level: "advisory",
        data: {
          fault: "spelling",
          account: `the ServiceAccount in the values of ${source.title}`,
          key,
          needed: roleArnKey(model),
          value: shown(value),
        },
      };
    for (const { source, path, form, seen, needed, value } of unreadChartRoles(model))
      yield {
        verdict: "violation",
        at: { urn: source.urn, path },
        related: [],
        level: "advisory",
        data: { fault: "unread", source: source.title, form, seen, needed, value: shown(value) },
      };
    for (const misplaced of misplacedRoles(model)) {
      const { account, place } = misplaced;
      yield {
        verdict: "violation",
        at: place,
        related: account && account.urn !== place.urn && account.urn !== "" ? [metadataOf(account)] : [],
        level: misplaced.certain ? "mandatory" : "advisory",
        data: {
          fault: "place",
          among: misplaced.among,
          holder: misplaced.holder,
          account: misplaced.accountTitle,
          has: account?.roleArn.is === "known" && account.roleArn.value !== "" ? account.roleArn.value : undefined,
          belongs: account ? "here" : misplaced.onDefault ? "default" : "elsewhere",
          key: misplaced.key,
          needed: roleArnKey(model),
          value: shown(misplaced.value),
        },
      };
    }
  },
  explain: (data) => {
    switch (data.fault) {
      case "spelling":
        return {
          says: `${capital(data.account)} has the role in the annotation ${quote(data.key)}, where the webhook reads only ${quote(data.needed)}.`,
          fix: `Rename the annotation to ${quote(data.needed)}.`,
        };
      case "place":
        if (data.has !== undefined && data.among === "annotations")
          return {
            says: `${capital(data.holder)} asks for ${data.value} in ${quote(data.key)}, where the webhook does not look; its pods get ${quote(data.has)} of ${data.account}.`,
            why: "The webhook takes the role from the ServiceAccount alone, so the pods have other rights than this annotation says.",
            fix: `Remove the annotation here; if that role is meant, make an account for it, annotate it with ${quote(data.needed)}: ${data.value}, and name it in serviceAccountName.`,
          };
        return {
          says: `${capital(data.holder)} has ${quote(data.key)} among its ${data.among}, where the webhook does not look: it reads annotations of ${data.among === "labels" ? "the account" : data.account}.`,
          ...(data.among === "labels"
            ? {
                why: "The API server refuses an ARN as the value of a label: \"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'\"; and the webhook reads no labels.",
              }
            : {}),
          fix: FIX[data.belongs](data.account, `${quote(data.needed)}: ${data.value}`),
        };
      case "unread":
        return {
          says: `${capital(data.source)} has the role ${UNREAD[data.form](data.seen)}.`,
          why: "The chart renders its ServiceAccount without the annotation, and its pods act as the node's role.",
          fix: `Set ${data.needed} to ${data.value}.`,
        };
      case "unknown":
        return {
          says: `${capital(data.account)} has the annotation ${quote(data.key)}, which the webhook does not know; on a ServiceAccount it reads ${quoteAll(data.read, 4)}.`,
          why: "The annotation has no effect, and nobody says so at run time.",
          fix: data.onPod
            ? `Move ${quote(data.key)} to the metadata of the pod template, where the webhook reads it.`
            : data.near === undefined
              ? `Remove ${quote(data.key)}.${data.key.endsWith("/fs-group") ? " Set securityContext.fsGroup in the pod template instead." : ""}`
              : `Rename it to ${quote(data.near)}.`,
        };
    }
  },
});

const UNREAD: Readonly<Record<UnreadChartRole["form"], (seen: string) => string>> = {
  block: (seen) => `in ${seen}, from which this chart takes nothing`,
  flat: (seen) => `under the one key ${quote(seen)}, which is the form of helm --set: charts look for nested values`,
  split: (seen) => `in ${seen}, where the key of the annotation was taken apart at its dots`,
  misplaced: (seen) => `in ${seen}, which are no annotations of a ServiceAccount`,
};

const FIX: Readonly<Record<"here" | "default" | "elsewhere", (account: string, annotation: string) => string>> = {
  here: (account, annotation) => `Move it to metadata.annotations of ${account}, as ${annotation}.`,
  default: (_, annotation) =>
    `Create a ServiceAccount with the annotation ${annotation}, name it in serviceAccountName, and remove the annotation here.`,
  elsewhere: (account, annotation) =>
    `Give ${account} the annotation ${annotation} where it is made, and remove it here.`,
};

function* onAccount(account: ServiceAccount, model: IrsaModel): Iterable<Violation<Data>> {
  const misspelt = misspeltRoleKeys(account, model);
  const supplied = !isBare(account) || isSuppliedOtherwise(account, model);
  const [first] = supplied ? [] : misspelt;
  if (first) {
    yield {
      verdict: "violation",
      at: { urn: account.urn, path: first.path },
      related: rolesMeant(account, first, model).map((role) => ({ urn: role.urn, path: "" })),
      level: isCertain(account, first, model) ? "mandatory" : "advisory",
      data: {
        fault: "spelling",
        account: account.title,
        key: first.key,
        needed: roleArnKey(model),
        value: shown(first.value),
      },
    };
  }
  const { annotationPrefix: prefix } = model.config;
  const read = ACCOUNT_SUFFIXES.map((suffix) => `${prefix}/${suffix}`);
  for (const entry of knownValueOr(account.annotations, [])) {
    if (!isUnread(entry, prefix, read) || (!supplied && misspelt.includes(entry))) continue;
    const suffix = entry.key.slice(prefix.length + 1);
    const near = nearest(suffix, ACCOUNT_SUFFIXES);
    const onPod = POD_SUFFIXES.some((each) => each === suffix);
    yield {
      verdict: "violation",
      at: { urn: account.urn, path: entry.path },
      related: [],
      level: "advisory",
      data: {
        fault: "unknown",
        account: account.title,
        key: entry.key,
        read,
        near: near && `${prefix}/${near}`,
        onPod,
      },
    };
  }
}

function isUnread({ key }: Entry, prefix: string, read: readonly string[]): boolean {
  return key.startsWith(`${prefix}/`) && !read.includes(key);
}

/** Under another domain the text may be another tool's, unless it names a role that this stack makes for pods. */
function isCertain(account: ServiceAccount, entry: Entry, model: IrsaModel): boolean {
  if (entry.key.startsWith(`${model.config.annotationPrefix}/`)) return true;
  return rolesMeant(account, entry, model).some((role) => role.forPods);
}

function rolesMeant(account: ServiceAccount, { value }: Entry, model: IrsaModel): readonly Role[] {
  return model.roles.filter(({ urn, name }) =>
    value.is === "known"
      ? name.is === "known" && (value.value === name.value || value.value.endsWith(`/${name.value}`))
      : account.metadataFrom.includes(urn),
  );
}

function metadataOf(account: ServiceAccount): { readonly urn: string; readonly path: string } {
  return { urn: account.urn, path: account.root ? `${account.root}.metadata` : "metadata" };
}

/** The value to write, where it is an ARN; whatever else stands there may be anything. */
function shown(value: Fact<string>): string {
  return value.is === "known" && parseRoleArn(value.value) ? quote(value.value) : "the ARN of the role";
}
