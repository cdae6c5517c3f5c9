import { buildModel } from "../../policy-pack/src/model/build";
import {
  ACCOUNT_SUFFIXES,
  isMisspeltRoleKey,
  isRoleText,
  misspeltRoleKeys,
  POD_SUFFIXES,
  roleArnKey,
} from "../../policy-pack/src/model/webhook-annotations";
import type { Value } from "../../policy-pack/src/facts/value";
import { ACCOUNT, resource, ROLE_ARN, trust, UNKNOWN, urns, wired, type Wiring } from "../support/stack";

const PREFIX = "eks.amazonaws.com";
const KEY = `${PREFIX}/role-arn`;

test.each<[string, Wiring, string]>([
  ["EKS's by itself", {}, KEY],
  [
    "that of the webhook's configuration",
    { config: { annotationPrefix: "irsa.example.com" } },
    "irsa.example.com/role-arn",
  ],
])("the key for the role is %s", (_, changes, expected) => {
  expect(roleArnKey(buildModel(wired(changes)))).toBe(expected);
});

describe("a key that is meant for the role", () => {
  test.each<[string, string]>([
    ["has an underscore", `${PREFIX}/role_arn`],
    ["has capitals", `${PREFIX}/roleArn`],
    ["has no punctuation that fits", "eksAmazonawsCom_RoleArn"],
    ["has a dot in place of the slash", `${PREFIX}.role-arn`],
    ["has a dot in place of the slash and a letter too many", `${PREFIX}.role-arns`],
    ["has a slash too many", `${PREFIX}/role/arn`],
    ["has no domain", "role-arn"],
    ["has no domain and other words", "iam-role"],
    ["has no domain and more words", "awsServiceAccountRoleArn"],
    ["has other words", `${PREFIX}/iam-role`],
    ["has one word", `${PREFIX}/role`],
    ["lacks a letter", `${PREFIX}/rol-arn`],
    ["has two letters exchanged", `${PREFIX}/role-anr`],
    ["has a domain in capitals", "EKS.amazonaws.com/iam-role"],
    ["has the domain of China", "eks.amazonaws.com.cn/role"],
    ["has the domain of China and the right end", "eks.amazonaws.com.cn/role-arn"],
    ["has the domain of kube2iam", "iam.amazonaws.com/role"],
  ])("%s: %s", (_, key) => {
    expect(isMisspeltRoleKey(key, PREFIX)).toBe(true);
  });

  test.each<[string, string]>([
    ["the right one", KEY],
    ["one without a name before the slash", "/role-arn"],
    ["one of another tool", "shop.io/role-arn"],
    ["one of another tool with one word", "vault.hashicorp.com/role"],
    ["another of the same domain", `${PREFIX}/cluster`],
    ["another word", "team"],
    ["one of a compute type", `${PREFIX}/compute-type`],
    ...[...ACCOUNT_SUFFIXES, ...POD_SUFFIXES]
      .filter((each) => each !== "role-arn")
      .map((each): [string, string] => ["one that the webhook reads", `${PREFIX}/${each}`]),
  ])("is not %s: %s", (_, key) => {
    expect(isMisspeltRoleKey(key, PREFIX)).toBe(false);
  });

  test("is told by the prefix of the configuration", () => {
    expect(
      [`${PREFIX}/role-arn`, "irsa.example.com/role"].map((key) => isMisspeltRoleKey(key, "irsa.example.com")),
    ).toEqual([false, true]);
  });
});

describe("an annotation of an account under such a key", () => {
  const other = resource("aws:iam/role:Role", "other", { name: "other", assumeRolePolicy: trust() });
  const WRONG = `${PREFIX}/role_arn`;
  const misspelt = (annotations: Value, from: readonly string[] = [urns.role, urns.namespace]): string => {
    const metadata = { name: "later", namespace: "shop", annotations };
    const account = resource("kubernetes:core/v1:ServiceAccount", "later", { metadata }, { from: { metadata: from } });
    const model = buildModel(wired({ plus: [account, other] }));
    const read = model.serviceAccounts.find(({ urn }) => urn === account.urn);
    return read
      ? misspeltRoleKeys(read, model)
          .map(({ key }) => key)
          .join()
      : "no account";
  };
  test.each<[string, Value, string]>([
    ["holds the ARN of a role", { [WRONG]: ROLE_ARN }, WRONG],
    ["holds the name of a role of the stack", { [WRONG]: "api-irsa" }, WRONG],
    ["is unknown and came from a role", { [WRONG]: UNKNOWN }, WRONG],
    ["holds something else", { [WRONG]: "admin" }, ""],
    ["holds nothing", { [WRONG]: null }, ""],
    ["is told from others", { team: "shop", [WRONG]: ROLE_ARN, owner: ROLE_ARN }, WRONG],
    ["is none where the key is right", { [KEY]: ROLE_ARN }, ""],
    ["is not seen while all are unknown", UNKNOWN, ""],
  ])("%s", (_, annotations, expected) => {
    expect(misspelt(annotations)).toBe(expected);
  });

  test("is another's while it is unknown and came from no role", () => {
    expect(misspelt({ [WRONG]: UNKNOWN }, [urns.namespace])).toBe("");
  });
});

describe("a text that means a role", () => {
  const model = buildModel(
    wired({ plus: [resource("aws:iam/role:Role", "later", { name: UNKNOWN, assumeRolePolicy: trust() })] }),
  );
  test.each<[string, string, boolean]>([
    ["is its ARN", ROLE_ARN, true],
    ["is its ARN with blanks around it", ` ${ROLE_ARN}\n`, true],
    ["is its ARN with the wrong separator", `arn:aws:iam::${ACCOUNT}:role:api`, true],
    ["is its name", "api-irsa", true],
    ["is its name with blanks around it", " api-irsa ", true],
    ["is no ARN of a user", `arn:aws:iam::${ACCOUNT}:user/api-irsa`, false],
    ["is no ARN of another service", `arn:aws:glue:eu-west-1:${ACCOUNT}:role/api-irsa`, false],
    ["is no ARN of a bucket", "arn:aws:s3:::shop", false],
    ["is no other name", "api", false],
    ["is not empty", "", false],
  ])("%s", (_, text, expected) => {
    expect(isRoleText(text, model)).toBe(expected);
  });
});
