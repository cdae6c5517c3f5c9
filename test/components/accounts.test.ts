import * as pulumi from "@pulumi/pulumi";
import { IrsaBinding, type RichIrsaBindingArgs } from "../../components/src";
import { accountsOf, identityAnnotations, subjectInput } from "../../components/src/accounts";
import { ACCOUNT, all, ISSUER, only, run, settle, sources } from "./program";

const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/x`;
const ARGS: RichIrsaBindingArgs = { issuerUrl: ISSUER, policyArns: ["arn:aws:iam::aws:policy/X"] };
const late = (text: string): pulumi.Output<string> => pulumi.output(text);
const registered = async (change: RichIrsaBindingArgs) =>
  (await run("up", () => new IrsaBinding("api", { ...ARGS, ...change }))).resources;

describe("the accounts of the arguments", () => {
  it("are those of the list, or else the one", () => {
    const list = [
      { namespace: "a", name: "b" },
      { namespace: "c", name: "d" },
    ];
    expect(accountsOf({ serviceAccounts: list })).toEqual(list);
    expect(accountsOf({ namespace: "a", serviceAccountName: "b" })).toEqual([{ namespace: "a", name: "b" }]);
    expect(accountsOf({})).toEqual([{ namespace: "", name: "" }]);
  });

  it("have a subject that is known as soon as both names are", async () => {
    expect(subjectInput({ namespace: "a", name: "b" })).toBe("system:serviceaccount:a:b");
    for (const account of [
      { namespace: late("a"), name: "b" },
      { namespace: "a", name: late("b") },
    ]) {
      const subject = subjectInput(account);
      expect(pulumi.Output.isInstance(subject)).toBe(true);
      expect(await settle(pulumi.output(subject))).toBe("system:serviceaccount:a:b");
    }
  });
});

describe("the annotations", () => {
  const annotations = (args: RichIrsaBindingArgs) => settle(pulumi.output(identityAnnotations(args, late(ROLE_ARN))));
  const role = { "eks.amazonaws.com/role-arn": ROLE_ARN };

  it.each<readonly [string, RichIrsaBindingArgs, object]>([
    ["nothing else", {}, {}],
    ["the default audience", { audience: "sts.amazonaws.com" }, {}],
    ["another audience", { audience: "vault" }, { "eks.amazonaws.com/audience": "vault" }],
    [
      "an audience that is not known yet",
      { audience: late("sts.amazonaws.com") },
      { "eks.amazonaws.com/audience": "sts.amazonaws.com" },
    ],
    ["a lifetime", { tokenExpirationSeconds: 600 }, { "eks.amazonaws.com/token-expiration": "600" }],
    [
      "a later lifetime",
      { tokenExpirationSeconds: pulumi.output(600) },
      { "eks.amazonaws.com/token-expiration": "600" },
    ],
    ["the global endpoint", { stsRegionalEndpoints: false }, { "eks.amazonaws.com/sts-regional-endpoints": "false" }],
    [
      "a later endpoint",
      { stsRegionalEndpoints: pulumi.output(true) },
      { "eks.amazonaws.com/sts-regional-endpoints": "true" },
    ],
  ])("name the role and %s", async (_title, args, more) => {
    expect(await annotations(args)).toStrictEqual({ ...role, ...more });
  });
});

describe("ServiceAccounts", () => {
  it("have the setting of the Kubernetes API token when it is given, and labels", async () => {
    const plain = only(await registered({ namespace: "shop" }), "ServiceAccount").inputs;
    expect(Object.keys(plain).sort()).toEqual(["apiVersion", "kind", "metadata"]);
    expect(Object.keys(plain["metadata"] as object).sort()).toEqual(["annotations", "name", "namespace"]);
    for (const automountServiceAccountToken of [true, false]) {
      const { inputs } = only(await registered({ namespace: "shop", automountServiceAccountToken }), "ServiceAccount");
      expect(inputs["automountServiceAccountToken"]).toBe(automountServiceAccountToken);
    }
  });

  it("of a list are named by what is literal, and by their place otherwise; the first takes over", async () => {
    const resources = await registered({
      serviceAccounts: [
        { namespace: "shop", name: late("a") },
        { namespace: late("shop"), name: "b" },
        { namespace: "shop", name: "c" },
      ],
      adopt: { serviceAccount: "old" },
    });
    const accounts = all(resources, "ServiceAccount");
    expect(Object.fromEntries(accounts.map((each) => [each.name, each.aliases.length]))).toEqual({
      "api-0": 1,
      "api-1": 0,
      "api-shop-c": 0,
    });
  });
});

describe("namespaces", () => {
  const named = async (args: RichIrsaBindingArgs) =>
    Object.fromEntries(
      all(await registered({ ...args, createNamespace: true, adopt: { namespace: "old" } }), "Namespace").map(
        (each) => [each.name, [(each.inputs["metadata"] as { name: unknown }).name, each.aliases.length]],
      ),
    );

  it("are created once each, named like the binding when there is one", async () => {
    expect(await named({ namespace: "shop" })).toEqual({ api: ["shop", 1] });
    expect(
      await named({
        serviceAccounts: [
          { namespace: "shop", name: "a" },
          { namespace: "shop", name: "b" },
        ],
      }),
    ).toEqual({ api: ["shop", 1] });
  });

  it("are named like themselves, or by their place, when there are several", async () => {
    expect(
      await named({
        serviceAccounts: [
          { namespace: "shop", name: "a" },
          { namespace: "batch", name: "b" },
          { namespace: late("late"), name: "c" },
        ],
      }),
    ).toEqual({ "api-shop": ["shop", 1], "api-batch": ["batch", 0], "api-2": ["late", 0] });
  });

  it("are none unless that is asked for, and then the name depends on nothing", async () => {
    const { resources, result } = await run("up", () => new IrsaBinding("api", { ...ARGS, namespace: "shop" }));
    expect(all(resources, "Namespace")).toEqual([]);
    expect(await sources(result.namespace)).toEqual([]);
    expect(await settle(result.namespace)).toBe("shop");
  });
});
