import { absent, at, known, listAt, textAt, unknown, type Fact, type Urn } from "../facts/fact";
import { parseArn } from "../facts/arn";
import { partitionOfRegion } from "../facts/issuer";
import { parseJson, type Value } from "../facts/value";
import type { Resource } from "./resource";
import type { AwsScope } from "./types";

/**
 * One scope for each AWS provider of the program. Its account is what any ARN of its resources says, else what the
 * provider is told (`assumeRoles`, `allowedAccountIds`); its region is the provider's.
 */
export class AwsScopes {
  private readonly scopes = new Map<Urn, AwsScope>();
  private readonly arns = new Map<Urn, string>();

  constructor(resources: readonly Resource[]) {
    for (const resource of resources) {
      const provider = resource.provider;
      if (!provider || this.arns.has(provider.urn)) continue;
      const arn = textAt(resource.outputs, ["arn"]);
      const parsed = arn.is === "known" ? parseArn(arn.value) : undefined;
      if (arn.is === "known" && /^\d{12}$/.test(parsed?.accountId ?? "")) this.arns.set(provider.urn, arn.value);
    }
  }

  of(resource: Resource): AwsScope {
    const { provider } = resource;
    const own = textAt(resource.properties, ["region"]);
    if (!provider) return { provider: undefined, accountId: unknown(), region: own, partition: partition(absent, own) };
    const shared = this.scopes.get(provider.urn) ?? this.read(provider.urn, provider.inputs);
    // Since version 7 the aws provider takes a region on each resource.
    return own.is === "known" ? { ...shared, region: own } : shared;
  }

  private read(urn: Urn, inputs: Value): AwsScope {
    const arn = parseArn(this.arns.get(urn) ?? "");
    const region = textAt(inputs, ["region"], [urn]);
    const accountId = arn ? known(arn.accountId) : toldAccount(inputs, urn);
    const scope: AwsScope = {
      provider: urn,
      accountId,
      region,
      partition: arn ? known(arn.partition) : partition(assumedRole(inputs), region),
    };
    this.scopes.set(urn, scope);
    return scope;
  }
}

function assumedRole(inputs: Value): Fact<string> {
  for (const path of [["assumeRoles"], ["assumeRole"]]) {
    // The provider package sends nested provider configuration as JSON text.
    const roles = listAt(structured(at(inputs, path)), []);
    const last = roles.is === "known" ? roles.value.at(-1) : undefined;
    const arn = textAt(last, ["roleArn"]);
    if (arn.is === "known") return arn;
  }
  return absent;
}

function toldAccount(inputs: Value, urn: Urn): Fact<string> {
  const assumed = assumedRole(inputs);
  const arn = assumed.is === "known" ? parseArn(assumed.value) : undefined;
  if (arn && /^\d{12}$/.test(arn.accountId)) return known(arn.accountId);
  const allowed = listAt(structured(at(inputs, ["allowedAccountIds"])), []);
  const only = allowed.is === "known" && allowed.value.length === 1 ? textAt(allowed.value, [0]) : absent;
  return only.is === "known" ? only : unknown([urn]);
}

function structured(fact: Fact<Value>): Value | undefined {
  if (fact.is !== "known") return undefined;
  if (typeof fact.value !== "string" || !/^[[{]/.test(fact.value)) return fact.value;
  try {
    return parseJson(fact.value);
  } catch {
    return undefined;
  }
}

function partition(assumed: Fact<string>, region: Fact<string>): Fact<string> {
  const arn = assumed.is === "known" ? parseArn(assumed.value) : undefined;
  const found = arn?.partition ?? (region.is === "known" ? partitionOfRegion(region.value) : undefined);
  return found ? known(found) : unknown();
}

/** Whether two scopes are one AWS account; undefined while nobody can say. */
export function sameAccount(a: AwsScope, b: AwsScope): boolean | undefined {
  if (a.accountId.is === "known" && b.accountId.is === "known") return a.accountId.value === b.accountId.value;
  return a.provider !== undefined && a.provider === b.provider ? true : undefined;
}
