/*
 * The same rules, served as most packs serve theirs: one stack policy each. The rules even share one model, so that what
 * is measured is the manner of serving alone.
 */
const { join } = require("node:path");
const { PolicyPack } = require("@pulumi/policy");

// Compiled or not, the built pack lies beside scripts/.
const dist = process.env.BENCH_PACK_DIST ?? join(__dirname, "../../../../policy-pack/dist");
const { copyValue } = require(join(dist, "intake/copy-value"));
const { buildModel } = require(join(dist, "model/build"));
const { DEFAULT_CONFIG } = require(join(dist, "model/config"));
const { isRead } = require(join(dist, "model/tokens"));
const { renderFinding } = require(join(dist, "findings/render"));
const { run } = require(join(dist, "findings/run"));
const { rules } = require(join(dist, "rules"));

let model;

new PolicyPack("bench-naive", {
  policies: rules.map((rule, index) => ({
    name: rule.id,
    description: rule.summary,
    enforcementLevel: rule.level,
    validateStack: ({ resources }, report) => {
      if (index === 0) model = buildModel(snapshotOf(resources));
      for (const finding of run([rule], model).findings) report(renderFinding(finding), finding.at.urn || undefined);
    },
  })),
});

function snapshotOf(resources) {
  const urns = (list) => list.map(({ urn }) => urn);
  return {
    format: 1,
    today: "2026-01-01",
    config: DEFAULT_CONFIG,
    resources: resources
      .filter(({ type }) => isRead(type))
      .map(({ urn, type, name, props, provider, dependencies, propertyDependencies }) => ({
        urn,
        type,
        name,
        outputs: copyValue(props),
        ...(provider
          ? {
              provider: {
                urn: provider.urn,
                type: provider.type,
                name: provider.name,
                inputs: copyValue(provider.props),
              },
            }
          : {}),
        dependencies: urns(dependencies),
        propertyDependencies: Object.fromEntries(
          Object.entries(propertyDependencies).map(([property, from]) => [property, urns(from)]),
        ),
      })),
  };
}
