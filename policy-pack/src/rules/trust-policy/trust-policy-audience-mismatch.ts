import { nearest } from "../../facts/did-you-mean";
import { capital, didYouMean, enumerate, quote, quoteAll } from "../../facts/words";
import {
  audienceSlips,
  isAudienceOfOthers,
  isClientId,
  isTokensAudienceRight,
  mayBeClientId,
} from "../../model/trust-audience";
import { smallestStatement } from "../../model/trust-reach";
import { refusals, refusedTogether } from "../../model/trust-refusal";
import { accountPlaces, placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly seen: readonly string[];
  readonly needed: string;
  /** The account whose tokens are refused; undefined where only EKS's default tells the audience. */
  readonly account: string | undefined;
  readonly smallest: string | undefined;
}

const CHINA =
  'STS refuses the pod: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity". The audience is sts.amazonaws.com in every partition, China included.';

export default defineRule<Data>({
  id: "trust-policy-audience-mismatch",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "A trust policy asks for the audience that the ServiceAccount's tokens carry.",
  why: 'STS refuses the pod: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
  articleStep: 10,
  decidesEarly: true,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html"],
  *check(model) {
    for (const { binding, role, ...reason } of refusals(model)) {
      if (reason.kind !== "unknown" || reason.about !== "audience") continue;
      const [at = placeIn(role, "")] = accountPlaces(binding);
      yield { verdict: "unverified", at, what: reason.what, waitsFor: reason.waitsFor };
    }
    for (const group of refusedTogether("audience", model)) {
      const [{ binding, role, path, seen, issuer }] = group;
      const { audience, issuer: own } = binding.token;
      // An account that alone asks for another audience is judged by service-account-audience-mismatch.
      if (audience.is !== "known" || !isTokensAudienceRight(binding, model)) continue;
      const elsewhere = isAudienceOfOthers(binding, issuer, model);
      if (elsewhere && seen.every((text) => isClientId(text, role, model))) continue;
      if (elsewhere && seen.every((text) => mayBeClientId(text, role, model))) {
        const what = `the audiences that the OIDC provider of ${role.title} takes`;
        yield { verdict: "unverified", at: placeIn(role, path), what, waitsFor: role.trustFrom };
        continue;
      }
      const users = group.map((each) => each.binding);
      yield {
        verdict: "violation",
        at: placeIn(role, path),
        related: users.flatMap(accountPlaces).slice(0, 3),
        ...(elsewhere ? { level: "advisory" as const } : {}),
        data: {
          role: role.title,
          seen,
          needed: audience.value,
          account: enumerate(users.map(({ serviceAccount }) => serviceAccount.title)),
          smallest: smallestStatement(users, role, own.is === "known" ? own.value : issuer),
        },
      };
    }
    for (const { role, condition, seen } of audienceSlips(model)) {
      yield {
        verdict: "violation",
        at: placeIn(role, condition.path),
        related: [],
        level: "advisory",
        data: {
          role: role.title,
          seen: [seen],
          needed: model.config.audience,
          account: undefined,
          smallest: undefined,
        },
      };
    }
  },
  explain: ({ role, seen, needed, account, smallest }) => {
    const has = account ? `the tokens of ${account} have` : "EKS makes tokens for";
    return {
      says: `${capital(role)} asks for the audience ${quoteAll(seen)}, but ${has} ${quote(needed)}.${didYouMean(nearest(needed, seen) && needed)}`,
      ...(seen.some((text) => text.endsWith(".cn")) ? { why: CHINA } : {}),
      fix: `Set the audience to ${JSON.stringify(needed)}${smallest ? `; the smallest statement that fits is ${smallest}` : ""}.`,
    };
  },
});
