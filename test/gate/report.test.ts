import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyBaseline, readBaseline, renderBaseline } from "../../policy-pack/src/gate/baseline";
import { decide, type DecideOptions } from "../../policy-pack/src/gate/decide";
import { GateFailure } from "../../policy-pack/src/gate/failure";
import { writeOutputs } from "../../policy-pack/src/gate/output";
import { parseFailOn, parseTargets, readSettings, resolveSettings } from "../../policy-pack/src/gate/settings";
import { renderFinding } from "../../policy-pack/src/findings/render";
import { trust, urnOf, urns } from "../support/stack";
import { ISSUER, judge, PROVIDER_ARN, stack, UNKNOWN, violation } from "./support";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "irsa-gate-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = { urn: urns.role, path: "assumeRolePolicy" };
const mandatory = violation("trust-policy-invalid", at, "A fault.");
const advisory = violation("role-shared", at, "An advice.", { level: "advisory", severity: "medium" });
const OPTIONS: DecideOptions = { failOn: ["mandatory"], strict: false, requireIrsa: false };

describe("chains", () => {
  const drawn = (resources = stack()) =>
    judge(resources).chains.map(({ title, nodes }) => [title, ...nodes.map(({ label }) => label)]);
  const WHOLE = [
    "shop/api",
    "Deployment api",
    "ServiceAccount shop/api",
    "IAM role api-irsa",
    "permissions (1)",
    "OIDC provider shop",
    "EKS cluster shop",
  ];

  test("are joined by value", () => expect(drawn()).toEqual([WHOLE]));

  test("are joined by the program's edges while values are unknown", () => {
    const metadata = { name: "api", namespace: "shop", annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } };
    const resources = stack({
      [urns.cluster]: { outputs: { name: "shop" } },
      [urns.oidcProvider]: { outputs: {}, dependencies: { url: [urns.cluster] } },
      [urns.role]: {
        outputs: { name: "api-irsa", assumeRolePolicy: UNKNOWN },
        dependencies: { assumeRolePolicy: [urns.oidcProvider] },
      },
      [urns.attachment]: { inputs: {}, dependencies: { role: [urns.role] } },
      [urns.serviceAccount]: { inputs: { metadata }, dependencies: { metadata: [urns.role] } },
      [urns.deployment]: {
        inputs: {
          metadata: { name: "api", namespace: "shop" },
          spec: { template: { spec: { serviceAccountName: UNKNOWN } } },
        },
        dependencies: { spec: [urns.serviceAccount] },
      },
    });
    expect(drawn(resources)).toEqual([WHOLE]);
  });

  test("name what lies elsewhere", () => {
    const external = stack().filter(
      ({ urn }) => ![urns.cluster, urns.oidcProvider, urns.deployment, urns.serviceAccount].includes(urn),
    );
    const [chain] = judge(external).chains;
    expect(chain?.nodes.map(({ label, declared }) => [label, declared])).toEqual([
      ["ServiceAccount shop/api", false],
      ["IAM role api-irsa", true],
      ["permissions (1)", true],
      [`OIDC provider ${ISSUER}`, false],
    ]);
  });

  test("a role for GitHub is none of them", () => {
    const github = trust({ provider: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" });
    const judged = judge([{ urn: urns.role, outputs: { name: "ci", assumeRolePolicy: github } }]);
    expect([judged.chains, judged.usesIrsa]).toEqual([[], false]);
  });

  test("the same account on two clusters makes two, each with its own cluster's provider", () => {
    const green = {
      cluster: urnOf("aws:eks/cluster:Cluster", "green"),
      kubernetes: urnOf("pulumi:providers:kubernetes", "green"),
      provider: urnOf("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "green"),
      account: urnOf("kubernetes:core/v1:ServiceAccount", "green"),
    };
    const issuer = "oidc.eks.eu-west-1.amazonaws.com/id/GREEN";
    const arn = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
    const statement = (provider: string) => (JSON.parse(trust({ provider })) as { Statement: unknown[] }).Statement[0];
    const both = JSON.stringify({ Statement: [statement(PROVIDER_ARN), statement(arn)] });
    const [account] = stack().filter(({ urn }) => urn === urns.serviceAccount);
    const resources = [
      ...stack({
        [urns.role]: {
          outputs: { arn: "arn:aws:iam::111122223333:role/api-irsa", name: "api-irsa", assumeRolePolicy: both },
        },
      }),
      { urn: green.cluster, outputs: { name: "green", identities: [{ oidcs: [{ issuer: `https://${issuer}` }] }] } },
      { urn: green.kubernetes, dependencies: { kubeconfig: [green.cluster] } },
      { urn: green.provider, outputs: { arn, url: issuer } },
      { ...account, urn: green.account, provider: green.kubernetes },
    ];
    expect(judge(resources).chains.map(({ title, nodes }) => [title, nodes.at(-1)?.label])).toEqual([
      ["shop/api on green", "EKS cluster green"],
      ["shop/api on shop", "EKS cluster shop"],
    ]);
  });

  test("an account whose annotations are not known yet has the role that they are made from", () => {
    const [account] = stack().filter(({ urn }) => urn === urns.serviceAccount);
    const resources = stack({
      [urns.role]: {
        outputs: { name: "api-irsa", assumeRolePolicy: UNKNOWN },
        dependencies: { assumeRolePolicy: [urns.oidcProvider] },
      },
      [urns.serviceAccount]: {
        ...account,
        inputs: { metadata: { name: "api", namespace: "shop", annotations: UNKNOWN } },
        dependencies: { metadata: [urns.role] },
      },
    });
    expect(drawn(resources)[0]?.slice(0, 4)).toEqual(WHOLE.slice(0, 4));
  });

  test("the namespace is that of the Namespace resource it is made from, while its outputs are unknown", () => {
    const namespace = urnOf("kubernetes:core/v1:Namespace", "shop");
    const metadata = { name: "api", namespace: UNKNOWN, annotations: { "eks.amazonaws.com/role-arn": UNKNOWN } };
    const resources = stack({
      [urns.serviceAccount]: { inputs: { metadata }, dependencies: { metadata: [namespace, urns.role] } },
    });
    const named = [...resources, { urn: namespace, inputs: { metadata: { name: "shop" } } }];
    expect(drawn(named)[0]?.[0]).toBe("shop/api");
    expect(drawn(resources)[0]?.[0]).toBe("?/api");
  });

  test("only the link whose value is awaited is open: the others are proven by wiring", () => {
    const links = (...waiting: readonly string[]) =>
      judge(stack(), [
        {
          policy: "irsa-unverified",
          level: "advisory",
          urn: urns.serviceAccount,
          message: `Verified.\nServiceAccount "shop/api" is not verified yet: a value. Known once a b exists; run the preview again then. Rules that wait: ${waiting.join(", ")}.`,
        },
      ]).chains[0]?.links.flatMap(({ link, verdict }) => (verdict === "unverified" ? [link] : []));
    expect(links("trust-policy-subject-mismatch")).toEqual(["trust-policy"]);
    expect(links("oidc-provider-issuer-mismatch", "workload-static-credentials")).toEqual([
      "workload",
      "oidc-provider",
    ]);
    expect(links("a-rule-of-another-version")).toHaveLength(5);
  });

  test("reports are the same whatever the order of the engine's events", () => {
    const faults = [
      mandatory,
      advisory,
      violation("workload-root", { urn: urns.deployment, path: "spec" }, "Root.", { level: "advisory" }),
      violation("trust-policy-invalid", { urn: urns.oidcProvider, path: "" }, "Another."),
    ];
    const forwards = judge(stack(), faults);
    expect(judge(stack().toReversed(), faults.toReversed())).toEqual(forwards);
    expect(forwards.findings.map(({ rule }) => rule)).toEqual([
      "trust-policy-invalid",
      "trust-policy-invalid",
      "role-shared",
      "workload-root",
    ]);
  });

  test("the link that a finding breaks is marked, and no other", () => {
    const [chain] = judge(stack(), [mandatory]).chains;
    expect(chain?.links.map(({ link, verdict }) => [link, verdict])).toEqual([
      ["workload", "ok"],
      ["service-account", "ok"],
      ["permissions", "ok"],
      ["trust-policy", "violation"],
      ["oidc-provider", "ok"],
    ]);
  });
});

describe("findings", () => {
  test("what was said at the registration of another resource is at its own, once", () => {
    const early = { ...mandatory, urn: urns.serviceAccount };
    const judged = judge(stack(), [early, mandatory]);
    expect(judged.findings.map(({ at: place }) => place.urn)).toEqual([urns.role]);
  });

  const suppressed = {
    policy: "irsa-suppression",
    level: "advisory" as const,
    urn: urns.role,
    message: `Suppressions hold.\nSuppressed mandatory trust-policy-invalid until 2027-01-31: until the move\n${renderFinding({ at, related: [], says: "A fault.", why: "It fails.", fix: "Mend it." })}`,
  };

  test("suppressed ones are listed, and count in an audit", () => {
    const judged = judge(stack(), [suppressed]);
    expect([judged.findings, judged.suppressed]).toMatchObject([
      [],
      [{ rule: "trust-policy-invalid", reason: "until the move", until: "2027-01-31", says: "A fault." }],
    ]);
    const audit = judge(stack(), [suppressed], { suppressions: false });
    expect([audit.findings, audit.suppressed]).toMatchObject([
      [{ rule: "trust-policy-invalid", level: "mandatory", fix: "Mend it." }],
      [],
    ]);
  });

  test("a suppression that does nothing is a finding", () => {
    const expired = {
      ...suppressed,
      message: "Suppressions hold.\nThe suppression of trust-policy-invalid on Role api expired after 2026-01-31.",
    };
    expect(judge(stack(), [expired]).findings).toMatchObject([
      {
        rule: "irsa-suppression",
        level: "advisory",
        says: "The suppression of trust-policy-invalid on Role api expired after 2026-01-31.",
      },
    ]);
  });
});

describe("decision", () => {
  const open = {
    policy: "irsa-unverified",
    level: "advisory" as const,
    urn: urns.role,
    message: "Verified.\nNot verified yet.",
  };
  test.each([
    ["a sound stack passes", judge(stack()), {}, 0],
    ["a mandatory violation fails", judge(stack(), [mandatory]), {}, 1],
    ["advice passes", judge(stack(), [advisory]), {}, 0],
    ["advice fails when asked", judge(stack(), [advisory]), { failOn: ["advisory"] }, 1],
    ["severity and all above it fails", judge(stack(), [advisory]), { failOn: ["medium"] }, 1],
    ["severity below passes", judge(stack(), [advisory]), { failOn: ["critical"] }, 0],
    ["nothing fails when asked", judge(stack(), [mandatory]), { failOn: ["none"] }, 0],
    ["what is open passes", judge(stack(), [open]), {}, 0],
    ["what is open fails under --strict", judge(stack(), [open]), { strict: true }, 3],
    [
      "what was not rehearsed is open",
      judge(stack(), [], { notRehearsed: [{ what: "x", why: "y" }] }),
      { strict: true },
      3,
    ],
    ["nothing to check passes", judge([]), {}, 0],
    ["nothing to check fails when asked", judge([]), { requireIrsa: true }, 4],
    ["a failed preview is an error, whatever was found", judge(stack(), [mandatory], { error: "boom" }), {}, 2],
  ] as const)("%s", (_, judged, options, exitCode) => {
    expect(decide([judged], { ...OPTIONS, ...options }).exitCode).toBe(exitCode);
  });
});

describe("baseline", () => {
  test("what it knows never fails, what it does not know does, what is mended is told", () => {
    const file = join(folder, "baseline.json");
    const before = judge(stack(), [mandatory, violation("role-name-invalid", at, "Gone later.")]);
    writeFileSync(file, renderBaseline([before]));
    const { stacks, baseline } = applyBaseline(
      [judge(stack({ [urns.role]: { position: "moved.ts#1,1" } }), [mandatory])],
      readBaseline(file),
      file,
    );
    expect(decide(stacks, OPTIONS).exitCode).toBe(0);
    expect(baseline).toMatchObject({ known: 1, unneeded: [{ rule: "role-name-invalid", urn: urns.role }] });
    const { stacks: fresh } = applyBaseline(
      [judge(stack(), [violation("trust-policy-deny", at, "New.")])],
      readBaseline(file),
      file,
    );
    expect(decide(fresh, OPTIONS).exitCode).toBe(1);
  });

  test.each([
    ["of another version", '{"version": 7, "findings": []}', /version 7; this irsa-gate reads version 1/],
    ["that is cut off", '{"version": 1, "findings": [', /not a baseline/],
    [
      "of another shape",
      '{"version": 1, "findings": [{"rule": "x"}]}',
      /findings\.0 must have required property 'urn'/,
    ],
  ])("one %s is refused", (_, content, message) => {
    const file = join(folder, "baseline.json");
    writeFileSync(file, content);
    expect(() => readBaseline(file)).toThrow(message);
  });
});

describe("settings", () => {
  const write = (content: string) => {
    writeFileSync(join(folder, ".irsa-gate.yaml"), content);
    return readSettings(undefined, folder);
  };

  test("defaults, then file, then flags; objects are merged by key", () => {
    const file = write(
      "strict: true\nfailOn: [high]\nconfig: {a: 1, b: x}\nrehearsal: {region: eu-west-1, accountId: '222233334444'}\nprojects: [{directory: infra, stacks: [dev]}]\nformat: [sarif=out/irsa.sarif]\n",
    );
    const settings = resolveSettings(file, {
      failOn: ["advisory"],
      config: { b: "y" },
      rehearsal: { region: "us-east-1" },
    });
    expect(settings).toMatchObject({
      strict: true,
      requireIrsa: false,
      failOn: ["advisory"],
      config: { a: "1", b: "y" },
      rehearsal: { region: "us-east-1", accountId: "222233334444" },
      projects: [{ directory: join(folder, "infra"), stacks: ["dev"] }],
      format: [{ format: "sarif", file: join(folder, "out/irsa.sarif") }],
    });
  });

  test.each([
    ["stict: true", /must NOT have additional properties \(stict\)/],
    ["failOn: [hgih]", /failOn\.0 must be equal to one of the allowed values: mandatory,/],
    ["projects: []", /projects must NOT have fewer than 1 items/],
    ["strict: [", /cannot be read/],
  ])("%s is refused with the field named", (content, message) => {
    expect(() => write(content)).toThrow(message);
  });

  test("a named file must be there; without one there are the defaults", () => {
    expect(() => readSettings(join(folder, "none.yaml"), folder)).toThrow(GateFailure);
    expect(readSettings(undefined, folder)).toEqual({});
  });

  test("formats and what fails are words of closed sets", () => {
    expect(parseTargets(["sarif=a=b.sarif,markdown=-", "junit=x.xml"])).toEqual([
      { format: "sarif", file: "a=b.sarif" },
      { format: "markdown", file: "-" },
      { format: "junit", file: "x.xml" },
    ]);
    expect(() => parseTargets(["text,json"])).toThrow(/Only one report can go to stdout/);
    expect(() => parseTargets(["pdf"])).toThrow(/There is no format "pdf"/);
    expect(() => parseFailOn(["everything"])).toThrow(/--fail-on takes mandatory, advisory, none, low/);
  });
});

describe("output", () => {
  test("is written whole, or not at all", () => {
    const good = join(folder, "reports/a.json");
    const taken = join(folder, "taken");
    mkdirSync(taken);
    const shown: string[] = [];
    const write = (file: string) =>
      writeOutputs(
        [
          { file: good, content: "whole" },
          { file, content: "x" },
          { file: "-", content: "shown" },
        ],
        (text) => shown.push(text),
      );
    expect(() => write(taken)).toThrow(/taken cannot be written: it is a folder/);
    expect([readdirSync(join(folder, "reports")), shown]).toEqual([[], []]);
    write(join(folder, "b.txt"));
    expect([readFileSync(good, "utf8"), shown]).toEqual(["whole", ["shown"]]);
    expect(existsSync(join(folder, "b.txt"))).toBe(true);
    expect(readdirSync(join(folder, "reports"))).toEqual(["a.json"]);
  });

  test("a folder that is a file is told", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => writeOutputs([{ file: join(folder, "file/x.json"), content: "" }], () => undefined)).toThrow(
      GateFailure,
    );
  });
});
