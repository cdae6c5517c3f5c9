import { isAskedForIn, mending, type Mending } from "../../policy-pack/src/model/trust-mending";
import { refusals, type RefusalOf } from "../../policy-pack/src/model/trust-refusal";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot, SnapshotResource } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { resource, ROLE_ARN, SUBJECT, trust, UNKNOWN, urns, wired } from "../support/stack";
import type { Change, ResourceOptions, Wiring } from "../support/stack";
import { ACCOUNT_TYPE, accountOf, clusterOf, providerOn, roleOf } from "../support/trust-stacks";

const GONE = "system:serviceaccount:shop:gone";
const WEB = "system:serviceaccount:shop:web";
const OPS = "system:serviceaccount:ops:api";

function describeMending(found: Mending): string {
  if (found.edit === "annotation") return `annotate with ${found.role.title}`;
  return found.edit === "trust" ? "trust the account" : `${found.edit} → ${found.needed}`;
}

/** What is to be mended where the stack's own account is refused. */
function mendingIn(stack: Snapshot): string {
  const model = buildModel(stack);
  const isOwn = (each: { kind: string; binding: { serviceAccount: { urn: string } } }): each is RefusalOf<"subject"> =>
    each.kind === "subject" && each.binding.serviceAccount.urn === urns.serviceAccount;
  const refusal = refusals(model).find(isOwn);
  return refusal ? describeMending(mending(refusal, model)) : "not refused";
}

const trusting = (sub: Value, changes: Wiring = {}, operator = "StringEquals"): Wiring => ({
  ...changes,
  role: { assumeRolePolicy: trust({ sub, operator }) },
});
const unannotated = (namespace: string, name: string): SnapshotResource =>
  resource(ACCOUNT_TYPE, `${namespace}-${name}`, { metadata: { namespace, name } });
const workload = (namespace: Value, serviceAccountName: Value, options: ResourceOptions = {}): SnapshotResource =>
  resource(
    "kubernetes:apps/v1:Deployment",
    "job",
    { metadata: { name: "job", namespace }, spec: { template: { spec: { serviceAccountName, containers: [] } } } },
    options,
  );
const second = roleOf("second", trust());
const third = roleOf("third", trust());

describe("where a role refuses an account", () => {
  const bySecond = 'annotate with role "second"';
  const WILD = "system:serviceaccount:shop:w*";

  test.each<[string, Wiring, string]>([
    ["its trust is wrong, for want of a better guess", trusting(GONE), "trust the account"],
    [
      "the annotation is wrong, where another role trusts the account and this one serves another by its name",
      trusting(WEB, { plus: [second, accountOf("shop/web", ROLE_ARN)] }),
      bySecond,
    ],
    [
      "the annotation is wrong, where this one serves another by a pattern",
      trusting(WILD, { plus: [second, accountOf("shop/web", ROLE_ARN)] }, "StringLike"),
      bySecond,
    ],
    [
      "the annotation is wrong, where this one names another account of the stack",
      trusting([GONE, WEB], { plus: [second, unannotated("shop", "web")] }),
      bySecond,
    ],
    [
      "its trust may be wrong as well, where it names nobody of the stack",
      trusting(GONE, { plus: [second] }),
      "trust the account",
    ],
    [
      "its trust may be wrong as well, where it names the account in another namespace",
      trusting(OPS, { plus: [second] }),
      "trust the account",
    ],
    [
      "its trust may be wrong as well, where the accounts of the stack have no known names",
      trusting(GONE, {
        plus: [second, resource(ACCOUNT_TYPE, "later", { metadata: { namespace: UNKNOWN, name: UNKNOWN } })],
      }),
      "trust the account",
    ],
    [
      "nobody can say which annotation is right, where two other roles trust the account",
      trusting(WEB, { plus: [second, third, unannotated("shop", "web")] }),
      "trust the account",
    ],
    [
      "no other annotation is right, where no other role trusts the account",
      trusting(WEB, { plus: [unannotated("shop", "web")] }),
      "trust the account",
    ],
  ])("%s", (_, changes, expected) => {
    expect(mendingIn(wired(changes))).toBe(expected);
  });
});

test("where an IrsaBinding for another account makes the role, that is what is wrong", () => {
  const binding = resource("eks-irsa:index:IrsaBinding", "api", { subjects: [GONE] });
  const stack = wired({ role: { assumeRolePolicy: UNKNOWN }, plus: [binding] });
  const resources = stack.resources.map((each) => (each.urn === urns.role ? { ...each, parent: binding.urn } : each));
  expect(mendingIn({ ...stack, resources })).toBe("trust the account");
});

describe("an account is written wrong", () => {
  const metadata = (changes: Change): Wiring => ({
    serviceAccount: { metadata: changes },
  });

  const MARKED = { name: "api-1a2b3c4", annotations: { "pulumi.com/autonamed": "true" } };

  test.each<[string, Wiring, string]>([
    [
      "with a name of Pulumi's, where its role names one",
      trusting(SUBJECT, metadata({ name: undefined })),
      "name → api",
    ],
    [
      "with a name of Pulumi's, where its role names one in its namespace",
      trusting([OPS.replace("api", "web"), SUBJECT], metadata({ name: undefined })),
      "name → api",
    ],
    [
      "with a name of Pulumi's in a namespace that is not known",
      trusting(SUBJECT, metadata({ name: undefined, namespace: UNKNOWN })),
      "name → api",
    ],
    [
      "with a name of Pulumi's, where its role names something else before",
      trusting(["shop", SUBJECT], metadata({ name: undefined, namespace: UNKNOWN })),
      "name → api",
    ],
    [
      "with a name of Pulumi's, but in another namespace too",
      trusting(OPS, metadata({ name: undefined })),
      "trust the account",
    ],
    [
      "with a name of Pulumi's, but in a namespace that nobody can tell",
      trusting(SUBJECT.toUpperCase(), metadata({ ...MARKED, namespace: UNKNOWN }), "StringEqualsIgnoreCase"),
      "trust the account",
    ],
    ["with a name that is marked as Pulumi's", trusting(SUBJECT, metadata(MARKED)), "name → api"],
    [
      "without a namespace",
      trusting([GONE, SUBJECT], { ...metadata({ namespace: undefined }), deployment: null }),
      "namespace → shop",
    ],
    [
      "without a namespace, but with another name",
      trusting(GONE, metadata({ namespace: undefined })),
      "trust the account",
    ],
    ["with capitals in its name", trusting([GONE, SUBJECT], metadata({ name: "Api" })), "name → api"],
    [
      "with capitals in its namespace",
      trusting(SUBJECT, { ...metadata({ namespace: "Shop" }), deployment: null }),
      "namespace → shop",
    ],
    ["with capitals, and in another namespace", trusting(OPS, metadata({ name: "Api" })), "trust the account"],
    ["with capitals, and another name", trusting(GONE, metadata({ name: "Api" })), "trust the account"],
    [
      "in another namespace than the pods that ask for it",
      trusting(OPS, { plus: [workload("ops", "api")] }),
      "namespace → ops",
    ],
  ])("%s", (_, changes, expected) => {
    expect(mendingIn(wired(changes))).toBe(expected);
  });
});

describe("pods of another namespace ask for an account", () => {
  function isAsked(changes: Wiring, urn: string = urns.serviceAccount): boolean {
    const model = buildModel(wired(changes));
    const account = model.serviceAccounts.find((each) => each.urn === urn);
    if (!account) throw new Error(`no account ${urn}`);
    return isAskedForIn(account, "ops", model);
  }
  const far = clusterOf("far");
  const onFar = { provider: providerOn("far") };
  const inOps = workload("ops", "api");

  test.each<[string, Wiring, boolean]>([
    ["that its role trusts there", trusting(OPS, { plus: [inOps] }), true],
    ["which its role trusts where it stands too", trusting([OPS, SUBJECT], { plus: [inOps] }), false],
    ["which its role does not trust there", trusting(GONE, { plus: [inOps] }), false],
    ["but none do", trusting(OPS), false],
    ["but find one there", trusting(OPS, { plus: [inOps, unannotated("ops", "api")] }), false],
    ["but for one of another name", trusting(OPS, { plus: [workload("ops", "web")] }), false],
    ["but for one whose name is not known", trusting(OPS, { plus: [workload("ops", UNKNOWN)] }), false],
    ["but in a third namespace", trusting(OPS, { plus: [workload("dev", "api")] }), false],
    ["but in a namespace that is not known", trusting(OPS, { plus: [workload(UNKNOWN, "api")] }), false],
    ["but on another cluster", trusting(OPS, { plus: [far, workload("ops", "api", onFar)] }), false],
    [
      "whose role is not in the stack",
      {
        ...trusting(OPS, { plus: [inOps] }),
        serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": `${ROLE_ARN}-2` } } },
      },
      false,
    ],
    [
      "that has no name yet, and whose role trusts another audience",
      {
        plus: [inOps],
        role: { assumeRolePolicy: trust({ aud: "vault", sub: OPS }) },
        serviceAccount: { metadata: { name: UNKNOWN } },
      },
      false,
    ],
  ])("%s", (_, changes, expected) => {
    expect(isAsked(changes)).toBe(expected);
  });

  test("that carries no role", () => {
    const web = unannotated("shop", "web");
    expect(isAsked({ plus: [web, workload("ops", "web")] }, web.urn)).toBe(false);
  });
});
