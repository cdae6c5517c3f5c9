import rule from "../../../policy-pack/src/rules/service-account/addon-role-mismatch";
import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import { cases } from "../../support/cases";
import {
  firstPreview,
  ISSUER,
  OTHER_ISSUER,
  resource,
  ROLE_ARN,
  trust,
  UNKNOWN,
  urns,
  wired,
  type Wiring,
} from "../../support/stack";

const addon = (addonName = "aws-ebs-csi-driver", roleArn: Value = ROLE_ARN) =>
  resource(
    "aws:eks/addon:Addon",
    "storage",
    { addonName, clusterName: "shop", serviceAccountRoleArn: roleArn },
    { from: { serviceAccountRoleArn: [urns.role] } },
  );
const bare = (inputs: Properties = {}) =>
  resource("aws:eks/addon:Addon", "storage", { addonName: "aws-ebs-csi-driver", clusterName: "shop", ...inputs });
const EBS = "system:serviceaccount:kube-system:ebs-csi-controller-sa";
const only = (assumeRolePolicy: Value, plus = [addon()]): Wiring => ({
  role: { assumeRolePolicy },
  serviceAccount: null,
  deployment: null,
  plus,
});
const podIdentity = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "pods.eks.amazonaws.com" }, Action: ["sts:AssumeRole", "sts:TagSession"] },
  ],
});

export default cases(rule, {
  invalid: [
    {
      name: "the role trusts an account that the add-on does not use",
      covers: ["addon-role-mismatch"],
      stack: wired(only(trust({ sub: "system:serviceaccount:kube-system:ebs-csi-controller" }))),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Add-on "aws-ebs-csi-driver" gives role "api-irsa" to the account "system:serviceaccount:kube-system:ebs-csi-controller-sa", but the role trusts only "system:serviceaccount:kube-system:ebs-csi-controller".',
          fix: 'Set the subject to "system:serviceaccount:kube-system:ebs-csi-controller-sa".',
        },
      ],
    },
    {
      name: "the role of an application is lent to the add-on",
      stack: wired({ plus: [addon()] }),
      finds: [
        {
          at: { urn: urns.role, path: `assumeRolePolicy.Statement[0].Condition.StringEquals["${ISSUER}:sub"]` },
          says: 'Add-on "aws-ebs-csi-driver" gives role "api-irsa" to the account "system:serviceaccount:kube-system:ebs-csi-controller-sa", but the role trusts only "system:serviceaccount:shop:api".',
          fix: 'Make a role for the add-on alone that trusts "system:serviceaccount:kube-system:ebs-csi-controller-sa", and set serviceAccountRoleArn to its ARN.',
        },
      ],
    },
    {
      name: "the role is made for Pod Identity",
      stack: wired(only(podIdentity)),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
          says: 'Add-on "aws-ebs-csi-driver" gives role "api-irsa" to the account "system:serviceaccount:kube-system:ebs-csi-controller-sa" by serviceAccountRoleArn, but the role trusts only "pods.eks.amazonaws.com", the principal of Pod Identity.',
          fix: `Give the role under podIdentityAssociations of add-on "aws-ebs-csi-driver" in place of serviceAccountRoleArn, or add the statement {"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/${ISSUER}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:kube-system:ebs-csi-controller-sa"}}} to its trust policy.`,
        },
      ],
    },
    {
      name: "the role trusts another cluster, at the first preview of the add-on",
      stack: wired({
        ...only(trust({ issuer: OTHER_ISSUER, sub: EBS }), [addon("aws-ebs-csi-driver", UNKNOWN)]),
        config: { clusters: [{ name: "other", issuer: OTHER_ISSUER }] },
      }),
      finds: [
        {
          at: { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
          says: 'Add-on "aws-ebs-csi-driver" gives role "api-irsa" to the account "system:serviceaccount:kube-system:ebs-csi-controller-sa", but the role does not trust the OIDC provider of the add-on\'s cluster for "sts:AssumeRoleWithWebIdentity".',
          fix: `Add the statement {"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/${ISSUER}"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"${ISSUER}:aud":"sts.amazonaws.com","${ISSUER}:sub":"system:serviceaccount:kube-system:ebs-csi-controller-sa"}}} to the trust policy.`,
        },
      ],
    },
    {
      name: "a role is made for the add-on, and the add-on is not told of it",
      stack: wired(only(trust({ sub: EBS }), [bare()])),
      finds: [
        {
          at: { urn: bare().urn, path: "serviceAccountRoleArn" },
          says: 'Role "api-irsa" trusts "system:serviceaccount:kube-system:ebs-csi-controller-sa", the account of add-on "aws-ebs-csi-driver", but the add-on has no serviceAccountRoleArn.',
          fix: `Set serviceAccountRoleArn of add-on "aws-ebs-csi-driver" to "${ROLE_ARN}".`,
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    { name: "an add-on without a role, and no role made for it", stack: wired({ plus: [bare()] }) },
    {
      name: "the add-on gets its role by its configuration values",
      stack: wired(
        only(trust({ sub: EBS }), [
          bare({
            configurationValues: JSON.stringify({
              controller: { serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
            }),
          }),
        ]),
      ),
    },
    {
      name: "the add-on's configuration values are not known yet",
      stack: wired(only(trust({ sub: EBS }), [bare({ configurationValues: UNKNOWN })])),
    },
    {
      name: "the add-on gets its role by Pod Identity",
      stack: wired(
        only(trust({ sub: EBS }), [
          bare({ podIdentityAssociations: [{ roleArn: ROLE_ARN, serviceAccount: "ebs-csi-controller-sa" }] }),
        ]),
      ),
    },
    {
      name: "a Patch annotates the add-on's account",
      stack: wired(
        only(trust({ sub: EBS }), [
          bare(),
          resource(
            "kubernetes:core/v1:ServiceAccountPatch",
            "ebs",
            {
              metadata: {
                name: "ebs-csi-controller-sa",
                namespace: "kube-system",
                annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN },
              },
            },
            { from: { metadata: [urns.role] } },
          ),
        ]),
      ),
    },
    { name: "the add-on's account", stack: wired(only(trust({ sub: EBS }))) },
    {
      name: "a pattern over both accounts of the EFS driver, as EKS's own documentation has it",
      stack: wired({
        ...only(trust({ operator: "StringLike", sub: "system:serviceaccount:kube-system:efs-csi-*" }), [
          addon("aws-efs-csi-driver"),
        ]),
        config: { allowedSubjects: ["system:serviceaccount:kube-system:efs-csi-*"] },
      }),
    },
    {
      name: "an add-on whose account nobody here knows",
      stack: wired(only(trust({ sub: EBS }), [addon("vendor_agent")])),
    },
    {
      name: "a role of another stack",
      stack: wired({ plus: [addon("vpc-cni", "arn:aws:iam::111122223333:role/cni")] }),
    },
  ],
  unverified: [
    {
      name: "which add-on it is is not known yet",
      stack: wired({
        plus: [
          resource("aws:eks/addon:Addon", "storage", {
            addonName: UNKNOWN,
            clusterName: "shop",
            serviceAccountRoleArn: ROLE_ARN,
          }),
        ],
      }),
      waits: ['which add-on add-on "storage" is'],
    },
    {
      name: "the cluster of the add-on is not known yet; the role trusts the add-on's account on some cluster",
      stack: wired(
        only(trust({ sub: EBS }), [
          resource("aws:eks/addon:Addon", "storage", {
            addonName: "aws-ebs-csi-driver",
            clusterName: UNKNOWN,
            serviceAccountRoleArn: ROLE_ARN,
          }),
        ]),
      ),
      waits: ['the cluster of add-on "aws-ebs-csi-driver"'],
    },
    {
      name: "neither the cluster of the add-on nor its role is known yet",
      stack: wired(
        only(trust({ sub: EBS }), [
          resource("aws:eks/addon:Addon", "storage", {
            addonName: "aws-ebs-csi-driver",
            clusterName: UNKNOWN,
            serviceAccountRoleArn: UNKNOWN,
          }),
        ]),
      ),
      waits: ['the role of add-on "aws-ebs-csi-driver"'],
    },
    {
      name: "the trust policy is not known yet",
      stack: firstPreview(only(UNKNOWN, [addon("aws-ebs-csi-driver", UNKNOWN)])),
      waits: ['the trust policy of role "api-irsa"'],
    },
  ],
});
