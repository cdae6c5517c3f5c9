import { refusals } from "../../policy-pack/src/model/trust-refusal";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { firstPreview, ISSUER, OTHER_ISSUER, PROVIDER_ARN, resource } from "../support/stack";
import { ROLE_ARN, SUBJECT, trust, UNKNOWN, urns, wired, withUnknownIssuer, type Wiring } from "../support/stack";
import { arnOf, AUD, conditioned, policyOf, statementFor, statementOf, SUB } from "../support/trust-parts";
import { clusterOf, describeReason, urnIn } from "../support/trust-stacks";

const OPS = "system:serviceaccount:ops:api";
const WEB = "system:serviceaccount:shop:web";
const refused = (seen = WEB): string =>
  `subject by value at Statement[0].Condition.StringEquals.sub: ${seen}, with an issuer`;

function refusalsIn(stack: Snapshot): readonly string[] {
  return refusals(buildModel(stack)).map(describeReason);
}
const trusting = (...statements: readonly Value[]): Wiring => ({ role: { assumeRolePolicy: policyOf(...statements) } });
const subjects = (sub: Value): Value => statementFor(ISSUER, sub);

test("refusals are worked out once for a model", () => {
  const model = buildModel(wired(trusting(subjects(WEB))));
  expect(refusals(model)).toBe(refusals(model));
});

describe("a role refuses an account", () => {
  test.each<[string, Wiring, readonly string[]]>([
    ["not where it names it", {}, []],
    [
      "not where the role is none of this stack",
      { serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": `${ROLE_ARN}-2` } } } },
      [],
    ],
    ["not where its trust policy is missing", { role: { assumeRolePolicy: undefined } }, []],
    ["where it names another", trusting(subjects(WEB)), [refused()]],
    [
      "and each subject that it names is said once",
      trusting(subjects([WEB, OPS]), subjects(WEB)),
      [refused(`${WEB} and ${OPS}`)],
    ],
    [
      "and the subjects of a statement for another provider are none of this",
      trusting(subjects(WEB), statementFor(OTHER_ISSUER, OPS)),
      [refused()],
    ],
    [
      "and what a pattern that is not known yet may hold is none of this",
      trusting(
        conditioned({
          StringEquals: { [SUB]: WEB },
          StringLike: { [SUB]: ["system:serviceaccount:shop:w*", UNKNOWN] },
        }),
      ),
      [refused()],
    ],
    [
      "where a condition takes the account away from those that a pattern admits",
      trusting(
        conditioned({
          StringLike: { [SUB]: "system:serviceaccount:shop:*" },
          StringNotEquals: { [SUB]: [SUBJECT, WEB] },
          StringEquals: { [AUD]: "sts.amazonaws.com" },
        }),
      ),
      ["subject by value at Statement[0].Condition.StringNotEquals.sub: , with an issuer"],
    ],
    [
      "where it asks for another audience",
      trusting(conditioned({ StringEquals: { [AUD]: "vault", [SUB]: SUBJECT } })),
      ["audience at Statement[0].Condition.StringEquals.aud: vault"],
    ],
    [
      "at the statement that came nearest, and not at one for others",
      trusting(conditioned({ StringEquals: { [AUD]: "vault", [SUB]: SUBJECT } }), subjects(WEB)),
      ["audience at Statement[0].Condition.StringEquals.aud: vault"],
    ],
    [
      "by a Deny",
      trusting(subjects(SUBJECT), statementOf({ Effect: "Deny", Condition: { StringEquals: { [SUB]: SUBJECT } } })),
      ["deny at Statement[1]"],
    ],
    [
      "by conditions on tokens of another issuer",
      trusting(
        statementOf({
          Principal: { Federated: [PROVIDER_ARN, arnOf(OTHER_ISSUER)] },
          Condition: { StringEquals: { [`${OTHER_ISSUER}:sub`]: SUBJECT } },
        }),
      ),
      ["condition at Statement[0].Condition.StringEquals.sub: system:serviceaccount:shop:api"],
    ],
    [
      "by such conditions, whatever the audience turns out to be",
      trusting(
        statementOf({
          Principal: { Federated: [PROVIDER_ARN, arnOf(OTHER_ISSUER)] },
          Condition: {
            StringEquals: { [`${OTHER_ISSUER}:sub`]: SUBJECT },
            StringEqualsIfExists: { [AUD]: UNKNOWN },
          },
        }),
      ),
      ["condition at Statement[0].Condition.StringEquals.sub: system:serviceaccount:shop:api"],
    ],
    [
      "but the provider is what is wrong where that has the wrong url",
      { ...trusting(statementFor(OTHER_ISSUER)), oidcProvider: { url: `https://${OTHER_ISSUER}` } },
      [],
    ],
  ])("%s", (_, changes, expected) => {
    expect(refusalsIn(wired(changes))).toEqual(expected);
  });
});

describe("pods with another audience than the role's", () => {
  const audience = "audience at Statement[0].Condition.StringEquals.aud: vault";
  const mounting = (volumes: Value | undefined): Wiring => ({
    role: { assumeRolePolicy: trust({ aud: "vault" }) },
    deployment: { spec: { template: { spec: { volumes } } } },
  });
  const token = (of: Value): Value => ({ serviceAccountToken: { audience: of, path: "token" } });
  const volume = (...sources: readonly Value[]): Value => ({ name: "own", projected: { sources } });
  const plain: Value = { name: "settings", configMap: { name: "settings" } };

  test.each<[string, Wiring, readonly string[]]>([
    ["are refused without volumes", mounting(undefined), [audience]],
    ["may mount a token while their volumes are not known", mounting(UNKNOWN), []],
    ["are refused with volumes that hold no token", mounting([plain]), [audience]],
    ["mount a token with the role's audience", mounting([volume(token("vault"))]), []],
    ["mount it beside another", mounting([plain, volume(token("other"), token("vault"))]), []],
    ["are refused with a token for another audience", mounting([volume(token("other"))]), [audience]],
    ["may mount it while an audience is not known", mounting([volume(token("other"), token(UNKNOWN))]), []],
  ])("%s", (_, changes, expected) => {
    expect(refusalsIn(wired(changes))).toEqual(expected);
  });
});

describe("a policy that cannot be read whole", () => {
  const statement = (changes: Readonly<Record<string, Value>>): Wiring => trusting(statementOf(changes));
  const UNKNOWN_POLICY = 'unknown subject: the trust policy of role "api-irsa", with shop';
  const principal = { Principal: { Federated: UNKNOWN } };

  test.each<[string, Snapshot, readonly string[]]>([
    ["refuses nobody for its principal, where that came from the right one", wired(statement(principal)), []],
    [
      "may refuse anybody for its principal, where that came from nowhere",
      wired({ ...statement(principal), edges: { "role.assumeRolePolicy": [] } }),
      ['unknown subject: the trust policy of role "api-irsa"'],
    ],
    [
      "may refuse anybody while neither the cluster's issuer nor the trusted one is known",
      firstPreview(statement(principal)),
      [UNKNOWN_POLICY],
    ],
    [
      "waits for the audience of the account then, if that is not known",
      firstPreview({
        ...statement(principal),
        serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": UNKNOWN } } },
      }),
      ['unknown audience: the audience of ServiceAccount "shop/api", with api and shop'],
    ],
    [
      "refuses nobody for what only the call can tell",
      withUnknownIssuer(
        wired(
          trusting(conditioned({ StringEquals: { [SUB]: SUBJECT }, IpAddress: { "aws:SourceIp": "192.0.2.0/24" } })),
        ),
      ),
      [],
    ],
    [
      "refuses nobody for another provider, while its action is not known",
      wired(trusting(statementOf({ Action: UNKNOWN, Principal: { Federated: arnOf(OTHER_ISSUER) } }))),
      [],
    ],
  ])("%s", (_, stack, expected) => {
    expect(refusalsIn(stack)).toEqual(expected);
  });
});

describe("while the issuer of the cluster is not known", () => {
  const hidden = (changes: Wiring): Snapshot => withUnknownIssuer(wired(changes));
  const awaited = 'unknown provider: the issuer of EKS cluster "shop", with shop';
  const from = (urn: string): Wiring => ({ edges: { "role.assumeRolePolicy": [urn] } });
  const second = clusterOf("second");

  test.each<[string, Snapshot, readonly string[]]>([
    ["wiring says that the provider is right", hidden({}), []],
    ["the provider may be wrong without wiring", hidden({ edges: { "role.assumeRolePolicy": [] } }), [awaited]],
    [
      "the provider may be wrong beside a wrong subject",
      hidden({ ...trusting(subjects(WEB)), edges: { "role.assumeRolePolicy": [] } }),
      [awaited, refused()],
    ],
    [
      "the provider of another cluster is wrong, which comes before a wrong subject",
      hidden({ ...trusting(statementFor(OTHER_ISSUER, WEB)), plus: [second], edges: { "role.assumeRolePolicy": [] } }),
      [
        `provider by value at Statement[0].Principal.Federated for "shop", of ${OTHER_ISSUER}, of the clusters "second"`,
      ],
    ],
    [
      "a policy that is not known and came from another cluster is wrong by wiring",
      hidden({ role: { assumeRolePolicy: UNKNOWN }, plus: [second], ...from(urnIn.cluster("second")) }),
      ['provider by wiring at the whole for "shop", of the clusters "second"'],
    ],
    [
      "a principal that is not known and came from another cluster is wrong by wiring",
      hidden({
        ...trusting(statementOf({ Principal: { Federated: UNKNOWN } })),
        plus: [second],
        ...from(urnIn.cluster("second")),
      }),
      ['provider by wiring at the whole for "shop", of the clusters "second"'],
    ],
    [
      "a policy that can be read is judged by its text, wherever it came from",
      hidden({ plus: [second], ...from(urnIn.cluster("second")) }),
      [awaited],
    ],
    [
      "a policy that is not known may be wrong in all",
      hidden({ role: { assumeRolePolicy: UNKNOWN }, ...from(urns.namespace) }),
      [
        'unknown provider: the trust policy of role "api-irsa", with shop',
        'unknown subject: the trust policy of role "api-irsa", with shop',
      ],
    ],
    [
      "a policy that is not known and came from the right provider may be wrong in its subject",
      hidden({ role: { assumeRolePolicy: UNKNOWN } }),
      ['unknown subject: the trust policy of role "api-irsa", with shop'],
    ],
  ])("%s", (_, stack, expected) => {
    expect(refusalsIn(stack)).toEqual(expected);
  });
});

describe("where the account's cluster is only likely", () => {
  const likely = `provider likely at Statement[0].Principal.Federated for "shop", of ${OTHER_ISSUER}`;
  const anywhere = (changes: Wiring): Snapshot =>
    wired({
      ...changes,
      kubernetes: { kubeconfig: undefined },
      edges: { "kubernetes.kubeconfig": [], "role.assumeRolePolicy": [] },
    });

  test.each<[string, Wiring, readonly string[]]>([
    ["the provider is what is wrong", trusting(statementFor(OTHER_ISSUER)), [likely]],
    ["a wrong subject counts for more", trusting(statementFor(OTHER_ISSUER, WEB)), [refused()]],
    [
      "a name that is not known counts for less",
      { ...trusting(statementFor(OTHER_ISSUER)), serviceAccount: { metadata: { name: UNKNOWN } } },
      [likely],
    ],
  ])("%s", (_, changes, expected) => {
    expect(refusalsIn(anywhere(changes))).toEqual(expected);
  });
});

describe("a trust policy that an IrsaBinding makes and nobody knows yet", () => {
  const COMPONENT = "eks-irsa:index:IrsaBinding";
  function bound(subjectsOf: Value, changes: Wiring = {}, parts: readonly string[] = [urns.role]): Snapshot {
    const binding = resource(COMPONENT, "api", { namespace: "shop", serviceAccountName: "api", subjects: subjectsOf });
    const stack = wired({ role: { assumeRolePolicy: UNKNOWN }, ...changes, plus: [binding] });
    const resources = stack.resources.map((each) =>
      parts.includes(each.urn) ? { ...each, parent: binding.urn } : each,
    );
    return { ...stack, resources };
  }
  const unknownName = { serviceAccount: { metadata: { name: UNKNOWN } } };
  const unknownRole = { serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } } } };

  test.each<[string, () => Snapshot, readonly string[]]>([
    ["admits the account that the binding names", () => bound([SUBJECT]), []],
    ["admits it beside others", () => bound([WEB, SUBJECT]), []],
    ["admits it by a pattern", () => bound(["system:serviceaccount:shop:*"]), []],
    [
      "refuses one that it does not name",
      () => bound([WEB, OPS]),
      [`subject by construction at the whole: ${WEB} and ${OPS}`],
    ],
    [
      "may refuse one of unknown name",
      () => bound([WEB], unknownName),
      ['unknown subject: the trust policy of role "api-irsa", with shop'],
    ],
    [
      "is for the account that the same binding made, whatever it names",
      () => bound([WEB], unknownRole, [urns.role, urns.serviceAccount]),
      [],
    ],
  ])("%s", (_, stack, expected) => {
    expect(refusalsIn(stack())).toEqual(expected);
  });
});
