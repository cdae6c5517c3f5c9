import { run } from "../../policy-pack/src/findings/run";
import { buildModel } from "../../policy-pack/src/model/build";
import { rules } from "../../policy-pack/src/rules";
import { resource, UNKNOWN, urnOf } from "../support/stack";
import { eks, policy, program, role, web, firstPreviewOf, awsProvider, attachment, allow } from "./support";
const c = eks({ region: "eu-west-1" });
const comp = eks({ form: "component" });
const bare = eks({ form: "component", provider: null });
const S = "system:serviceaccount:shop:api";
const R = urnOf("aws:iam/role:Role", "app");
const perm = (o: any, more: any[] = [], cfg: any = {}) => program([c.base, c.role("app", c.trust(c.exact(S)), o), c.account_("shop", "api", c.arnOf("app")), c.deployment("shop", "api"), more], cfg);
const M = (n: string) => `arn:aws:iam::aws:policy/${n}`;
const rp = (name: string, inputs: any, from: any = { role: [R] }) => resource("aws:iam/rolePolicy:RolePolicy", name, { name, ...inputs }, { provider: c.aws, from });
const att = (name: string, inputs: any, from: any = { role: [R] }) => resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", name, inputs, { provider: c.aws, from });
const blue = eks({ name: "blue", region: "eu-west-1", id: "0F1E2D3C4B5A69788796A5B4C3D2E1F0" });
const green = eks({ name: "green", region: "eu-west-1", id: "A1B2C3D4E5F60718293A4B5C6D7E8F90" });
const noneB = eks({ name: "exist", form: "none", provider: null });
const ca = eks({ form: "component", provider: null });
const chart = (values: any, from: string[] = ["app"], trust = c.trust(c.exact(S)), ns = "shop") => program([c.base, c.role("app", trust), c.chart("api", ns, values, from)]);
const ann = { "eks.amazonaws.com/role-arn": c.arnOf("app") };
const cases: Record<string, any> = {
  tokensRoleRef: perm({ policies: [] }, [att("a", { role: "app", policyArn: UNKNOWN }, { role: [R], policyArn: ["urn:x"] })]),
  arnTypo: perm({ policies: [M("AmazonS3ReadOnlyAcess")] }),
  custNoAcct: perm({ policies: ["arn:aws:iam:::policy/foo"] }),
  roleArnAsPolicy: perm({ policies: ["arn:aws:iam::111122223333:role/foo"] }),
  otherAcct: perm({ policies: ["arn:aws:iam::999988887777:policy/foo"] }),
  spaceArn: perm({ policies: [" " + M("AmazonS3ReadOnlyAccess")] }),
  wrongNameAttach: perm({ policies: [] }, [att("a", { role: "ap", policyArn: M("AmazonS3ReadOnlyAccess") }, {})]),
  exclusive: perm({}, [resource("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "x", { roleName: "app", policyArns: [M("AmazonS3ReadOnlyAccess")] }, { provider: c.aws, from: { roleName: [R] } })]),
  exclusiveOk2: perm({}, [resource("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "x", { roleName: "app", policyArns: [M("AmazonSQSFullAccess")] }, { provider: c.aws, from: { roleName: [R] } })]),
  s3full: perm({ policies: [M("AmazonS3FullAccess")] }),
  power: perm({ policies: [M("PowerUserAccess")] }),
  s3star: perm({ policies: [] }, [rp("x", { role: "app", policy: policy({ Effect: "Allow", Action: "s3:*", Resource: "*" }) })]),
  iamstar: perm({ policies: [] }, [rp("x", { role: "app", policy: policy({ Effect: "Allow", Action: "iam:*", Resource: "*" }) })]),
  denyAll: perm({ policies: [] }, [rp("x", { role: "app", policy: policy({ Effect: "Deny", Action: "*", Resource: "*" }) })]),
  principalInIdentity: perm({ policies: [] }, [rp("x", { role: "app", policy: policy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }) })]),
  boundary: perm({ inputs: { permissionsBoundary: "arn:aws:iam::111122223333:policy/boundary" } }),
  boundaryAdmin: perm({ inputs: { permissionsBoundary: M("AdministratorAccess") } }),
  chainNo: program([c.base, c.role("app", c.trust(c.exact(S))), role("target", policy({ Effect: "Allow", Principal: { AWS: c.arnOf("app") }, Action: "sts:AssumeRole" }), { aws: awsProvider("777788889999","us-east-1"), account: "777788889999", from: [R] }), c.account_("shop","api",c.arnOf("app"))]),
  chainEnv: program([c.base, c.role("app", c.trust(c.exact(S))), role("target", policy({ Effect: "Allow", Principal: { AWS: c.arnOf("other") }, Action: "sts:AssumeRole" }), { aws: awsProvider("777788889999","us-east-1"), account: "777788889999", from: [] }), c.account_("shop","api",c.arnOf("app"))]),
  badRoleName: perm({ roleName: "app role!" }, []),
  path: perm({ inputs: { path: "team" } }),
  compNoOidcNoUse: program([bare.base, bare.role("node", policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }), { from: [] })]),
  compNoOidcUrl: program([bare.base, bare.role("app", bare.trust(bare.exact(S))), bare.account_("shop","api",bare.arnOf("app"))]),
  compPlusOwn: program([bare.base, [resource("aws:iam/openIdConnectProvider:OpenIdConnectProvider","own",{ url: `https://${bare.issuer}`, clientIdLists: ["sts.amazonaws.com"] }, { provider: bare.aws, from: { url: [urnOf("eks:index:Cluster","prod")] }, outputs: { url: bare.issuer, arn: bare.providerArn } })], bare.role("app", bare.trust(bare.exact(S)), { from: [urnOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider","own")] }), bare.account_("shop","api",bare.arnOf("app"))]),
  crossWired: program([blue.base, green.base, blue.role("app", blue.trust(blue.exact(S)), { from: [blue.providerUrn] }), green.account_("shop","api",blue.arnOf("app")), green.deployment("shop","api")]),
  saBothClustersOneRole: program([blue.base, green.base, blue.role("a", blue.trust(blue.exact(S))), green.role("b", green.trust(green.exact(S))), blue.account_("shop","api",blue.arnOf("a")), green.account_("shop","api",green.arnOf("b"))]),
  noneLiteral: program([noneB.base, noneB.role("app", noneB.trust(noneB.exact("system:serviceaccount:shop:apo"))), noneB.account_("shop","api",noneB.arnOf("app"))]),
  chartNoName: chart({ serviceAccount: { annotations: ann } }),
  chartNoNameBad: chart({ serviceAccount: { annotations: ann } }, ["app"], policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" })),
  chartNested: chart({ controller: { serviceAccount: { create: true, name: "api", annotations: ann } } }),
  chartRbac: chart({ rbac: { serviceAccount: { create: true, name: "wrong", annotations: ann } } }),
  chartCreateFalse: chart({ serviceAccount: { create: false, name: "wrong", annotations: ann } }),
  chartWrongKey: chart({ serviceAccount: { create: true, name: "api", annotations: { "eks.amazonaws.com/role": c.arnOf("app") } } }),
  chartLiteralNoRole: chart({ serviceAccount: { create: true, name: "api", annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/ap" } } }, []),
  chartWildcard: chart({ serviceAccount: { create: true, name: "api", annotations: ann } }, ["app"], c.trust({ StringEquals: { [`${c.issuer}:sub`]: "system:serviceaccount:*:api" } })),
};
test.each(Object.keys(cases))("%s", (k) => {
  const show = (s: any) => { const v = run(rules, buildModel(s)); return (v.findings.map((f) => `${f.rule} ${f.level}`).join(", ") || `-`) + ` (${v.unverified.map((u: any) => JSON.stringify(u.says ?? u.what ?? u)).join("; ").slice(0, 200)})${v.faults.length ? JSON.stringify(v.faults) : ""}`; };
  const v = run(rules, buildModel(cases[k]));
  process.stdout.write(`${k}: ${show(cases[k])} | FIRST ${show(firstPreviewOf(cases[k]))}\n${v.findings.map((f) => `      ${f.says} FIX ${f.fix.slice(0, 160)}\n`).join("")}`);
});
