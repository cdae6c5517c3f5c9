import { policy, type Reports } from "./support";
import { cluster, issuer, sub, aud, sts, subject, statement, trusting } from "./guide-trust";

const reports: Reports = {
  broken: [
    {
      name: "namespace and name are left between braces, for the quotes were no backticks",
      source: "Stack Overflow, pulumi.interpolate with ordinary quotes",
      stack: trusting(
        policy(
          statement({
            Condition: { StringEquals: { [sub]: "system:serviceaccount:${namespace}:${name}", [aud]: sts } },
          }),
        ),
      ),
      finds: ["trust-policy-subject-invalid mandatory"],
    },
    {
      name: "the issuer is left between braces in the condition keys",
      source: "Stack Overflow, ${oidcProvider}:sub in a policy of JSON.stringify",
      stack: trusting(
        policy(
          statement({ Condition: { StringEquals: { "${oidcProvider}:sub": subject, "${oidcProvider}:aud": sts } } }),
        ),
      ),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "an undefined namespace became text",
      source: "Stack Overflow, system:serviceaccount:undefined",
      stack: trusting(
        policy(
          statement({ Condition: { StringEquals: { [sub]: "system:serviceaccount:undefined:api", [aud]: sts } } }),
        ),
      ),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "an Output was written into a condition key",
      source: "pulumi/pulumi#2747, Outputs as keys of an object",
      stack: trusting(
        policy(
          statement({
            Condition: {
              StringEquals: {
                "Calling [toString] on an [Output<T>] is not supported.\n\nTo get the value of an Output<T> as an Output<string> consider either:\n1: o.apply(v => `prefix${v}suffix`)\n2: pulumi.interpolate `prefix${v}suffix`\n\nSee https://www.pulumi.com/docs/concepts/inputs-outputs for more details.\nThis function may throw in a future version of @pulumi/pulumi.:sub":
                  subject,
              },
            },
          }),
        ),
      ),
      finds: ["trust-policy-invalid mandatory"],
    },
    {
      name: "the key of a claim of STS",
      source: "AWS re:Post, sts:sub in a trust policy",
      stack: trusting(policy(statement({ Condition: { StringEquals: { "sts:sub": subject, "sts:aud": sts } } }))),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the key begins with the audience",
      source: "Stack Overflow, sts.amazonaws.com:sub",
      stack: trusting(policy(statement({ Condition: { StringEquals: { "sts.amazonaws.com:sub": subject } } }))),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the claims by their bare names",
      source: "Stack Overflow, condition keys sub and aud without the issuer",
      stack: trusting(policy(statement({ Condition: { StringEquals: { sub: subject, aud: sts } } }))),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the claims by their bare names after a colon",
      source: "Stack Overflow, replace of the provider's url gives an empty issuer",
      stack: trusting(policy(statement({ Condition: { StringEquals: { ":sub": subject, ":aud": sts } } }))),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the key of GitHub's provider, copied from the role of the pipeline",
      source: "aws-actions/configure-aws-credentials#454 and an EKS role",
      stack: trusting(
        policy(
          statement({
            Condition: {
              StringEquals: {
                "token.actions.githubusercontent.com:sub": subject,
                "token.actions.githubusercontent.com:aud": sts,
              },
            },
          }),
        ),
      ),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the claim after a slash",
      source: "Stack Overflow, issuer/sub in place of issuer:sub",
      stack: trusting(policy(statement({ Condition: { StringEquals: { [`${issuer}/sub`]: subject } } }))),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "oidc-provider/ is left before the issuer in the keys",
      source: "terraform-aws-modules/terraform-aws-eks#1084, split of the ARN at the first colon",
      stack: trusting(
        policy(
          statement({
            Condition: { StringEquals: { [`oidc-provider/${sub}`]: subject, [`oidc-provider/${aud}`]: sts } },
          }),
        ),
      ),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the names of the claims are spelt out",
      source: "external-secrets/external-secrets#1860, :subject and :audience",
      stack: trusting(
        policy(
          statement({ Condition: { StringEquals: { [`${issuer}:subject`]: subject, [`${issuer}:audience`]: sts } } }),
        ),
      ),
      finds: ["trust-policy-condition-key-invalid mandatory"],
    },
    {
      name: "the organisation's id as a condition of a web identity",
      source: "AWS re:Post, aws:PrincipalOrgID and AssumeRoleWithWebIdentity",
      stack: trusting(
        policy(
          statement({
            Condition: { StringEquals: { [sub]: subject, [aud]: sts, "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
          }),
        ),
      ),
      finds: ["trust-policy-condition-unsatisfiable mandatory"],
    },
    {
      name: "the source account, as for a service",
      source: "AWS re:Post, confused deputy condition on an IRSA role",
      stack: trusting(
        policy(
          statement({
            Condition: { StringEquals: { [sub]: subject, [aud]: sts, "aws:SourceAccount": cluster.account } },
          }),
        ),
      ),
      finds: ["trust-policy-condition-unsatisfiable mandatory"],
    },
    {
      name: "a blank after the subject",
      source: "Stack Overflow, trailing blank in the trust policy",
      stack: trusting(policy(statement({ Condition: { StringEquals: { [sub]: `${subject} `, [aud]: sts } } }))),
      finds: ["trust-policy-subject-invalid mandatory"],
    },
    {
      name: "the kind of the account in place of its group's prefix",
      source: "Stack Overflow, system:serviceAccount with a capital A",
      stack: trusting(
        policy(statement({ Condition: { StringEquals: { [sub]: "system:serviceAccount:shop:api", [aud]: sts } } })),
      ),
      finds: ["trust-policy-subject-invalid mandatory"],
    },
    {
      name: "name and namespace in the wrong order",
      source: "Stack Overflow, system:serviceaccount:<name>:<namespace>",
      stack: trusting(
        policy(statement({ Condition: { StringEquals: { [sub]: "system:serviceaccount:api:shop", [aud]: sts } } })),
      ),
      finds: ["trust-policy-subject-mismatch mandatory"],
    },
    {
      name: "only the prefix of the namespace in the pattern",
      source: "Stack Overflow, StringLike system:serviceaccount:prod-*",
      stack: trusting(
        policy(
          statement({
            Condition: { StringLike: { [sub]: "system:serviceaccount:prod-*:*" }, StringEquals: { [aud]: sts } },
          }),
        ),
      ),
      finds: ["trust-policy-subject-too-broad mandatory", "trust-policy-subject-mismatch mandatory"],
    },
  ],
  working: [],
};

export default reports;
