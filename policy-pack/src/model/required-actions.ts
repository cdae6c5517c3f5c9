import { texts } from "../facts/lists";
import type { Binding, IrsaModel, ServiceAccount } from "./types";

/**
 * Annotation of a ServiceAccount that lists the IAM actions its pods need, separated by commas; an action may be followed by
 * a blank and the ARN that it is needed on: `s3:GetObject arn:aws:s3:::shop/*, sqs:SendMessage`.
 */
export const REQUIRED_ACTIONS = "eks-irsa.dev/required-actions";

export interface RequiredAction {
  readonly action: string;
  /** ARN of the resource; undefined when any resource will do. */
  readonly resource: string | undefined;
  /** Path of the annotation in the ServiceAccount; undefined when the configuration asks. */
  readonly path: string | undefined;
}

/** The actions that an account is declared to need: by its annotation and by `requiredActions` of the configuration. */
export function requiredActions(account: ServiceAccount, model: IrsaModel): readonly RequiredAction[] {
  const { annotations, name, namespace } = account;
  const entry = annotations.is === "known" ? annotations.value.find(({ key }) => key === REQUIRED_ACTIONS) : undefined;
  const written = entry?.value.is === "known" ? entry.value.value.split(",").map((text) => read(text, entry.path)) : [];
  const key = name.is === "known" && namespace.is === "known" ? `${namespace.value}/${name.value}` : "";
  const { requiredActions: table } = model.config;
  const configured = (Object.hasOwn(table, key) ? (table[key] ?? []) : []).map((text) => read(text, undefined));
  const unique = new Map([...written, ...configured].map((each) => [`${each.action} ${each.resource ?? ""}`, each]));
  return [...unique.values()].filter(({ action }) => action !== "");
}

/** True for text of the form `service:Action`. */
export function isAction(text: string): boolean {
  return /^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(text);
}

function read(text: string, path: string | undefined): RequiredAction {
  const parts = text.trim().split(/\s+/);
  const [action] = texts(parts);
  const [, resource] = parts;
  return { action, resource, path };
}

/** Bindings whose account is declared to need actions. */
export function bindingsWithNeeds(
  model: IrsaModel,
): readonly { readonly binding: Binding; readonly needs: readonly RequiredAction[] }[] {
  return model.bindings
    .map((binding) => ({ binding, needs: requiredActions(binding.serviceAccount, model) }))
    .filter(({ needs }) => needs.length > 0);
}
