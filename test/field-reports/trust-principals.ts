import { awsProvider, eks, policy, program, role, web, type Reports } from "./support";
import type { Value } from "../../policy-pack/src/facts/value";

const cluster = eks();
const { issuer } = cluster;

/** One account and its role, with whatever trust policy was reported. */
function trusting(trust: Value, namespace = "kube-system", account = "aws-load-balancer-controller", where = cluster) {
  return program([
    where.base,
    where.role("app", trust),
    where.account_(namespace, account, where.arnOf("app")),
    where.deployment(namespace, account),
  ]);
}
const exact = cluster.exact("system:serviceaccount:kube-system:aws-load-balancer-controller");
const gov = eks({ region: "us-gov-west-1", partition: "aws-us-gov" });
const ebs = eks({ region: "eu-west-2" });
const hub = eks({ name: "hub", account: "444455556666" });
const old = "oidc.eks.us-east-1.amazonaws.com/id/0F1E2D3C4B5A69788796A5B4C3D2E1F0";
const lbPolicy = {
  Effect: "Allow",
  Action: ["elasticloadbalancing:DescribeLoadBalancers", "ec2:DescribeSubnets"],
  Resource: "*",
};

const reports: Reports = {
  broken: [
    {
      name: "the role trusts ec2 as a node's role does",
      source: "kubernetes-sigs/aws-load-balancer-controller#1935",
      stack: trusting(
        policy({ Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" }, Effect: "Allow", Sid: "" }),
      ),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
    {
      name: "the provider is trusted for sts:AssumeRole",
      source: "terraform-aws-modules/terraform-aws-eks#702",
      stack: trusting(web(cluster.providerArn, exact, { Action: "sts:AssumeRole" })),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
    {
      name: "the account carries a role that trusts only EKS Pod Identity",
      source: "aws/karpenter-provider-aws#2636",
      stack: trusting(
        policy({
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
        }),
        "karpenter",
        "karpenter",
      ),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
    {
      name: "the principal's host has region and service in the wrong order",
      source: "aws/amazon-eks-pod-identity-webhook#30",
      stack: trusting(web(cluster.providerArn.replace("oidc.eks.us-east-1", "oidc.us-east-1.eks"), exact)),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "principal and conditions keep the region of the guide",
      source: "kubernetes-sigs/aws-ebs-csi-driver#748",
      stack: (() => {
        const wrong = ebs.issuer.replace("eu-west-2", "us-west-2");
        return trusting(
          web(ebs.providerArn.replace("eu-west-2", "us-west-2"), {
            StringEquals: {
              [`${wrong}:aud`]: "sts.amazonaws.com",
              [`${wrong}:sub`]: "system:serviceaccount:kube-system:ebs-csi-controller-sa",
            },
          }),
          "kube-system",
          "ebs-csi-controller-sa",
          ebs,
        );
      })(),
      finds: ["trust-policy-provider-mismatch mandatory"],
    },
    {
      name: "the role still trusts the provider of the cluster before the last upgrade",
      source: "spack/spack-infrastructure#486, aws/containers-roadmap#1579",
      stack: trusting(
        web(`arn:aws:iam::111122223333:oidc-provider/${old}`, {
          StringEquals: {
            [`${old}:sub`]: "system:serviceaccount:karpenter:karpenter",
            [`${old}:aud`]: "sts.amazonaws.com",
          },
        }),
        "karpenter",
        "karpenter",
      ),
      finds: ["trust-policy-provider-mismatch mandatory"],
    },
    {
      name: "the principal's account id is the one of the guide",
      source: "external-secrets/kubernetes-external-secrets#622",
      stack: trusting(web(cluster.providerArn.replace("111122223333", "123456789012"), exact)),
      finds: ["trust-policy-provider-mismatch mandatory"],
    },
    {
      name: "the role of one account trusts the provider that stands in the cluster's account",
      source: "Amazon EKS user guide, cross-account IAM permissions",
      stack: program([
        hub.base,
        role("tenant", web(hub.providerArn, hub.exact("system:serviceaccount:shop:api")), {
          aws: awsProvider("777788889999", "us-east-1"),
          account: "777788889999",
          from: [hub.providerUrn],
        }),
        hub.account_("shop", "api", "arn:aws:iam::777788889999:role/tenant"),
      ]),
      finds: ["trust-policy-provider-mismatch mandatory"],
      early: "oidc-provider-not-found",
    },
    {
      name: "the cluster's own role as federated principal, and https in the condition key",
      source: "Young-ook/terraform-aws-eks#139",
      stack: trusting(
        web("arn:aws:iam::111122223333:role/eks", {
          StringEquals: { [`https://${issuer}:sub`]: "system:serviceaccount:kube-system:aws-load-balancer-controller" },
        }),
      ),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "the issuer's url as federated principal",
      source: "terraform-aws-modules/terraform-aws-iam#202",
      stack: trusting(web(`https://${issuer}`, exact)),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "the issuer was blank, so that the ARN has no issuer and the keys no host",
      source: "jenkins-x/terraform-aws-eks-jx#214",
      stack: trusting(
        web("arn:aws:iam::111122223333:oidc-provider/", {
          StringEquals: { ":sub": "system:serviceaccount:kube-system:aws-load-balancer-controller" },
        }),
      ),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "in GovCloud, the principal's ARN is of the commercial partition",
      source: "aws-ia/terraform-aws-eks-blueprints#582",
      stack: trusting(
        web(
          gov.providerArn.replace("aws-us-gov", "aws"),
          gov.exact("system:serviceaccount:kube-system:aws-load-balancer-controller"),
        ),
        "kube-system",
        "aws-load-balancer-controller",
        gov,
      ),
      finds: ["trust-policy-principal-invalid mandatory"],
    },
    {
      name: "JSON.stringify over Outputs",
      source: "pulumi/pulumi-eks#871",
      stack: trusting(
        policy({
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "Calling [toString] on an [Output<T>] is not supported.\n\nTo get the value of an Output<T> as an Output<string> consider either:\n1: o.apply(v => `prefix${v}suffix`):sub":
                "system:serviceaccount:default:core-service-account",
            },
          },
          Effect: "Allow",
          Principal: { Federated: "Calling [toJSON] on an [Output<T>] is not supported." },
        }),
        "default",
        "core-service-account",
      ),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the permissions policy of the controller pasted in as trust policy",
      source: "kubernetes-sigs/aws-load-balancer-controller#2718",
      stack: trusting(policy(lbPolicy)),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "a misspelt action",
      source: "agentbeck report 57465, kubernetes-sigs/external-dns#1979",
      stack: trusting(web(cluster.providerArn, exact, { Action: "sts:AssumeRoleWithWebIdendity" })),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "any AWS principal beside the provider",
      source: "crossplane-contrib/provider-upjet-aws#1207",
      stack: trusting(
        policy(
          { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" },
          {
            Effect: "Allow",
            Principal: { Federated: cluster.providerArn },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: exact,
          },
        ),
      ),
      finds: ["trust-policy-principal-wildcard mandatory"],
    },
    {
      name: "thirty-four accounts of one cluster in one trust policy",
      source: "kubeflow/kubeflow#6687",
      stack: trusting(
        cluster.trust(
          cluster.exact(
            Array.from(
              { length: 34 },
              (_, index) => `system:serviceaccount:test-kubeflow-user${String(index).padStart(2, "0")}:default-editor`,
            ),
          ),
        ),
        "test-kubeflow-user00",
        "default-editor",
      ),
      finds: ["trust-policy-too-long mandatory"],
    },
    {
      name: "the add-on's role trusts an account named after the chart",
      source: "awslabs/cdk-eks-blueprints#419",
      stack: program([
        cluster.base,
        cluster.role("ebs", cluster.trust(cluster.exact("system:serviceaccount:kube-system:aws-ebs-csi-driver")), {
          policies: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
        }),
        cluster.addon("aws-ebs-csi-driver", cluster.arnOf("ebs")),
      ]),
      finds: ["addon-role-mismatch mandatory"],
    },
    {
      name: "the add-on's role trusts the service of EC2",
      source: "kubernetes-sigs/aws-ebs-csi-driver#1033",
      stack: program([
        cluster.base,
        cluster.role(
          "ebs",
          policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }),
          {
            policies: ["arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
          },
        ),
        cluster.addon("aws-ebs-csi-driver", cluster.arnOf("ebs")),
      ]),
      finds: ["addon-role-mismatch mandatory"],
    },
    {
      name: "aws-native: the trust policy's principal is the role's own ARN",
      source: "kubernetes-sigs/aws-efs-csi-driver#359",
      stack: (() => {
        const native = eks({ form: "native" });
        return trusting(
          JSON.parse(
            policy({
              Effect: "Allow",
              Principal: { AWS: "arn:aws:iam::111122223333:root" },
              Action: "sts:AssumeRole",
            }),
          ) as Value,
          "kube-system",
          "efs-csi-controller-sa",
          native,
        );
      })(),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
  ],
  working: [],
};
export default reports;
