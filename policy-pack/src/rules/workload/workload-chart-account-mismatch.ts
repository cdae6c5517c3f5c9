import { nearest } from "../../facts/did-you-mean";
import { at, isKnownAs, knownValue, knownValues, textAt } from "../../facts/fact";
import { sameCluster } from "../../model/bind";
import { rolesWithheldFromCharts } from "../../model/chart-roles";
import { sameText } from "../../model/resource";
import type { IrsaModel, OpaqueSource, ServiceAccount } from "../../model/types";
import { roleArnKey } from "../../model/webhook-annotations";
import { isUsed } from "../../model/workload-account";
import { capital, quote } from "../../facts/words";
import { defineRule } from "../rule";

type Data =
  | {
      readonly fault: "name";
      readonly source: string;
      readonly named: string;
      readonly account: string;
      readonly accountName: string;
    }
  | {
      readonly fault: "role";
      readonly source: string;
      readonly account: string;
      readonly subject: string;
      readonly path: string;
      readonly role: string;
      readonly key: string;
      readonly arn: string | undefined;
    };

export default defineRule<Data>({
  id: "workload-chart-account-mismatch",
  link: "workload",
  severity: "medium",
  level: "advisory",
  summary: "The ServiceAccount that a chart's values name is the one that is wired for its role.",
  why: 'The chart\'s pods cannot be seen here; with a wrong name Kubernetes refuses them: "error looking up service account …: serviceaccount … not found".',
  articleStep: 6,
  references: [
    "https://helm.sh/docs/chart_best_practices/rbac/",
    "https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html",
  ],
  *check(model) {
    for (const source of model.opaqueSources) {
      // The convention of Helm's own template for charts: with create off, the chart uses an account that is there.
      const create = at(source.values, ["serviceAccount", "create"]);
      const name = textAt(source.values, ["serviceAccount", "name"]);
      if (!isKnownAs(create, false) || name.is !== "known" || name.value === "default") continue;
      const meant = meantAccount(model, source, name.value);
      if (meant?.name.is !== "known") continue;
      yield {
        verdict: "violation",
        at: { urn: source.urn, path: "values.serviceAccount.name" },
        related: [{ urn: meant.urn, path: meant.roleArnPath }],
        data: {
          fault: "name",
          source: source.title,
          named: name.value,
          account: meant.title,
          accountName: meant.name.value,
        },
      };
    }
    for (const { source, account, subject, path, role } of rolesWithheldFromCharts(model))
      yield {
        verdict: "violation",
        at: { urn: source.urn, path: `${path}.annotations` },
        related: [{ urn: role.urn, path: role.trustPath }],
        data: {
          fault: "role",
          source: source.title,
          account,
          subject,
          path,
          role: role.title,
          key: roleArnKey(model),
          arn: knownValue(role.arn),
        },
      };
  },
  explain: (data) => {
    if (data.fault === "name")
      return {
        says: `${capital(data.source)} is told to use the existing ServiceAccount ${quote(data.named)}, which this stack does not declare, while no pod here uses ${data.account}. Did you mean ${quote(data.accountName)}?`,
        fix: `Set values.serviceAccount.name to ${quote(data.accountName)}.`,
      };
    const { source, account, subject, path, role, key, arn } = data;
    return {
      says: `${capital(role)} trusts ${quote(subject)}, and ${source} is told to make ServiceAccount ${quote(account)} without the annotation ${quote(key)}.`,
      why: "Without the annotation the webhook leaves the chart's pods as they are, and they act as the node's role.",
      fix: `Set ${path}.annotations[${quote(key)}] to ${arn === undefined ? `the arn of ${role}` : quote(arn)}.`,
    };
  },
});

/** The idle account with a role whose name is nearly the one that is asked for, unless that one is declared or may be. */
function meantAccount(model: IrsaModel, source: OpaqueSource, name: string): ServiceAccount | undefined {
  const near = model.serviceAccounts.filter(
    (account) =>
      sameCluster(account.scope, source.scope) !== false && sameText(account.namespace, source.namespace) !== false,
  );
  if (near.some((account) => account.name.is !== "known" || account.name.value === name)) return undefined;
  const idle = near.filter(
    (account) =>
      account.form === "resource" &&
      model.bindingByServiceAccount.has(account) &&
      !isUsed(model, account) &&
      sameText(account.namespace, source.namespace) === true,
  );
  const spelling = nearest(
    name,
    idle.flatMap((account) => knownValues(account.name)),
  );
  return idle.find((account) => spelling !== undefined && isKnownAs(account.name, spelling));
}
