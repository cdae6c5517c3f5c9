import type { Value } from "../../policy-pack/src/facts/value";
import { eks, policy, program, web, type Reports } from "./support";

const cluster = eks({ region: "eu-west-1" });
const subject = "system:serviceaccount:shop:api";
const sub = `${cluster.issuer}:sub`;
const aud = `${cluster.issuer}:aud`;
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

function conditions(condition: Value) {
  return one(cluster.trust(condition));
}

const reports: Reports = {
  broken: [],
  working: [
    {
      name: "conditions on the network beside the subject",
      source: "AWS security blog, data perimeter",
      stack: conditions({
        StringEquals: { [sub]: subject, [aud]: "sts.amazonaws.com", "aws:SourceVpc": "vpc-0a1b2c3d" },
        IpAddress: { "aws:SourceIp": "10.0.0.0/8" },
      }),
    },
    {
      name: "any account of kube-system",
      source: "kube-stack examples, one role for the system namespace",
      stack: program([
        cluster.base,
        cluster.role(
          "system",
          cluster.trust({ StringLike: { [sub]: "system:serviceaccount:kube-system:*", [aud]: "sts.amazonaws.com" } }),
        ),
      ]),
      accepts: { "trust-policy-subject-too-broad": "whoever may create an account in the namespace has the role" },
    },
    {
      name: "subject and audience without regard to case",
      source: "AWS IAM user guide, string operators",
      stack: conditions({ StringEqualsIgnoreCase: { [sub]: subject, [aud]: "STS.amazonaws.com" } }),
    },
    {
      name: "condition keys in other letter case, and ForAnyValue",
      source: "AWS IAM user guide, keys are not case sensitive",
      stack: conditions({
        "ForAnyValue:StringEquals": { [sub.toUpperCase()]: subject },
        StringEquals: { [aud]: "sts.amazonaws.com" },
      }),
    },
    {
      name: "an old version of the policy language and one statement that is no list",
      source: "AWS IAM user guide, policy grammar",
      stack: one(
        JSON.stringify({
          Version: "2008-10-17",
          Id: "irsa",
          Statement: { Sid: "Pods", ...(federated(cluster.providerArn, cluster.exact(subject)) as object) },
        }),
      ),
    },
    {
      name: "sts:* as action",
      source: "AWS IAM user guide, wildcards in actions",
      stack: one(web(cluster.providerArn, cluster.exact(subject), { Action: "sts:*" })),
    },
    {
      name: "sts:TagSession beside the action",
      source: "terraform-aws-modules/terraform-aws-iam, allow tagging",
      stack: one(
        web(cluster.providerArn, cluster.exact(subject), {
          Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        }),
      ),
    },
    {
      name: "a Deny outside of some regions",
      source: "AWS Organizations, region restriction in a trust policy",
      stack: one(
        policy(federated(cluster.providerArn, cluster.exact(subject)), {
          Effect: "Deny",
          Principal: "*",
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringNotEquals: { "aws:RequestedRegion": ["eu-west-1"] } },
        }),
      ),
    },
    {
      name: "a Deny for tokens without a subject",
      source: "aws-samples/resource-control-policy-examples#5",
      stack: one(
        policy(federated(cluster.providerArn, cluster.exact(subject)), {
          Effect: "Deny",
          Principal: "*",
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { Null: { [sub]: "true" } },
        }),
      ),
    },
  ],
};
export default reports;
