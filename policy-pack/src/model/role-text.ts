import { withoutSurrounding } from "../facts/trim";
import { parseArn, parseRoleArn } from "../facts/arn";
import { nearest } from "../facts/did-you-mean";
import type { IrsaModel, Role } from "./types";

/** What is wrong with a text that is to be a role's ARN. */
export type RoleTextFault =
  "output" | "blanks" | "quotes" | "name" | "other-arn" | "account-id" | "region" | "path" | "protected" | "malformed";

/** Quotation marks that came along when an ARN was copied. */
const QUOTES = "\"'`";

/** Texts that a program makes of a value which it should have awaited: Node.js, Python, .NET, Go, and templates left as they are. */
const STRINGIFIED =
  /Calling \[toString\] on an \[Output|\[object \w+\]|Output<|pulumi\.output\.Output|Pulumi\.Output`|%!\w\(|^&?\{0x[0-9a-f]+|\$\{|\{\{|^(?:undefined|null|None|nil|NaN|<nil>)$/;

/** The fault of a text that is no role ARN, the first that one would see; undefined for a role ARN. */
export function roleTextFault(whole: string): RoleTextFault | undefined {
  const right = parseRoleArn(whole);
  // The trust policies of service-linked roles and of those of IAM Identity Center are AWS's own, and name no OIDC provider.
  if (right) return /^\/(?:aws-service-role|aws-reserved)\//.test(right.path) ? "protected" : undefined;
  const text = beginning(whole);
  if (STRINGIFIED.test(text) || /(?:^|[:/])(?:undefined|null|None)(?:[:/]|$)/.test(text)) return "output";
  const trimmed = text.trim();
  if (trimmed !== text && parseRoleArn(trimmed)) return "blanks";
  if (parseRoleArn(withoutSurrounding(trimmed, QUOTES).trim())) return "quotes";
  const arn = parseArn(trimmed);
  if (!arn) return /^[\w+=,.@/-]+$/.test(trimmed) ? "name" : "malformed";
  if (arn.service !== "iam" || !/^role(?![\w-])/.test(arn.resource)) return "other-arn";
  if (arn.region !== "") return "region";
  if (!/^\d{12}$/.test(arn.accountId)) return "account-id";
  return "path";
}

/** The role of this stack that a faulty text means: the one of that name, or of nearly that name. */
export function meantRole(text: string, model: IrsaModel): Role | undefined {
  const whole = withoutSurrounding(beginning(text).trim(), QUOTES);
  const name = whole.slice(Math.max(whole.lastIndexOf(":"), whole.lastIndexOf("/")) + 1);
  const named = new Map(model.roles.flatMap((role) => (role.name.is === "known" ? [[role.name.value, role]] : [])));
  return named.get(name) ?? named.get(nearest(name, named.keys()) ?? "");
}

/** Enough of a text to say what is wrong with it; regular expressions run out of stack on texts of many megabytes. */
function beginning(text: string): string {
  return text.slice(0, 4096);
}
