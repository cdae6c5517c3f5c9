import type { Urn } from "../facts/fact";
import { parseUrn } from "../facts/urn";
import { once } from "../model/lookup";
import type { Binding, IrsaModel } from "../model/types";
import type { Place, Unverified } from "../rules/rule";
import type { UnverifiedFinding } from "./finding";

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
  const groups = new Map<string, Group>();
  for (const { rule, unverified } of open) {
    const binding = bindingsByUrn(model).get(unverified.at.urn);
    const at =
      binding && binding.serviceAccount.urn !== ""
        ? { urn: binding.serviceAccount.urn, path: binding.serviceAccount.root }
        : unverified.at;
    const key = binding ? `${at.urn} ${at.path} ${binding.serviceAccount.title}` : unverified.at.urn;
    const group = groups.get(key) ?? {
      at,
      about: binding ? describe(binding) : label(unverified.at.urn),
      what: new Set(),
      waitsFor: new Set(),
      rules: new Set(),
    };
    group.what.add(unverified.what);
    unverified.waitsFor.forEach((urn) => group.waitsFor.add(urn));
    group.rules.add(rule);
    groups.set(key, group);
  }
  return [...groups.values()].map(toFinding).sort((a, b) => (a.at.urn + a.at.path < b.at.urn + b.at.path ? -1 : 1));
}

function toFinding(group: Group): UnverifiedFinding {
  const waitsFor = [...group.waitsFor].sort();
  const awaited = [...group.what].sort().join("; ");
  const when =
    waitsFor.length > 0
      ? `Known once ${enumerate(waitsFor.map(label))} exist${waitsFor.length > 1 ? "" : "s"}; run the preview again then, or rehearse it with irsa-gate.`
      : "Nothing in this stack makes it known; name it in the configuration of irsa-context.";
  return {
    rule: "irsa-unverified",
    verdict: "unverified",
    at: group.at,
    says: `${group.about} is not verified yet: ${awaited}. ${when}`,
    rules: [...group.rules].sort(),
    waitsFor,
  };
}

/** The one binding that each resource belongs to; nothing where it serves several or none. */
const bindingsByUrn = once((model: IrsaModel): ReadonlyMap<Urn, Binding> => {
  const found = new Map<Urn, Binding | "several">();
  for (const binding of model.bindings) {
    const { serviceAccount, workloads, role } = binding;
    const urns = new Set([serviceAccount, ...workloads, ...(role.how === "unresolved" ? [] : [role.to])].map(urnOf));
    for (const urn of urns) found.set(urn, found.has(urn) ? "several" : binding);
  }
  return new Map([...found].flatMap(([urn, binding]) => (urn === "" || binding === "several" ? [] : [[urn, binding]])));
});

function urnOf({ urn }: { readonly urn: Urn }): Urn {
  return urn;
}

function describe(binding: Binding): string {
  const role = binding.role.how === "unresolved" ? "" : ` with ${binding.role.to.title}`;
  return `${binding.serviceAccount.title}${role}`;
}

function label(urn: Urn): string {
  const { type, name } = parseUrn(urn);
  return `${type} ${name}`;
}

function enumerate(items: readonly string[]): string {
  const shown = items.slice(0, 4);
  const rest = items.length - shown.length;
  return shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
