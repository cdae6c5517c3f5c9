import {
  accountPlaces,
  claimConditions,
  isFaultyProviders,
  isNaming,
  isPodIssuer,
  knownTexts,
  placeIn,
  podStatements,
} from "../../policy-pack/src/model/trust-statement";
import { buildModel } from "../../policy-pack/src/model/build";
import type { Value } from "../../policy-pack/src/facts/value";
import { absent, known, unknown } from "../../policy-pack/src/facts/fact";
import {
  ISSUER,
  OTHER_ISSUER,
  SUBJECT,
  trust,
  trustStatement,
  UNKNOWN,
  urns,
  wired,
  type Wiring,
} from "../support/stack";
import {
  arnOf,
  AUD,
  conditioned,
  GITHUB,
  KOPS,
  policyOf,
  providerFor,
  statementFor,
  statementOf,
  SUB,
  withRole,
} from "../support/trust-parts";

const EC2 = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
const PIPELINE = statementFor(GITHUB, "repo:acme/shop:ref:refs/heads/main");
/** GitHub's statement with other conditions. */
const pipeline = (Condition: Value | undefined): Value =>
  statementOf({ Principal: { Federated: arnOf(GITHUB) }, Condition });
const unused: Wiring = { serviceAccount: null };

/** `Statement[0]`, for each statement of the role that is for pods. */
function chosen(statements: readonly Value[], changes: Wiring = {}): readonly string[] {
  const { model, role } = withRole(wired({ ...changes, role: { assumeRolePolicy: { Statement: statements } } }));
  return podStatements(role, model).map(({ statement }) => statement.path);
}

describe("in a role that nobody here uses, a statement is for pods", () => {
  test.each<[string, Value]>([
    ["that names a provider of EKS", statementOf({ Condition: undefined })],
    [
      "that names one beside another",
      statementOf({ Condition: undefined, Principal: { Federated: [arnOf(GITHUB), arnOf(ISSUER)] } }),
    ],
    [
      "that names an issuer of EKS by its url",
      statementOf({ Condition: undefined, Principal: { Federated: `https://${ISSUER}/` } }),
    ],
    ["that has a key of an issuer of EKS", pipeline({ StringEquals: { [`${GITHUB}:aud`]: "a", [AUD]: "b" } })],
    ["that has a key of EKS with its scheme", pipeline({ StringEquals: { [`https://${ISSUER}:aud`]: "b" } })],
    ["that has a key of EKS of unknown value", pipeline({ StringEquals: { [AUD]: UNKNOWN } })],
    ["that has a key of EKS in the form of an ARN", pipeline({ StringEquals: { [`${arnOf(ISSUER)}:aud`]: "b" } })],
    [
      "that names an account, whatever its key is",
      pipeline({ StringEquals: { [`${GITHUB}:aud`]: "a", [`${GITHUB}:sub`]: SUBJECT } }),
    ],
    [
      "that names an account among other subjects",
      pipeline({ StringEquals: { [`${GITHUB}:sub`]: ["repo:acme/shop", UNKNOWN, SUBJECT] } }),
    ],
    ["that names an account under a key without an issuer", pipeline({ StringEquals: { sub: SUBJECT } })],
    ["that names an account while its principal is unknown", statementOf({ Principal: UNKNOWN })],
    ["that names an account and has no principal", statementOf({ Principal: undefined })],
  ])("%s", (_, statement) => {
    expect(chosen([EC2, statement, PIPELINE], unused)).toEqual(["Statement[1]"]);
  });

  test.each<[string, Value]>([
    ["that is for GitHub", PIPELINE],
    ["that is for GitHub, without conditions", pipeline(undefined)],
    ["that is for GitHub, with conditions that are not known yet", pipeline(UNKNOWN)],
    [
      "that is for GitHub, with values that are not known yet",
      pipeline({ StringEquals: { [`${GITHUB}:sub`]: UNKNOWN } }),
    ],
    [
      "that is for GitHub, with a value that is not known yet",
      pipeline({ StringEquals: { [`${GITHUB}:sub`]: [UNKNOWN] } }),
    ],
    ["that is for GitHub, with a key that has no issuer", pipeline({ StringEquals: { sub: "repo:acme/shop" } })],
    ["that is for a service", EC2],
    ["whose principal is not known yet", statementOf({ Condition: undefined, Principal: UNKNOWN })],
    ["whose provider is not known yet", statementOf({ Condition: undefined, Principal: { Federated: UNKNOWN } })],
    ["that denies", statementOf({ Effect: "Deny" })],
    ["whose effect is not known yet", statementOf({ Effect: UNKNOWN })],
    [
      "that names a provider in the middle of another text",
      statementOf({ Condition: undefined, Principal: { Federated: `https://${arnOf(ISSUER)}` } }),
    ],
  ])("but not one %s", (_, statement) => {
    expect(chosen([statement], unused)).toEqual([]);
  });
});

test("a statement is for pods that names the issuer of another cluster by its url, whatever slashes end it", () => {
  const clusters = [{ name: "kops", issuer: `https://${KOPS}` }];
  const statement = statementOf({ Condition: undefined, Principal: { Federated: `https://${KOPS}//` } });
  expect(chosen([statement], { ...unused, config: { clusters } })).toEqual(["Statement[0]"]);
  expect(chosen([statement], unused)).toEqual([]);
});

describe("in a role that an account uses", () => {
  test.each<[string, readonly Value[], readonly string[]]>([
    ["a statement for GitHub is taken for pods where no other is", [EC2, PIPELINE], ["Statement[1]"]],
    [
      "a statement for GitHub and a service is too",
      [{ ...(PIPELINE as object), Principal: { Service: "ec2.amazonaws.com", Federated: arnOf(GITHUB) } }],
      ["Statement[0]"],
    ],
    ["a statement for GitHub is not beside one for EKS", [PIPELINE, trustStatement()], ["Statement[1]"]],
    ["a statement for a service never is", [EC2], []],
    ["a statement without a principal never is", [{ Effect: "Allow", Action: "sts:AssumeRole" }], []],
    ["a statement of unknown principal never is", [{ ...EC2, Principal: UNKNOWN }], []],
    ["a Deny for GitHub never is", [{ ...(PIPELINE as object), Effect: "Deny" }], []],
  ])("%s", (_, statements, expected) => {
    expect(chosen(statements)).toEqual(expected);
  });

  test("there is no statement while the trust policy is unknown", () => {
    const { model, role } = withRole(wired({ role: { assumeRolePolicy: UNKNOWN } }));
    expect(podStatements(role, model)).toEqual([]);
  });
});

describe("what a statement for pods says", () => {
  /** `issuers …; covers true; keys …; complete` */
  function said(statement: Value): string {
    const { model, role } = withRole(wired({ role: { assumeRolePolicy: { Statement: [statement] } } }));
    return podStatements(role, model)
      .map(({ issuers, covers, conditions, complete }) => {
        const keys = conditions.map(({ key }) => key.replace(ISSUER, "eks"));
        const trusted = issuers.map((each) => each.replace(ISSUER, "eks"));
        const parts = [trusted.join("+") || "nobody", String(covers), keys.join("+") || "no key"];
        return [...parts, complete ? "complete" : "incomplete"].join(", ");
      })
      .join("; ");
  }

  test.each<[string, Value, string]>([
    ["all of it", trustStatement(), "eks, true, eks:aud+eks:sub, complete"],
    [
      "several issuers",
      statementOf({ Principal: { Federated: [arnOf(KOPS), arnOf(ISSUER)] } }),
      `${KOPS}+eks, true, eks:aud+eks:sub, complete`,
    ],
    [
      "an issuer of a principal that is not federated",
      statementOf({ Principal: { AWS: arnOf(ISSUER) } }),
      "nobody, true, eks:aud+eks:sub, complete",
    ],
    [
      "an issuer of a principal that is no ARN",
      statementOf({ Principal: { Federated: `https://${ISSUER}` } }),
      "nobody, true, eks:aud+eks:sub, complete",
    ],
    ["an unknown principal", statementOf({ Principal: UNKNOWN }), "nobody, true, eks:aud+eks:sub, complete"],
    ["another action", statementOf({ Action: "sts:AssumeRole" }), "eks, false, eks:aud+eks:sub, complete"],
    ["an unknown action", statementOf({ Action: UNKNOWN }), "eks, undefined, eks:aud+eks:sub, complete"],
    ["no conditions", statementOf({ Condition: undefined }), "eks, true, no key, complete"],
    ["unknown conditions", statementOf({ Condition: UNKNOWN }), "eks, true, no key, incomplete"],
    [
      "an operator whose keys are unknown",
      conditioned({ StringEquals: { [SUB]: SUBJECT }, StringLike: UNKNOWN }),
      "eks, true, eks:sub, incomplete",
    ],
    ["a key of unknown value", conditioned({ StringEquals: { [SUB]: UNKNOWN } }), "eks, true, eks:sub, complete"],
  ])("%s", (_, statement, expected) => {
    expect(said(statement)).toBe(expected);
  });
});

describe("an issuer whose tokens pods carry", () => {
  const kops = { identities: [{ oidcs: [{ issuer: `https://${KOPS}` }] }] };
  const configured = { config: { clusters: [{ name: "kops", issuer: `https://${KOPS}` }] } };
  const bare: Wiring = { serviceAccount: null, role: null };

  test.each<[string, string, Wiring, boolean]>([
    ["is any of EKS", OTHER_ISSUER, {}, true],
    ["is any of EKS, also with a fault", "oidc.eks.eu-west-1.amazonaws.com", {}, true],
    ["is one of a cluster of the configuration", KOPS, configured, true],
    ["is one of a cluster of this stack", KOPS, { cluster: kops }, true],
    ["is one of a cluster, but for a slash at its end", `${KOPS}/`, configured, true],
    ["is one of a provider that came from a cluster", KOPS, { plus: [providerFor(KOPS, [urns.cluster])] }, true],
    [
      "is one of a provider whose role accounts use",
      KOPS,
      { role: { assumeRolePolicy: trust({ issuer: KOPS }) }, plus: [providerFor(KOPS)] },
      true,
    ],
    ["is not one of a provider that serves no pods", GITHUB, { ...bare, plus: [providerFor(GITHUB)] }, false],
    ["is not one of which this stack knows nothing", KOPS, {}, false],
    ["is not one that an unknown provider may have", KOPS, { plus: [providerFor(UNKNOWN, [urns.cluster])] }, false],
    ["is not the issuer of another provider", GITHUB, { plus: [providerFor(KOPS, [urns.cluster])] }, false],
    ["is no empty text, even where a provider has it", "", { plus: [providerFor("", [urns.cluster])] }, false],
  ])("%s", (_, issuer, changes, expected) => {
    const stack = wired(changes);
    const resources = stack.resources.map((each) =>
      each.urn === urns.cluster ? { ...each, outputs: { ...each.outputs, ...changes.cluster } } : each,
    );
    expect(isPodIssuer(issuer, buildModel({ ...stack, resources: resources as typeof stack.resources }))).toBe(
      expected,
    );
  });
});

describe("an issuer is that of a provider with a faulty url", () => {
  test.each<[string, string, readonly Value[], boolean]>([
    ["of EKS without the id", "oidc.eks.eu-west-1.amazonaws.com", ["oidc.eks.eu-west-1.amazonaws.com"], true],
    ["of EKS with a slash at its end", `${ISSUER}/`, [`${ISSUER}/`], true],
    ["of another host with a slash at its end", `${KOPS}/`, [`${KOPS}/`], true],
    ["of another host with a question mark", `${KOPS}?a`, [`${KOPS}?a`], true],
    ["of another host with a fragment", `${KOPS}#a`, [`${KOPS}#a`], true],
    ["not of EKS as it should be", OTHER_ISSUER, [OTHER_ISSUER], false],
    ["not of another host as it should be", KOPS, [KOPS], false],
    ["not of another host with a path", `${KOPS}/id/a`, [`${KOPS}/id/a`], false],
    ["not while this stack has no such provider", `${KOPS}/`, [KOPS], false],
    ["not of a provider that nobody knows yet", `${KOPS}/`, [UNKNOWN], false],
  ])("%s", (_, issuer, [url = ""], expected) => {
    expect(isFaultyProviders(issuer, buildModel(wired({ plus: [providerFor(url)] })))).toBe(expected);
  });
});

describe("the parts of a statement", () => {
  const both = statementOf({
    Principal: { Federated: [arnOf(ISSUER), arnOf(ISSUER), arnOf(KOPS)] },
    Condition: { StringEquals: { [SUB]: SUBJECT, [AUD]: "sts.amazonaws.com", [`${KOPS}:sub`]: SUBJECT } },
  });

  test("the conditions on a claim are those of each issuer, once", () => {
    const { model, role } = withRole(wired({ role: { assumeRolePolicy: policyOf(both) } }));
    const keys = (claim: "sub" | "aud") =>
      podStatements(role, model).map((pod) => claimConditions(pod, claim).map(({ key }) => key));
    expect([keys("sub"), keys("aud")]).toEqual([[[SUB, `${KOPS}:sub`]], [[AUD]]]);
  });

  test.each<[string, boolean]>([
    ["StringEquals", true],
    ["ForAnyValue:StringLikeIfExists", true],
    ["StringNotLike", false],
    ["ArnLike", false],
    ["Null", false],
    ["StringIs", false],
  ])("%s says who is meant: %s", (operator, expected) => {
    expect(isNaming({ operator, key: SUB, path: "", values: absent })).toBe(expected);
  });

  test("only texts that are known are given", () => {
    const leaf = { path: "", value: known("a") };
    expect(knownTexts({ values: known([leaf, { path: "", value: unknown() }]) })).toEqual(["a"]);
    expect(knownTexts({ values: unknown() })).toEqual([]);
    expect(knownTexts({ values: absent })).toEqual([]);
  });

  test("stand in the role's property, and the role in the account's annotation", () => {
    const { model, role } = withRole(wired());
    expect(placeIn(role, "")).toEqual({ urn: urns.role, path: "assumeRolePolicy" });
    expect(placeIn(role, "Statement[0]")).toEqual({ urn: urns.role, path: "assumeRolePolicy.Statement[0]" });
    expect(model.bindings.map(accountPlaces)).toEqual([
      [{ urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' }],
    ]);
  });

  test("an account of the configuration stands nowhere", () => {
    const expected = { namespace: "shop", name: "api", role: "api-irsa" };
    const { model } = withRole(wired({ serviceAccount: null, config: { expectServiceAccounts: [expected] } }));
    expect(model.bindings.map(accountPlaces)).toEqual([[]]);
  });
});
