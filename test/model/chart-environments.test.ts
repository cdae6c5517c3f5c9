import { chartIdentities, chartKeys } from "../../policy-pack/src/model/chart-environments";
import type { Value } from "../../policy-pack/src/facts/value";
import { CHART, chartIn, nested, releaseOf, withRoleArn, type ReleaseOptions, type Values } from "../support/charts";
import { envOf } from "../support/pods";
import { ROLE_ARN, UNKNOWN } from "../support/stack";

const ID = "AWS_ACCESS_KEY_ID";
const SECRET = "AWS_SECRET_ACCESS_KEY";
const ROLE = "AWS_ROLE_ARN";
const TOKEN = "AWS_WEB_IDENTITY_TOKEN_FILE";
const FILE = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
const API_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** `AWS_REGION=eu-west-1 and KEY from elsewhere`. */
const describeVariables = (variables: ReadonlyMap<string, string | undefined>): string =>
  [...variables]
    .map(([name, text]) => (text === undefined ? `${name} from elsewhere` : `${name}=${text}`))
    .join(" and ");
const inFiles: ReleaseOptions = { inputs: { valueYamlFiles: ["values.yaml"] } };
const account = { serviceAccount: withRoleArn() };
const keys = envOf({ [ID]: "AKIA", [SECRET]: "x" });

describe("static keys beside the role in the values of a chart", () => {
  const keysIn = (values: Values, options: ReleaseOptions = {}): string =>
    chartKeys(chartIn([releaseOf(values, options)]).model)
      .map(({ path, account: block, variables }) => `${path} beside ${block}: ${describeVariables(variables)}`)
      .join("; ");
  const pair = `${ID}=AKIA and ${SECRET}=x`;
  const found = `values.env beside values.serviceAccount: ${pair}`;
  const from = { secretKeyRef: { name: "s3", key: "id" } };
  const beside = (block: Value): Values => ({ serviceAccount: block, env: keys });

  test.each<[string, Values, string, ReleaseOptions?]>([
    ["both keys in a list", { ...account, env: keys }, found],
    ["both keys in a map", { ...account, env: { [ID]: "AKIA", [SECRET]: "x" } }, found],
    ["one key alone", { ...account, env: envOf({ [ID]: "AKIA" }) }, ""],
    [
      "keys for a service that speaks like S3",
      { ...account, env: envOf({ [ID]: "AKIA", [SECRET]: "x", S3_ENDPOINT: "http://minio" }) },
      "",
    ],
    [
      "keys from a Secret",
      {
        ...account,
        env: [
          { name: ID, valueFrom: from },
          { name: SECRET, valueFrom: from },
        ],
      },
      `values.env beside values.serviceAccount: ${ID} from elsewhere and ${SECRET} from elsewhere`,
    ],
    [
      "keys from a Secret in a map",
      { ...account, env: { [ID]: from, [SECRET]: from } },
      `values.env beside values.serviceAccount: ${ID} from elsewhere and ${SECRET} from elsewhere`,
    ],
    ["a key that is set to an empty text", { ...account, env: envOf({ [ID]: "", [SECRET]: "x" }) }, ""],
    ["a key that is set to nothing", { ...account, env: { [ID]: null, [SECRET]: "x" } }, ""],
    [
      "a key with neither a value nor a place that it comes from",
      { ...account, env: [{ name: ID }, { name: SECRET, value: "x" }] },
      "",
    ],
    [
      "keys beside an entry without a name",
      { ...account, env: [{ value: "y" }, { name: ID, value: "AKIA" }, { name: SECRET, value: "x" }] },
      found,
    ],
    ["an environment that is set to nothing", { ...account, env: null }, ""],
    ["an environment that is a text", { ...account, env: "AWS" }, ""],
    [
      "an environment by the name env vars",
      { ...account, extraEnvVars: keys },
      `values.extraEnvVars beside values.serviceAccount: ${pair}`,
    ],
    [
      "an environment by the name env var",
      { ...account, envVar: keys },
      `values.envVar beside values.serviceAccount: ${pair}`,
    ],
    [
      "an environment by the name environment",
      { ...account, additionalEnvironment: keys },
      `values.additionalEnvironment beside values.serviceAccount: ${pair}`,
    ],
    ["a list of another name", { ...account, args: keys }, ""],
    ["the environment of some container", { ...account, initEnv: keys }, ""],
    ["sources of an environment", { ...account, envFrom: keys }, ""],
    ["two environments, one of which is not known", { ...account, env: keys, extraEnv: UNKNOWN }, ""],
    ["an environment with a variable that is not known", { ...account, env: [...(keys as Value[]), UNKNOWN] }, ""],
    [
      "an environment with a name that is not known",
      { ...account, env: [...(keys as Value[]), { name: UNKNOWN, value: "y" }] },
      "",
    ],
    ["an account of another part", { server: account, env: keys }, ""],
    ["an account under a key that ends like its own", { extraServiceAccount: withRoleArn(), env: keys }, ""],
    ["an account under a key that begins like its own", { serviceAccountConfig: withRoleArn(), env: keys }, ""],
    ["an account without a role", beside({ annotations: { team: "a" } }), ""],
    ["an account with an empty role", beside(withRoleArn("")), ""],
    ["an account with a role that is not known yet", beside(withRoleArn(UNKNOWN)), found],
    ["an account whose annotations are not known", beside({ annotations: UNKNOWN }), ""],
    ["a chart whose objects are resources", { ...account, env: keys }, "", { type: CHART }],
    ["a release with more values in files", { ...account, env: keys }, "", inFiles],
    [
      "eleven keys above the environment",
      nested(11, { ...account, env: keys }),
      `values${".part".repeat(11)}.env beside values${".part".repeat(11)}.serviceAccount: ${pair}`,
    ],
    ["more keys above it than any chart has", nested(12, { ...account, env: keys }), ""],
  ])("%s", (...[, values, expected, options]) => {
    expect(keysIn(values, options)).toBe(expected);
  });
});

describe("the webhook's variables in the values of a chart", () => {
  const identitiesIn = (env: Value): string =>
    chartIdentities(chartIn([releaseOf({ ...account, env })]).model)
      .map(({ path, fault, set, other }) => `${fault} at ${path}: ${set} without ${other}`)
      .join("; ");
  const elsewhere = { configMapKeyRef: { name: "aws", key: "token" } };

  test.each<[string, Value, string]>([
    ["none of them", envOf({ AWS_REGION: "eu-west-1" }), ""],
    ["the role alone", envOf({ [ROLE]: ROLE_ARN }), `half at values.env: ${ROLE} without ${TOKEN}`],
    ["the token's file alone", envOf({ [TOKEN]: FILE }), `half at values.env: ${TOKEN} without ${ROLE}`],
    ["both", envOf({ [ROLE]: ROLE_ARN, [TOKEN]: FILE }), ""],
    [
      "both, with the token for the API server",
      envOf({ [ROLE]: ROLE_ARN, [TOKEN]: API_FILE }),
      `API token at values.env: ${TOKEN} without ${ROLE}`,
    ],
    [
      "both, the file from a ConfigMap",
      [
        { name: ROLE, value: ROLE_ARN },
        { name: TOKEN, valueFrom: elsewhere },
      ],
      "",
    ],
  ])("%s", (_, env, expected) => {
    expect(identitiesIn(env)).toBe(expected);
  });
});
