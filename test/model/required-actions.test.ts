import { buildModel } from "../../policy-pack/src/model/build";
import {
  bindingsWithNeeds,
  isAction,
  REQUIRED_ACTIONS,
  requiredActions,
  type RequiredAction,
} from "../../policy-pack/src/model/required-actions";
import type { Value } from "../../policy-pack/src/facts/value";
import { ROLE_ARN, UNKNOWN, urns, wired, type Wiring } from "../support/stack";
import { accountOf } from "../support/trust-stacks";

const asking = (text: Value): Wiring => ({
  serviceAccount: { metadata: { annotations: { [REQUIRED_ACTIONS]: text } } },
});
const configured = (requiredActionsOf: Readonly<Record<string, readonly string[]>>): Wiring => ({
  config: { requiredActions: requiredActionsOf },
});

/** `s3:GetObject on arn:aws:s3:::shop/* by the configuration`. */
function described(needs: readonly RequiredAction[]): string {
  const lines = needs.map(({ action, resource, path }) =>
    [action, ...(resource === undefined ? [] : [`on ${resource}`]), ...(path ? [] : ["by the configuration"])].join(
      " ",
    ),
  );
  return lines.join("; ");
}

function needsOf(changes: Wiring): string {
  const model = buildModel(wired(changes));
  const account = model.serviceAccounts.find(({ urn }) => urn === urns.serviceAccount);
  return account ? described(requiredActions(account, model)) : "no account";
}

describe("the actions that an account needs", () => {
  test.each<[string, Wiring, string]>([
    ["are none where nobody says so", {}, ""],
    ["stand in its annotation", asking("s3:GetObject"), "s3:GetObject"],
    ["are separated by commas", asking(" s3:GetObject ,sqs:SendMessage"), "s3:GetObject; sqs:SendMessage"],
    ["may be on a resource", asking("s3:GetObject arn:aws:s3:::shop/*"), "s3:GetObject on arn:aws:s3:::shop/*"],
    ["may be on a resource after blanks", asking("s3:GetObject   arn:aws:s3:::a"), "s3:GetObject on arn:aws:s3:::a"],
    ["are told once", asking("s3:GetObject,s3:GetObject"), "s3:GetObject"],
    [
      "are told for each resource",
      asking("s3:GetObject arn:aws:s3:::a,s3:GetObject arn:aws:s3:::b,s3:GetObject"),
      "s3:GetObject on arn:aws:s3:::a; s3:GetObject on arn:aws:s3:::b; s3:GetObject",
    ],
    ["are none of an empty text", asking(" "), ""],
    ["are none between two commas", asking("s3:GetObject, ,sqs:SendMessage,"), "s3:GetObject; sqs:SendMessage"],
    ["are not known while the text is unknown", asking(UNKNOWN), ""],
    ["are not known while the annotations are", { serviceAccount: { metadata: { annotations: UNKNOWN } } }, ""],
    [
      "stand in the configuration",
      configured({ "shop/api": ["s3:GetObject", "sqs:SendMessage arn:aws:sqs:eu-west-1:1:a"] }),
      "s3:GetObject by the configuration; sqs:SendMessage on arn:aws:sqs:eu-west-1:1:a by the configuration",
    ],
    [
      "are told once of annotation and configuration",
      { ...asking("s3:GetObject"), ...configured({ "shop/api": ["s3:GetObject"] }) },
      "s3:GetObject by the configuration",
    ],
    ["are not those of another account", configured({ "ops/api": ["s3:GetObject"], "shop/web": ["s3:GetObject"] }), ""],
    [
      "are not told by the configuration while the name is unknown",
      {
        serviceAccount: { metadata: { name: UNKNOWN } },
        ...configured({ "shop/undefined": ["a:A"], undefined: ["a:A"], "undefined/undefined": ["a:A"] }),
      },
      "",
    ],
    [
      "are not told by the configuration while the namespace is unknown",
      {
        serviceAccount: { metadata: { namespace: UNKNOWN } },
        ...configured({ "undefined/api": ["a:A"] }),
      },
      "",
    ],
  ])("%s", (_, changes, expected) => {
    expect(needsOf(changes)).toBe(expected);
  });

  test("stand at a path of the account", () => {
    const model = buildModel(wired(asking("s3:GetObject")));
    const [binding] = bindingsWithNeeds(model);
    expect(binding?.needs[0]?.path).toBe(`metadata.annotations["${REQUIRED_ACTIONS}"]`);
  });
});

test("only the accounts that need something are told", () => {
  const model = buildModel(wired({ ...asking("s3:GetObject"), plus: [accountOf("ops/web", ROLE_ARN)] }));
  const found = bindingsWithNeeds(model).map(
    ({ binding, needs }) => `${binding.serviceAccount.title}: ${described(needs)}`,
  );
  expect(found.join("; ")).toBe('ServiceAccount "shop/api": s3:GetObject');
});

describe("an action", () => {
  test.each<[string, boolean]>([
    ["s3:GetObject", true],
    ["S3:Get*", true],
    ["s3-object-lambda:Get?bject", true],
    ["s3", false],
    ["s3:", false],
    [":GetObject", false],
    ["s3:Get Object", false],
    ["arn:aws:s3:::shop", false],
    ["the s3:GetObject", false],
    ["s3:GetObject!", false],
  ])("%s", (text, expected) => {
    expect(isAction(text)).toBe(expected);
  });
});
