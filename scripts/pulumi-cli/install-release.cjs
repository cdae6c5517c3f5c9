// Usage: node install-release.cjs ROOT VERSION. Puts the official release of the Pulumi CLI into ROOT/bin.
const { createRequire } = require("node:module");
const { PulumiCommand } = require("@pulumi/pulumi/automation");
// The version must be an object of the Automation API's own copy of semver.
const { SemVer } = createRequire(require.resolve("@pulumi/pulumi/package.json"))("semver");

const [root, version] = process.argv.slice(2);
PulumiCommand.install({ root, version: new SemVer(version) }).catch((/** @type {Error} */ error) => {
  console.error(error.message);
  process.exitCode = 1;
});
