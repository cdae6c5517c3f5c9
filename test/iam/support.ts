import { known, type Fact } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import type { PolicyDocument } from "../../policy-pack/src/iam/document";
import { parsePolicyDocument } from "../../policy-pack/src/iam/parse";
import { webIdentityRequest, type WebIdentityToken } from "../../policy-pack/src/iam/web-identity";

export const ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
export const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
export const SUBJECT = "system:serviceaccount:shop:api";
export const AUDIENCE = "sts.amazonaws.com";
export const SUB = `${ISSUER}:sub`;
export const AUD = `${ISSUER}:aud`;
export const UNKNOWN: Value = { $unknown: true };

export const TOKEN: WebIdentityToken = {
  providerArn: known(PROVIDER),
  issuer: ISSUER,
  subject: known(SUBJECT),
  audience: known(AUDIENCE),
};

export const REQUEST = webIdentityRequest(TOKEN);

type Fields = { readonly [key: string]: Value };

/** A statement that admits {@link TOKEN}; what is given replaces an element, null leaves it out. */
export function statement(change: Fields = {}): Fields {
  const whole: Fields = {
    Effect: "Allow",
    Principal: { Federated: PROVIDER },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringEquals: { [SUB]: SUBJECT, [AUD]: AUDIENCE } },
    ...change,
  };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null));
}

export function policy(...statements: readonly Value[]): Fields {
  return { Version: "2012-10-17", Statement: statements };
}

export function read(value: Value, kind: "trust" | "identity" = "trust"): PolicyDocument {
  const parsed: Fact<PolicyDocument> = parsePolicyDocument(known(value), { kind, waitsFor: ["urn:provider"] });
  if (parsed.is !== "known") throw new Error(`the document is ${parsed.is}`);
  return parsed.value;
}

export function trust(...changes: readonly Fields[]): PolicyDocument {
  return read(policy(...changes.map(statement)));
}

/** The flaws of a document, as sentences. */
export function flawsOf(value: Value, kind: "trust" | "identity" = "trust"): readonly string[] {
  return read(value, kind).flaws.map(
    ({ kind: flaw, path, needed }) => `${flaw} at ${path || "the document"}: ${needed}`,
  );
}
