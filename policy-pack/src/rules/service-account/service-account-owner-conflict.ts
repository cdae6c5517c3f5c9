import { parseUrn } from "../../facts/urn";
import { capital, quote } from "../../facts/words";
import { twinsOf } from "../../model/account-supply";
import { carriesRole, sameCluster } from "../../model/bind";
import { chartAccounts } from "../../model/chart-accounts";
import { sameText } from "../../model/resource";
import type { IrsaModel, ServiceAccount } from "../../model/types";
import { roleArnKey } from "../../model/webhook-annotations";
import { defineRule, type Place } from "../rule";

interface Data {
  readonly account: string;
  readonly key: string;
  readonly other: string;
  readonly otherPath: string;
  readonly fault: "chart-creates" | "chart-annotates" | "two-roles" | "two-resources";
}

export default defineRule<Data>({
  id: "service-account-owner-conflict",
  link: "service-account",
  severity: "medium",
  level: "advisory",
  summary: "One owner writes a ServiceAccount and its role annotation.",
  why: "Whoever writes last wins: after an update of the other, new pods have another role, or none.",
  articleStep: 5,
  references: [
    "https://kubernetes.io/docs/reference/using-api/server-side-apply/",
    "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/",
  ],
  *check(model) {
    for (const account of model.serviceAccounts) {
      if (account.form === "expected") continue;
      const found = otherResource(account, model) ?? (carriesRole(account) ? chart(account, model) : undefined);
      if (!found) continue;
      const { at, ...data } = found;
      yield {
        verdict: "violation",
        at: { urn: account.urn, path: account.roleArnPath },
        related: [at],
        data: { ...data, otherPath: at.path, account: account.title, key: roleArnKey(model) },
      };
    }
  },
  explain: ({ account, key, other, otherPath, fault }) => {
    switch (fault) {
      case "chart-creates":
        return {
          says: `${capital(account)} is declared here, and ${other} creates an account of the same name.`,
          why: 'Helm refuses what it does not own: "ServiceAccount … exists and cannot be imported into the current release: invalid ownership metadata".',
          fix: `Set ${otherPath}.create of ${other} to false; or let the chart own the account, give it the annotation under ${otherPath}.annotations, and remove ${account} here.`,
        };
      case "chart-annotates":
        return {
          says: `${capital(account)} gets the annotation ${quote(key)} here and from the values of ${other}.`,
          fix: `Remove the annotation in one of the two places; ${otherPath}.annotations of ${other} outlives its upgrades.`,
        };
      case "two-roles":
        return {
          says: `${capital(account)} gets the annotation ${quote(key)} here and, with another value, from ${other}.`,
          fix: `Remove the annotation from ${other}, or make both the same role.`,
        };
      case "two-resources":
        return {
          says: `${capital(account)} is declared twice, here and as ${other}.`,
          why: "Two resources cannot own one object: the second create is refused or takes the annotations over.",
          fix: `Remove one of the two; what adds to an account of others is a ServiceAccountPatch.`,
        };
    }
  },
});

type Conflict = Pick<Data, "other" | "fault"> & { readonly at: Place };

/** An earlier declaration of the very same account; the later one is reported. */
function otherResource(account: ServiceAccount, model: IrsaModel): Conflict | undefined {
  const index = model.serviceAccounts.indexOf(account);
  const twins = twinsOf(account, model).filter(
    (other) =>
      other.form !== "expected" &&
      sameText(other.name, account.name) === true &&
      sameText(other.namespace, account.namespace) === true &&
      sameCluster(other.scope, account.scope) === true &&
      model.serviceAccounts.indexOf(other) < index,
  );
  const again = twins.find(
    (other) => other.form === "resource" && account.form === "resource" && (carriesRole(other) || carriesRole(account)),
  );
  if (again) return { other: titleOf(again), fault: "two-resources", at: { urn: again.urn, path: again.root } };
  const rival = carriesRole(account)
    ? twins.find((other) => carriesRole(other) && hasOtherRole(account, other))
    : undefined;
  return rival && { other: titleOf(rival), fault: "two-roles", at: { urn: rival.urn, path: rival.roleArnPath } };
}

function hasOtherRole(a: ServiceAccount, b: ServiceAccount): boolean {
  if (a.role.how !== "unresolved" && b.role.how !== "unresolved") return a.role.to !== b.role.to;
  return a.roleArn.is === "known" && b.roleArn.is === "known" && a.roleArn.value !== b.roleArn.value;
}

/** A chart of the same namespace whose values name the account and create it, or annotate it as well. */
function chart(account: ServiceAccount, model: IrsaModel): Conflict | undefined {
  const { name, namespace } = account;
  if (name.is !== "known") return undefined;
  for (const source of model.opaqueSources) {
    const here = sameText(source.namespace, namespace) === true && sameCluster(source.scope, account.scope) === true;
    if (!here) continue;
    for (const rendered of chartAccounts(source)) {
      if (rendered.name !== name.value || !rendered.creates) continue;
      const at = { urn: source.urn, path: rendered.path };
      if (account.form === "resource") return { other: source.title, fault: "chart-creates", at };
      if (rendered.annotations.includes(roleArnKey(model)))
        return { other: source.title, fault: "chart-annotates", at };
    }
  }
  return undefined;
}

function titleOf(account: ServiceAccount): string {
  const { name } = parseUrn(account.urn);
  return `${account.form === "patch" ? "ServiceAccountPatch" : "ServiceAccount"} resource ${quote(name)}`;
}
