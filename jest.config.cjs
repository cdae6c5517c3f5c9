/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  // Properties run on one seed, so that a run can be repeated; PROPERTY_SEED sets another.
  setupFiles: ["<rootDir>/test/support/seed.ts"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  moduleFileExtensions: ["ts", "js", "json"],
  collectCoverageFrom: ["policy-pack/src/**/*.ts", "components/src/**/*.ts"],
};
