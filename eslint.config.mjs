import tseslint from "typescript-eslint";
import jest from "eslint-plugin-jest";
import redos from "eslint-plugin-redos";

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "coverage/**", "reports/**", "**/*.cjs", "**/*.mjs"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A switch over a Fact or a verdict must name every answer: an unknown that falls through is a wrong verdict.
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // Strings that come from users' programs are indexed by constant keys all over the model; dots would read worse there.
      "@typescript-eslint/dot-notation": "off",
      // A recursive JSON type can only be written with an index signature.
      "@typescript-eslint/consistent-indexed-object-style": "off",
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // The SDK's inner modules have no types; they are required where the protocol itself is tested.
      "@typescript-eslint/no-require-imports": ["error", { allow: ["^@pulumi/"] }],
    },
  },
  {
    // The pure layers read plain data: an assertion there would hide a value of another shape.
    files: ["policy-pack/src/{facts,model,iam,rules,findings}/**/*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "no-restricted-globals": ["error", "Date", "process", "fetch"],
    },
  },
  {
    files: ["policy-pack/src/**/*.ts"],
    // Until the pack has printed its port, the engine takes every line on stdout for it.
    rules: { "no-console": "error" },
  },
  {
    // Texts come from programs that nobody here trusts: no regular expression may take the square of their length.
    files: ["policy-pack/src/**/*.ts", "components/src/**/*.ts"],
    plugins: { redos },
    rules: { "redos/no-vulnerable": ["error", { timeout: 20_000, cache: true }] },
  },
  {
    // Examples are written as people write them, who guard where the types would let them off.
    files: ["examples/**/*.ts"],
    rules: { "@typescript-eslint/no-unnecessary-condition": "off" },
  },
  {
    files: ["test/**/*.test.ts"],
    extends: [jest.configs["flat/recommended"]],
    rules: {
      "jest/expect-expect": ["error", { assertFunctionNames: ["expect", "expect*", "fc.assert"] }],
      "jest/no-disabled-tests": "error",
      "jest/no-focused-tests": "error",
      "jest/no-conditional-expect": "error",
    },
  },
);
