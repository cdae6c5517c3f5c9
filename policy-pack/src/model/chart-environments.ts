import { at, textAt } from "../facts/fact";
import { isList, isObject, isUnknown, own, type Value } from "../facts/value";
import { pathText } from "./resource";
import type { IrsaModel, OpaqueSource } from "./types";
import { roleArnKey } from "./webhook-annotations";
import { ROLE_VARIABLE, TOKEN_VARIABLE } from "./workload-identity";

/** The environment that the values of a chart give to the very pods whose account they give a role. */
interface ChartEnvironment {
  readonly source: OpaqueSource;
  /** Path of the variables in the resource: `values.extraEnv`. */
  readonly path: string;
  /** Path of the account's block: `values.serviceAccount`. */
  readonly account: string;
  /** Those that are set, with their text; undefined for one that comes from elsewhere or is not known. */
  readonly variables: ReadonlyMap<string, string | undefined>;
}

const KEYS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/** Static keys beside a role. Keys for a service that only speaks like S3 come with its endpoint, and are left alone. */
export function chartKeys(model: IrsaModel): readonly ChartEnvironment[] {
  return environments(model).filter(
    ({ variables }) =>
      KEYS.every((each) => variables.has(each)) && ![...variables.keys()].some((name) => /ENDPOINT/i.test(name)),
  );
}

/** One of the webhook's two variables that the values of a chart set by themselves. */
export interface ChartIdentity extends ChartEnvironment {
  /** half: the other one is left out. API token: the token is the one for the API server, which STS refuses. */
  readonly fault: "half" | "API token";
  readonly set: string;
  readonly other: string;
}

export function chartIdentities(model: IrsaModel): readonly ChartIdentity[] {
  return environments(model).flatMap((each): readonly ChartIdentity[] => {
    const { variables } = each;
    const [set, other] = variables.has(ROLE_VARIABLE)
      ? [ROLE_VARIABLE, TOKEN_VARIABLE]
      : [TOKEN_VARIABLE, ROLE_VARIABLE];
    if (!variables.has(set)) return [];
    if (!variables.has(other)) return [{ ...each, fault: "half", set, other }];
    const file = variables.get(TOKEN_VARIABLE) ?? "";
    const isForApi = file.endsWith("/secrets/kubernetes.io/serviceaccount/token");
    return isForApi ? [{ ...each, fault: "API token", set: TOKEN_VARIABLE, other: ROLE_VARIABLE }] : [];
  });
}

/** Charts keep the environment and the account of one part of theirs side by side, in one block of the values. */
function environments(model: IrsaModel): readonly ChartEnvironment[] {
  const releases = model.opaqueSources.filter(
    ({ type, hasUnseenValues }) => type === "kubernetes:helm.sh/v3:Release" && !hasUnseenValues,
  );
  return releases.flatMap((source) => search(source.values, ["values"], source, roleArnKey(model)));
}

function search(
  value: Value | undefined,
  steps: readonly string[],
  source: OpaqueSource,
  key: string,
): readonly ChartEnvironment[] {
  if (steps.length > 12 || !isObject(value) || isUnknown(value)) return [];
  const names = Object.keys(value);
  const account = names.find((name) => /^serviceAccount$/i.test(name) && carriesRole(own(value, name), key));
  const found = names.flatMap((name) => search(own(value, name), [...steps, name], source, key));
  if (account === undefined) return found;
  const beside = names.filter((name) => /^(?:extra|additional)?env(?:s|vars?|ironment)?$/i.test(name));
  // What is not known yet may set whatever is missed, or the endpoint of another service.
  if (beside.some((name) => hidesVariables(own(value, name)))) return found;
  const here = beside.map((name) => ({
    source,
    path: pathText([...steps, name]),
    account: pathText([...steps, account]),
    variables: variablesOf(own(value, name)),
  }));
  return [...here, ...found];
}

/** Of annotations that are not known at all, nobody can say whether a role is among them. */
function carriesRole(block: Value | undefined, key: string): boolean {
  if (at(block, ["annotations"]).is !== "known") return false;
  const arn = textAt(block, ["annotations", key]);
  return arn.is === "unknown" || (arn.is === "known" && arn.value !== "");
}

/** True for an environment of which a variable, or the name of one, is not known. */
function hidesVariables(env: Value | undefined): boolean {
  if (isList(env)) return env.some((each) => isUnknown(each) || isUnknown(own(each, "name")));
  return isUnknown(env);
}

/** From a list of variables, or a map of them; what is set to nothing is left out. */
function variablesOf(env: Value | undefined): ReadonlyMap<string, string | undefined> {
  const pairs: readonly (readonly [Value | undefined, Value | undefined])[] = isList(env)
    ? env.map((each) => [own(each, "name"), own(each, "value") ?? own(each, "valueFrom")])
    : isObject(env) && !isUnknown(env)
      ? Object.entries(env)
      : [];
  const set = pairs.flatMap(([name, value]): readonly (readonly [string, string | undefined])[] => {
    if (typeof name !== "string" || value === undefined || value === null || value === "") return [];
    return [[name, typeof value === "string" ? value : undefined]];
  });
  return new Map(set);
}
