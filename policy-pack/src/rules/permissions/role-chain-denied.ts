import { listIn, texts } from "../../facts/lists";
import { knownValueOr } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import { brokenChains } from "../../model/role-chain";
import { admitsNoPrincipalOfAws } from "../../model/role-requests";
import type { Role } from "../../model/types";
import { defineRule } from "../rule";

interface Data {
  readonly from: string;
  readonly fromArn: string;
  readonly to: string;
  readonly toArn: string;
  readonly lacks: "trust" | "permission" | "self-trust" | "any trust";
  /** The account that has the role already, for a custom resource that asks for it again. */
  readonly holder?: string | undefined;
}

export default defineRule<Data>({
  id: "role-chain-denied",
  link: "permissions",
  severity: "medium",
  level: "mandatory",
  summary: "Where a role for pods is to assume a second role, the second trusts it and the first may ask.",
  why: 'The second hop is refused: "AccessDenied: User: arn:aws:sts::…:assumed-role/… is not authorized to perform: sts:AssumeRole on resource: …".',
  articleStep: 2,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/cross-account-access.html"],
  *check(model) {
    const asked = new Set<Role>();
    for (const request of model.roleRequests) {
      if (request.role.how === "unresolved" || !admitsNoPrincipalOfAws(request.role.to)) continue;
      const role = request.role.to;
      asked.add(role);
      const [holder] = listIn(model.bindingsByRole, role);
      yield {
        verdict: "violation",
        at: { urn: request.urn, path: request.path },
        related: [{ urn: role.urn, path: role.trustPath }],
        // Roles that assumed themselves before July 2022 still may.
        level: "advisory",
        data: {
          from: request.title,
          fromArn: "",
          to: role.title,
          toArn: knownValueOr(role.arn, ""),
          lacks: "any trust",
          holder: holder?.serviceAccount.title,
        },
      };
    }
    for (const { from, to, lacks, evidence } of brokenChains(model)) {
      if (from === to && asked.has(to)) continue;
      const data = {
        from: from.title,
        fromArn: knownValueOr(from.arn, ""),
        to: to.title,
        toArn: knownValueOr(to.arn, ""),
        lacks,
      };
      if (from === to) {
        // Roles that assumed themselves before July 2022 still may.
        const at = { urn: to.urn, path: to.trustPath };
        yield {
          verdict: "violation",
          at,
          related: [evidence],
          level: "advisory",
          data: { ...data, lacks: "self-trust" },
        };
      } else if (lacks === "trust") {
        yield { verdict: "violation", at: { urn: to.urn, path: to.trustPath }, related: [evidence], data };
      } else {
        // The permission may be attached in another stack.
        yield { verdict: "violation", at: { urn: from.urn, path: "" }, related: [evidence], level: "advisory", data };
      }
    }
  },
  explain: ({ from, fromArn, to, toArn, lacks, holder }) => {
    if (lacks === "any trust")
      return {
        says:
          holder === undefined
            ? `${capital(from)} asks for ${to} by sts:AssumeRole, and its trust policy admits tokens alone.`
            : `${capital(from)} asks for ${to} by sts:AssumeRole, which ${holder} gives its pods already and whose trust policy admits tokens alone.`,
        why: 'The controller assumes that role on top of the one that it has, which STS refuses: "AccessDenied: User: arn:aws:sts::…:assumed-role/… is not authorized to perform: sts:AssumeRole on resource: …".',
        fix:
          holder === undefined
            ? `Take the role out of ${from} if the controller's ServiceAccount is annotated with it; else add { Effect: "Allow", Principal: { AWS: "<ARN of the controller's role>" }, Action: "sts:AssumeRole" } to the trust policy of ${to}.`
            : `Take the role out of ${from}: the controller acts as ${to} without it.`,
      };
    if (lacks === "self-trust")
      return {
        says: `${capital(from)} is allowed to assume itself, and its trust policy does not admit ${quote(fromArn)}.`,
        why: "Since September 2022 a role trusts itself only where its trust policy says so. Pods have the role already: what asks for it again is refused.",
        fix: `Take the role out of what the application is told to assume, or add { Effect: "Allow", Principal: { AWS: ${quote(`${texts(fromArn.split(":role/", 1))[0]}:root`)} }, Action: "sts:AssumeRole", Condition: { ArnEquals: { "aws:PrincipalArn": ${quote(fromArn)} } } } to its trust policy.`,
      };
    return lacks === "trust"
      ? {
          says: `${capital(from)} is allowed to assume ${to}, whose trust policy does not admit ${quote(fromArn)}.`,
          fix: `Add { Effect: "Allow", Principal: { AWS: ${quote(fromArn)} }, Action: "sts:AssumeRole" } to the trust policy of ${to}.`,
        }
      : {
          says: `${capital(to)}, in another account, trusts ${from}, but no policy of ${from} allows "sts:AssumeRole" on ${quote(toArn)}.`,
          fix: `Add { Effect: "Allow", Action: "sts:AssumeRole", Resource: ${quote(toArn)} } to a policy of ${from}.`,
        };
  },
});
