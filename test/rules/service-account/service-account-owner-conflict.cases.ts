import rule from "../../../policy-pack/src/rules/service-account/service-account-owner-conflict";
import { cases, none } from "../../support/cases";
import {
  firstPreview,
  resource,
  type ResourceOptions,
  ROLE_ARN,
  UNKNOWN,
  urnOf,
  urns,
  wired,
} from "../../support/stack";

const KEY = "eks.amazonaws.com/role-arn";
const release = (serviceAccount: { readonly [key: string]: boolean | string | { readonly [key: string]: string } }) =>
  resource("kubernetes:helm.sh/v3:Release", "api", { chart: "api", namespace: "shop", values: { serviceAccount } });
const again = (
  kind: string,
  annotations: { readonly [key: string]: string | typeof UNKNOWN },
  options?: ResourceOptions,
) =>
  resource(
    `kubernetes:core/v1:${kind}`,
    "twice",
    { metadata: { name: "api", namespace: "shop", annotations } },
    options,
  );
const OTHER = "arn:aws:iam::111122223333:role/other";
const external = { role: null, attachment: null, serviceAccount: null, deployment: null } as const;
const patch = resource("kubernetes:core/v1:ServiceAccountPatch", "api", {
  metadata: { name: "api", namespace: "shop", annotations: { [KEY]: OTHER } },
});

export default cases(rule, {
  invalid: [
    {
      name: "the chart creates the account too",
      covers: ["sa-annotation-owner-conflict"],
      stack: wired({ plus: [release({ name: "api" })] }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" is declared here, and Release "api" creates an account of the same name.',
          fix: 'Set values.serviceAccount.create of Release "api" to false; or let the chart own the account, give it the annotation under values.serviceAccount.annotations, and remove ServiceAccount "shop/api" here.',
        },
      ],
    },
    {
      name: "a Patch and the chart's values write the annotation",
      stack: wired({
        ...external,
        config: { roles: [OTHER] },
        plus: [patch, release({ name: "api", create: true, annotations: { [KEY]: OTHER } })],
      }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:core/v1:ServiceAccountPatch", "api"),
            path: 'metadata.annotations["eks.amazonaws.com/role-arn"]',
          },
          says: 'ServiceAccount "shop/api" gets the annotation "eks.amazonaws.com/role-arn" here and from the values of Release "api".',
          fix: 'Remove the annotation in one of the two places; values.serviceAccount.annotations of Release "api" outlives its upgrades.',
        },
      ],
    },
    {
      name: "a Patch gives another role",
      stack: wired({ plus: [again("ServiceAccountPatch", { [KEY]: OTHER })], config: { roles: [OTHER] } }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:core/v1:ServiceAccountPatch", "twice"),
            path: 'metadata.annotations["eks.amazonaws.com/role-arn"]',
          },
          says: 'ServiceAccount "shop/api" gets the annotation "eks.amazonaws.com/role-arn" here and, with another value, from ServiceAccount resource "api".',
          fix: 'Remove the annotation from ServiceAccount resource "api", or make both the same role.',
        },
      ],
    },
    {
      name: "declared twice, at the first preview",
      stack: firstPreview({ plus: [again("ServiceAccount", { [KEY]: UNKNOWN }, { from: { metadata: [urns.role] } })] }),
      finds: [
        {
          at: {
            urn: urnOf("kubernetes:core/v1:ServiceAccount", "twice"),
            path: 'metadata.annotations["eks.amazonaws.com/role-arn"]',
          },
          says: 'ServiceAccount "shop/api" is declared twice, here and as ServiceAccount resource "api".',
          fix: "Remove one of the two; what adds to an account of others is a ServiceAccountPatch.",
        },
      ],
    },
  ],
  valid: [
    {
      name: "a Patch whose annotations are not known yet, and the chart's values",
      stack: wired({
        ...external,
        config: { roles: [OTHER] },
        plus: [
          resource("kubernetes:core/v1:ServiceAccountPatch", "api", {
            metadata: { name: "api", namespace: "shop", annotations: UNKNOWN },
          }),
          release({ name: "api", create: true, annotations: { [KEY]: OTHER } }),
        ],
      }),
    },
    {
      name: "the chart uses the account and does not create it",
      stack: wired({ plus: [release({ name: "api", create: false })] }),
    },
    { name: "the chart has an account of another name", stack: wired({ plus: [release({ name: "api-worker" })] }) },
    {
      name: "a Patch adds an annotation of another kind",
      stack: wired({ plus: [again("ServiceAccountPatch", { "example.com/team": "shop" })] }),
    },
    { name: "a Patch repeats the role", stack: wired({ plus: [again("ServiceAccountPatch", { [KEY]: ROLE_ARN })] }) },
    {
      name: "a Patch annotates what the chart makes",
      stack: wired({ ...external, config: { roles: [OTHER] }, plus: [patch, release({ name: "api" })] }),
    },
  ],
  unverified: none("a hint that needs both texts; with one unknown there is nothing to say"),
});
