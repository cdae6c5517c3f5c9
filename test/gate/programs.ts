/** One role that trusts another account than the one that is annotated with it. */
export const BROKEN = `
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
const provider = new aws.iam.OpenIdConnectProvider("shop", {
  url: "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
  clientIdLists: ["sts.amazonaws.com"],
});
const role = new aws.iam.Role("api", {
  name: "shop-api",
  managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
  assumeRolePolicy: provider.arn.apply((arn) => JSON.stringify({
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Principal: { Federated: arn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: {
        "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE:aud": "sts.amazonaws.com",
        "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE:sub": "system:serviceaccount:shop:web",
      } },
    }],
  })),
});
new k8s.core.v1.ServiceAccount("api", {
  metadata: { name: "api", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": role.arn } },
});
`;
