import { listIn } from "../facts/lists";
import type { IrsaModel, Join, Role } from "./types";

/** True when no account and no add-on of this stack uses the role, and none whose role is not known yet may turn out to. */
export function isUnused(role: Role, model: IrsaModel): boolean {
  const users = [...model.serviceAccounts, ...model.addons];
  return listIn(model.bindingsByRole, role).length === 0 && !users.some((each) => mayBe(each.role, role));
}

function mayBe(join: Join<Role>, role: Role): boolean {
  if (join.how !== "unresolved") return join.to === role;
  return join.because === "unknown" || join.because === "ambiguous";
}
