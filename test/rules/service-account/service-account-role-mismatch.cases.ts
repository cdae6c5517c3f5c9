import type { Value } from "../../../policy-pack/src/facts/value";
import rule from "../../../policy-pack/src/rules/service-account/service-account-role-mismatch";
import { cases } from "../../support/cases";
import { firstPreview, resource, ROLE_ARN, trust, UNKNOWN, urns, wired } from "../../support/stack";

const KEY = "eks.amazonaws.com/role-arn";
const annotated = (value: Value) => ({ serviceAccount: { metadata: { annotations: { [KEY]: value } } } });
const ELSEWHERE = "arn:aws:iam::444455556666:role/platform/dns";
const other = resource(
  "aws:iam/role:Role",
  "other",
  { name: "api-irsa-2", assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:other" }) },
  { from: { assumeRolePolicy: [urns.oidcProvider] } },
);
const otherPermissions = resource(
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "other",
  { role: "api-irsa-2", policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
  { from: { role: [other.urn] } },
);

export default cases(rule, {
  invalid: [
    {
      name: "the ARN leaves out the path",
      covers: ["sa-annotation-path-missing"],
      stack: wired({ role: { path: "/team/" }, ...annotated(ROLE_ARN) }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" names the role "arn:aws:iam::111122223333:role/api-irsa", but role "api-irsa" has the path "/team/", not "/".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/team/api-irsa".',
        },
      ],
    },
    {
      name: "the ARN leaves out the path; at the first preview the account is not known",
      stack: firstPreview({ role: { path: "/team/" }, ...annotated(ROLE_ARN) }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" names the role "arn:aws:iam::111122223333:role/api-irsa", but role "api-irsa" has the path "/team/", not "/".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to the arn of role "api-irsa".',
          level: "advisory",
        },
      ],
    },
    {
      name: "the same name in another account",
      covers: ["sa-annotation-account-mismatch"],
      stack: wired(annotated("arn:aws:iam::444455556666:role/api-irsa")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" names the role "arn:aws:iam::444455556666:role/api-irsa", but this stack makes role "api-irsa" in the account "111122223333", not in "444455556666".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa". If the role of the other account is meant, list its ARN under roles in the configuration of irsa-context.',
          level: "advisory",
        },
      ],
    },
    {
      name: "a name of no role here that differs in two letters",
      covers: ["sa-annotation-role-absent"],
      stack: wired(annotated("arn:aws:iam::111122223333:role/api-isra")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" names the role "arn:aws:iam::111122223333:role/api-isra", which this stack does not make. Did you mean role "api-irsa"?',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa". If the other role is meant, list its ARN under roles in the configuration of irsa-context.',
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    {
      name: "a role of another account, which the configuration lists",
      stack: wired({ role: null, attachment: null, ...annotated(ELSEWHERE), config: { roles: [ELSEWHERE] } }),
    },
    {
      name: "a name that is like another role's, which has its own account",
      stack: wired({
        plus: [
          other,
          otherPermissions,
          resource(
            "kubernetes:core/v1:ServiceAccount",
            "other",
            {
              metadata: {
                name: "other",
                namespace: "shop",
                annotations: { [KEY]: "arn:aws:iam::111122223333:role/api-irsa-2" },
              },
            },
            { from: { metadata: [other.urn] }, dependsOn: [otherPermissions.urn] },
          ),
          resource("kubernetes:core/v1:ServiceAccount", "third", {
            metadata: {
              name: "third",
              namespace: "shop",
              annotations: { [KEY]: "arn:aws:iam::111122223333:role/api-irsa-3" },
            },
          }),
        ],
      }),
    },
  ],
  unverified: [
    {
      name: "a role of another stack",
      stack: wired({ role: null, attachment: null, ...annotated(ELSEWHERE) }),
      waits: [`the role "${ELSEWHERE}", which this stack does not make`],
    },
    {
      name: "an annotation that a transform added at a first preview: its value is unknown and came from nowhere",
      stack: wired({ ...annotated(UNKNOWN), edges: { "serviceAccount.metadata": [] } }),
      waits: ['the role of ServiceAccount "shop/api"'],
    },
    {
      name: "the path of the role is not known yet, and the ARN has none",
      stack: wired({ role: { path: UNKNOWN } }),
      waits: ['the path of role "api-irsa"'],
    },
    {
      name: "annotations that are not known at all, and came from a role",
      stack: wired({ serviceAccount: { metadata: { annotations: UNKNOWN } } }),
      waits: ['the role of ServiceAccount "shop/api"'],
    },
  ],
});
