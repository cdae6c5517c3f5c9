import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding, type RichIrsaBindingArgs } from "../../components/src";
import { ACCOUNT, all, ISSUER, only, run } from "./program";

const ARGS: RichIrsaBindingArgs = { namespace: "shop", issuerUrl: ISSUER };
const registered = async (change: RichIrsaBindingArgs) =>
  (await run("up", () => new IrsaBinding("api", { ...ARGS, ...change }))).resources;
const own = (path: string): string => `arn:aws:iam::${ACCOUNT}:policy/${path}`;
const EBS = "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy";

/** Name, policy and number of aliases of each attachment. */
const attachments = async (change: RichIrsaBindingArgs) =>
  Object.fromEntries(
    all(await registered(change), "RolePolicyAttachment").map((each) => [
      each.name,
      [each.inputs["policyArn"], each.aliases.length],
    ]),
  );

describe("attachments", () => {
  it("are named like their policies, and a policy of the same name by a hash too", async () => {
    expect(await attachments({ policyArns: [own("read"), own("team/read"), own("write")] })).toEqual({
      "api-read": [own("read"), 0],
      "api-read-99ffef": [own("team/read"), 0],
      "api-write": [own("write"), 0],
    });
  });

  it("are named by their place while the policy is not known, whatever stands before them", async () => {
    expect(await attachments({ policyArns: [pulumi.output(own("late")), own("read")] })).toEqual({
      "api-policy-0": [own("late"), 0],
      "api-read": [own("read"), 0],
    });
  });

  it("serve both a policy by name and an add-on", async () => {
    const resources = await registered({ policyArns: [EBS], addons: ["ebs-csi-driver", "vpc-cni"] });
    expect(all(resources, "RolePolicyAttachment").map((each) => [each.name, each.inputs["policyArn"]])).toEqual([
      ["api-AmazonEBSCSIDriverPolicy", EBS],
      ["api-AmazonEKS_CNI_Policy", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
    ]);
  });

  it("take over those that are listed, and nothing for an add-on", async () => {
    const args: RichIrsaBindingArgs = { policyArns: [own("read"), own("write")], addons: ["ebs-csi-driver"] };
    expect(await attachments({ ...args, adopt: { policyAttachments: ["a", "b", "c"] } })).toEqual({
      "api-read": [own("read"), 1],
      "api-write": [own("write"), 1],
      "api-AmazonEBSCSIDriverPolicy": [EBS, 0],
    });
    expect(await attachments({ ...args, adopt: { role: "old" } })).toMatchObject({ "api-read": [own("read"), 0] });
  });
});

describe("inline policies", () => {
  const text = '{"Version":"2012-10-17", "Statement":[]}';

  it.each<readonly [string, NonNullable<RichIrsaBindingArgs["inlinePolicies"]>[string], string]>([
    ["a text, left as it is", text, text],
    ["a later text, left as it is", pulumi.output(text), text],
    ["an object", { Version: "2012-10-17", Statement: [] }, text.replace(", ", ",")],
    ["a later object", pulumi.output({ Version: "2012-10-17" as const, Statement: [] }), text.replace(", ", ",")],
  ])("are put in from %s", async (_title, document, policy) => {
    const { name, inputs, aliases } = only(await registered({ inlinePolicies: { read: document } }), "RolePolicy");
    expect(name).toBe("api-read");
    expect(inputs).toEqual({ role: "api-1a2b3c4", name: "read", policy });
    expect(aliases).toEqual([]);
  });

  it("take over those that are listed, by the same key", async () => {
    const inlinePolicies = { read: text, write: text };
    const taken = async (adopt: NonNullable<RichIrsaBindingArgs["adopt"]>) =>
      Object.fromEntries(
        all(await registered({ inlinePolicies, adopt }), "RolePolicy").map((each) => [each.name, each.aliases.length]),
      );
    expect(await taken({ inlinePolicies: { write: "old" } })).toEqual({ "api-read": 0, "api-write": 1 });
    expect(await taken({ role: "old" })).toEqual({ "api-read": 0, "api-write": 0 });
  });
});
