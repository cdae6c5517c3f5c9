import { withoutSurrounding } from "../../facts/trim";
import { capital, quote } from "../../facts/words";
import type { Role } from "../../model/types";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly key: string;
  readonly seen: string;
  readonly fault: string;
  readonly needed: string;
}

const NAME_LENGTH = 64;
const PATH_LENGTH = 512;

export default defineRule<Data>({
  id: "role-name-invalid",
  link: "permissions",
  severity: "medium",
  level: "mandatory",
  summary: "Name and path of a role are such as IAM takes.",
  why: "IAM refuses the role: \"ValidationError: 1 validation error detected: Value … at 'roleName' failed to satisfy constraint\".",
  articleStep: undefined,
  references: ["https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"],
  *check(model) {
    for (const role of model.roles) {
      if (!role.forPods) continue;
      for (const data of [nameFault(role), pathFault(role)]) {
        if (data) yield { verdict: "violation", at: { urn: role.urn, path: data.key }, related: [], data };
      }
    }
  },
  explain: ({ role, key, seen, fault, needed }) => ({
    says: `${capital(role)} has the ${key === "path" ? "path" : "name"} ${quote(seen)}, ${fault}.`,
    fix: `Set ${key} to ${quote(needed)}.`,
  }),
});

function nameFault({ title, name, namePath: key }: Role): Data | undefined {
  if (name.is !== "known" || name.value === "") return undefined;
  const { value: seen } = name;
  const legal = seen.replace(/[^\w+=,.@-]/g, "-");
  const data = { role: title, key, seen, needed: legal.slice(0, NAME_LENGTH) };
  if (seen !== legal) return { ...data, fault: 'which has characters other than letters, digits and "_+=,.@-"' };
  return seen.length > NAME_LENGTH
    ? { ...data, fault: `which has ${seen.length} characters, and IAM takes ${NAME_LENGTH}` }
    : undefined;
}

function pathFault({ title, path }: Role): Data | undefined {
  if (path.is !== "known") return undefined;
  const { value: seen } = path;
  const needed = `/${withoutSurrounding(seen.replace(/[^!-~]/g, "-"), "/")}/`.replace(/^\/\/$/, "/");
  const data = { role: title, key: "path", seen, needed };
  if (seen.length > PATH_LENGTH)
    return { ...data, needed: "/", fault: `which has ${seen.length} characters, and IAM takes ${PATH_LENGTH}` };
  if (/^\/$|^\/[!-~]+\/$/.test(seen)) return undefined;
  return seen.startsWith("/") && seen.endsWith("/")
    ? { ...data, fault: "which must have visible ASCII characters alone between its slashes" }
    : { ...data, fault: 'which does not begin and end with "/"' };
}
