import { chartAccounts } from "../../policy-pack/src/model/chart-accounts";
import type { Value } from "../../policy-pack/src/facts/value";
import type { Fact } from "../../policy-pack/src/facts/fact";
import type { ServiceAccount } from "../../policy-pack/src/model/types";
import {
  CHART,
  chartIn,
  nested,
  releaseOf,
  ROLE_KEY,
  withRoleArn,
  type ReleaseOptions,
  type Values,
} from "../support/charts";
import { resource, ROLE_ARN, UNKNOWN, urns, type Change, type Wiring } from "../support/stack";
import { ACCOUNT_TYPE } from "../support/trust-stacks";

describe("the accounts that the values of a chart name", () => {
  const accountsIn = (values: Values): string =>
    chartAccounts(chartIn([releaseOf(values)]).source)
      .map(
        ({ name, path, creates, annotations }) =>
          `${name} at ${path}${creates ? "" : ", not created"}${annotations.map((key) => `, ${key}`).join("")}`,
      )
      .join("; ");

  test.each<[string, Values, string]>([
    ["the block that helm create writes", { serviceAccount: { name: "api" } }, "api at values.serviceAccount"],
    [
      "one that the chart does not make",
      { serviceAccount: { name: "api", create: false } },
      "api at values.serviceAccount, not created",
    ],
    [
      "one of which nobody knows yet whether the chart makes it",
      { serviceAccount: { name: "api", create: UNKNOWN } },
      "api at values.serviceAccount, not created",
    ],
    [
      "one with annotations",
      { serviceAccount: { name: "api", annotations: { team: "a" } } },
      "api at values.serviceAccount, team",
    ],
    ["annotations without a name", { serviceAccount: { annotations: { team: "a" } } }, ""],
    ["an empty name", { serviceAccount: { name: "", annotations: {} } }, ""],
    ["a name that the chart is to fill in", { serviceAccount: { name: "{{ .Release.Name }}" } }, ""],
    ["a number where the name should be", { serviceAccount: { name: 5, annotations: {} } }, ""],
    ["a text in place of the block", { serviceAccount: "api" }, ""],
    ["a block that is not known", { serviceAccount: UNKNOWN }, ""],
    [
      "one account for each part of the chart",
      { serviceAccounts: { server: { name: "web" }, worker: { name: "job" } } },
      "web at values.serviceAccounts.server; job at values.serviceAccounts.worker",
    ],
    [
      "a block within a part of the accounts",
      { serviceAccounts: { server: { serviceAccount: { name: "web" } } } },
      "web at values.serviceAccounts.server.serviceAccount",
    ],
    [
      "a block of a part of the chart",
      { controller: { serviceAccount: { name: "api" } } },
      "api at values.controller.serviceAccount",
    ],
    ["blocks of a list of parts", { parts: [{ serviceAccount: { name: "api" } }] }, ""],
    ["another block with a name", { ingress: { name: "public" } }, ""],
    ["a block whose key only begins like the account's", { serviceAccountToken: { name: "token" } }, ""],
    [
      "eleven keys above the block",
      nested(11, { serviceAccount: { name: "api" } }),
      `api at values${".part".repeat(11)}.serviceAccount`,
    ],
    ["more keys above it than any chart has", nested(12, { serviceAccount: { name: "api" } }), ""],
  ])("%s", (_, values, expected) => {
    expect(accountsIn(values)).toBe(expected);
  });
});

const factText = (fact: Fact<string>): string => (fact.is === "known" ? fact.value : fact.is);

/** The accounts which the releases of a stack make, one line each. */
function madeBy(values: Values, options: ReleaseOptions = {}, changes: Wiring = {}): readonly ServiceAccount[] {
  const { model } = chartIn([releaseOf(values, options), ...(changes.plus ?? [])], changes);
  const bound = model.bindings.map(({ serviceAccount }) => serviceAccount);
  // Accounts whose name the chart makes up are there for their role alone.
  return [...new Set([...model.serviceAccounts, ...bound])].filter(({ form }) => form === "expected");
}

describe("the account that a release makes", () => {
  const describeAccount = ({ name, chartName, namespace, audience, role, title }: ServiceAccount): string =>
    [
      title,
      `named ${factText(name)}${chartName ? ` (${chartName})` : ""} in ${factText(namespace)}`,
      `for ${factText(audience)}`,
      role.how === "unresolved" ? `role ${role.because}` : `${role.to.title} ${role.how}`,
    ].join(", ");
  const accountsOf = (...stack: Parameters<typeof madeBy>): string =>
    madeBy(...stack)
      .map(describeAccount)
      .join("; ");
  const dns = 'ServiceAccount "shop/dns" of Release "dns", named dns in shop';
  const some = 'the ServiceAccount in the values of Release "dns", named unknown (unknown) in shop';
  const byValue = 'role "api-irsa" by value';
  const account = (metadata: Change): Wiring => ({ serviceAccount: { metadata } });
  const named = { serviceAccount: withRoleArn(ROLE_ARN, { name: "dns" }) };
  const unnamed = { serviceAccount: withRoleArn() };

  test.each<[string, Parameters<typeof madeBy>, string]>([
    ["has the name and the role of the values", [named], `${dns}, for sts.amazonaws.com, ${byValue}`],
    [
      "has a name that nobody knows, where the values give none",
      [unnamed],
      `${some}, for sts.amazonaws.com, ${byValue}`,
    ],
    [
      "has the audience of the values",
      [
        {
          serviceAccount: { name: "dns", annotations: { [ROLE_KEY]: ROLE_ARN, "eks.amazonaws.com/audience": "vault" } },
        },
      ],
      `${dns}, for vault, ${byValue}`,
    ],
    [
      "is in a namespace that is not known yet",
      [named, { inputs: { namespace: UNKNOWN } }],
      `ServiceAccount "dns" of Release "dns", named dns in unknown, for sts.amazonaws.com, ${byValue}`,
    ],
    [
      "is in the namespace of the provider, where the release names none",
      [named, { inputs: { namespace: undefined } }],
      `ServiceAccount "default/dns" of Release "dns", named dns in default, for sts.amazonaws.com, ${byValue}`,
    ],
    [
      "gets its role by wiring while the ARN is not known",
      [{ serviceAccount: withRoleArn(UNKNOWN, { name: "dns" }) }, { from: [urns.role] }],
      `${dns}, for sts.amazonaws.com, role "api-irsa" by wiring`,
    ],
    [
      "may get any role while its annotations are not known at all",
      [{ serviceAccount: { name: "dns", annotations: UNKNOWN } }, { from: [urns.role] }],
      `${dns}, for unknown, role unknown`,
    ],
    [
      "is none where the chart is told not to make it",
      [{ serviceAccount: withRoleArn(ROLE_ARN, { name: "dns", create: false }) }],
      "",
    ],
    ["is none without a role", [{ serviceAccount: { name: "dns", annotations: { team: "a" } } }], ""],
    ["is none with an empty role", [{ serviceAccount: withRoleArn("", { name: "dns" }) }], ""],
    ["is none where files may say otherwise", [named, { inputs: { valueYamlFiles: ["values.yaml"] } }], ""],
    ["is none of a Chart, whose objects are resources", [named, { type: CHART }], ""],
    ["is none where the chart renders into another namespace", [{ ...named, namespaceOverride: "dns" }], ""],
    [
      "is there where that other namespace is empty",
      [{ ...named, namespaceOverride: "" }],
      `${dns}, for sts.amazonaws.com, ${byValue}`,
    ],
    ["is none in a block that the chart does not read", [unnamed, { inputs: { chart: "cluster-autoscaler" } }], ""],
    ["is the one of the program, where the program declares it", [named, {}, account({ name: "dns" })], ""],
    [
      "is another than one of its name in another namespace",
      [named, {}, account({ name: "dns", namespace: "web" })],
      `${dns}, for sts.amazonaws.com, ${byValue}`,
    ],
    ["may be the one of the program whose name is not known", [named, {}, account({ name: UNKNOWN })], ""],
    [
      "without a name is not the one of the program whose name is not known",
      [unnamed, {}, account({ name: UNKNOWN })],
      `${some}, for sts.amazonaws.com, ${byValue}`,
    ],
    [
      "is the one among several of the program",
      [named, {}, { plus: [resource(ACCOUNT_TYPE, "dns", { metadata: { name: "dns", namespace: "shop" } })] }],
      "",
    ],
  ])("%s", (_, stack, expected) => {
    expect(accountsOf(...stack)).toBe(expected);
  });

  test("stands nowhere but in the values of the release", () => {
    expect(madeBy(named)).toEqual([
      expect.objectContaining({
        urn: "",
        root: "",
        form: "expected",
        autonamed: false,
        namespaceImplicit: false,
        annotations: { is: "known", value: [] },
        labels: { is: "known", value: [] },
        roleArnPath: 'values.serviceAccount.annotations["eks.amazonaws.com/role-arn"]',
      }),
    ]);
  });
});

describe("the name that a known chart gives its account", () => {
  const nameGiven = (made: Value | undefined): string =>
    madeBy(
      { serviceAccount: withRoleArn() },
      {
        inputs: { chart: "external-dns" },
        ...(made === undefined ? {} : { outputs: { resourceNames: { "ServiceAccount/v1": made } } }),
      },
    )
      .map(({ name, chartName }) => `${factText(name)} (${chartName ?? "written"})`)
      .join();
  const guessed = "dns-external-dns (default)";

  test.each<[string, Value | undefined, string]>([
    ["is a guess before the chart was rendered", undefined, guessed],
    ["stands while the provider says of no account", [], guessed],
    ["is among the accounts that the chart makes", ["shop/other", "shop/dns-external-dns"], guessed],
    ["is among them without a namespace", ["dns-external-dns"], guessed],
    ["is none, where the chart makes others", ["shop/other"], "unknown (unknown)"],
    ["is none, where only a namespace is called so", ["dns-external-dns/other"], "unknown (unknown)"],
    ["is looked for in what is text", [5, "shop/dns-external-dns"], guessed],
    ["stands where the provider gives no list", "shop/other", guessed],
    ["is none yet, while what it makes is not known", UNKNOWN, "unknown (unknown)"],
  ])("%s", (_, made, expected) => {
    expect(nameGiven(made)).toBe(expected);
  });
});
