import { listIn } from "../facts/lists";
import { holdsUnknown } from "../facts/value";
import type { IrsaModel, Join, Role } from "./types";

/** True when no account and no add-on of this stack uses the role, and none may turn out to: its role is not known yet, or a chart's values are not. */
export function isUnused(role: Role, model: IrsaModel): boolean {
  const users = [...model.serviceAccounts, ...model.addons];
  const mayBeInValues = model.opaqueSources.some(
    ({ values, valuesFrom }) => valuesFrom.includes(role.urn) && holdsUnknown(values),
  );
  return (
    listIn(model.bindingsByRole, role).length === 0 && !mayBeInValues && !users.some((each) => mayBe(each.role, role))
  );
}

function mayBe(join: Join<Role>, role: Role): boolean {
  if (join.how !== "unresolved") return join.to === role;
  return join.because === "unknown" || join.because === "ambiguous";
}
