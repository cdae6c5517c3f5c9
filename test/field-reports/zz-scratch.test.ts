import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import { rules } from "../../policy-pack/src/rules";
import { kubernetes } from "./pods";
import { program } from "./support";
const k = kubernetes({ name: "prod", region: "eu-west-1" });
const k2 = kubernetes({ name: "dr", region: "eu-central-1", id: "AAAA0A8E7D6F41529AB0C1D2E3F40516" });
const R = "eks.amazonaws.com/role-arn";
const base = (ns: string, sa: string) => [k.base, k.namespace(ns), k.roleFor(ns, sa), k.account(ns, sa, k.arnOf(sa))];
const dep = (options: any, kind = "Deployment") => program([...base("shop", "api"), k.pods(kind, "shop", "api", "api", options)]);
const env = (...v: [string, any][]) => dep({ container: { env: v.map(([name, value]) => ({ name, value })) } });
const gov = kubernetes({ name: "gov", region: "us-gov-west-1", partition: "aws-us-gov" });
const cases: Record<string, any> = {
  "7 ns:name as name, managed": program([...base("shop", "api"), k.pods("Deployment", "shop", "api", "shop:api", { from: null })]),
  "7b ns/name unmanaged": program([k.base, k.roleFor("shop", "api"), k.account("shop", "api", k.arnOf("api")), k.pods("Deployment", "shop", "api", "shop/api", { from: null })]),
  "8 upper case SA": program([k.base, k.namespace("shop"), k.roleFor("shop", "MyApp"), k.account("shop", "MyApp", k.arnOf("MyApp")), k.pods("Deployment", "shop", "myapp", "MyApp")]),
  "9 saName at wrong level": program([...base("shop", "api"), k.pods("Deployment", "shop", "web", undefined, { spec: { serviceAccountName: "api" } })]),
  "11 app-sa and app without name": program([...base("shop", "app-sa"), k.pods("Deployment", "shop", "app", undefined)]),
  "11b s3-reader and app with AWS_REGION": program([...base("shop", "s3-reader"), k.pods("Deployment", "shop", "app", undefined, { container: { env: [{ name: "AWS_REGION", value: "eu-west-1" }] } })]),
  "11c s3-reader and test pod aws-cli": program([...base("shop", "s3-reader"), k.pods("Pod", "shop", "test", undefined, { container: { image: "amazon/aws-cli:2.15.0" } })]),
  "16 automount false": dep({ pod: { automountServiceAccountToken: false } }),
  "17 own volume elsewhere, right": dep({ pod: { volumes: [{ name: "my-token", projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", path: "aws", expirationSeconds: 3600 } }] } }] }, container: { env: [{ name: "AWS_ROLE_ARN", value: k.arnOf("api") }, { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/tokens/aws" }], volumeMounts: [{ name: "my-token", mountPath: "/tokens" }] } }),
  "17b own wiring, SA without annotation": program([k.base, k.namespace("shop"), k.roleFor("shop", "api"), k.account("shop", "api"), k.pods("Deployment", "shop", "api", "api", { pod: { volumes: [{ name: "my-token", projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", path: "aws", expirationSeconds: 3600 } }] } }] }, container: { env: [{ name: "AWS_ROLE_ARN", value: k.arnOf("api") }, { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/tokens/aws" }], volumeMounts: [{ name: "my-token", mountPath: "/tokens" }] } })]),
  "17c own wiring, wrong path, SA without annotation": program([k.base, k.namespace("shop"), k.roleFor("shop", "api"), k.account("shop", "api"), k.pods("Deployment", "shop", "api", "api", { pod: { volumes: [{ name: "my-token", projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", path: "aws", expirationSeconds: 3600 } }] } }] }, container: { env: [{ name: "AWS_ROLE_ARN", value: k.arnOf("api") }, { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/tokens/token" }], volumeMounts: [{ name: "my-token", mountPath: "/tokens" }] } })]),
  "17d own wiring, role does not trust, SA without annotation": program([k.base, k.namespace("shop"), k.roleFor("shop", "worker", "api"), k.account("shop", "api"), k.pods("Deployment", "shop", "api", "api", { pod: { volumes: [{ name: "my-token", projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", path: "aws", expirationSeconds: 3600 } }] } }] }, container: { env: [{ name: "AWS_ROLE_ARN", value: k.arnOf("api") }, { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/tokens/aws" }], volumeMounts: [{ name: "my-token", mountPath: "/tokens" }] } })]),
  "18 session name": env(["AWS_ROLE_SESSION_NAME", "api"]),
  "21 load config": env(["AWS_SDK_LOAD_CONFIG", "1"], ["AWS_MAX_ATTEMPTS", "5"]),
  "22 s3 minio": env(["AWS_ENDPOINT_URL_S3", "http://minio:9000"]),
  "23 sts regional": env(["AWS_ENDPOINT_URL_STS", "https://sts.eu-west-1.amazonaws.com"]),
  "24 vpce": env(["AWS_ENDPOINT_URL_STS", "https://vpce-0a1-b2c.sts.eu-west-1.vpce.amazonaws.com"]),
  "25 fips": env(["AWS_USE_FIPS_ENDPOINT", "true"]),
  "25b fips host": env(["AWS_ENDPOINT_URL_STS", "https://sts-fips.us-east-1.amazonaws.com"]),
  "29 .aws mount": dep({ pod: { volumes: [{ name: "c", secret: { secretName: "aws-credentials" } }] }, container: { volumeMounts: [{ name: "c", mountPath: "/root/.aws", readOnly: true }] } }),
  "30 kube2iam left": dep({ template: { annotations: { "iam.amazonaws.com/role": "api" } } }),
  "44 two clusters one role": program([k.base, k2.base, k.namespace("shop"), k.role("api", JSON.stringify({ Version: "2012-10-17", Statement: [k, k2].map((c) => JSON.parse(c.trust(c.exact("system:serviceaccount:shop:api"))).Statement[0]) }), { from: [k.providerUrn, k2.providerUrn] }), k.account("shop", "api", k.arnOf("api")), k2.account("shop", "api", { annotations: { [R]: k.arnOf("api") }, resourceName: "dr-api" }), k.pods("Deployment", "shop", "api", "api"), k2.pods("Deployment", "shop", "api", "api", { resourceName: "dr-api-dep", from: ["urn:pulumi:dev::shop::kubernetes:core/v1:ServiceAccount::dr-api"] })]),
  "47 aws-node patch with addon": program([k.base, k.roleFor("kube-system", "aws-node"), [k.of("aws:eks/addon:Addon", "vpc-cni", { addonName: "vpc-cni", clusterName: "prod" })], k.account("kube-system", "aws-node", { annotations: { [R]: k.arnOf("aws-node") }, patch: true })]),
  "48 SA list": program([k.base, k.namespace("shop"), k.roleFor("shop", "api"), [k.make("core/v1:ServiceAccountList", "all", { items: [{ metadata: { name: "api", namespace: "shop", annotations: { [R]: k.arnOf("api") } } }, { metadata: { name: "web", namespace: "shop" } }] }, { items: ["urn:pulumi:dev::shop::aws:iam/role:Role::api"] })], k.pods("Deployment", "shop", "api", "api", { from: null, dependsOn: ["urn:pulumi:dev::shop::kubernetes:core/v1:ServiceAccountList::all"] })]),
  "2 gov cluster, commercial role": program([gov.base, gov.namespace("dns"), [gov.of("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "com", { url: `https://${gov.issuer}`, clientIdLists: ["sts.amazonaws.com"] })], gov.role("dns", JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity", Principal: { Federated: `arn:aws:iam::999988887777:oidc-provider/${gov.issuer}` }, Condition: gov.exact("system:serviceaccount:dns:dns") }] }), { account: "999988887777", partition: "aws", aws: k.aws }), gov.account("dns", "dns", "arn:aws:iam::999988887777:role/dns"), gov.pods("Deployment", "dns", "dns", "dns")]),
  "4 init container keys": dep({ pod: { initContainers: [{ name: "sync", image: "registry.example.com/sync:1.0.0", env: [{ name: "AWS_ACCESS_KEY_ID", value: "(not kept)" }, { name: "AWS_SECRET_ACCESS_KEY", value: "(not kept)" }] }] } }),
  "51 deployment env keys + sidecar": dep({ pod: { containers: [{ name: "api", image: "registry.example.com/api:1", env: [{ name: "AWS_ACCESS_KEY_ID", value: "(not kept)" }, { name: "AWS_SECRET_ACCESS_KEY", value: "(not kept)" }] }, { name: "proxy", image: "envoyproxy/envoy:v1.30.1" }] } }),
  "52 role arn env of other name in same stack, both set": env(["AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/other"], ["AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"]),
  "53 default SA declared and annotated, pod no name": program([k.base, k.namespace("shop"), k.roleFor("shop", "default", "shop"), k.account("shop", "default", k.arnOf("shop")), k.pods("Deployment", "shop", "api", undefined, { dependsOn: [k.accountUrn("shop", "default")] })]),
  "54 SA bare, role StringLike ns:*": program([k.base, k.namespace("shop"), k.role("shop", k.trust({ StringLike: { [`${k.issuer}:sub`]: "system:serviceaccount:shop:api-*" }, StringEquals: { [`${k.issuer}:aud`]: "sts.amazonaws.com" } })), k.account("shop", "api-1"), k.pods("Deployment", "shop", "api", "api-1")]),
  "55 role arn in pod annotations, account elsewhere": program([k.base, k.roleFor("shop", "api"), k.pods("Deployment", "shop", "api", "api", { from: null, template: { annotations: { [R]: k.arnOf("api") } } })]),
  "56 role arn on Deployment metadata": program([k.base, k.namespace("shop"), k.roleFor("shop", "api"), k.account("shop", "api"), k.pods("Deployment", "shop", "api", "api", { metadata: { annotations: { [R]: k.arnOf("api") } } })]),
  "57 role arn on Namespace": program([k.base, k.namespace("shop", { annotations: { [R]: k.arnOf("api") } }), k.roleFor("shop", "api"), k.account("shop", "api"), k.pods("Deployment", "shop", "api", "api")]),
  "58 wrong role of two": program([k.base, k.namespace("shop"), k.roleFor("shop", "api"), k.roleFor("shop", "worker"), k.account("shop", "api", k.arnOf("worker")), k.account("shop", "worker", k.arnOf("api"))]),
  "59 RoleSession arn": program([k.base, k.namespace("shop"), k.roleFor("shop", "api"), k.account("shop", "api", "arn:aws:sts::111122223333:assumed-role/api/session")]),
  "60 instance profile": program([k.base, k.namespace("shop"), k.roleFor("shop", "api"), k.account("shop", "api", "arn:aws:iam::111122223333:instance-profile/api")]),
  "61 oidc provider arn as annotation": program([k.base, k.namespace("shop"), k.roleFor("shop", "api"), k.account("shop", "api", k.providerArn)]),
  "62 release SA create false + no SA declared": program([k.base, k.namespace("dns"), k.roleFor("dns", "external-dns"), k.chart("external-dns", "dns", { serviceAccount: { create: false, name: "external-dns" } })]),
  "63 release values podAnnotations role-arn": program([k.base, k.namespace("dns"), k.roleFor("dns", "external-dns"), k.chart("external-dns", "dns", { podAnnotations: { [R]: k.arnOf("external-dns") }, serviceAccount: { create: true, name: "external-dns" } }, ["external-dns"])]),
  "64 release misspelt key": program([k.base, k.namespace("dns"), k.roleFor("dns", "external-dns"), k.chart("external-dns", "dns", { serviceAccount: { create: true, name: "external-dns", annotations: { "eks.amazonaws.com/role_arn": k.arnOf("external-dns") } } }, ["external-dns"])]),
  "65 release policy arn": program([k.base, k.namespace("dns"), k.roleFor("dns", "external-dns"), k.chart("external-dns", "dns", { serviceAccount: { create: true, name: "external-dns", annotations: { [R]: "arn:aws:iam::aws:policy/AmazonRoute53FullAccess" } } })]),
  "66 release unnamed SA annotated with newline": program([k.base, k.namespace("dns"), k.roleFor("dns", "external-dns"), k.chart("external-dns", "dns", { serviceAccount: { annotations: { [R]: `${k.arnOf("external-dns")}\n` } } }, ["external-dns"])]),
};
test.each(Object.entries(cases))("%s", (name, stack) => {
  const { findings, faults, unverified } = run(rules, buildModel(stack));
  console.log(`## ${name}\n` + findings.map((f) => `   ${f.rule} ${f.level}: ${f.says}\n      fix ${f.fix}`).join("\n") + (faults.length ? JSON.stringify(faults) : "") + (unverified.length ? `\n   (unverified ${unverified.map((u) => u.says).join(" | ").slice(0, 200)})` : ""));
});
