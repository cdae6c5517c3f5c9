import { listIn } from "../../facts/lists";
import { knownValue } from "../../facts/fact";
import { capital, enumerate, quote, quoteAll } from "../../facts/words";
import { trustsEmptyArn } from "../../model/missing-provider";
import { trustFaults } from "../../model/trust";
import { smallestStatement } from "../../model/trust-reach";
import { refusedTogether } from "../../model/trust-refusal";
import { accountPlaces, placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

type Data =
  | {
      readonly lacks: "action";
      readonly role: string;
      readonly seen: readonly string[];
      readonly issuer: string;
      readonly except: boolean;
    }
  | {
      readonly lacks: "principal";
      readonly role: string;
      readonly accounts: readonly string[];
      readonly principals: readonly string[];
      readonly smallest: string;
    };

const POD_IDENTITY = "pods.eks.amazonaws.com";

export default defineRule<Data>({
  id: "trust-policy-not-web-identity",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "A role that a ServiceAccount uses trusts an OIDC provider for sts:AssumeRoleWithWebIdentity.",
  why: 'STS refuses the pod at run time: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
  articleStep: 3,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"],
  *check(model) {
    for (const { role, actions } of trustFaults(model)) {
      for (const { path, seen, issuer } of actions) {
        const related = listIn(model.bindingsByRole, role).flatMap(accountPlaces).slice(0, 3);
        yield {
          verdict: "violation",
          at: placeIn(role, path),
          related,
          data: { lacks: "action", role: role.title, seen, issuer, except: path.endsWith(".NotAction") },
        };
      }
    }
    for (const group of refusedTogether("not-web-identity", model)) {
      const [{ binding, role, path, principals }] = group;
      // An empty ARN was meant to be a provider's: that it is empty is what to mend.
      if (trustsEmptyArn(role)) continue;
      const users = group.map((each) => each.binding);
      const { issuer } = binding.token;
      yield {
        verdict: "violation",
        at: placeIn(role, path),
        related: users.flatMap(accountPlaces).slice(0, 3),
        data: {
          lacks: "principal",
          role: role.title,
          accounts: users.map(({ serviceAccount }) => serviceAccount.title),
          principals,
          smallest: smallestStatement(users, role, knownValue(issuer)),
        },
      };
    }
  },
  explain: (data) => {
    if (data.lacks === "action") {
      return {
        says: `${capital(data.role)} trusts the OIDC provider of ${quote(data.issuer)} for ${data.except ? `every action but ${quoteAll(data.seen)}, so` : `${quoteAll(data.seen)} only,`} not for "sts:AssumeRoleWithWebIdentity".`,
        fix: `Set Action to "sts:AssumeRoleWithWebIdentity"${data.except ? " in place of NotAction" : ""}.`,
      };
    }
    const { role, accounts, principals, smallest } = data;
    const several = accounts.length > 1;
    const trusts = principals.length > 0 ? `trusts only ${quoteAll(principals)}` : "trusts nobody";
    const isPodIdentity = principals.includes(POD_IDENTITY);
    return {
      says: `${capital(enumerate(accounts))} use${several ? "" : "s"} ${role}, which ${trusts}, not an OIDC provider.`,
      fix: `Add the statement ${smallest} to the trust policy${isPodIdentity ? ", or make an aws.eks.PodIdentityAssociation for the account and take the annotation away" : ""}.`,
    };
  },
});
