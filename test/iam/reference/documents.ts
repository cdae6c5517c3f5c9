import fc from "fast-check";
import { leafOf, type Tree } from "./leaf";
import { anyCase, KEYS, OPERATORS, policyValue, PROVIDER, type Sort } from "./values";

/** How often, in per cent, a part of the document is hidden from the evaluator under test. */
export interface Hiding {
  readonly leaves: number;
  readonly elements: number;
  readonly statements: number;
}

export const NOTHING_HIDDEN: Hiding = { leaves: 0, elements: 0, statements: 0 };

/** Trust policies that IAM accepts, and beside them NotPrincipal, which it accepts in other resource policies only. */
export function trustDocuments(hiding: Hiding): fc.Arbitrary<Tree> {
  return documents(
    fc
      .tuple(
        fc.oneof({ weight: 12, arbitrary: fc.constant("Principal") }, fc.constant("NotPrincipal")),
        principals(hiding),
      )
      .map(([element, value]) => ({ [element]: value })),
    TRUST_ACTIONS,
    hiding,
    6,
  );
}

/** Identity policies: what a role may do. */
export function identityDocuments(hiding: Hiding): fc.Arbitrary<Tree> {
  return documents(
    fc
      .tuple(
        fc.oneof({ weight: 4, arbitrary: fc.constant("Resource") }, fc.constant("NotResource")),
        someOf(RESOURCES, hiding),
      )
      .map(([element, value]) => ({ [element]: value })),
    IDENTITY_ACTIONS,
    hiding,
    1,
  );
}

/** A policy of one statement about everybody and everything, so that its conditions alone decide. */
export function conditionDocuments(hiding: Hiding): fc.Arbitrary<Tree> {
  return fc
    .record({ effect: fc.constantFrom("Allow", "Deny"), block: conditionBlock(hiding, 2), version: VERSIONS })
    .map(({ effect, block, version }) => ({
      ...version,
      Statement: [
        ...(effect === "Deny" ? [{ Effect: "Allow", Principal: "*", Action: "*" }] : []),
        { Effect: effect, Principal: "*", Action: "*", Condition: block },
      ],
    }));
}

const VERSIONS: fc.Arbitrary<{ readonly [key: string]: Tree }> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ Version: "2012-10-17" }) },
  fc.constantFrom<{ readonly [key: string]: Tree }>({ Version: "2008-10-17" }, {}),
);

const TRUST_ACTIONS: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: anyCase("sts:AssumeRoleWithWebIdentity") },
  { weight: 2, arbitrary: fc.constantFrom("sts:*", "*", "sts:AssumeRole*", "STS:assumerolewith*", "*:*") },
  fc.constantFrom("sts:AssumeRoleWithWebIdentit?", "sts:AssumeRoleWithWebIdentity?", "sts:*Identity", "sts:*a*b*"),
  fc.constantFrom("sts:AssumeRole", "sts:TagSession", "sts:AssumeRoleWithSAML", "ec2:*", "sts:AssumeRole?"),
);

export const ASKED_ACTIONS: readonly string[] = ["s3:GetObject", "s3:ListBucket", "sqs:SendMessage"];
const IDENTITY_ACTIONS: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ASKED_ACTIONS).chain(anyCase) },
  fc.constantFrom("s3:*", "*", "s3:Get*", "S3:get?bject", "s3:*Bucket", "sqs:*", "*:*", "ec2:RunInstances"),
);

export const ASKED_RESOURCES: readonly string[] = [
  "arn:aws:s3:::bucket",
  "arn:aws:s3:::bucket/a",
  "arn:aws:s3:::bucket/a/b:c",
  "arn:aws:s3:::Bucket/a",
  "arn:aws:sqs:eu-west-1:111122223333:queue",
];
const RESOURCES: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("*", "arn:aws:s3:::*", "arn:aws:s3:::bucket*", "arn:aws:s3:::bucket/*"),
  fc.constantFrom(...ASKED_RESOURCES),
  fc.constantFrom("arn:aws:s3:::bucket/?", "arn:aws:s3:::bucket/*/b*", "arn:aws:s3:::b*t", "arn:*:s3:::bucket"),
  fc.constantFrom("arn:aws:sqs:*:111122223333:queue", "arn:aws:sqs:*", "arn:aws:sqs:*:queue", "arn:aws:sqs:eu*3:queue"),
  fc.constantFrom("arn:aws:s3:::${aws:PrincipalTag/Team}/*", "arn:aws:s3:::${aws:PrincipalTag/Team, 'bucket'}/*"),
  fc.constantFrom("arn:aws:s3:::${aws:Nowhere}", "arn:aws:s3:::bucket/${*}"),
);

/** `conditional` to one, a statement has conditions. */
function documents(
  about: fc.Arbitrary<{ readonly [key: string]: Tree }>,
  actions: fc.Arbitrary<string>,
  hiding: Hiding,
  conditional: number,
) {
  const statement: fc.Arbitrary<Tree> = fc
    .record({
      effect: leafOf(fc.constantFrom("Allow", "Allow", "Allow", "Deny"), hiding.leaves),
      element: fc.oneof({ weight: 9, arbitrary: fc.constant("Action") }, fc.constant("NotAction")),
      actions: leafOf(someOf(actions, hiding), hiding.elements),
      about,
      condition: fc.option(leafOf(conditionBlock(hiding), hiding.elements), { nil: undefined, freq: conditional }),
    })
    .map(({ effect, element, actions: named, about: whom, condition }) => ({
      Effect: effect,
      ...whom,
      [element]: named,
      ...(condition === undefined ? {} : { Condition: condition }),
    }));
  const statements: fc.Arbitrary<Tree> = fc.oneof(
    statement,
    fc.array(leafOf(statement, hiding.statements), { minLength: 1, maxLength: 3 }),
  );
  return fc.tuple(VERSIONS, statements).map(([version, all]): Tree => ({ ...version, Statement: all }));
}

function principals(hiding: Hiding): fc.Arbitrary<Tree> {
  const federated = fc.oneof(
    { weight: 6, arbitrary: fc.constant(PROVIDER) },
    fc.constantFrom(
      PROVIDER.toLowerCase(),
      `${PROVIDER}/`,
      PROVIDER.slice(0, -1),
      PROVIDER.replace("1111", "2222"),
      "*",
    ),
    fc.constantFrom("arn:aws:iam::111122223333:oidc-provider/*", "cognito-identity.amazonaws.com"),
  );
  const map: fc.Arbitrary<Tree> = fc.oneof(
    { weight: 8, arbitrary: someOf(federated, hiding).map((Federated) => ({ Federated })) },
    fc.constantFrom<Tree>(
      { AWS: "*" },
      { AWS: "111122223333" },
      { AWS: ["999999999999", "arn:aws:iam::111122223333:role/deployer"] },
      { AWS: ["arn:aws:iam::111122223333:role/Deployer"] },
      { AWS: ["arn:aws:iam::111122223333:root", "*"] },
      { Service: "pods.eks.amazonaws.com" },
      { Service: "*" },
      {},
    ),
    fc
      .tuple(someOf(federated, hiding), fc.constantFrom("pods.eks.amazonaws.com", "ec2.amazonaws.com"))
      .map(([Federated, Service]) => ({ Service, Federated })),
  );
  return leafOf(fc.oneof({ weight: 12, arbitrary: map }, fc.constant("*")), hiding.elements);
}

/** One value with or without brackets, several, or none. */
function someOf(values: fc.Arbitrary<Tree>, hiding: Hiding): fc.Arbitrary<Tree> {
  const value = leafOf(values, hiding.leaves);
  return fc.oneof(
    { weight: 5, arbitrary: value },
    { weight: 4, arbitrary: fc.array(value, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  );
}

const SORTS: readonly Sort[] = ["text", "number", "date", "bool", "binary", "ip", "arn"];

/** An operator with its set qualifier and IfExists, mostly of the sort of the key, and a key in any case with its values. */
function conditionLine(hiding: Hiding): fc.Arbitrary<readonly [string, string, Tree]> {
  return fc
    .tuple(
      fc.constantFrom(...Object.entries(KEYS)),
      fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, fc.constantFrom(...SORTS)),
      fc.integer({ min: 0, max: 19 }),
    )
    .chain(([[key, own], other, die]) => {
      const name = fc.oneof(
        { weight: 9, arbitrary: anyCase(key) },
        fc.constantFrom("other.example/id/1:sub", `https://${key}`),
      );
      if (die === 0) return fc.tuple(fc.constant("Null"), name, leafOf(someOf(NULLS, hiding), hiding.elements));
      const sort = other ?? own;
      const operator = fc
        .tuple(
          fc.oneof({ weight: 2, arbitrary: fc.constant("") }, fc.constantFrom("ForAllValues:", "ForAnyValue:")),
          fc.constantFrom(...OPERATORS[sort]),
          fc.oneof({ weight: 2, arbitrary: fc.constant("") }, fc.constant("IfExists")),
        )
        .map((parts) => parts.join(""));
      return fc.tuple(operator, name, leafOf(someOf(policyValue(sort), hiding), hiding.elements));
    });
}

const NULLS: fc.Arbitrary<Tree> = fc.constantFrom<Tree>("true", "false", true, false);

function conditionBlock(hiding: Hiding, most = 3): fc.Arbitrary<Tree> {
  return fc.array(conditionLine(hiding), { minLength: 1, maxLength: most }).map((lines) => {
    const block: { [operator: string]: { [key: string]: Tree } } = {};
    for (const [operator, key, values] of lines) block[operator] = { ...block[operator], [key]: values };
    return block;
  });
}
