import { knownValue } from "../../facts/fact";
import { enumerate, quote } from "../../facts/words";
import type { MissingProvider } from "../../model/missing-provider";
import { missingProviders, unseenProviders } from "../../model/missing-provider";
import { defineRule, type Place } from "../rule";

interface Data {
  readonly roles: readonly string[];
  readonly cluster: string;
  readonly component: boolean;
  readonly evidence: MissingProvider["evidence"];
  readonly issuer: string | undefined;
  /** The provider that stands in another account than the role; undefined where there is none at all. */
  readonly elsewhere: { readonly provider: string; readonly account: string; readonly needed: string } | undefined;
}

export default defineRule<Data>({
  id: "oidc-provider-not-found",
  link: "oidc-provider",
  severity: "high",
  level: "mandatory",
  summary: "Each cluster whose pods use roles has an IAM OIDC provider in the account of these roles.",
  why: 'EKS makes an issuer for each cluster but no IAM OIDC provider, so STS refuses the pods: "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://…".',
  articleStep: 1,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html",
    "https://docs.aws.amazon.com/eks/latest/userguide/cross-account-access.html",
  ],
  *check(model) {
    for (const missing of missingProviders(model)) {
      const { roles, cluster, evidence, elsewhere } = missing;
      const trusts: Place[] = roles.map((role) => ({ urn: role.urn, path: role.trustPath }));
      const [first, ...others] = trusts;
      if (!first) continue;
      const component = cluster.createsOidcProvider.is !== "absent";
      const place = { urn: cluster.urn, path: component ? "createOidcProvider" : "" };
      yield {
        verdict: "violation",
        at: elsewhere ? first : place,
        related: elsewhere ? [{ urn: elsewhere.urn, path: "" }, ...others] : trusts.slice(0, 3),
        // A cluster that exists already may have been given its provider by eksctl, the console or another stack.
        level: evidence === "issuer" ? "advisory" : "mandatory",
        data: {
          roles: roles.map((role) => role.title),
          cluster: cluster.title,
          component,
          evidence,
          issuer: knownValue(cluster.issuer),
          elsewhere: elsewhere && {
            provider: elsewhere.title,
            account: known(elsewhere.scope.accountId),
            needed: known(roles[0]?.scope.accountId),
          },
        },
      };
    }
    for (const { role, what, waitsFor } of unseenProviders(model)) {
      yield { verdict: "unverified", at: { urn: role.urn, path: role.trustPath }, what, waitsFor };
    }
  },
  explain: ({ roles, cluster, component, evidence, issuer, elsewhere }) => {
    const who = enumerate(roles);
    const subject = who.charAt(0).toUpperCase() + who.slice(1);
    const verb = roles.length === 1 ? "trusts" : "trust";
    if (elsewhere)
      return {
        says: `${subject} ${verb} ${cluster} in account ${quote(elsewhere.needed)}, where this stack makes no OIDC provider for it: ${elsewhere.provider} is in account ${quote(elsewhere.account)}.`,
        fix: `Make a second aws.iam.OpenIdConnectProvider for the issuer of ${cluster} with the AWS provider of account ${quote(elsewhere.needed)}, and trust its arn.`,
      };
    if (evidence === "empty-arn")
      return {
        says: `${subject} ${verb} the OIDC provider of ${cluster}, which makes none: its oidcProviderArn is "".`,
        why: 'IAM refuses the trust policy: "MalformedPolicyDocument: Federated principals must be valid domain names or SAML metadata ARNs".',
        fix: `Set createOidcProvider to true on ${cluster}.`,
      };
    const named = issuer === undefined ? cluster : `${cluster}, ${quote(issuer)}`;
    return {
      says: `${subject} ${verb} the issuer of ${named}, but this stack makes no OIDC provider for it.`,
      fix: component
        ? `Set createOidcProvider to true on ${cluster}.`
        : `Add new aws.iam.OpenIdConnectProvider("…", { url: cluster.identities[0].oidcs[0].issuer, clientIdLists: ["sts.amazonaws.com"] }) and trust its arn.`,
    };
  },
});

function known(account: { readonly is: string; readonly value?: string } | undefined): string {
  return account?.value ?? "unknown";
}
