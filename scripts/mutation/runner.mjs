/**
 * Stryker's test runner for this project: the tests of an area, in one process that stays (harness.cjs). Tests that are named
 * after the changed file, or that noticed earlier changes of it, run first, so that most mutants cost one test.
 */
import { createRequire } from "node:module";
import { basename } from "node:path";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import { commonTokens, declareFactoryPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";

const harness = createRequire(import.meta.url)("./harness.cjs");

class InOneProcess {
  /** Of each changed file: how many of its changes each test has noticed. */
  #noticed = new Map();
  #context = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});
  #options;
  #root;

  constructor(options) {
    this.#options = options;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    // The process stands in Stryker's copy of the project.
    harness.loadTypeScript(process.cwd());
  }

  async dryRun({ coverageAnalysis, disableBail }) {
    this.#load();
    const perTest = coverageAnalysis === "perTest";
    const result = await this.#run({
      bail: !disableBail,
      ...(perTest && { started: (id) => (this.#context.currentTestId = id) }),
    });
    this.#context.currentTestId = undefined;
    return { ...result, mutantCoverage: this.#context.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit, mutantActivation, reloadEnvironment }) {
    this.#context.hitLimit = hitLimit;
    this.#context.hitCount = hitLimit ? 0 : undefined;
    const duringLoad = mutantActivation === "static";
    try {
      this.#context.activeMutant = duringLoad ? activeMutant.id : undefined;
      if (reloadEnvironment || this.#root === undefined) this.#load();
      this.#context.activeMutant = activeMutant.id;
      const result = await this.#runFor(activeMutant.fileName, {
        bail: !disableBail,
        ...(testFilter && { wanted: new Set(testFilter) }),
      });
      return toMutantRunResult(determineHitLimitReached(this.#context.hitCount, hitLimit) ?? result);
    } catch (error) {
      this.#root = undefined;
      return toMutantRunResult({ status: DryRunStatus.Complete, tests: [didNotLoad(error)] });
    } finally {
      this.#context.activeMutant = undefined;
      if (duringLoad) this.#root = undefined;
    }
  }

  #load() {
    const { tests, setup } = this.#options;
    this.#root = harness.load(process.cwd(), tests, setup);
  }

  async #runFor(changedFile, options) {
    const subject = basename(changedFile, ".ts");
    const noticed = this.#noticed.get(changedFile) ?? new Map();
    this.#noticed.set(changedFile, noticed);
    const namedAfterIt = 1000;
    const weight = (test) => (noticed.get(test.id) ?? 0) + (test.name.includes(subject) ? namedAfterIt : 0);
    const result = await this.#run({ ...options, weight });
    for (const { id, status } of result.tests)
      if (status === TestStatus.Failed) noticed.set(id, (noticed.get(id) ?? 0) + 1);
    return result;
  }

  async #run(options) {
    const results = await harness.run(this.#root, options);
    // What still waits may disturb the next run.
    if (results.some(({ hangs }) => hangs)) this.#root = undefined;
    return {
      status: DryRunStatus.Complete,
      tests: results.map(({ test, ms, failure }) => ({
        id: test.id,
        name: test.name,
        fileName: test.file,
        timeSpentMs: ms,
        ...(failure === undefined
          ? { status: TestStatus.Success }
          : { status: TestStatus.Failed, failureMessage: failure }),
      })),
    };
  }
}

/** A change with which the modules do not even load is noticed by every test. */
const didNotLoad = (error) => ({
  id: "load",
  name: "the modules load",
  timeSpentMs: 0,
  status: TestStatus.Failed,
  failureMessage: String(error),
});

const create = (options) => new InOneProcess(options.inOneProcess);
create.inject = [commonTokens.options];

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "in-one-process", create)];

const listOfFiles = { type: "array", items: { type: "string" } };

export const strykerValidationSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: {
    inOneProcess: {
      type: "object",
      additionalProperties: false,
      properties: { tests: listOfFiles, setup: listOfFiles },
    },
  },
};
