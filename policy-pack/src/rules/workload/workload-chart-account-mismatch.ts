import { nearest } from "../../facts/did-you-mean";
import { at, textAt } from "../../facts/fact";
import { sameCluster } from "../../model/bind";
import { sameText } from "../../model/resource";
import type { IrsaModel, OpaqueSource, ServiceAccount } from "../../model/types";
import { isUsed } from "../../model/workload-account";
import { capital, quote } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly source: string;
  readonly named: string;
  readonly account: string;
  readonly accountName: string;
}

export default defineRule<Data>({
  id: "workload-chart-account-mismatch",
  link: "workload",
  severity: "medium",
  level: "advisory",
  summary: "A chart that does not make its own account names the one that is wired for it.",
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
      if (create.is !== "known" || create.value !== false || name.is !== "known" || name.value === "default") continue;
      const meant = meantAccount(model, source, name.value);
      if (meant?.name.is !== "known") continue;
      yield {
        verdict: "violation",
        at: { urn: source.urn, path: "values.serviceAccount.name" },
        related: [{ urn: meant.urn, path: meant.roleArnPath }],
        data: { source: source.title, named: name.value, account: meant.title, accountName: meant.name.value },
      };
    }
  },
  explain: ({ source, named, account, accountName }) => ({
    says: `${capital(source)} is told to use the existing ServiceAccount ${quote(named)}, which this stack does not declare, while no pod here uses ${account}. Did you mean ${quote(accountName)}?`,
    fix: `Set values.serviceAccount.name to ${quote(accountName)}.`,
  }),
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
    idle.flatMap((account) => (account.name.is === "known" ? [account.name.value] : [])),
  );
  return idle.find((account) => account.name.is === "known" && account.name.value === spelling);
}
