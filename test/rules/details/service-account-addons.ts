import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import {
  firstPreview,
  OTHER_ISSUER,
  resource,
  ROLE_ARN,
  SUBJECT,
  trust,
  trustStatement,
  UNKNOWN,
  wired,
  type Wiring,
} from "../../support/stack";
import type { Details } from "../../support/judgements";

const EBS = "system:serviceaccount:kube-system:ebs-csi-controller-sa";
const EFS = ["efs-csi-controller-sa", "efs-csi-node-sa"].map((name) => `system:serviceaccount:kube-system:${name}`);
const addon = (inputs: Properties = {}) =>
  resource("aws:eks/addon:Addon", "storage", {
    addonName: "aws-ebs-csi-driver",
    clusterName: "shop",
    serviceAccountRoleArn: ROLE_ARN,
    ...inputs,
  });
const bare = (inputs: Properties = {}) =>
  resource("aws:eks/addon:Addon", "storage", { addonName: "aws-ebs-csi-driver", clusterName: "shop", ...inputs });
const only = (assumeRolePolicy: Value | undefined, plus: Wiring["plus"] = [addon()], more: Wiring = {}): Wiring => ({
  role: { assumeRolePolicy },
  serviceAccount: null,
  deployment: null,
  plus,
  ...more,
});
const association = (namespace: Value, serviceAccount: Value, inputs: Properties = {}) =>
  resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "storage", {
    clusterName: "shop",
    namespace,
    serviceAccount,
    roleArn: "arn:aws:iam::111122223333:role/storage",
    ...inputs,
  });
const inKubeSystem = (name: Value, namespace: Value = "kube-system") =>
  resource("kubernetes:core/v1:ServiceAccount", "ebs", { metadata: { name, namespace } });
const podIdentity = {
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
};
const noCluster: Wiring = { cluster: null, oidcProvider: null, kubernetes: { kubeconfig: "{}" } };
const details: Details = {
  "addon-role-mismatch": {
    "which add-on it is is not known, and it has no role": wired({ plus: [bare({ addonName: UNKNOWN })] }),
    "the role has no trust policy": wired(only(undefined)),
    "the trust policy is flawed": wired(only("{")),
    "the trust policy trusts nobody by a fault of its own": wired(only(trust({ sub: EBS, operator: "StringEqual" }))),
    "two accounts, and the role trusts one": wired(
      only(trust({ sub: EFS[1] ?? "" }), [addon({ addonName: "aws-efs-csi-driver" })]),
    ),
    "two accounts, and the role trusts neither": wired(only(trust(), [addon({ addonName: "aws-efs-csi-driver" })])),
    "two accounts, one admitted and one not known": wired(
      only({ Version: "2012-10-17", Statement: [trustStatement({ sub: EFS[0] ?? "" }), UNKNOWN] }, [
        addon({ addonName: "aws-efs-csi-driver" }),
      ]),
    ),
    "one statement is not known": wired(only({ Version: "2012-10-17", Statement: [trustStatement(), UNKNOWN] })),
    "the add-on's cluster is of another stack, and the role trusts the account": wired(
      only(trust({ sub: EBS }), [addon({ clusterName: "platform" })]),
    ),
    "the add-on's cluster is of another stack, and the role trusts another account": wired(
      only(trust(), [addon({ clusterName: "platform" })]),
    ),
    "the add-on's cluster is of another stack, and the role is for Pod Identity": wired(
      only({ Version: "2012-10-17", Statement: [podIdentity] }, [addon({ clusterName: "platform" })]),
    ),
    "the role is for Pod Identity, in an account that is not known": firstPreview(
      only({ Version: "2012-10-17", Statement: [podIdentity] }, [addon({ serviceAccountRoleArn: UNKNOWN })]),
    ),
    "a role is made, at the first preview": firstPreview(only(trust({ sub: EBS }), [bare()])),
    "a role is made, and its ARN is not known": wired({
      ...only(trust({ sub: EBS }), [bare()]),
      role: { name: undefined, assumeRolePolicy: trust({ sub: EBS }) },
    }),
    "a role is made for the second account alone": wired(
      only(trust({ sub: EFS[1] ?? "" }), [bare({ addonName: "aws-efs-csi-driver" })]),
    ),
    "a role is made for each of two accounts": wired(
      only(trust({ sub: EFS }), [bare({ addonName: "aws-efs-csi-driver" })]),
    ),
    "a role is made, for an add-on of a cluster of another stack": wired(
      only(trust({ sub: EBS }), [bare({ clusterName: "platform" })]),
    ),
    "a role is made, for an add-on of a cluster that is not known": wired(
      only(trust({ sub: EBS }), [bare({ clusterName: UNKNOWN })]),
    ),
    "a role is made that trusts another cluster": wired(only(trust({ sub: EBS, issuer: OTHER_ISSUER }), [bare()])),
    "a role is made that trusts nobody, by its operator": wired(
      only(trust({ sub: EBS, operator: "StringEqual" }), [bare()]),
    ),
    "an account of this stack uses the role": wired({
      role: { assumeRolePolicy: trust({ sub: [EBS, SUBJECT] }) },
      plus: [bare()],
    }),
    "the account is an account of this stack": wired(
      only(trust({ sub: EBS }), [bare(), inKubeSystem("ebs-csi-controller-sa")]),
    ),
    "another account of that namespace is one of this stack": wired(
      only(trust({ sub: EBS }), [bare(), inKubeSystem("web")]),
    ),
    "an account of that name is in another namespace": wired(
      only(trust({ sub: EBS }), [bare(), inKubeSystem("ebs-csi-controller-sa", "shop")]),
    ),
    "an account whose name is not known may be it": wired(only(trust({ sub: EBS }), [bare(), inKubeSystem(UNKNOWN)])),
    "an account whose namespace is not known may be it": wired(
      only(trust({ sub: EBS }), [bare(), inKubeSystem("ebs-csi-controller-sa", UNKNOWN)]),
    ),
    "the account has an association": wired(
      only(trust({ sub: EBS }), [bare(), association("kube-system", "ebs-csi-controller-sa")]),
    ),
    "an account of that namespace has an association": wired(
      only(trust({ sub: EBS }), [bare(), association("kube-system", "web")]),
    ),
    "an account of that name in another namespace has one": wired(
      only(trust({ sub: EBS }), [bare(), association("shop", "ebs-csi-controller-sa")]),
    ),
    "an association whose account is not known": wired(
      only(trust({ sub: EBS }), [bare(), association("kube-system", UNKNOWN)]),
    ),
    "no cluster is known, and the role is for Pod Identity": wired({
      ...noCluster,
      ...only({ Version: "2012-10-17", Statement: [podIdentity] }, [addon({ clusterName: UNKNOWN })]),
    }),
    "the issuer of the cluster is not known": firstPreview({
      ...only({ Version: "2012-10-17", Statement: [podIdentity] }),
      role: { name: "api-irsa", assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [podIdentity] }) },
    }),
    "an add-on that has no account with a role, and a role that is not known": wired({
      plus: [addon({ addonName: "coredns", serviceAccountRoleArn: UNKNOWN })],
    }),
    "the add-on has a role of another stack, and one of this stack is made for it": wired(
      only(trust({ sub: EBS }), [addon({ serviceAccountRoleArn: "arn:aws:iam::111122223333:role/storage" })]),
    ),
    "two accounts, the first of which the role may trust": wired(
      only({ Version: "2012-10-17", Statement: [trustStatement({ sub: EFS[0] ?? "", aud: UNKNOWN })] }, [
        addon({ addonName: "aws-efs-csi-driver" }),
      ]),
    ),
    "the role asks for another audience": wired(only(trust({ sub: EBS, aud: "vault" }))),
  },
};

export default details;
