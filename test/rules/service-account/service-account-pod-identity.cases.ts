import type { Value } from "../../../policy-pack/src/facts/value";
import rule from "../../../policy-pack/src/rules/service-account/service-account-pod-identity";
import { cases } from "../../support/cases";
import {
  firstPreview,
  resource,
  ROLE_ARN,
  trust,
  trustStatement,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  type Wiring,
} from "../../support/stack";

const TYPE = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const association = (changes: { readonly [key: string]: Value } = {}) =>
  resource(TYPE, "api", {
    clusterName: "shop",
    namespace: "shop",
    serviceAccount: "api",
    roleArn: ROLE_ARN,
    ...changes,
  });

const ELSEWHERE = "arn:aws:iam::444455556666:role/dns";
const podIdentity = {
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
};

/** A role that both ways can hand out. */
const role = {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      trustStatement(),
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
      },
    ],
  }),
};

/** An account without an annotation, and a role for Pod Identity alone. */
const podIdentityOnly: Wiring = {
  serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": null } } },
  role: {
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
        },
      ],
    }),
  },
};

const federated = (value: Value) => ({
  Effect: "Allow",
  Principal: { Federated: value },
  Action: "sts:AssumeRoleWithWebIdentity",
});
const policy = (...statements: readonly Value[]) => ({
  assumeRolePolicy: { Version: "2012-10-17", Statement: [trustStatement(), ...statements] },
});
const both = (annotated: string, given: string) => ({
  at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
  says: `ServiceAccount "shop/api" is annotated with ${annotated}, but Pod Identity association "api" gives its pods ${given} by Pod Identity, which comes first.`,
  fix: 'Keep one: remove the annotation once all nodes run the Pod Identity agent, or remove Pod Identity association "api".',
});
const refuses = {
  at: { urn: urns.role, path: "assumeRolePolicy" },
  says: 'Pod Identity association "api" hands out role "api-irsa", which does not trust "pods.eks.amazonaws.com", the principal of Pod Identity.',
  fix: 'Add the statement {"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]} to the trust policy, or remove Pod Identity association "api" and annotate the account.',
};

export default cases(rule, {
  invalid: [
    {
      name: "the annotation names a role that is made elsewhere",
      stack: wired({
        role,
        serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": ELSEWHERE } } },
        plus: [association()],
      }),
      finds: [both("a role", 'role "api-irsa"')],
    },
    {
      name: "neither of the two roles is of this stack",
      stack: wired({
        role: null,
        attachment: null,
        serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": ELSEWHERE } } },
        plus: [association({ roleArn: "arn:aws:iam::111122223333:role/pod-identity" })],
      }),
      finds: [both("a role", "the association's role")],
    },
    {
      name: "the role trusts everybody, Pod Identity among them",
      companions: { "trust-policy-principal-wildcard": "everybody may assume the role" },
      stack: wired({
        role: policy({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
        plus: [association()],
      }),
      finds: [both('role "api-irsa"', "the same role")],
    },
    {
      name: "the role trusts any web identity, by a star that may be Pod Identity",
      companions: { "trust-policy-principal-wildcard": "any web identity may assume the role" },
      stack: wired({ role: policy(federated("*")), plus: [association()] }),
      finds: [both('role "api-irsa"', "the same role")],
    },
    {
      name: "one statement is not known, and another trusts Pod Identity",
      stack: wired({ role: policy(podIdentity, UNKNOWN), plus: [association()] }),
      finds: [both('role "api-irsa"', "the same role")],
    },
    {
      name: "the statements are flawed: IAM refuses the policy before EKS sees it",
      companions: { "trust-policy-invalid": "there is no such effect" },
      stack: wired({
        role: policy({ Effect: "Permit", Principal: { Federated: "x" }, Action: "sts:AssumeRole" }),
        plus: [association()],
      }),
      finds: [both('role "api-irsa"', "the same role")],
    },
    {
      name: "the trust policy has no statements",
      companions: { "trust-policy-invalid": "a trust policy needs a statement" },
      stack: wired({ role: { assumeRolePolicy: { Version: "2012-10-17", Statement: [] } }, plus: [association()] }),
      finds: [both('role "api-irsa"', "the same role")],
    },
    {
      name: "the role has no trust policy at all",
      stack: wired({ role: { assumeRolePolicy: undefined }, plus: [association()] }),
      finds: [both('role "api-irsa"', "the same role")],
    },
    {
      name: "EKS refuses the association, and its account has one letter too many: first the one, then the other",
      stack: wired({
        ...podIdentityOnly,
        plus: [
          resource("aws:iam/role:Role", "web", { name: "web", assumeRolePolicy: trust() }),
          association({ serviceAccount: "apii", roleArn: "arn:aws:iam::111122223333:role/web" }),
        ],
      }),
      finds: [
        {
          ...refuses,
          at: { urn: urnOf("aws:iam/role:Role", "web"), path: "assumeRolePolicy" },
          says: refuses.says.replace("api-irsa", "web"),
        },
      ],
      companions: {
        "role-permissions-missing": "the second role has no policy",
        "service-account-role-missing": "the second role trusts the account, which has no annotation",
      },
    },
    {
      name: "the association is for an account with one letter too many",
      stack: wired({ ...podIdentityOnly, plus: [association({ serviceAccount: "apii" })] }),
      finds: [
        {
          at: { urn: urnOf(TYPE, "api"), path: "serviceAccount" },
          says: 'Pod Identity association "api" is for ServiceAccount "shop/apii", which nothing in this stack makes, while the pods of ServiceAccount "shop/api" get no role. Did you mean ServiceAccount "shop/api"?',
          fix: 'Set serviceAccount of Pod Identity association "api" to the name of ServiceAccount "shop/api".',
        },
      ],
    },
    {
      name: "both ways to the same role",
      covers: ["sa-pod-identity-overlap"],
      stack: wired({ role, plus: [association()] }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" is annotated with role "api-irsa", but Pod Identity association "api" gives its pods the same role by Pod Identity, which comes first.',
          fix: 'Keep one: remove the annotation once all nodes run the Pod Identity agent, or remove Pod Identity association "api".',
        },
      ],
    },
    {
      name: "to a role that is made elsewhere",
      stack: wired({ plus: [association({ roleArn: "arn:aws:iam::111122223333:role/pod-identity" })] }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" is annotated with role "api-irsa", but Pod Identity association "api" gives its pods the association\'s role by Pod Identity, which comes first.',
          fix: 'Keep one: remove the annotation once all nodes run the Pod Identity agent, or remove Pod Identity association "api".',
        },
      ],
    },
    {
      name: "at the first preview, the cluster known by wiring",
      stack: firstPreview({
        role,
        plus: [
          resource(
            "aws-native:eks:PodIdentityAssociation",
            "api",
            { clusterName: UNKNOWN, namespace: "shop", serviceAccount: "api", roleArn: UNKNOWN },
            { from: { clusterName: [urns.cluster], roleArn: [urns.role] } },
          ),
        ],
      }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" is annotated with role "api-irsa", but Pod Identity association "api" gives its pods the same role by Pod Identity, which comes first.',
          fix: 'Keep one: remove the annotation once all nodes run the Pod Identity agent, or remove Pod Identity association "api".',
        },
      ],
    },
    {
      name: "the association hands out a role that trusts the OIDC provider alone",
      stack: wired({ plus: [association()] }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy" },
          says: 'Pod Identity association "api" hands out role "api-irsa", which does not trust "pods.eks.amazonaws.com", the principal of Pod Identity.',
          fix: 'Add the statement {"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]} to the trust policy, or remove Pod Identity association "api" and annotate the account.',
        },
      ],
    },
  ],
  valid: [
    {
      name: "an association for an account that a chart may make",
      stack: wired({
        ...podIdentityOnly,
        plus: [
          association({ serviceAccount: "apii" }),
          resource("kubernetes:helm.sh/v3:Release", "web", { chart: "web", namespace: "shop", values: {} }),
        ],
      }),
    },
    {
      name: "an association for an account of a namespace that another stack makes",
      stack: wired({ ...podIdentityOnly, plus: [association({ namespace: "shop-b", serviceAccount: "api" })] }),
    },
    {
      name: "an association for an account in a row of them, the others without a role",
      stack: wired({
        ...podIdentityOnly,
        serviceAccount: { metadata: { name: "api-1", annotations: { "eks.amazonaws.com/role-arn": null } } },
        deployment: { spec: { template: { spec: { serviceAccountName: "api-1" } } } },
        plus: [association({ serviceAccount: "api-2" })],
      }),
    },
    {
      name: "a role of Pod Identity for an account of its own",
      stack: wired({
        serviceAccount: { metadata: { annotations: undefined } },
        role: {
          assumeRolePolicy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "pods.eks.amazonaws.com" },
                Action: ["sts:AssumeRole", "sts:TagSession"],
              },
            ],
          }),
        },
        plus: [association()],
      }),
    },
    {
      name: "an association for another account",
      stack: wired({ role, plus: [association({ serviceAccount: "jobs" })] }),
    },
    {
      name: "for an account of that name in another namespace",
      stack: wired({ role, plus: [association({ namespace: "lab" })] }),
    },
  ],
  unverified: [
    ...[
      { what: "a statement", trusts: UNKNOWN },
      {
        what: "the principal of a statement",
        trusts: { Effect: "Allow", Principal: UNKNOWN, Action: "sts:AssumeRole" },
      },
      { what: "one name of a principal", trusts: federated(["arn:aws:iam::111122223333:oidc-provider/x", UNKNOWN]) },
    ].map(({ what, trusts }) => ({
      name: `${what} is not known: it may trust Pod Identity`,
      stack: wired({ role: policy(trusts), plus: [association()] }),
      waits: ['the trust policy of role "api-irsa"'],
    })),
    {
      name: "an association on a cluster of another stack that may be this one",
      stack: wired({
        role,
        cluster: null,
        kubernetes: { kubeconfig: "{}" },
        plus: [association({ clusterName: "platform" })],
      }),
      waits: ['whether Pod Identity association "api" is for the cluster of ServiceAccount "shop/api"'],
    },
    {
      name: "an association whose role is not known: EKS may refuse it",
      stack: wired({ role, plus: [association({ roleArn: UNKNOWN })] }),
      waits: ['the role of Pod Identity association "api"'],
    },
    {
      name: "the trust policy of the role is not known: EKS may refuse the association",
      stack: wired({ role: { assumeRolePolicy: UNKNOWN }, plus: [association({ roleArn: ROLE_ARN })] }),
      waits: ['the trust policy of role "api-irsa"'],
    },
  ],
});
