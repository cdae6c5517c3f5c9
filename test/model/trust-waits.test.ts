import { waits } from "../../policy-pack/src/model/trust-waits";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { firstPreview, resource, ROLE_ARN, SUBJECT, UNKNOWN, urns, wired } from "../support/stack";
import type { Change, Wiring } from "../support/stack";
import { AUD, conditioned, policyOf, statementOf, SUB, withRole } from "../support/trust-parts";
import { describeReason } from "../support/trust-stacks";

/** What the decision on the stack's one account hangs on, one line for each reason. */
function waitsIn(stack: Snapshot, wiredRight = false): readonly string[] {
  const { model, role } = withRole(stack);
  const [binding] = model.bindings;
  if (binding?.decision?.answer !== "unknown") throw new Error(`the answer is ${binding?.decision?.answer ?? "none"}`);
  return waits(binding, role, binding.decision.because, wiredRight).map(describeReason);
}

const account = (metadata: Change, ...statements: readonly Value[]): Wiring => ({
  serviceAccount: { metadata },
  role: { assumeRolePolicy: policyOf(...statements) },
});
const POLICY = 'unknown subject: the trust policy of role "api-irsa", with shop';
const NAME = 'unknown subject: the name of ServiceAccount "shop/api", with api and shop';
const NAMESPACE = 'unknown subject: the namespace of ServiceAccount "api", with shop';
const AUDIENCE = 'unknown audience: the audience of ServiceAccount "shop/api", with api and shop';
const UNNAMED = { name: UNKNOWN };
const OTHER_AUDIENCE = {
  annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN, "eks.amazonaws.com/audience": UNKNOWN },
};
const sub = (value: Value, operator = "StringEquals"): Value =>
  conditioned(
    operator === "StringEquals"
      ? { StringEquals: { [AUD]: "sts.amazonaws.com", [SUB]: value } }
      : { StringEquals: { [AUD]: "sts.amazonaws.com" }, [operator]: { [SUB]: value } },
  );

describe("an account that its role may come to admit waits", () => {
  test.each<[string, Wiring, readonly string[]]>([
    ["for its name", account(UNNAMED, sub(SUBJECT)), [NAME]],
    ["for its namespace", account({ namespace: UNKNOWN }, sub(SUBJECT)), [NAMESPACE]],
    ["for its audience", account(OTHER_AUDIENCE, sub(SUBJECT)), [AUDIENCE]],
    ["for its audience and its name", account({ ...UNNAMED, ...OTHER_AUDIENCE }, sub(SUBJECT)), [AUDIENCE, NAME]],
    [
      "for its name once, where two conditions and two statements ask for it",
      account(
        UNNAMED,
        conditioned({ StringEquals: { [SUB]: SUBJECT }, StringLike: { [SUB]: "system:serviceaccount:shop:*i" } }),
        sub(SUBJECT),
      ),
      [NAME],
    ],
    ["for the subjects in the policy", account({}, sub(UNKNOWN)), [POLICY]],
    ["for one of the subjects in the policy", account({}, sub(["system:serviceaccount:shop:web", UNKNOWN])), [POLICY]],
    ["for the conditions of the policy", account({}, statementOf({ Condition: UNKNOWN })), [POLICY]],
    [
      "for a condition under an empty key, which may be any",
      account({}, conditioned({ StringEquals: { [SUB]: SUBJECT, "": "x" } })),
      [POLICY],
    ],
    ["for the action of the policy", account({}, statementOf({ Action: UNKNOWN })), [POLICY]],
    ["for the principal of the policy", account({}, statementOf({ Principal: { Federated: UNKNOWN } })), [POLICY]],
    [
      "for nothing of a statement that refuses it whatever comes",
      account(UNNAMED, conditioned({ StringEquals: { [AUD]: "elsewhere", [SUB]: UNKNOWN } }), sub(SUBJECT)),
      [NAME],
    ],
    [
      "for nothing where only the call itself can tell",
      account(
        OTHER_AUDIENCE,
        conditioned({ StringEquals: { [SUB]: SUBJECT }, IpAddress: { "aws:SourceIp": "192.0.2.0/24" } }),
      ),
      [],
    ],
  ])("%s", (_, changes, expected) => {
    expect(waitsIn(wired(changes))).toEqual(expected);
  });

  test.each<[string, Value, readonly string[]]>([
    ["nor for a principal that wiring says is right", statementOf({ Principal: { Federated: UNKNOWN } }), []],
    ["but for an action all the same", statementOf({ Action: UNKNOWN }), [POLICY]],
  ])("%s", (_, statement, expected) => {
    expect(waitsIn(wired(account({}, statement)), true)).toEqual(expected);
  });

  test.each<[string, Change]>([
    ["for a policy of which no statement is known yet", {}],
    ["for such a policy, whatever its name will be", UNNAMED],
  ])("%s", (_, metadata) => {
    const role = { assumeRolePolicy: { Version: "2012-10-17", Statement: UNKNOWN } };
    expect(waitsIn(wired({ role, serviceAccount: { metadata } }))).toEqual([POLICY]);
  });
});

describe("an account whose name Pulumi makes up", () => {
  const autonamed = (...statements: readonly Value[]): Wiring => account({ name: undefined }, ...statements);
  const refused = (place: string, subject = SUBJECT): string =>
    `subject by value at Statement[0].Condition.${place}.sub: ${subject}, of a name with a suffix`;

  test.each<[string, Wiring, readonly string[]]>([
    ["is refused by a subject that cannot foresee the suffix", autonamed(sub(SUBJECT)), [refused("StringEquals")]],
    [
      "is refused at each condition that cannot",
      autonamed(conditioned({ StringEquals: { [SUB]: SUBJECT }, StringLike: { [SUB]: SUBJECT } })),
      [refused("StringEquals"), refused("StringLike")],
    ],
    [
      "may be admitted by a pattern",
      autonamed(sub("system:serviceaccount:shop:api-*", "StringLike")),
      ['unknown subject: the name of ServiceAccount "shop/api", with api'],
    ],
    [
      "may be admitted by a pattern beside a subject",
      autonamed(sub([SUBJECT, "system:serviceaccount:shop:api-???????"], "StringLike")),
      ['unknown subject: the name of ServiceAccount "shop/api", with api'],
    ],
  ])("%s", (_, changes, expected) => {
    expect(waitsIn(wired(changes))).toEqual(expected);
  });
});

describe("an account of unknown name", () => {
  const OPS = "system:serviceaccount:ops:api";
  const foreign = (place: string, seen = OPS): readonly string[] => [
    `subject by value at Statement[0].Condition.${place}.sub: ${seen}`,
  ];
  const place = "StringEquals";

  test.each<[string, Wiring, readonly string[]]>([
    ["is refused where its role names another namespace", account(UNNAMED, sub(OPS)), foreign(place)],
    [
      "is refused where its role names several others",
      account(UNNAMED, sub([OPS, "system:serviceaccount:dev:api"])),
      foreign(place, `${OPS} and system:serviceaccount:dev:api`),
    ],
    [
      "is refused by two statements for other namespaces, and each subject is said once",
      account(UNNAMED, sub(OPS), sub([OPS, "system:serviceaccount:dev:api"])),
      foreign(place, `${OPS} and system:serviceaccount:dev:api`),
    ],
    [
      "is refused by a pattern of names in another namespace",
      account(UNNAMED, sub("system:serviceaccount:ops:*", "ForAnyValue:StringLike")),
      ['subject by value at Statement[0].Condition["ForAnyValue:StringLike"].sub: system:serviceaccount:ops:*'],
    ],
    ["may be admitted where one of two names its own", account(UNNAMED, sub([OPS, SUBJECT])), [NAME]],
    ["may be admitted where another statement names its own", account(UNNAMED, sub(OPS), sub(SUBJECT)), [NAME]],
    [
      "may be admitted by a pattern of namespaces",
      account(UNNAMED, sub("system:serviceaccount:*:api", "StringLike")),
      [NAME],
    ],
    ["may be admitted where the other namespace is excluded", account(UNNAMED, sub(OPS, "StringNotEquals")), [NAME]],
    [
      "is not judged by a comparison that holds of no value too",
      account(UNNAMED, sub(OPS, "ForAllValues:StringEquals")),
      [NAME],
    ],
    [
      "is not judged by a comparison without regard to case",
      account(UNNAMED, sub(OPS, "StringEqualsIgnoreCase")),
      [NAME],
    ],
    ["is not judged by text that only ends like a subject", account(UNNAMED, sub(`the ${OPS}`)), [NAME]],
    ["waits for subjects that are not known yet", account(UNNAMED, sub(UNKNOWN)), [POLICY]],
    [
      "waits for its audience too, where that is compared with a subject",
      account({ ...UNNAMED, ...OTHER_AUDIENCE }, conditioned({ StringEquals: { [AUD]: OPS } })),
      [AUDIENCE],
    ],
    [
      "is refused where its role names another namespace, whoever is trusted",
      account(UNNAMED, statementOf({ Principal: { Federated: UNKNOWN }, Condition: { StringEquals: { [SUB]: OPS } } })),
      foreign(place),
    ],
    [
      "waits for its name and for who is trusted",
      account(
        UNNAMED,
        statementOf({ Principal: { Federated: [UNKNOWN] }, Condition: { StringEquals: { [SUB]: SUBJECT } } }),
      ),
      [POLICY, NAME],
    ],
    [
      "waits for its namespace, where that is not known either",
      account({ namespace: UNKNOWN, ...UNNAMED }, sub(OPS)),
      ['unknown subject: the namespace of ServiceAccount "api", with shop and api and shop'],
    ],
  ])("%s", (_, changes, expected) => {
    expect(waitsIn(wired(changes))).toEqual(expected);
  });

  test("is not judged by its namespace where its name is known and the subject has a variable of the call", () => {
    const subject = "system:serviceaccount:ops:${aws:SourceIp}";
    expect(waitsIn(wired(account({}, sub(subject))))).toEqual([]);
  });
});

test("an empty list of subjects excludes no namespace, while neither issuer is known", () => {
  const statement = statementOf({ Principal: { Federated: UNKNOWN }, Condition: { StringEquals: { [SUB]: [] } } });
  expect(waitsIn(firstPreview(account(UNNAMED, statement)))).toEqual([POLICY, NAME]);
});

describe("an account that a chart names by itself", () => {
  const release = (namespace: Value, subject = SUBJECT): Wiring => ({
    serviceAccount: null,
    role: { assumeRolePolicy: policyOf(sub(subject)) },
    plus: [
      resource(
        "kubernetes:helm.sh/v3:Release",
        "web",
        {
          chart: "web",
          namespace,
          values: { serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
        },
        { from: { namespace: [urns.namespace] } },
      ),
    ],
  });

  test.each<[string, Wiring, readonly string[]]>([
    ["is waited for by nobody, since its name is never known", release("shop"), []],
    [
      "is refused where its role names another namespace",
      release("web"),
      [`subject by value at Statement[0].Condition.StringEquals.sub: ${SUBJECT}`],
    ],
    [
      "waits for its namespace",
      release(UNKNOWN),
      ['unknown subject: the namespace of the ServiceAccount in the values of Release "web", with shop'],
    ],
  ])("%s", (_, changes, expected) => {
    expect(waitsIn(wired(changes))).toEqual(expected);
  });
});
