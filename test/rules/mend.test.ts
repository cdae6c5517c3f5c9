import { UNKNOWN, type Value } from "../../policy-pack/src/facts/value";
import { setLeaf } from "../../policy-pack/src/intake/edit";
import { DEFAULT_CONFIG } from "../../policy-pack/src/model/config";
import type { Properties } from "../../policy-pack/src/model/snapshot";
import { rules } from "../../policy-pack/src/rules";
import type { Edit } from "../../policy-pack/src/rules/rule";
import { ISSUER, ROLE_ARN } from "../support/stack";

/** The inputs as the rule would leave them under the level `remediate`. */
function mended(id: string, type: string, inputs: Properties): Value {
  const copy = structuredClone(inputs) as object;
  for (const edit of edits(id, type, inputs)) setLeaf(copy, edit.path, edit.value);
  return copy as Value;
}

function edits(id: string, type: string, inputs: Properties): readonly Edit[] {
  const rule = rules.find((each) => each.id === id);
  return rule?.mend?.(type, inputs, DEFAULT_CONFIG) ?? [];
}

const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const NATIVE_PROVIDER = "aws-native:iam:OidcProvider";
const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const KEY = "eks.amazonaws.com/role-arn";

test("the rules that can mend are these", () => {
  expect(rules.flatMap((rule) => (rule.mend ? [rule.id] : []))).toEqual([
    "oidc-provider-url-invalid",
    "oidc-provider-audience-missing",
    "service-account-role-arn-invalid",
    "workload-region-missing",
  ]);
});

describe("oidc-provider-audience-missing", () => {
  const id = "oidc-provider-audience-missing";
  const url = `https://${ISSUER}`;

  test("adds the audience behind the client ids that are there", () => {
    expect(mended(id, PROVIDER, { url, clientIdLists: ["other"] })).toEqual({
      url,
      clientIdLists: ["other", "sts.amazonaws.com"],
    });
    expect(mended(id, NATIVE_PROVIDER, { url, clientIdList: ["other"] })).toEqual({
      url,
      clientIdList: ["other", "sts.amazonaws.com"],
    });
  });

  test("makes the list where there is none", () => {
    expect(mended(id, NATIVE_PROVIDER, { url })).toEqual({ url, clientIdList: ["sts.amazonaws.com"] });
    expect(mended(id, PROVIDER, { url })).toEqual({ url, clientIdLists: ["sts.amazonaws.com"] });
  });

  test.each<[string, string, Properties]>([
    ["has the audience", PROVIDER, { url, clientIdLists: ["sts.amazonaws.com"] }],
    ["has a list that is not known yet", PROVIDER, { url, clientIdLists: UNKNOWN }],
    ["may have it as the id that is not known yet", PROVIDER, { url, clientIdLists: ["other", UNKNOWN] }],
    ["may be of any issuer", PROVIDER, { url: UNKNOWN, clientIdLists: ["other"] }],
    ["is GitHub's", PROVIDER, { url: "https://token.actions.githubusercontent.com", clientIdLists: ["other"] }],
    ["is no provider", "aws:iam/role:Role", { url, clientIdLists: ["other"] }],
  ])("leaves alone what %s", (_, type, inputs) => {
    expect(edits(id, type, inputs)).toEqual([]);
  });
});

describe("oidc-provider-url-invalid", () => {
  const id = "oidc-provider-url-invalid";

  test.each([`http://${ISSUER}`, ` https://${ISSUER} `, `https://${ISSUER}/`, ISSUER])("mends %j", (url) => {
    expect(mended(id, PROVIDER, { url })).toEqual({ url: `https://${ISSUER}` });
  });

  test.each<[string, string, Properties]>([
    ["is right", PROVIDER, { url: `https://${ISSUER}` }],
    ["is not known yet", PROVIDER, { url: UNKNOWN }],
    ["would stay wrong", PROVIDER, { url: "http://oidc.eks.eu-west-1.amazonaws.com/" }],
    ["is another issuer's", PROVIDER, { url: "http://token.actions.githubusercontent.com" }],
    ["is no provider", "aws:iam/role:Role", { url: ISSUER }],
  ])("leaves alone what %s", (_, type, inputs) => {
    expect(edits(id, type, inputs)).toEqual([]);
  });
});

describe("service-account-role-arn-invalid", () => {
  const id = "service-account-role-arn-invalid";
  const annotated = (arn: Value) => ({ metadata: { name: "api", annotations: { [KEY]: arn } } });

  test.each([` ${ROLE_ARN}`, `${ROLE_ARN}\n`, `"${ROLE_ARN}"`, `' ${ROLE_ARN} '`])("mends %j", (arn) => {
    expect(mended(id, ACCOUNT, annotated(arn))).toEqual(annotated(ROLE_ARN));
    expect(mended(id, `${ACCOUNT}Patch`, annotated(arn))).toEqual(annotated(ROLE_ARN));
  });

  test("mends the one item of a List that needs it", () => {
    const list = (first: string) => ({ items: [annotated(first), annotated(ROLE_ARN), annotated(UNKNOWN)] });
    expect(mended(id, `${ACCOUNT}List`, list(` ${ROLE_ARN}`))).toEqual(list(ROLE_ARN));
  });

  test.each<[string, string, Properties]>([
    ["is right", ACCOUNT, annotated(ROLE_ARN)],
    ["is not known yet", ACCOUNT, annotated(UNKNOWN)],
    ["has no annotation", ACCOUNT, { metadata: { name: "api" } }],
    ["is no role's ARN without its blanks either", ACCOUNT, annotated(" api-irsa ")],
    ["is longer than any ARN", ACCOUNT, annotated(`${" ".repeat(5000)}${ROLE_ARN}`)],
    ["is a List that is not known yet", `${ACCOUNT}List`, { items: UNKNOWN }],
    ["is no ServiceAccount", "kubernetes:core/v1:ConfigMap", annotated(` ${ROLE_ARN}`)],
  ])("leaves alone what %s", (_, type, inputs) => {
    expect(edits(id, type, inputs)).toEqual([]);
  });
});

describe("workload-region-missing", () => {
  const id = "workload-region-missing";
  const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
  const china = { name: "AWS_REGION", value: "cn-north-1" };
  const both = [china, { name: "AWS_DEFAULT_REGION", value: "cn-north-1" }];
  const pod = (env: Value, kind = "containers") => ({ template: { spec: { [kind]: [{ name: "api", env }] } } });

  test("adds the other variable with the same value, in China", () => {
    expect(mended(id, DEPLOYMENT, { spec: pod([china]) })).toEqual({ spec: pod(both) });
    const other = { name: "AWS_DEFAULT_REGION", value: "cn-northwest-1" };
    expect(mended(id, DEPLOYMENT, { spec: pod([other], "initContainers") })).toEqual({
      spec: pod([other, { name: "AWS_REGION", value: "cn-northwest-1" }], "initContainers"),
    });
  });

  test("adds it in each item of a List, and in bare pods", () => {
    expect(mended(id, `${DEPLOYMENT}List`, { items: [{ spec: pod([china]) }, { spec: pod(both) }] })).toEqual({
      items: [{ spec: pod(both) }, { spec: pod(both) }],
    });
    expect(mended(id, "kubernetes:core/v1:Pod", { spec: { containers: [{ env: [china] }] } })).toEqual({
      spec: { containers: [{ env: both }] },
    });
  });

  test.each<[string, string, Properties]>([
    ["sets both", DEPLOYMENT, { spec: pod(both) }],
    ["sets neither, which is the webhook's to do", DEPLOYMENT, { spec: pod([{ name: "LOG", value: "debug" }]) }],
    ["has no environment", DEPLOYMENT, { spec: { template: { spec: { containers: [{ name: "api" }] } } } }],
    ["is not in China", DEPLOYMENT, { spec: pod([{ name: "AWS_REGION", value: "eu-west-1" }]) }],
    ["has an environment that is not known yet", DEPLOYMENT, { spec: pod(UNKNOWN) }],
    ["may set the other one too", DEPLOYMENT, { spec: pod([china, { name: UNKNOWN, value: "x" }]) }],
    ["has a region that is not known yet", DEPLOYMENT, { spec: pod([{ name: "AWS_REGION", value: UNKNOWN }]) }],
    [
      "takes one of them from elsewhere",
      DEPLOYMENT,
      { spec: pod([china, { name: "AWS_DEFAULT_REGION", valueFrom: { configMapKeyRef: { name: "a", key: "b" } } }]) },
    ],
    ["has containers that are not known yet", DEPLOYMENT, { spec: { template: { spec: { containers: UNKNOWN } } } }],
    ["is a List that is not known yet", `${DEPLOYMENT}List`, { items: UNKNOWN }],
    ["runs no pods", "kubernetes:core/v1:ConfigMap", { spec: pod([china]) }],
  ])("leaves alone what %s", (_, type, inputs) => {
    expect(edits(id, type, inputs)).toEqual([]);
  });
});
