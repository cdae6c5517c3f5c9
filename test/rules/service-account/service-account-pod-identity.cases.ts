import type { Value } from "../../../policy-pack/src/facts/value";
import rule from "../../../policy-pack/src/rules/service-account/service-account-pod-identity";
import { cases } from "../../support/cases";
import {
  firstPreview,
  resource,
  ROLE_ARN,
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

export default cases(rule, {
  invalid: [
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
