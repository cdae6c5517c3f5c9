/** The set-up that guides show, of which the reports on trust policies change the policy. */
import type { Value } from "../../policy-pack/src/facts/value";
import { eks, program } from "./support";

export const cluster = eks({ name: "prod", region: "us-west-2" });
export const { issuer, providerArn } = cluster;
export const sub = `${issuer}:sub`;
export const aud = `${issuer}:aud`;
export const sts = "sts.amazonaws.com";
export const subject = "system:serviceaccount:shop:api";
export const right = { StringEquals: { [sub]: subject, [aud]: sts } };

/** The statement that every guide shows, with parts of it replaced; `undefined` leaves one out. */
export function statement(more: { readonly [key: string]: Value | undefined } = {}): Value {
  const whole: { readonly [key: string]: Value | undefined } = {
    Effect: "Allow",
    Principal: { Federated: providerArn },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: right,
    ...more,
  };
  return Object.fromEntries(
    Object.entries(whole).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}

/** A role with the trust policy as it was written, the account that is annotated with it, and its pods. */
export function trusting(trust: Value) {
  return program([
    cluster.base,
    cluster.role("app", trust),
    cluster.account_("shop", "api", cluster.arnOf("app")),
    cluster.deployment("shop", "api"),
  ]);
}
