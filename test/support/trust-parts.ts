import { buildModel } from "../../policy-pack/src/model/build";
import type { IrsaModel, Role } from "../../policy-pack/src/model/types";
import type { Value } from "../../policy-pack/src/facts/value";
import type { Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import { ACCOUNT, ISSUER, resource, SUBJECT, trustStatement, urns } from "./stack";

/** Trust policies put together statement by statement, and the role `api` of a stack that has one. */

/** GitHub's issuer: its providers are the same kind of resource, and none of the chain's business. */
export const GITHUB = "token.actions.githubusercontent.com";
/** An issuer of a cluster that is none of EKS's. */
export const KOPS = "oidc.kops.example.com";
export const SUB = `${ISSUER}:sub`;
export const AUD = `${ISSUER}:aud`;

export function arnOf(issuer: string, account = ACCOUNT): string {
  return `arn:aws:iam::${account}:oidc-provider/${issuer}`;
}

/** A trust policy of these statements, as JSON text. */
export function policyOf(...statements: readonly Value[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** The correct statement with whole elements replaced; `undefined` leaves one out. */
export function statementOf(elements: { readonly [element: string]: Value | undefined }): Value {
  const merged = { ...(trustStatement() as object), ...elements };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as Value;
}

/** The correct statement with these conditions instead of its own. */
export function conditioned(conditions: { readonly [operator: string]: Value }): Value {
  return statementOf({ Condition: conditions });
}

/** The correct statement for this issuer's provider. */
export function statementFor(issuer: string, sub: Value = SUBJECT): Value {
  return trustStatement({ issuer, sub });
}

/** The provider of another issuer beside the stack's own. */
export function providerFor(
  issuer: Value,
  from: readonly string[] = [],
  clientIds: Value = ["sts.amazonaws.com"],
): SnapshotResource {
  return resource(
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "second",
    { url: typeof issuer === "string" ? `https://${issuer}` : issuer, clientIdLists: clientIds },
    { from: { url: from } },
  );
}

/** The model of a stack, and the role in it whose URN this is. */
export function withRole(stack: Snapshot, urn: string = urns.role): { readonly model: IrsaModel; readonly role: Role } {
  const model = buildModel(stack);
  const role = model.roles.find((each) => each.urn === urn);
  if (!role) throw new Error(`no role ${urn}`);
  return { model, role };
}
