import { reachedHere, reaches, smallestStatement } from "../../policy-pack/src/model/trust-reach";
import { podStatements } from "../../policy-pack/src/model/trust-statement";
import { known, unknown } from "../../policy-pack/src/facts/fact";
import type { Value } from "../../policy-pack/src/facts/value";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import {
  ISSUER,
  kubernetesProvider,
  OTHER_ISSUER,
  PROVIDER_ARN,
  resource,
  ROLE_ARN,
  SUBJECT,
  UNKNOWN,
  urnOf,
  urns,
  wired,
  type Wiring,
} from "../support/stack";
import { arnOf, AUD, conditioned, GITHUB, statementOf, SUB, withRole } from "../support/trust-parts";

const IN_SHOP = "system:serviceaccount:shop:*";
const pattern = (sub: Value): Value =>
  conditioned({ StringEquals: { [AUD]: "sts.amazonaws.com" }, StringLike: { [SUB]: sub } });
const ANYONE = conditioned({ StringEquals: { [AUD]: "sts.amazonaws.com" } });

const stackOf = (statement: Value, changes: Wiring = {}): Snapshot =>
  wired({ ...changes, role: { assumeRolePolicy: { Version: "2012-10-17", Statement: [statement] } } });

const reachesOf = (stack: Snapshot) => {
  const { model, role } = withRole(stack);
  return reaches(role, podStatements(role, model), model);
};

/** `namespace by system:…, any name` for each reach. */
function widthOf(stack: Snapshot): readonly string[] {
  return reachesOf(stack).map(
    ({ grade, pattern: widest, anyName }) =>
      `${grade} by ${widest?.value.is === "known" ? widest.value.value : "no subject"}${anyName ? ", any name" : ""}`,
  );
}

describe("a trust policy reaches", () => {
  test.each<[string, Value, readonly string[]]>([
    ["no further than one account", pattern(SUBJECT), []],
    ["no further than accounts of like names in a namespace", pattern("system:serviceaccount:shop:api-*"), []],
    ["the whole namespace", pattern(IN_SHOP), [`namespace by ${IN_SHOP}, any name`]],
    [
      "one name in several namespaces",
      pattern("system:serviceaccount:*:api"),
      ["several-namespaces by system:serviceaccount:*:api"],
    ],
    [
      "names of one length in several namespaces",
      pattern("system:serviceaccount:?:????????????"),
      ["several-namespaces by system:serviceaccount:?:????????????, any name"],
    ],
    ["everyone, by a star", pattern("*"), ["everyone by *, any name"]],
    ["everyone, where it asks for no subject", ANYONE, ["everyone by no subject, any name"]],
    ["nobody knows how far while its conditions are unknown", statementOf({ Condition: UNKNOWN }), []],
  ])("%s", (_, statement, expected) => {
    expect(widthOf(stackOf(statement))).toEqual(expected);
  });

  test("as far for each issuer as its own conditions let it", () => {
    const statement = statementOf({
      Principal: { Federated: [arnOf(ISSUER), arnOf(OTHER_ISSUER), arnOf(GITHUB)] },
      Condition: undefined,
    });
    expect(reachesOf(stackOf(statement)).map(({ issuer }) => issuer)).toEqual([ISSUER, OTHER_ISSUER]);
  });

  test("nobody while it is unknown", () => {
    expect(widthOf(wired({ role: { assumeRolePolicy: UNKNOWN } }))).toEqual([]);
  });

  test("is told where the pattern stands, else the statement", () => {
    expect(reachesOf(stackOf(pattern(IN_SHOP)))[0]?.path).toBe(`Statement[0].Condition.StringLike["${SUB}"]`);
    expect(reachesOf(stackOf(ANYONE))[0]?.path).toBe("Statement[0]");
  });
});

describe("a wide pattern is meant", () => {
  const wide = `namespace by ${IN_SHOP}, any name`;
  const allowing = (...allowedSubjects: readonly string[]): Wiring => ({ config: { allowedSubjects } });

  test.each<[string, Wiring, readonly string[]]>([
    ["where the configuration allows it", allowing("system:serviceaccount:pay:*", IN_SHOP), []],
    ["where the configuration allows a wider one", allowing("system:serviceaccount:*"), []],
    ["but not where the configuration allows another", allowing("system:serviceaccount:pay:*"), [wide]],
    ["but not where the configuration allows a narrower one", allowing(SUBJECT), [wide]],
  ])("%s", (_, changes, expected) => {
    expect(widthOf(stackOf(pattern(IN_SHOP), changes))).toEqual(expected);
  });

  test("where the configuration allows everybody, also without a pattern", () => {
    expect(widthOf(stackOf(ANYONE, allowing("*")))).toEqual([]);
    expect(widthOf(stackOf(ANYONE, allowing("system:serviceaccount:*")))).toEqual(["everyone by no subject, any name"]);
  });

  test.each<[string, Value, Value, readonly string[]]>([
    ["where its IrsaBinding asks for it", [SUBJECT, IN_SHOP], pattern(IN_SHOP), []],
    ["where its IrsaBinding may ask for it", UNKNOWN, pattern(IN_SHOP), []],
    ["where its IrsaBinding asks for everybody, also without a pattern", ["*"], ANYONE, []],
    ["but not where its IrsaBinding asks for another", [SUBJECT], pattern(IN_SHOP), [wide]],
    ["but not where its IrsaBinding asks for nothing", [], pattern(IN_SHOP), [wide]],
  ])("%s", (_, subjects, statement, expected) => {
    const binding = resource("eks-irsa:index:IrsaBinding", "api", { subjects });
    const stack = stackOf(statement, { plus: [binding] });
    const resources = stack.resources.map((each) => (each.urn === urns.role ? { ...each, parent: binding.urn } : each));
    expect(widthOf({ ...stack, resources })).toEqual(expected);
  });
});

describe("in this stack it admits", () => {
  const account = (name: string, metadata: { readonly [key: string]: Value }, provider = kubernetesProvider()) =>
    resource("kubernetes:core/v1:ServiceAccount", name, { metadata }, { provider });
  const namespace = (name: string) => resource("kubernetes:core/v1:Namespace", name, { metadata: { name } });
  const annotations = { "eks.amazonaws.com/role-arn": ROLE_ARN };
  const FAR_ENDPOINT = "https://far.example.com";
  const farProvider = kubernetesProvider("far", { kubeconfig: UNKNOWN });
  /** A second cluster, with its own Kubernetes provider. */
  const far = (issuer: Value) => [
    resource(
      "aws:eks/cluster:Cluster",
      "far",
      { name: "far" },
      {
        outputs: {
          name: "far",
          endpoint: FAR_ENDPOINT,
          identities: issuer === UNKNOWN ? UNKNOWN : [{ oidcs: [{ issuer }] }],
        },
      },
    ),
    resource("pulumi:providers:kubernetes", "far", farProvider.inputs, {
      provider: undefined,
      from: { kubeconfig: [urnOf("aws:eks/cluster:Cluster", "far")] },
    }),
  ];
  const nowhere = kubernetesProvider("nowhere", { kubeconfig: UNKNOWN });

  /** The strangers, and the namespaces after a bar. */
  const admittedBy = (statement: Value, plus: Wiring["plus"], changes: Wiring = {}): string => {
    const [reach] = reachesOf(stackOf(statement, { ...changes, plus: plus ?? [] }));
    if (!reach) return "none";
    const short = reach.strangers.map((title) => title.replace(/^ServiceAccount "(.*)"$/, "$1"));
    return `${short.join(" ")} | ${reach.namespaces.join(" ")}`;
  };

  test.each<[string, Value, Wiring["plus"], string]>([
    ["none but those that use the role", pattern(IN_SHOP), [], " | shop"],
    [
      "another account of the namespace",
      pattern(IN_SHOP),
      [account("web", { name: "web", namespace: "shop" })],
      "shop/web | shop",
    ],
    [
      "not another account that uses the role",
      pattern(IN_SHOP),
      [account("web", { name: "web", namespace: "shop", annotations })],
      " | shop",
    ],
    [
      "no account of another namespace",
      pattern(IN_SHOP),
      [account("web", { name: "web", namespace: "pay" })],
      " | shop",
    ],
    [
      "accounts and namespaces in the order of their names",
      pattern("*"),
      [
        account("a", { name: "zed", namespace: "web" }),
        account("b", { name: "bee", namespace: "data" }),
        namespace("pay"),
        namespace("auth"),
      ],
      "data/bee web/zed | auth data pay shop web",
    ],
    [
      "an account of which there are two once",
      ANYONE,
      [account("a", { name: "web", namespace: "shop" }), account("b", { name: "web", namespace: "shop" })],
      "shop/web | shop",
    ],
    [
      "no whole namespace where only one name gets in",
      pattern("system:serviceaccount:*:api"),
      [account("a", { name: "api", namespace: "pay" })],
      "pay/api | ",
    ],
    ["nobody of unknown name", ANYONE, [account("a", { name: UNKNOWN, namespace: "shop" })], " | shop"],
    ["nobody of unknown namespace", ANYONE, [account("a", { name: "web", namespace: UNKNOWN })], " | shop"],
    [
      "nobody of a cluster that has another issuer",
      ANYONE,
      [...far(`https://${OTHER_ISSUER}`), account("a", { name: "web", namespace: "pay" }, farProvider)],
      " | shop",
    ],
    [
      "an account of a cluster whose issuer is not known yet",
      ANYONE,
      [...far(UNKNOWN), account("a", { name: "web", namespace: "pay" }, farProvider)],
      "pay/web | pay shop",
    ],
    [
      "an account of a cluster that nobody can tell",
      ANYONE,
      [account("a", { name: "web", namespace: "pay" }, nowhere)],
      "pay/web | pay shop",
    ],
  ])("%s", (_, statement, plus, expected) => {
    expect(admittedBy(statement, plus)).toBe(expected);
  });

  test("as the end of a sentence", () => {
    expect(reachedHere({ strangers: [], namespaces: [] })).toBe("");
    expect(reachedHere({ strangers: [], namespaces: ["shop"] })).toBe('; in this stack it reaches namespace "shop"');
    expect(reachedHere({ strangers: ["web"], namespaces: ["a", "b"] })).toBe(
      '; in this stack it reaches namespaces "a" and "b" and admits web too',
    );
  });
});

describe("the smallest statement", () => {
  const read = (text: string | undefined): { readonly [key: string]: unknown } =>
    JSON.parse(text ?? "{}") as { readonly [key: string]: unknown };
  const conditions = (sub: Value) => ({ StringEquals: { [AUD]: "sts.amazonaws.com", [SUB]: sub } });
  const web = resource("kubernetes:core/v1:ServiceAccount", "web", {
    metadata: { name: "web", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } },
  });

  test.each<[string, Wiring, Value]>([
    ["names the account that uses the role", {}, SUBJECT],
    ["names each of two accounts that use it", { plus: [web] }, [SUBJECT, "system:serviceaccount:shop:web"]],
    [
      "leaves a place for a name that is not known yet",
      { serviceAccount: { metadata: { name: UNKNOWN } } },
      "system:serviceaccount:<namespace>:<name>",
    ],
  ])("%s", (_, changes, sub) => {
    const [reach] = reachesOf(stackOf(pattern(IN_SHOP), changes));
    expect(read(reach?.smallest)).toEqual({
      Effect: "Allow",
      Principal: { Federated: PROVIDER_ARN },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: conditions(sub),
    });
  });

  test("is none where nobody here uses the role", () => {
    expect(reachesOf(stackOf(pattern(IN_SHOP), { serviceAccount: null }))[0]).toMatchObject({
      users: [],
      smallest: undefined,
    });
  });

  const { model, role } = withRole(wired());
  const placeholder = "<ARN of the OIDC provider>";
  const scope = { ...role.scope, accountId: known("111122223333"), partition: known("aws") };

  test.each<[string, typeof role, string | undefined, string]>([
    ["names the provider in the role's account", { ...role, scope }, ISSUER, PROVIDER_ARN],
    [
      "leaves a place for the provider of an unknown account",
      { ...role, scope: { ...scope, accountId: unknown() } },
      ISSUER,
      placeholder,
    ],
    [
      "leaves a place for the provider of an unknown partition",
      { ...role, scope: { ...scope, partition: unknown() } },
      ISSUER,
      placeholder,
    ],
    ["leaves a place for the provider of an unknown issuer", { ...role, scope }, undefined, placeholder],
  ])("%s", (_, of, issuer, provider) => {
    expect(read(smallestStatement(model.bindings, of, issuer))).toMatchObject({ Principal: { Federated: provider } });
  });

  test("has a place for each claim where it is for nobody yet", () => {
    expect(read(smallestStatement([], role, ISSUER))["Condition"]).toEqual({
      StringEquals: { [AUD]: "<audience>", [SUB]: "system:serviceaccount:<namespace>:<name>" },
    });
  });

  test("has a place for the issuer too", () => {
    expect(smallestStatement(model.bindings, role, undefined)).toContain('"<issuer>:sub"');
  });
});
