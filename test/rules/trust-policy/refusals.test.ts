import fc from "fast-check";
import type { Value } from "../../../policy-pack/src/facts/value";
import { run } from "../../../policy-pack/src/findings/run";
import { buildModel } from "../../../policy-pack/src/model/build";
import { refusals } from "../../../policy-pack/src/model/trust-refusal";
import type { Snapshot } from "../../../policy-pack/src/model/snapshot";
import { rules } from "../../../policy-pack/src/rules";
import { firstPreview, ISSUER, resource, ROLE_ARN, SUBJECT, trust, UNKNOWN, urns, wired } from "../../support/stack";
import { account, allow, conditions, otherCluster, policy } from "./support";

const trustRules = rules.filter(({ link }) => link === "trust-policy");
const found = (stack: Snapshot): readonly string[] =>
  run(trustRules, buildModel(stack)).findings.map(({ rule }) => rule);
const WEB = "system:serviceaccount:shop:web";

test("an account with a Pod Identity association is not refused: its annotation is passed by", () => {
  const association = resource(
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "api",
    {
      clusterName: "shop",
      namespace: "shop",
      serviceAccount: "api",
      roleArn: "arn:aws:iam::111122223333:role/elsewhere",
    },
    { from: { clusterName: [urns.cluster] } },
  );
  const role = { assumeRolePolicy: trust({ sub: WEB }) };
  expect(found(wired({ role, plus: [association] }))).toEqual([]);
});

test("pods that mount a token of their own may have the audience that the role asks for", () => {
  const volume = {
    name: "own",
    projected: { sources: [{ serviceAccountToken: { audience: "vault", path: "token" } }] },
  };
  const stack = wired({
    role: { assumeRolePolicy: trust({ aud: "vault" }) },
    deployment: { spec: { template: { spec: { volumes: [volume] } } } },
  });
  expect(found(stack)).toEqual([]);
});

test("an account that Helm renders is judged by the configuration, at the role", () => {
  const stack = wired({
    role: { assumeRolePolicy: trust({ sub: WEB }) },
    serviceAccount: null,
    deployment: null,
    config: { expectServiceAccounts: [{ namespace: "shop", name: "api", role: ROLE_ARN }] },
  });
  const { findings } = run(trustRules, buildModel(stack));
  expect(findings.map(({ rule, at, related }) => ({ rule, urn: at.urn, related }))).toEqual([
    { rule: "trust-policy-subject-mismatch", urn: urns.role, related: [] },
  ]);
});

test("an account in a List is found at its own place", () => {
  const stack = wired({
    serviceAccount: null,
    deployment: null,
    plus: [
      resource(
        "kubernetes:core/v1:ServiceAccountList",
        "all",
        {
          items: [
            { metadata: { name: "web", annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
            { metadata: { name: "api", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
          ],
        },
        { from: { items: [urns.role] } },
      ),
    ],
  });
  const { findings } = run(trustRules, buildModel(stack));
  expect(findings.map(({ related }) => related[0]?.path)).toEqual([
    'items[0].metadata.annotations["eks.amazonaws.com/role-arn"]',
  ]);
});

test("several kinds of refusal keep apart: one wrong cluster and one wrong name are two findings", () => {
  const stack = wired({ plus: [...otherCluster("known"), account("web")] });
  expect(found(stack)).toEqual(["trust-policy-provider-mismatch", "trust-policy-subject-mismatch"]);
});

test("a first preview waits for the trust policy once and accuses nobody", () => {
  const model = buildModel(firstPreview());
  expect(refusals(model).map(({ kind }) => kind)).toEqual(["unknown"]);
});

test("a role that also trusts itself, a pipeline and another account is judged by the statement for pods alone", () => {
  const stack = wired({
    role: {
      assumeRolePolicy: policy(
        { Effect: "Allow", Principal: { AWS: ROLE_ARN }, Action: "sts:AssumeRole" },
        allow({ StringLike: { "gitlab.com:sub": "project_path:shop/*" } }, {}, "gitlab.com"),
        {
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::444455556666:root" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": "x" } },
        },
        allow(conditions()),
      ),
    },
  });
  expect(found(stack)).toEqual([]);
});

const leaf = fc.oneof(
  fc.constantFrom<Value>(
    UNKNOWN,
    null,
    "",
    "*",
    true,
    7,
    SUBJECT,
    WEB,
    "Allow",
    "Deny",
    `${ISSUER}:sub`,
    "sts:AssumeRoleWithWebIdentity",
    `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`,
    "https://",
    "arn:",
    "${aws:username}",
    "system:serviceaccount:",
  ),
  fc.string(),
);
const key = fc.constantFrom(
  "Statement",
  "Effect",
  "Principal",
  "Federated",
  "AWS",
  "Action",
  "NotAction",
  "Condition",
  "StringEquals",
  "StringLike",
  "StringNotEquals",
  "ForAllValues:StringLike",
  "Null",
  `${ISSUER}:sub`,
  `${ISSUER}:aud`,
  `https://${ISSUER}:sub`,
  "sts:ExternalId",
  "__proto__",
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
}));

test("no document, however malformed, makes a rule fail", () => {
  fc.assert(
    fc.property(value, fc.boolean(), (document, text) => {
      const assumeRolePolicy = text ? JSON.stringify(document) : document;
      const { faults } = run(trustRules, buildModel(wired({ role: { assumeRolePolicy } })));
      expect(faults).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

const conditionValue = fc.dictionary(
  fc.constantFrom(`${ISSUER}:sub`, `${ISSUER}:aud`, "aws:SourceIp", "sts:ExternalId"),
  fc.constantFrom<Value>(SUBJECT, WEB, "sts.amazonaws.com", "system:serviceaccount:shop:*", UNKNOWN, [SUBJECT, WEB]),
  { maxKeys: 3 },
);
const operators = fc.dictionary(
  fc.constantFrom("StringEquals", "StringLike", "StringNotEquals", "StringEqualsIfExists", "Null", "ArnLike"),
  fc.oneof({ weight: 5, arbitrary: conditionValue }, { weight: 1, arbitrary: fc.constant(UNKNOWN) }),
  { maxKeys: 3 },
);
const effect = fc.constantFrom("Allow", "Deny");

test("an account that the policy certainly admits is never said to be refused", () => {
  const refusing = ["subject-mismatch", "provider-mismatch", "audience-mismatch", "deny", "not-web-identity"];
  fc.assert(
    fc.property(fc.array(fc.tuple(effect, operators), { minLength: 1, maxLength: 3 }), (parts) => {
      const statements = parts.map(([each, condition]) => allow(condition, { Effect: each }));
      const model = buildModel(wired({ role: { assumeRolePolicy: { Version: "2012-10-17", Statement: statements } } }));
      const [binding] = model.bindings;
      if (binding?.decision?.answer !== "allow") return;
      const said = run(trustRules, model).findings.map(({ rule }) => rule);
      expect(said.filter((rule) => refusing.includes(rule.replace("trust-policy-", "")))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("an account that the policy certainly refuses is always told of, once or more", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(effect, operators), { minLength: 1, maxLength: 3 }), (parts) => {
      const statements = parts.map(([each, condition]) => allow(condition, { Effect: each }));
      const model = buildModel(wired({ role: { assumeRolePolicy: { Version: "2012-10-17", Statement: statements } } }));
      const [binding] = model.bindings;
      if (binding?.decision?.answer !== "deny") return;
      expect(run(trustRules, model).findings.length).toBeGreaterThan(0);
    }),
    { numRuns: 200 },
  );
});
