import { identityFault } from "../../policy-pack/src/model/workload-identity";
import { TOKEN_DIRECTORY } from "../../policy-pack/src/model/workload-token";
import type { Value } from "../../policy-pack/src/facts/value";
import { kubernetesProvider, resource, ROLE_ARN, trust, UNKNOWN, type Change, type Wiring } from "../support/stack";
import { boundPodIn, envOf, podOf, type Written } from "../support/pods";
import { ROLE, roleArn, roleOf } from "../support/trust-stacks";

/** `refused: arn:… of role "payments" in AWS_ROLE_ARN`; a question mark where nobody is sure of it. */
function faultOf(changes: Wiring, passedOver = false): string {
  const { model, bound, environment } = boundPodIn(changes);
  const found = identityFault(model, bound, environment, passedOver);
  if (!found) return "nothing";
  const { fault, certain, name, role } = found;
  const words = Object.entries(fault).flatMap(([key, value]) =>
    ["value", "set"].includes(key) || value === undefined ? [] : [value],
  );
  return `${words.join(", ")}${certain ? "" : "?"} in ${name}${role ? ", to be mended" : ""}`;
}

const OWN_TOKEN = "/var/run/secrets/tokens/api";
const env = (variables: Written): Change => podOf({ env: envOf(variables) });
/** The container is given this role by hand, and a token of its own unless said otherwise. */
const takes = (role: Value, token: Value = `${TOKEN_DIRECTORY}/token`): Change =>
  env({ AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: token });
const annotated = (value: unknown): Change => ({
  metadata: { annotations: { "eks.amazonaws.com/role-arn": value as string } },
});
const PAYMENTS = roleArn("payments");
const takesPayments = takes(PAYMENTS);
/** The AWS provider of an account that nobody knows. */
const provider = { ...kubernetesProvider("aws-far"), type: "pulumi:providers:aws", inputs: { region: "eu-west-1" } };
const unplaced = (name: Value) => resource(ROLE, "payments", { name, assumeRolePolicy: trust() }, { provider });

describe("the role that a container is given by hand", () => {
  const otherRole = "other role? in AWS_ROLE_ARN";
  const refused = 'refused, role "payments" in AWS_ROLE_ARN, to be mended';
  const web = trust({ sub: "system:serviceaccount:shop:web" });

  test.each<[string, Wiring, string]>([
    ["is none", {}, "nothing"],
    ["is the account's", { deployment: takes(ROLE_ARN) }, "nothing"],
    ["is no role at all", { deployment: takes("payments") }, "no role ARN in AWS_ROLE_ARN"],
    ["is not known yet", { deployment: takes(UNKNOWN) }, "nothing"],
    ["lives elsewhere", { deployment: takesPayments }, otherRole],
    [
      "lives elsewhere, while the account's is not known",
      { deployment: takesPayments, serviceAccount: annotated(UNKNOWN) },
      "nothing",
    ],
    ["admits the account", { deployment: takesPayments, plus: [roleOf("payments", trust())] }, "nothing"],
    ["refuses the account", { deployment: takesPayments, plus: [roleOf("payments", web)] }, refused],
    [
      "refuses the account, whose own is not known",
      { deployment: takesPayments, plus: [roleOf("payments", web)], serviceAccount: annotated(UNKNOWN) },
      refused,
    ],
    [
      "is the one of several that it names",
      { deployment: takesPayments, plus: [roleOf("aaa", trust()), roleOf("payments", web)] },
      refused,
    ],
    ["trusts nobody knows whom", { deployment: takesPayments, plus: [roleOf("payments", UNKNOWN)] }, "nothing"],
    [
      "wants another audience than that of the webhook's token",
      { deployment: takesPayments, plus: [roleOf("payments", trust({ aud: "vault" }))] },
      refused,
    ],
    [
      "wants another audience, which a token of its own may have",
      { deployment: takes(PAYMENTS, OWN_TOKEN), plus: [roleOf("payments", trust({ aud: "vault" }))] },
      'other role, role "payments"? in AWS_ROLE_ARN',
    ],
    [
      "refuses the account by any token",
      { deployment: takes(PAYMENTS, OWN_TOKEN), plus: [roleOf("payments", web)] },
      refused,
    ],
    [
      "may be one of this stack whose account is not known",
      { deployment: takesPayments, plus: [unplaced("payments")] },
      "nothing",
    ],
    [
      "may be one of this stack whose name is not known",
      { deployment: takesPayments, plus: [unplaced(UNKNOWN)] },
      "nothing",
    ],
    ["is not one of this stack with another name", { deployment: takesPayments, plus: [unplaced("web")] }, otherRole],
    [
      "is not the one of that name in another account",
      { deployment: takes(PAYMENTS.replace("111122223333", "444455556666")), plus: [roleOf("payments", trust())] },
      otherRole,
    ],
  ])("%s", (_, changes, expected) => {
    expect(faultOf(changes)).toBe(expected);
  });
});

describe("one of the two variables", () => {
  const role = { AWS_ROLE_ARN: ROLE_ARN };
  const token = { AWS_WEB_IDENTITY_TOKEN_FILE: OWN_TOKEN };
  const map = (name: string, key: string) =>
    resource("kubernetes:core/v1:ConfigMap", name, { metadata: { name, namespace: "shop" }, data: { [key]: "x" } });
  const envFrom = [{ configMapRef: { name: "settings" } }];
  const withMap = (variables: Written): Change => podOf({ env: envOf(variables), envFrom });

  test.each<[string, Wiring, string]>([
    ["is the role without a token", { deployment: env(role) }, "half, AWS_WEB_IDENTITY_TOKEN_FILE in AWS_ROLE_ARN"],
    ["is the token without a role", { deployment: env(token) }, "half, AWS_ROLE_ARN in AWS_WEB_IDENTITY_TOKEN_FILE"],
    [
      "has the other in a ConfigMap of the stack",
      { deployment: withMap(role), plus: [map("settings", "AWS_WEB_IDENTITY_TOKEN_FILE")] },
      "nothing",
    ],
    [
      "has not the other in a ConfigMap of the stack",
      { deployment: withMap(role), plus: [map("settings", "MODE")] },
      "half, AWS_WEB_IDENTITY_TOKEN_FILE in AWS_ROLE_ARN",
    ],
    ["may have the other in a ConfigMap elsewhere", { deployment: withMap(role) }, "nothing"],
  ])("%s", (_, changes, expected) => {
    expect(faultOf(changes)).toBe(expected);
  });

  test("is enough for a container that the webhook passes over", () => {
    expect(faultOf({ deployment: env(role) }, true)).toBe("nothing");
  });
});

describe("the name of the session", () => {
  const named = (name: Value): Wiring => ({ deployment: env({ AWS_ROLE_SESSION_NAME: name }) });
  const refused = "session name in AWS_ROLE_SESSION_NAME";
  test.each<[string, Value, string]>([
    ["is sound", "api@shop.example=1,2+3_4-5", "nothing"],
    ["has two characters", "ab", "nothing"],
    ["has one character", "a", refused],
    ["has as many characters as STS takes", "a".repeat(64), "nothing"],
    ["has one more than that", "a".repeat(65), refused],
    ["has a slash", "shop/api", refused],
    ["has a blank at its end", "api ", refused],
    ["is not known yet", UNKNOWN, "nothing"],
    ["is empty, so that the SDK makes one", "", "nothing"],
  ])("%s", (_, name, expected) => {
    expect(faultOf(named(name))).toBe(expected);
  });

  test("is of no matter to the webhook in a container that it passes over", () => {
    expect(faultOf(named("a"), true)).toBe("nothing");
  });
});
