import type { Urn } from "../facts/fact";
import { enumerate } from "../facts/words";
import { once } from "../model/lookup";
import type { Binding, IrsaModel } from "../model/types";
import type { Place, Unverified } from "../rules/rule";
import type { UnverifiedFinding } from "./finding";
import { byPlace, label } from "./place";

interface Group {
  readonly at: Place;
  readonly about: string;
  readonly what: Set<string>;
  readonly waitsFor: Set<Urn>;
  readonly rules: Set<string>;
}

/**
 * One line for each binding: many rules wait for the same value, and a reader wants to know what is awaited, not by how
 * many. What touches no binding is gathered by resource.
 */
export function gatherUnverified(
  open: readonly { readonly rule: string; readonly unverified: Unverified }[],
  model: IrsaModel,
): readonly UnverifiedFinding[] {
  const groups = new Map<Binding | Urn, Group>();
  for (const { rule, unverified } of open) {
    const binding = bindingsByUrn(model).get(unverified.at.urn);
    const key = binding ?? unverified.at.urn;
    const group = groups.get(key) ?? {
      at: (binding && accountOf(binding)) ?? unverified.at,
      about: binding ? describe(binding) : label(unverified.at.urn),
      what: new Set(),
      waitsFor: new Set(),
      rules: new Set(),
    };
    group.what.add(unverified.what);
    unverified.waitsFor.forEach((urn) => group.waitsFor.add(urn));
    if (model.leftOut.has(unverified.at.urn)) group.waitsFor.add(unverified.at.urn);
    group.rules.add(rule);
    groups.set(key, group);
  }
  return [...groups.values()].map(toFinding).sort((a, b) => byPlace(a.at, b.at));
}

/** The ids stand last, behind all that a program may have named, so that `parse.ts` reads them back whatever the names are. */
function toFinding(group: Group): UnverifiedFinding {
  const waitsFor = [...group.waitsFor].sort();
  const rules = [...group.rules].sort();
  const awaited = [...group.what].sort().join("; ");
  const when =
    waitsFor.length > 0
      ? `Known once ${enumerate(waitsFor.map(label), 5)} exist${waitsFor.length > 1 ? "" : "s"}; run the preview again then, or rehearse it with irsa-gate.`
      : "Nothing in this stack makes it known; name it in the configuration of irsa-context.";
  return {
    rule: "irsa-unverified",
    verdict: "unverified",
    at: group.at,
    says: `${group.about} is not verified yet: ${awaited}. ${when} Rules that wait: ${rules.join(", ")}.`,
    rules,
    waitsFor,
  };
}

/** The one binding that each resource belongs to; undefined where it serves several. */
const bindingsByUrn = once((model: IrsaModel): ReadonlyMap<Urn, Binding | undefined> => {
  const found = new Map<Urn, Binding | undefined>();
  for (const binding of model.bindings) {
    const { serviceAccount, workloads, role } = binding;
    const urns = new Set([serviceAccount, ...workloads].map(({ urn }) => urn));
    if (role.how !== "unresolved") urns.add(role.to.urn);
    for (const urn of urns) found.set(urn, found.has(urn) ? undefined : binding);
  }
  return found;
});

/** Undefined for an account that only the configuration names. */
function accountOf({ serviceAccount: { urn, root } }: Binding): Place | undefined {
  return urn === "" ? undefined : { urn, path: root };
}

function describe({ serviceAccount, role }: Binding): string {
  return role.how === "unresolved" ? serviceAccount.title : `${serviceAccount.title} with ${role.to.title}`;
}
