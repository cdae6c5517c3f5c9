import { IrsaBinding, AddonName, type RichIrsaBindingArgs } from "../../components/src";
import { PRESETS } from "../../components/src/presets";
import type { PresetScope } from "../../components/src/presets/preset";
import { known } from "../../policy-pack/src/facts/fact";
import { parsePolicyDocument } from "../../policy-pack/src/iam/parse";
import { evaluate } from "../../policy-pack/src/iam/evaluate";
import { ACCOUNT, all, ISSUER, only, run } from "./program";

const SCOPE: PresetScope = {
  partition: "aws-cn",
  clusterName: "prod",
  hostedZoneArns: ["arn:aws-cn:route53:::hostedzone/Z1"],
  bucketArns: ["arn:aws-cn:s3:::backup"],
  kmsKeyArns: ["arn:aws-cn:kms:cn-north-1:111122223333:key/1"],
  secretArns: ["arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:db-*"],
  parameterArns: ["arn:aws-cn:ssm:cn-north-1:111122223333:parameter/shop/*"],
  queueArns: ["arn:aws-cn:sqs:cn-north-1:111122223333:interruption"],
  nodeRoleArns: ["arn:aws-cn:iam::111122223333:role/nodes"],
  workspaceArns: ["arn:aws-cn:aps:cn-north-1:111122223333:workspace/ws-1"],
};

const documentOf = (addon: AddonName): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: PRESETS[addon].statements?.(SCOPE) ?? [] });

const inline = Object.values(AddonName).filter((addon) => PRESETS[addon].statements !== undefined);

describe.each(inline)("the policy of %s", (addon) => {
  it("is a document that IAM takes, in the partition that is asked for", () => {
    const document = parsePolicyDocument(known(documentOf(addon)), { kind: "identity" });
    expect(document).toMatchObject({ is: "known", value: { flaws: [] } });
    expect(documentOf(addon)).not.toMatch(/arn:aws:/);
  });

  it("fits an inline policy of a role, 10,240 characters with what else is in it", () => {
    expect(documentOf(addon).length).toBeLessThan(9_000);
  });

  it("names only actions of the form service:Name", () => {
    const actions = [...documentOf(addon).matchAll(/"Action":(\[[^\]]*\])/g)].flatMap(
      (each) => JSON.parse(each[1] ?? "[]") as string[],
    );
    expect(actions.filter((each) => !/^[a-z0-9-]+:([A-Z][A-Za-z0-9]*\*?|\*)$/.test(each))).toEqual([]);
  });
});

describe("a preset is limited to its arguments", () => {
  const may = (addon: AddonName, action: string, resource: string): string => {
    const document = parsePolicyDocument(known(documentOf(addon)), { kind: "identity" });
    if (document.is !== "known") throw new Error("not a document");
    return evaluate(document.value, { action, resource: known(resource), context: {} }).answer;
  };

  it.each<readonly [AddonName, string, string, string]>([
    [
      "external-dns",
      "route53:ChangeResourceRecordSets",
      "arn:aws-cn:route53:::hostedzone/Z1",
      "arn:aws-cn:route53:::hostedzone/Z2",
    ],
    [
      "cert-manager",
      "route53:ChangeResourceRecordSets",
      "arn:aws-cn:route53:::hostedzone/Z1",
      "arn:aws-cn:route53:::hostedzone/Z2",
    ],
    ["velero", "s3:PutObject", "arn:aws-cn:s3:::backup/a", "arn:aws-cn:s3:::backup-of-others/a"],
    ["mountpoint-s3-csi-driver", "s3:ListBucket", "arn:aws-cn:s3:::backup", "arn:aws-cn:s3:::other"],
    [
      "external-secrets",
      "secretsmanager:GetSecretValue",
      "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:db-1",
      "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:api",
    ],
    [
      "external-secrets",
      "ssm:GetParameter",
      "arn:aws-cn:ssm:cn-north-1:111122223333:parameter/shop/x",
      "arn:aws-cn:ssm:cn-north-1:111122223333:parameter/other/x",
    ],
    [
      "node-termination-handler",
      "sqs:ReceiveMessage",
      "arn:aws-cn:sqs:cn-north-1:111122223333:interruption",
      "arn:aws-cn:sqs:cn-north-1:111122223333:orders",
    ],
    [
      "prometheus",
      "aps:RemoteWrite",
      "arn:aws-cn:aps:cn-north-1:111122223333:workspace/ws-1",
      "arn:aws-cn:aps:cn-north-1:111122223333:workspace/ws-2",
    ],
  ])("%s may %s", (addon, action, own, other) => {
    expect([may(addon, action, own), may(addon, action, other)]).toEqual(["allow", "deny"]);
  });
});

describe("a binding with add-ons", () => {
  const program =
    (addons: RichIrsaBindingArgs["addons"], more: Partial<RichIrsaBindingArgs> = {}) =>
    () =>
      new IrsaBinding("addon", { namespace: "kube-system", issuerUrl: ISSUER, ...(addons && { addons }), ...more });

  it("attaches policies of AWS in the partition of the issuer, already at a first preview", async () => {
    const china = "oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC";
    const { resources } = await run("preview", program(["ebs-csi-driver"], { issuerUrl: china }));
    expect(all(resources, "RolePolicy")).toEqual([]);
    expect(only(resources, "RolePolicyAttachment").inputs["policyArn"]).toBe(
      "arn:aws-cn:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
    );
  });

  it("puts own documents into the role by the add-on's name", async () => {
    const { resources } = await run(
      "up",
      program([{ addon: "external-dns", hostedZoneArns: ["arn:aws:route53:::hostedzone/Z1"] }]),
    );
    const { inputs, name } = only(resources, "RolePolicy");
    expect([name, inputs["name"], inputs["role"]]).toEqual(["addon-external-dns", "external-dns", "addon-1a2b3c4"]);
    expect(String(inputs["policy"])).toContain("hostedzone/Z1");
  });

  it("gives the keys of an EBS driver beside the policy of AWS", async () => {
    const key = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`;
    const { resources } = await run("up", program([{ addon: "ebs-csi-driver", kmsKeyArns: [key] }]));
    expect([all(resources, "RolePolicyAttachment").length, all(resources, "RolePolicy").length]).toEqual([1, 1]);
  });

  it("attaches once what is asked for twice", async () => {
    const policyArns = ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"];
    const { resources } = await run("up", program(["vpc-cni"], { policyArns }));
    expect(all(resources, "RolePolicyAttachment")).toHaveLength(1);
  });
});
