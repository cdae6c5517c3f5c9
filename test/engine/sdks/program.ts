/**
 * A program in the words that versions 5 to 7 of @pulumi/aws and 4 of @pulumi/kubernetes share, with the TypeScript that their
 * oldest @pulumi/pulumi brings along: three roles, each with its trust policy written in another way. The one that the
 * configuration names as `broken` trusts an account that does not exist.
 */
export const PROGRAM = `import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const broken = new pulumi.Config().get("broken");
const subject = (name: string) => "system:serviceaccount:shop:" + name + (name === broken ? "-v2" : "");

const cluster = new aws.eks.Cluster("shop", {
  name: "shop",
  roleArn: "arn:aws:iam::111122223333:role/eks",
  vpcConfig: { subnetIds: ["subnet-1", "subnet-2"] },
});
const issuer = cluster.identities[0].oidcs[0].issuer;
// Required by versions 5 and 6: the thumbprint of the authority that signs the certificates of EKS.
const oidc = new aws.iam.OpenIdConnectProvider("shop", {
  url: issuer,
  clientIdLists: ["sts.amazonaws.com"],
  thumbprintLists: ["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
});
const kubeconfig = pulumi.all([cluster.name, cluster.endpoint, cluster.certificateAuthority]).apply(([name, server, authority]) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": authority.data } }],
  }));
const provider = new k8s.Provider("shop", { kubeconfig });
const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }, { provider });

function pods(name: string, role: aws.iam.Role, dependsOn: pulumi.Resource[]) {
  const account = new k8s.core.v1.ServiceAccount(name, {
    metadata: { name, namespace: namespace.metadata.name, annotations: { "eks.amazonaws.com/role-arn": role.arn } },
  }, { provider, dependsOn });
  const template = {
    metadata: { labels: { app: name }, annotations: { "eks-irsa.dev/identity": role.arn } },
    spec: {
      serviceAccountName: account.metadata.name,
      restartPolicy: "OnFailure",
      securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
      containers: [{ name, image: "ghcr.io/example/shop:1.4.2" }],
    },
  };
  new k8s.apps.v1.Deployment(name, {
    metadata: { name, namespace: "shop" },
    spec: { selector: { matchLabels: { app: name } }, template: { ...template, spec: { ...template.spec, restartPolicy: "Always" } } },
  }, { provider });
  new k8s.batch.v1.CronJob(name, {
    metadata: { name, namespace: "shop" },
    spec: { schedule: "@daily", jobTemplate: { spec: { template } } },
  }, { provider });
}

// The data source, with the provider's url for condition keys: known once it has no scheme, in every version.
const key = oidc.url.apply((url) => url.replace("https://", ""));
const document = aws.iam.getPolicyDocumentOutput({
  statements: [{
    effect: "Allow",
    actions: ["sts:AssumeRoleWithWebIdentity"],
    principals: [{ type: "Federated", identifiers: [oidc.arn] }],
    conditions: [
      { test: "StringEquals", variable: pulumi.interpolate\`\${key}:sub\`, values: [subject("api")] },
      { test: "StringEquals", variable: pulumi.interpolate\`\${key}:aud\`, values: ["sts.amazonaws.com"] },
    ],
  }],
});
const api = new aws.iam.Role("api", { name: "shop-api", assumeRolePolicy: document.json });
pods("api", api, [
  new aws.iam.RolePolicyAttachment("api", { role: api, policyArn: aws.iam.ManagedPolicy.AmazonS3ReadOnlyAccess }),
]);

// A policy document as an object with outputs inside, and policies on the role itself: deprecated by now, and everywhere.
const trust: aws.iam.PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Federated: oidc.arn }, Action: "sts:AssumeRoleWithWebIdentity" }],
};
const web = new aws.iam.Role("web", {
  name: "shop-web",
  assumeRolePolicy: pulumi.all([pulumi.output(trust), key]).apply(([{ Statement: [statement], ...rest }, host]) => JSON.stringify({
    ...rest,
    Statement: [{ ...statement, Condition: { StringEquals: { [host + ":aud"]: "sts.amazonaws.com", [host + ":sub"]: subject("web") } } }],
  })),
  managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
  inlinePolicies: [{
    name: "queue",
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:us-west-2:111122223333:shop" }],
    }),
  }],
});
pods("web", web, []);

// Text put together from outputs.
const jobs = new aws.iam.Role("jobs", {
  name: "shop-jobs",
  assumeRolePolicy: pulumi.interpolate\`{
    "Version": "2012-10-17",
    "Statement": [{
      "Effect": "Allow",
      "Principal": { "Federated": "\${oidc.arn}" },
      "Action": ["sts:AssumeRoleWithWebIdentity"],
      "Condition": { "StringEquals": { "\${key}:aud": ["sts.amazonaws.com"], "\${key}:sub": ["\${subject("jobs")}"] } }
    }]
  }\`,
});
pods("jobs", jobs, [
  new aws.iam.RolePolicy("jobs", {
    role: jobs.id,
    policy: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::shop/*" }],
    },
  }),
]);
`;
