/**
 * The layers of the pack, bottom up: facts, iam, model, rules, findings; intake and policies at the edge to the SDK;
 * rehearsal and gate beside them. Each edge that is not allowed says why.
 * @type {import("dependency-cruiser").IConfiguration}
 */
const src = "^policy-pack/src";
const pure = `${src}/(facts|iam|model|rules|findings)/`;
const only = (name, from, allowed, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: `${src}/${from}/` },
  to: { path: `${src}/`, pathNot: `${src}/(${allowed.join("|")})/` },
});

module.exports = {
  forbidden: [
    only(
      "facts-know-nothing",
      "facts",
      ["facts"],
      "Facts are the vocabulary of every layer; a vocabulary that knows a layer can be used in no other.",
    ),
    only(
      "iam-knows-facts",
      "iam",
      ["facts", "iam"],
      "The evaluator answers questions of IAM; it must not know what the pack asks for.",
    ),
    only(
      "model-knows-iam",
      "model",
      ["facts", "iam", "model"],
      "The model joins what is there; judging it is the rules' part.",
    ),
    only(
      "rules-read-the-model",
      "rules",
      ["facts", "iam", "model", "rules"],
      "Rules are pure: model in, data out. How they are run, printed or served is not theirs to know.",
    ),
    only(
      "findings-run-rules",
      "findings",
      ["facts", "iam", "model", "rules", "findings"],
      "Findings turn verdicts into text and back; both policies and gate build on them.",
    ),
    only(
      "intake-makes-snapshots",
      "intake",
      ["facts", "model", "intake"],
      "Intake ends where the snapshot begins; nothing impure may pass it.",
    ),
    only(
      "rehearsal-stands-alone",
      "rehearsal",
      ["facts", "iam", "rehearsal"],
      "Stand-in providers imitate the cloud; if they knew the rules, the rules would be tested against themselves.",
    ),
    only(
      "gate-reads-findings",
      "gate",
      ["facts", "rules", "findings", "rehearsal", "gate"],
      "The gate reads what any pack reports, through the same text that users see; it must not judge by itself.",
    ),
    {
      name: "one-rule-one-file",
      severity: "error",
      comment:
        "A rule that reads another rule's verdict makes the order of rules behaviour; put the shared fact into the model.",
      from: { path: `${src}/rules/[^/]+/` },
      to: { path: `${src}/rules/`, pathNot: `${src}/rules/rule\\.ts$` },
    },
    {
      name: "sdk-only-at-the-edge",
      severity: "error",
      comment: "Pure layers are tested without an engine, and must not change when the SDK does.",
      from: { path: pure },
      to: { path: "node_modules/@pulumi" },
    },
    {
      name: "policy-sdk-in-three-places",
      severity: "error",
      comment: "Only index, policies, their session and configuration, and intake speak Pulumi's policy SDK.",
      from: { path: src, pathNot: `${src}/(index|policies|session|config-schema)\\.ts$|${src}/intake/` },
      to: { path: "node_modules/@pulumi/policy" },
    },
    {
      name: "no-provider-sdk-in-the-pack",
      severity: "error",
      comment:
        "@pulumi/aws and @pulumi/kubernetes cost up to five seconds and 600 MB at boot; the pack reads type tokens instead.",
      from: { path: src },
      to: { path: "node_modules/@pulumi/(aws|kubernetes|aws-native|eks)/" },
    },
    {
      name: "no-server-in-tests",
      severity: "error",
      comment: "index.ts starts a server on import; tests use createPolicies.",
      from: { path: "^test/" },
      to: { path: `${src}/index\\.ts$` },
    },
    {
      name: "pack-and-component-apart",
      severity: "error",
      comment: "They are published and versioned separately; each must hold without the other.",
      from: { path: "^(policy-pack|components)/src" },
      to: { path: "^(policy-pack|components)/src", pathNot: "^$1/src" },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "A cycle is one module in two files.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "declared-dependencies",
      severity: "error",
      comment: "A package that is not declared is there by chance, and not in the user's install.",
      from: { path: "^(policy-pack|components)/src" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-development-dependencies",
      severity: "error",
      comment: "The root's development dependencies are not in the published packages.",
      from: { path: "^(policy-pack|components)/src" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json"], mainFields: ["main", "types"] },
  },
};
