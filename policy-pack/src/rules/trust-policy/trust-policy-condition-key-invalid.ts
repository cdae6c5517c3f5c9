import { listIn } from "../../facts/lists";
import { capital, enumerate, quoteAll } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import type { KeyFault } from "../../model/trust-condition";
import { accountPlaces, placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data extends KeyFault {
  readonly role: string;
}

const OPEN =
  "No token carries the key, and the operator holds without it: every ServiceAccount of the cluster can assume the role.";
const IDLE = "No token carries the key, and the operator holds without it: the condition checks nothing.";

export default defineRule<Data>({
  id: "trust-policy-condition-key-invalid",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "The condition keys of a trust policy are <issuer>:sub and <issuer>:aud of the provider that it trusts.",
  why: 'No token carries the key, so STS refuses every pod: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
  articleStep: 3,
  decidesEarly: true,
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html",
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
  ],
  *check(model) {
    for (const { role, keys } of trustFaults(model)) {
      for (const fault of keys) {
        const related = listIn(model.bindingsByRole, role).flatMap(accountPlaces).slice(0, 3);
        yield {
          verdict: "violation",
          at: placeIn(role, fault.path),
          related,
          ...(fault.opens && fault.guarded ? { level: "advisory" as const } : {}),
          data: { ...fault, role: role.title },
        };
      }
    }
  },
  explain: (data) => {
    const { role, keys, opens, guarded, fault } = data;
    const several = keys.length > 1;
    const pairs = keys.flatMap(({ seen, needed }) =>
      needed === undefined ? [] : [`${JSON.stringify(seen)} to ${JSON.stringify(needed)}`],
    );
    const idle = keys.flatMap(({ seen, needed }) => (needed === undefined ? [seen] : []));
    const change = pairs.length > 0 ? [`Change ${enumerate(pairs)}.`] : [];
    const removal = idle.length > 0 ? [`Remove ${quoteAll(idle)}.`] : [];
    const raw =
      fault === "scheme" ? ' Take the scheme off where the policy is built: url.replace("https://", "").' : "";
    return {
      says: `${capital(role)} has the condition key${several ? "s" : ""} ${quoteAll(keys.map(({ seen }) => seen))}, ${clause(data)}.`,
      ...(opens ? { why: guarded ? IDLE : OPEN } : {}),
      fix: `${[...change, ...removal].join(" ")}${raw}`,
    };
  },
});

function clause({ fault, issuers }: KeyFault): string {
  const trusted = issuers.length > 0 ? ` ${quoteAll(issuers)}` : "";
  switch (fault) {
    case "scheme":
      return 'but keys have no "https://"';
    case "trailing-slash":
      return "but keys have no slash before the claim";
    case "arn":
      return "but keys begin with the issuer, not with the ARN of its provider";
    case "other-issuer":
      return `but the provider that it trusts is that of${trusted}`;
    case "unknown-claim":
      return 'but the claims of a token are "sub" and "aud"';
  }
}
