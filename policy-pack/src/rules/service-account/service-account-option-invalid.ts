import { knownValueOr } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import { carriesRole } from "../../model/bind";
import type { IrsaModel, ServiceAccount } from "../../model/types";
import { defineRule } from "../rule";

interface Data {
  readonly account: string;
  readonly key: string;
  readonly path: string;
  readonly seen: string;
  readonly fault: "no-number" | "short" | "long" | "no-bool" | "global";
}

/** What Go's strconv.ParseBool takes, which the webhook uses. */
const BOOLS = ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"];
const SHORTEST = 600;
const LONGEST = 86400;

export default defineRule<Data>({
  id: "service-account-option-invalid",
  link: "service-account",
  severity: "low",
  level: "advisory",
  summary: "The options of the webhook on a ServiceAccount have values that it takes.",
  why: "The webhook passes over a value that it cannot read and keeps its default; only its own log says so.",
  articleStep: 7,
  references: [
    "https://github.com/aws/amazon-eks-pod-identity-webhook",
    "https://docs.aws.amazon.com/eks/latest/userguide/configure-sts-endpoint.html",
  ],
  *check(model) {
    for (const account of model.serviceAccounts) {
      if (!carriesRole(account)) continue;
      for (const data of faults(account, model))
        yield { verdict: "violation", at: { urn: account.urn, path: data.path }, related: [], data };
    }
  },
  explain: ({ account, key, path, seen, fault }) => {
    const has = `${capital(account)} has ${quote(seen)} in ${quote(key)}`;
    switch (fault) {
      case "no-number":
        return {
          says: `${has}, which is no whole number of seconds.`,
          fix: `Set ${path} to a number from "${SHORTEST}" to "${LONGEST}", digits only; "${LONGEST}" is the default.`,
        };
      case "short":
        return {
          says: `${has}, but no token lives less than "${SHORTEST}" seconds.`,
          why: `The webhook raises the lifetime to ${SHORTEST} seconds.`,
          fix: `Set ${path} to a number from "${SHORTEST}" to "${LONGEST}".`,
        };
      case "long":
        return {
          says: `${has}, but EKS gives tokens for at most "${LONGEST}" seconds.`,
          why: "The API server shortens the lifetime without a word, so the token expires earlier than it is asked for.",
          fix: `Set ${path} to "${LONGEST}" or less.`,
        };
      case "no-bool":
        return {
          says: `${has}, where the webhook takes only ${BOOLS.map(quote).join(", ")}.`,
          fix: `Set ${path} to "true".`,
        };
      case "global":
        return {
          says: `${has}, so SDKs that know no better ask the global STS endpoint, not the one of their region.`,
          why: "Calls go to us-east-1: slower, gone when that region is, and without effect in regions that one has to opt in to.",
          fix: `Set ${path} to "true", or remove it: "true" is the default of EKS.`,
        };
    }
  },
});

function faults(account: ServiceAccount, model: IrsaModel): readonly Data[] {
  const entries = knownValueOr(account.annotations, []);
  const { annotationPrefix: prefix } = model.config;
  return entries.flatMap(({ key, path, value }) => {
    if (value.is !== "known") return [];
    const fault =
      key === `${prefix}/token-expiration`
        ? expirationFault(value.value)
        : key === `${prefix}/sts-regional-endpoints`
          ? endpointFault(value.value)
          : undefined;
    return fault ? [{ account: account.title, key, path, seen: value.value, fault }] : [];
  });
}

function expirationFault(text: string): Data["fault"] | undefined {
  // strconv.ParseInt(text, 10, 64): no blanks, no fraction, no unit.
  if (!/^[+-]?\d{1,18}$/.test(text)) return "no-number";
  const seconds = Number(text);
  return seconds < SHORTEST ? "short" : seconds > LONGEST ? "long" : undefined;
}

function endpointFault(text: string): Data["fault"] | undefined {
  if (!BOOLS.includes(text)) return "no-bool";
  return /^[0f]/i.test(text) ? "global" : undefined;
}
