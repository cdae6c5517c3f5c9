/** Programs for the whole life of a stack, as text: what they are this time comes from the stack's configuration. */
import { HEAD } from "./edge-programs";

/**
 * One cluster and a role for pods from every direction: a child of a component, one that is replaced when `generation`
 * changes, one that is deleted before its replacement, two whose accounts get their annotation from a transform, one of
 * aws-native, and one of another AWS account. A transform tags them all. `suffix` is added to every subject that a role
 * trusts.
 */
export const EVERY_DIRECTION = `${HEAD}
const config = new pulumi.Config();
if (config.get("gone") !== "true") everything();

function everything(): void {
const generation = config.get("generation") ?? "";
const suffix = config.get("suffix") ?? "";
const trusted = (name: string) => \`system:serviceaccount:shop:\${name}\${suffix}\`;

const cluster = eksCluster("shop", { protect: config.get("protect") !== "false" });
const issuer = issuerOf(cluster);
const oidc = providerOf("shop", issuer, { retainOnDelete: true });
const kubernetes = new k8s.Provider("shop", { kubeconfig: kubeconfigOf(cluster.endpoint) });
const onShop = { provider: kubernetes };
const trustOfShop = (name: string) => trustOf(oidc.arn, issuer, trusted(name));
const run = (name: string, account: pulumi.Input<string>, identity: pulumi.Input<string>, opts: pulumi.ResourceOptions = onShop) =>
  new k8s.apps.v1.Deployment(name, {
    metadata: { name, namespace: "shop" },
    spec: { selector: { matchLabels: { app: name } }, template: podOf(name, account, identity) },
  }, opts);

class Identity extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("shop:index:Identity", name, {}, opts);
    const own = { parent: this };
    const role = roleOf(name, trustOfShop(name), own);
    const account = new k8s.core.v1.ServiceAccount(name, {
      metadata: { name, namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": role.arn } },
    }, own);
    run(name, account.metadata.name, role.arn, own);
    this.registerOutputs({});
  }
}
new Identity("api", { providers: { kubernetes } });

const replaced = (name: string, opts: pulumi.ResourceOptions) => {
  const role = new aws.iam.Role(name, {
    name: \`shop-\${name}\${generation}\`,
    assumeRolePolicy: trustOfShop(name),
    inlinePolicies: [{ name: "read", policy: JSON.stringify({
      Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" }],
    }) }],
  }, opts);
  run(name, accountOf(name, role.arn, onShop).metadata.name, role.arn);
};
replaced("web", {});
replaced("jobs", { deleteBeforeReplace: true });

const transformed = (name: string, opts: pulumi.ResourceOptions) => {
  const role = roleOf(name, trustOfShop(name));
  annotations.set(name, role.arn);
  const account = new k8s.core.v1.ServiceAccount(name, { metadata: { name, namespace: "shop" } }, opts);
  run(name, account.metadata.name, role.arn);
};
const annotations = new Map<string, pulumi.Output<string>>();
const annotated = (type: string, name: string, props: any) => {
  const arn = annotations.get(name);
  if (type !== "kubernetes:core/v1:ServiceAccount" || arn === undefined) return undefined;
  return { ...props, metadata: { ...props.metadata, annotations: { "eks.amazonaws.com/role-arn": arn } } };
};
pulumi.runtime.registerResourceTransform(({ type, name, props, opts }) => {
  if (type === "aws:iam/role:Role") return { props: { ...props, tags: { ...props.tags, team: "shop" } }, opts };
  const changed = name === "mail" ? annotated(type, name, props) : undefined;
  return changed && { props: changed, opts };
});
pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
  const changed = name === "bill" ? annotated(type, name, props) : undefined;
  return changed && { props: changed, opts };
});
transformed("mail", onShop);
transformed("bill", onShop);

class NativeRole extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;
  constructor(name: string, args: pulumi.Inputs) {
    super("aws-native:iam:Role", name, { arn: undefined, ...args });
  }
}
const native = new NativeRole("scan", { roleName: "shop-scan", assumeRolePolicyDocument: trustOfShop("scan"), managedPolicyArns: [S3] });
run("scan", accountOf("scan", native.arn, onShop).metadata.name, native.arn);

const other = { provider: new aws.Provider("data", { region: "eu-west-1", assumeRoles: [{ roleArn: "arn:aws:iam::444455556666:role/deploy" }], skipCredentialsValidation: true }) };
const abroad = providerOf("abroad", issuer, other);
const home = config.get("abroad") === "home";
const data = roleOf("data", trustOf(home ? oidc.arn : abroad.arn, issuer, trusted("data")), other);
run("data", accountOf("data", data.arn, onShop).metadata.name, data.arn);

if (config.get("import") === "true") {
  const old = new aws.iam.Role("old", {
    name: "shop-old", assumeRolePolicy: trustOfShop("old"), managedPolicyArns: [S3],
  }, { import: "shop-old" });
  const account = accountOf("old", old.arn, { ...onShop, import: "shop/old" });
  run("old", account.metadata.name, old.arn, { ...onShop, import: "shop/old" });
}
}
`;

/**
 * A chain "shop"; at the stage `second`, a chain "data" whose parts name each other by text, so that any of them can be made
 * without the others; at the stage `renamed`, the account of "shop" under another Pulumi name. `suffix` is added to the subject
 * that the role of "shop" trusts.
 */
export const TWO_TEAMS = `${HEAD}
const config = new pulumi.Config();
const stage = config.get("stage") ?? "first";
const team = (name: string, accountName = name, suffix = "") => {
  const cluster = eksCluster(name);
  const issuer = issuerOf(cluster);
  const arn = issuer.apply((url) => "arn:aws:iam::111122223333:oidc-provider/" + url.replace("https://", ""));
  providerOf(name, issuer);
  roleOf(name, trustOf(arn, issuer, "system:serviceaccount:shop:" + name + suffix));
  const opts = { provider: new k8s.Provider(name, { kubeconfig: kubeconfigOf(cluster.endpoint) }) };
  const roleArn = "arn:aws:iam::111122223333:role/shop-" + name;
  new k8s.core.v1.ServiceAccount(accountName, {
    metadata: { name, namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": roleArn } },
  }, opts);
  new k8s.apps.v1.Deployment(name, {
    metadata: { name, namespace: "shop" },
    spec: { selector: { matchLabels: { app: name } }, template: podOf(name, name, roleArn) },
  }, opts);
};
team("shop", stage === "renamed" ? "shop-account" : "shop", config.get("suffix"));
if (stage === "second") team("data");
`;

/** The chain "shop" in two halves: a call to \`between\` stands between them, or an error when it is \`throw\`. */
export const IN_HALVES = `${HEAD}
const between = new pulumi.Config().require("between");
const cluster = eksCluster("shop");
const issuer = issuerOf(cluster);
const opts = { provider: new k8s.Provider("shop", { kubeconfig: kubeconfigOf(cluster.endpoint) }) };
const oidc = providerOf("shop", issuer);
const role = new aws.iam.Role("api", { name: "shop-api", assumeRolePolicy: trustOf(oidc.arn, issuer, "system:serviceaccount:shop:api") });
new k8s.apps.v1.Deployment("api", {
  metadata: { name: "api", namespace: "shop" },
  spec: { selector: { matchLabels: { app: "api" } }, template: podOf("api", "api", "5f1d") },
}, opts);
role.arn.apply(async (arn) => {
  if (between === "throw") throw new Error("half of the program is missing");
  if (between !== "nothing") await fetch(between);
  const attached = new aws.iam.RolePolicyAttachment("api", { role: role.name, policyArn: S3 });
  new k8s.core.v1.ServiceAccount("api", {
    metadata: { name: "api", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": arn } },
  }, { ...opts, dependsOn: [attached] });
});
`;
