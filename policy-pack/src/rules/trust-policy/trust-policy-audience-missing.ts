import { listIn } from "../../facts/lists";
import { capital, quote } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import { placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly issuer: string;
  readonly audience: string;
}

export default defineRule<Data>({
  id: "trust-policy-audience-missing",
  link: "trust-policy",
  severity: "low",
  level: "advisory",
  summary: "A trust policy asks for the audience of the token.",
  why: "Tokens that were made for another service, whose audience the OIDC provider also lists, are taken as well.",
  articleStep: 10,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"],
  *check(model) {
    for (const { role, withoutAudience } of trustFaults(model)) {
      for (const { path, issuer } of withoutAudience) {
        const [user] = listIn(model.bindingsByRole, role);
        const audience = user?.token.audience.is === "known" ? user.token.audience.value : model.config.audience;
        yield {
          verdict: "violation",
          at: placeIn(role, path),
          related: [],
          data: { role: role.title, issuer, audience },
        };
      }
    }
  },
  explain: ({ role, issuer, audience }) => ({
    says: `${capital(role)} does not ask for the audience ${quote(audience)} of tokens of the issuer ${quote(issuer)}.`,
    fix: `Add ${JSON.stringify(`${issuer}:aud`)}: ${JSON.stringify(audience)} beside the subject, under StringEquals.`,
  }),
});
