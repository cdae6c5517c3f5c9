import type { Value } from "../../policy-pack/src/facts/value";
import { eks, policy, program, web, type Reports } from "./support";

const cluster = eks({ region: "eu-west-1" });
const blue = eks({ name: "blue", region: "eu-west-1", id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0" });
const green = eks({ name: "green", region: "eu-west-1", id: "A1B2C3D4E5F60718293A4B5C6D7E8F90" });
const subject = "system:serviceaccount:shop:api";
const federated = (provider: string, condition: Value): Value => ({
  Effect: "Allow",
  Principal: { Federated: provider },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: condition,
});

function one(trust: Value, from?: readonly string[]) {
  return program([
    cluster.base,
    cluster.role("app", trust, from ? { from } : {}),
    cluster.account_("shop", "api", cluster.arnOf("app")),
    cluster.deployment("shop", "api"),
  ]);
}

const lbValues = (role: string) => ({
  clusterName: "prod",
  serviceAccount: {
    create: true,
    name: "aws-load-balancer-controller",
    annotations: { "eks.amazonaws.com/role-arn": cluster.arnOf(role) },
  },
});

const reports: Reports = {
  broken: [
    {
      name: "the conditions of two clusters in one statement, where a token brings the keys of one",
      source: "aws/amazon-eks-pod-identity-webhook#23",
      stack: program([
        blue.base,
        green.base,
        blue.role(
          "app",
          web([blue.providerArn, green.providerArn], {
            StringEquals: { [`${blue.issuer}:sub`]: subject, [`${green.issuer}:sub`]: subject },
          }),
          { from: [blue.providerUrn, green.providerUrn] },
        ),
        blue.account_("shop", "api", blue.arnOf("app")),
        green.account_("shop", "api", blue.arnOf("app")),
      ]),
      finds: ["trust-policy-condition-unsatisfiable mandatory"],
    },
    {
      name: "the account of the second cluster uses the role that trusts only the first",
      source: "aws/containers-roadmap#1968",
      stack: program([
        blue.base,
        green.base,
        blue.role("app", blue.trust(blue.exact(subject))),
        blue.account_("shop", "api", blue.arnOf("app")),
        green.account_("shop", "api", blue.arnOf("app")),
      ]),
      finds: ["trust-policy-provider-mismatch mandatory"],
    },
    {
      name: "the chart's account is annotated with a role that trusts EC2",
      source: "aws/eks-charts#507",
      stack: program([
        cluster.base,
        cluster.role(
          "AWSLoadBalancerControllerIAMRole",
          policy({ Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" }, Effect: "Allow" }),
          { from: [] },
        ),
        cluster.chart("lb", "kube-system", lbValues("AWSLoadBalancerControllerIAMRole"), [
          "AWSLoadBalancerControllerIAMRole",
        ]),
      ]),
      finds: ["trust-policy-not-web-identity mandatory"],
    },
    {
      name: "the chart goes into another namespace than the trust policy names",
      source: "kubernetes-sigs/aws-load-balancer-controller#4199",
      stack: program([
        cluster.base,
        cluster.role(
          "lb",
          cluster.trust(cluster.exact("system:serviceaccount:kube-system:aws-load-balancer-controller")),
        ),
        cluster.chart("lb", "ingress", lbValues("lb"), ["lb"]),
      ]),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "a policy for S3 in place of the trust policy, with the provider as principal",
      source: "AWS re:Post, Has prohibited field Resource",
      stack: one(
        policy({
          Effect: "Allow",
          Principal: { Federated: cluster.providerArn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Resource: "*",
          Condition: cluster.exact(subject),
        }),
      ),
      finds: ["trust-policy-invalid mandatory"],
    },
  ],
  working: [
    {
      name: "the trust policy of a role of this stack names a second cluster that lives elsewhere",
      source: "aws/containers-roadmap#1408 (comments)",
      stack: program([
        blue.base,
        blue.role(
          "app",
          policy(federated(blue.providerArn, blue.exact(subject)), federated(green.providerArn, green.exact(subject))),
        ),
        blue.account_("shop", "api", blue.arnOf("app")),
      ]),
    },
    {
      name: "the role comes from another stack",
      source: "Pulumi documentation, stack references",
      stack: program([cluster.base, cluster.account_("shop", "api", "arn:aws:iam::111122223333:role/made-elsewhere")]),
    },
    {
      name: "the chart's account uses a role of another stack",
      source: "AWS Load Balancer Controller installation guide, existing role",
      stack: program([cluster.base, cluster.chart("lb", "kube-system", lbValues("made-elsewhere"))]),
    },
  ],
};
export default reports;
