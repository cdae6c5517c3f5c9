import { capital, quote } from "../../facts/words";
import { trustFaults } from "../../model/trust";
import type { PrincipalFault } from "../../model/trust-principal";
import { placeIn } from "../../model/trust-statement";
import { defineRule } from "../rule";

interface Data extends PrincipalFault {
  readonly role: string;
}

export default defineRule<Data>({
  id: "trust-policy-principal-invalid",
  link: "trust-policy",
  severity: "high",
  level: "mandatory",
  summary: "The federated principal of a role for pods is the ARN of an IAM OIDC provider of the right partition.",
  why: 'IAM refuses the role when it is made: "MalformedPolicyDocument: Federated principals must be valid domain names or SAML metadata ARNs"; what it lets pass, STS refuses: "Not authorized to perform sts:AssumeRoleWithWebIdentity".',
  articleStep: 3,
  decidesEarly: true,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    "https://github.com/pulumi/pulumi-eks/issues/871",
  ],
  *check(model) {
    for (const { role, principals } of trustFaults(model)) {
      for (const fault of principals) {
        yield {
          verdict: "violation",
          at: placeIn(role, fault.path),
          related: [],
          ...(fault.doubtful ? { level: "advisory" as const } : {}),
          data: { ...fault, role: role.title },
        };
      }
    }
  },
  explain: (data) => {
    const { role, seen, needed } = data;
    const write = JSON.stringify({ Federated: needed ?? "arn:<partition>:iam::<account>:oidc-provider/<issuer>" });
    return {
      ...(REFUSED_BY_STS.includes(data.fault) ? { why: STS } : {}),
      says: `${capital(role)} trusts the principal ${quote(seen)}, ${fault(data)}.`,
      fix: needed
        ? `Set Principal to ${write}.`
        : `Set Principal to the arn of the OIDC provider of the cluster: ${write}.`,
    };
  },
});

const STS =
  'STS refuses the pods at run time: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity". The ARN must be that of a provider with the issuer of the tokens.';

/** The faults that leave a well-formed ARN, but of no provider that a token could come from. */
const REFUSED_BY_STS: readonly PrincipalFault["fault"][] = ["slash", "partition", "host"];

function fault({ fault: kind, wanted }: PrincipalFault): string {
  switch (kind) {
    case "empty":
      return "which is empty, not the ARN of an OIDC provider";
    case "type":
      return "an OIDC provider that must stand under Federated";
    case "no-provider":
      return "which is not the ARN of an OIDC provider";
    case "issuer":
      return "an issuer where the ARN of its OIDC provider belongs";
    case "scheme":
      return 'an ARN that must not have "https://" in it';
    case "slash":
      return "an ARN with a slash at its end, which no EKS issuer has";
    case "partition":
      return `an ARN of another partition than ${quote(wanted ?? "")}, in which the issuer is`;
    case "host":
      return `whose host is not that of the tokens, ${quote(wanted ?? "")}`;
  }
}
