import rule from "../../../policy-pack/src/rules/permissions/role-action-denied";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases } from "../../support/cases";
import { firstPreview, resource, UNKNOWN, urnOf, urns, wired, type Wiring } from "../../support/stack";

const INLINE = "aws:iam/rolePolicy:RolePolicy";
const document = (...statements: Value[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const allow = (Action: Value, Resource: Value = "arn:aws:s3:::shop/*") => ({ Effect: "Allow", Action, Resource });
const deny = (Action: Value) => ({ Effect: "Deny", Action, Resource: "*" });
const inline = (...statements: Value[]) =>
  resource(INLINE, "s3", { role: "api-irsa", name: "s3", policy: document(...statements) });
const needs = (...actions: string[]): Wiring => ({ config: { requiredActions: { "shop/api": actions } } });
const annotated = (text: string): Wiring => ({
  serviceAccount: { metadata: { annotations: { "eks-irsa.dev/required-actions": text } } },
});
const role = { urn: urns.role, path: "" };
const LIMIT = "arn:aws:iam::111122223333:policy/limit";
const limit = (...statements: Value[]) =>
  resource("aws:iam/policy:Policy", "limit", { policy: document(...statements) }, { outputs: { arn: LIMIT } });

export default cases(rule, {
  invalid: [
    {
      name: "objects are to be read, and the bucket alone is named",
      stack: wired({
        attachment: null,
        plus: [inline(allow(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::shop"))],
      }),
      finds: [
        {
          at: { urn: urnOf(INLINE, "s3"), path: "policy.Statement[0].Resource" },
          says: 'Role "api-irsa", which ServiceAccount "shop/api" uses, is allowed "s3:GetObject" on "arn:aws:s3:::shop" alone, and what is asked for are the objects in it.',
          fix: 'Add "arn:aws:s3:::shop/*" to Resource.',
          level: "advisory",
        },
      ],
    },
    {
      name: "objects are to be written, at the first preview",
      stack: firstPreview({
        attachment: null,
        plus: [inline(allow("s3:PutObject*", ["arn:aws:s3:::shop", "arn:aws:s3:::orders"]))],
      }),
      finds: [
        {
          at: { urn: urnOf(INLINE, "s3"), path: "policy.Statement[0].Resource" },
          says: 'Role "api-irsa", which ServiceAccount "shop/api" uses, is allowed "s3:PutObject*" on "arn:aws:s3:::shop" and "arn:aws:s3:::orders" alone, and what is asked for are the objects in it.',
          fix: 'Add "arn:aws:s3:::shop/*" to Resource.',
          level: "advisory",
        },
      ],
    },
    {
      name: "no policy allows it; advisory, since a bucket policy may",
      stack: wired({ ...needs("s3:PutObject", "s3:GetObject"), attachment: null, plus: [inline(allow("s3:Get*"))] }),
      finds: [
        {
          at: role,
          says: 'ServiceAccount "shop/api" needs "s3:PutObject", which no policy of role "api-irsa" allows.',
          fix: 'Add { Effect: "Allow", Action: ["s3:PutObject"], Resource: "…" } to a policy of role "api-irsa".',
          level: "advisory",
        },
      ],
    },
    {
      name: "an AWS-managed policy whose name tells that it does not, at the first preview",
      stack: firstPreview(annotated("s3:GetObject, s3:PutObject, s3:DeleteObject")),
      finds: [
        {
          at: role,
          says: 'ServiceAccount "shop/api" needs "s3:PutObject" and "s3:DeleteObject", which no policy of role "api-irsa" allows.',
          fix: 'Add { Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: "…" } to a policy of role "api-irsa".',
          level: "advisory",
        },
      ],
    },
    {
      name: "the action is allowed on another bucket",
      stack: wired({
        ...annotated("s3:GetObject arn:aws:s3:::billing/a"),
        attachment: null,
        plus: [inline(allow("s3:GetObject"))],
      }),
      finds: [
        {
          at: role,
          says: 'ServiceAccount "shop/api" needs "s3:GetObject", which no policy of role "api-irsa" allows.',
          fix: 'Add { Effect: "Allow", Action: ["s3:GetObject"], Resource: "…" } to a policy of role "api-irsa".',
          level: "advisory",
        },
      ],
    },
    {
      name: "a Deny",
      stack: wired({ ...needs("s3:GetObject"), plus: [inline(allow("s3:*"), deny("s3:Get*"))] }),
      finds: [
        {
          at: { urn: urnOf(INLINE, "s3"), path: "policy.Statement[1]" },
          says: 'ServiceAccount "shop/api" needs "s3:GetObject", which Statement[1] of attachment "s3" of role "api-irsa" denies.',
          fix: 'Take "s3:GetObject" out of Statement[1] of attachment "s3" of role "api-irsa": no Allow overrides a Deny.',
        },
      ],
    },
    {
      name: "the permissions boundary does not reach so far",
      covers: ["role-permissions-boundary"],
      stack: wired({
        ...needs("s3:GetObject"),
        role: { permissionsBoundary: LIMIT },
        plus: [limit(allow("sqs:*", "*"))],
      }),
      finds: [
        {
          at: { urn: urns.role, path: "permissionsBoundary" },
          says: 'ServiceAccount "shop/api" needs "s3:GetObject", which the permissions boundary of role "api-irsa" does not allow.',
          fix: 'Allow "s3:GetObject" in the permissions boundary too: a role can do only what both its policies and its boundary allow.',
        },
      ],
    },
    {
      name: "an action that is none",
      stack: wired(annotated("GetObject")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks-irsa.dev/required-actions"]' },
          says: 'ServiceAccount "shop/api" is declared to need "GetObject", but an IAM action is written like "s3:GetObject".',
          fix: 'Write each action as "service:Action", in place of "GetObject".',
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    {
      name: "the bucket and its objects",
      stack: wired({
        attachment: null,
        plus: [inline(allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"]))],
      }),
    },
    {
      name: "a star after the bucket, and a statement of its own for the objects",
      stack: wired({
        attachment: null,
        plus: [
          inline(
            allow("s3:GetObject", "arn:aws:s3:::shop*"),
            allow(["s3:ListBucket", "s3:GetObject"], "arn:aws:s3:::orders"),
            allow("s3:GetObject", "arn:aws:s3:::orders/daily/*"),
          ),
        ],
      }),
    },
    {
      name: "a policy that is not known yet may name the objects",
      stack: wired({
        plus: [
          inline(allow("s3:GetObject", "arn:aws:s3:::shop")),
          resource(INLINE, "later", { role: "api-irsa", name: "later", policy: UNKNOWN }),
        ],
      }),
    },
    {
      name: "another managed policy of AWS may allow the objects",
      stack: wired({ plus: [inline(allow("s3:GetObject", "arn:aws:s3:::shop"))] }),
    },
    { name: "an AWS-managed policy whose name tells that it does", stack: wired(needs("s3:GetObject")) },
    {
      name: "a wildcard",
      stack: wired({ ...needs("s3:PutObject"), attachment: null, plus: [inline(allow("s3:*Object"))] }),
    },
    {
      name: "policy and boundary both allow it",
      stack: wired({
        ...needs("s3:GetObject"),
        role: { permissionsBoundary: LIMIT },
        plus: [limit(allow("s3:*", "*"))],
      }),
    },
    {
      name: "an account that is not declared to need anything",
      stack: wired({ attachment: null, plus: [inline(allow("s3:GetObject"))] }),
    },
  ],
  unverified: [
    {
      name: "an AWS-managed policy whose name does not tell",
      stack: wired({
        ...needs("ecr:BatchGetImage"),
        attachment: { policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy" },
      }),
      waits: ['whether role "api-irsa" allows "ecr:BatchGetImage"'],
    },
    {
      name: "an inline policy that is not known yet",
      stack: firstPreview({
        ...needs("s3:GetObject"),
        attachment: null,
        plus: [resource(INLINE, "s3", { role: "api-irsa", policy: UNKNOWN })],
      }),
      waits: ['whether role "api-irsa" allows "s3:GetObject"'],
    },
    {
      name: "a policy that may deny it may be for the role as well",
      stack: wired({
        ...needs("s3:GetObject"),
        plus: [resource(INLINE, "limits", { role: UNKNOWN, policy: document(deny("s3:Get*")) })],
      }),
      waits: ['whether role "api-irsa" allows "s3:GetObject"'],
    },
    {
      name: "the role is in another stack",
      stack: wired({
        ...needs("s3:GetObject"),
        role: null,
        attachment: null,
        edges: { "deployment.spec": [urns.serviceAccount] },
      }),
      waits: ['what the role of ServiceAccount "shop/api" allows'],
    },
  ],
});
