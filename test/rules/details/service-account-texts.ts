import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties, SnapshotResource } from "../../../policy-pack/src/model/snapshot";
import { resource, ROLE_ARN, trust, UNKNOWN, urnOf, urns, wired, type Change, type Wiring } from "../../support/stack";
import type { Details } from "../../support/judgements";

const KEY = "eks.amazonaws.com/role-arn";
const IN_CHINA = "arn:aws-cn:iam::111122223333:role/web-irsa";
const annotated = (annotations: { readonly [key: string]: Value }): Wiring => ({
  serviceAccount: { metadata: { annotations } },
});
const names = (arn: Value, more: Wiring = {}) => wired({ ...annotated({ [KEY]: arn }), ...more });
const unannotated = (annotations: { readonly [key: string]: Value }, more: Wiring = {}) =>
  wired({ ...annotated({ [KEY]: null, ...annotations }), ...more });
const table = (texts: readonly string[], stack: (text: string) => ReturnType<typeof wired>) =>
  Object.fromEntries(texts.map((text) => [JSON.stringify(text), stack(text)]));

/** A role, made in the given region of AWS or in one that is not known. */
const role = (name: Value, region: Value = "eu-west-1"): SnapshotResource =>
  resource(
    "aws:iam/role:Role",
    "second",
    { name, assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
    {
      from: { assumeRolePolicy: [urns.oidcProvider] },
      provider: {
        urn: urnOf("pulumi:providers:aws", "second"),
        type: "pulumi:providers:aws",
        name: "second",
        inputs: { region },
      },
    },
  );
const SECOND = urnOf("aws:iam/role:Role", "second");
const from = (...roles: readonly string[]): Wiring => ({ edges: { "serviceAccount.metadata": roles } });
const OUTPUT = "arn:aws:iam::111122223333:role/[object Object]";

const addon = (inputs: Properties) =>
  wired({ plus: [resource("aws:eks/addon:Addon", "dns", { addonName: "coredns", clusterName: "shop", ...inputs })] });
const charted = (values: Properties, edges: readonly string[] = []) =>
  wired({
    serviceAccount: null,
    deployment: null,
    plus: [
      resource(
        "kubernetes:helm.sh/v3:Release",
        "api",
        { chart: "api", namespace: "shop", values },
        { from: { values: edges } },
      ),
    ],
  });

/** Annotations that stand in another place. */
const onPods = (annotations: Change, more: Wiring = {}) =>
  wired({
    serviceAccount: { metadata: { annotations: { [KEY]: null } } },
    deployment: { spec: { template: { metadata: { annotations } } } },
    ...more,
  });
const FOR_INSTANCES = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const NEARLY = "eks.amazonaws.com.cn/role-arn";

const details: Details = {
  "service-account-role-arn-invalid": {
    ...table(
      [
        ` ${ROLE_ARN}`,
        `"${ROLE_ARN}"`,
        `\`${ROLE_ARN}\``,
        ` "${ROLE_ARN} "`,
        '"arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/x"',
        "api-irsa",
        "api-isra",
        "frontend",
        "a b",
        "arn:aws:iam::111122223333:user/api-irsa",
        "arn:aws:s3:::api-irsa",
        "arn:aws:iam:eu-west-1:111122223333:role/api-irsa",
        "arn:aws:iam::1111:role/api-irsa",
        "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/x",
        "",
      ],
      (text) => names(text),
    ),
    "the text of an Output, of one role": names(OUTPUT, from(urns.role)),
    "the text of an Output, of two roles": names(OUTPUT, { ...from(urns.role, SECOND), plus: [role("web-irsa")] }),
    "the text of an Output, of no role": names(OUTPUT, from()),
    "the text of an Output, of a role whose name is not known": names(OUTPUT, {
      ...from(SECOND),
      plus: [role(UNKNOWN)],
    }),
    "another partition than that of the role": names(ROLE_ARN.replace("arn:aws:", "arn:aws-cn:")),
    "the ARN twice": names(`${ROLE_ARN}${ROLE_ARN}`.replace("arn:aws:", "arn:aws-cn:")),
    "the partition of the role is not known": names(IN_CHINA, { plus: [role("web-irsa", UNKNOWN)] }),
    "the partition of the role is that of the ARN": names(IN_CHINA, { plus: [role("web-irsa", "cn-north-1")] }),
    "another partition than that of the cluster": names(IN_CHINA),
    "the same partition as that of the cluster": names("arn:aws:iam::111122223333:role/web-irsa"),
    "another partition, and no cluster is known": names(IN_CHINA, {
      kubernetes: { kubeconfig: "{}" },
      edges: { "kubernetes.kubeconfig": [] },
    }),
    "another partition, and a role whose name is not known": names(IN_CHINA, { plus: [role(UNKNOWN)] }),
    "another partition, and a role in it whose name is not known": names(IN_CHINA, {
      plus: [role(UNKNOWN, "cn-north-1")],
    }),
    "another partition, and a role of which nothing is known": names(IN_CHINA, { plus: [role(UNKNOWN, UNKNOWN)] }),
    "an add-on with a name": addon({ serviceAccountRoleArn: "api-irsa" }),
    "an add-on with the name of a role of another stack": addon({ serviceAccountRoleArn: "frontend" }),
    "an add-on with an ARN": addon({ serviceAccountRoleArn: ROLE_ARN }),
    "an add-on with an empty text": addon({ serviceAccountRoleArn: "" }),
    "an add-on with an ARN that is not known": addon({ serviceAccountRoleArn: UNKNOWN }),
    "an add-on with none": addon({}),
    "a chart with a name": charted({ serviceAccount: { create: true, annotations: { [KEY]: "api-irsa" } } }),
    "a chart with the text of an Output": charted(
      { serviceAccount: { create: true, annotations: { [KEY]: OUTPUT } } },
      [urns.role],
    ),
    "a chart with an ARN that is not known": charted({
      serviceAccount: { create: true, annotations: { [KEY]: UNKNOWN } },
    }),
    "a chart with an empty text": charted({ serviceAccount: { create: true, annotations: { [KEY]: "" } } }),
    "a chart with another annotation": charted({
      serviceAccount: { create: true, annotations: { [KEY]: ROLE_ARN, "example.com/team": "shop" } },
    }),
    "a chart with a name on its pods": charted({ podAnnotations: { [KEY]: "api-irsa" } }),
    "a chart with the name of a role of another stack": charted({
      serviceAccount: { create: true, annotations: { [KEY]: "frontend" } },
    }),
  },
  "service-account-annotation-key": {
    ...table(
      ["role_arn", "rolearn", "fs-group", "team", "token-expiry", "skip-containers", "audience"].map(
        (each) => `eks.amazonaws.com/${each}`,
      ),
      (key) => unannotated({ [key]: ROLE_ARN }),
    ),
    "a misspelt key that holds another stack's role": unannotated({
      "eks.amazonaws.com/role_arn": "arn:aws:iam::444455556666:role/web",
    }),
    "two misspelt keys": unannotated({ "eks.amazonaws.com/role_arn": ROLE_ARN, "eks.amazonaws.com/rolearn": ROLE_ARN }),
    "a misspelt key beside the right one": names(ROLE_ARN, {
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role_arn": ROLE_ARN } } },
    }),
    "a misspelt domain": unannotated({ [NEARLY]: ROLE_ARN }),
    "a misspelt domain, with the name of the role": unannotated({ [NEARLY]: "api-irsa" }),
    "a misspelt domain, with a role at a path": unannotated(
      { [NEARLY]: "arn:aws:iam::111122223333:role/team/api-irsa" },
      { role: { path: "/team/" } },
    ),
    "a misspelt domain, with the end of a role's name": unannotated({
      [NEARLY]: "arn:aws:iam::111122223333:role/the-api-irsa",
    }),
    "a misspelt domain, with a role for instances": unannotated(
      { [NEARLY]: ROLE_ARN },
      { role: { assumeRolePolicy: FOR_INSTANCES }, edges: { "role.assumeRolePolicy": [] } },
    ),
    "a misspelt domain, with another stack's role": unannotated({ [NEARLY]: "arn:aws:iam::444455556666:role/web" }),
    "a misspelt domain, beside a role whose name is not known": unannotated(
      { [NEARLY]: "arn:aws:iam::444455556666:role/web" },
      { plus: [role(UNKNOWN)] },
    ),
    "a misspelt domain, with a role that is not known": unannotated({ [NEARLY]: UNKNOWN }, from(urns.role)),
    "a misspelt domain, with one of two roles": unannotated({ [NEARLY]: ROLE_ARN }, { plus: [role("web-irsa")] }),
    "on the pods": onPods({ [KEY]: ROLE_ARN }),
    "on the pods of an account that the configuration lists": onPods(
      { [KEY]: ROLE_ARN },
      { serviceAccount: null, config: { serviceAccounts: ["shop/api"] } },
    ),
    "on the pods of an account whose own annotation is empty": onPods({ [KEY]: ROLE_ARN }, annotated({ [KEY]: "" })),
    "on the pods of an account that has another role": onPods(
      { [KEY]: "arn:aws:iam::444455556666:role/web" },
      annotated({ [KEY]: ROLE_ARN }),
    ),
    "on the pods of an account in a List": onPods(
      { [KEY]: ROLE_ARN },
      {
        serviceAccount: null,
        plus: [
          resource("kubernetes:core/v1:ServiceAccountList", "all", {
            items: [{ metadata: { name: "api", namespace: "shop" } }],
          }),
        ],
      },
    ),
    "among the labels of an account without a role": wired({
      serviceAccount: { metadata: { annotations: { [KEY]: null }, labels: { [KEY]: ROLE_ARN } } },
    }),
    "among the labels of an account with another role": wired({
      serviceAccount: {
        metadata: { annotations: { [KEY]: ROLE_ARN }, labels: { [KEY]: "arn:aws:iam::444455556666:role/web" } },
      },
    }),
    "on the pods of an account that the configuration expects": onPods(
      { [KEY]: ROLE_ARN },
      { serviceAccount: null, config: { expectServiceAccounts: [{ namespace: "shop", name: "api" }] } },
    ),
  },
  "service-account-option-invalid": {
    ...Object.fromEntries(
      ["3600", "+3600", "-3600", "3600s", "x3600", "1e4", "599", "600", "86400", "86401"].map((text) => [
        `a lifetime of ${text}`,
        wired(annotated({ "eks.amazonaws.com/token-expiration": text })),
      ]),
    ),
    ...Object.fromEntries(
      ["true", "T", "1", "false", "f", "0", "yes", ""].map((text) => [
        `regional endpoints: "${text}"`,
        wired(annotated({ "eks.amazonaws.com/sts-regional-endpoints": text })),
      ]),
    ),
    "options that are not known": wired(annotated({ "eks.amazonaws.com/token-expiration": UNKNOWN })),
    "annotations that are not known": wired({ serviceAccount: { metadata: { annotations: UNKNOWN } } }),
  },
};

export default details;
