/**
 * Runs test files written for Jest inside one process, again and again. Jest loads every module anew for each run, which for
 * thousands of mutants costs hours; here modules stay, and a run costs what its tests cost. Only what the tests of plain data
 * use is here: suites, hooks, tables and `expect`.
 */
"use strict";

const { readFileSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { expect } = require("expect");
const { bind } = require("jest-each");
const swc = require("@swc/core");

/**
 * @typedef {{ id: string, name: string, body: () => unknown, file: string }} Test
 * @typedef {"beforeAll" | "beforeEach" | "afterEach" | "afterAll"} Hook
 * @typedef {{ name: string, parent?: Suite, suites: Suite[], tests: Test[], hooks: Record<Hook, (() => unknown)[]> }} Suite
 * @typedef {{ test: Test, ms: number, failure?: string, hangs?: true }} Result
 */

/** A change may leave a promise open for ever; no test of plain data waits that long. */
const LONGEST_MS = 2000;

const HANGS = new Error(`no end after ${LONGEST_MS} ms`);

/** @type {Map<string, string>} */
const compiled = new Map();

/** Loads TypeScript by the options that Jest has for it. @param {string} folder */
function loadTypeScript(folder) {
  const own = folder + path.sep;
  const usual = Module._extensions[".js"];
  Module._extensions[".ts"] = (module, file) => {
    if (!file.startsWith(own)) return usual(module, file);
    let code = compiled.get(file);
    if (code === undefined) {
      code = swc.transformSync(readFileSync(file, "utf8"), {
        filename: file,
        swcrc: false,
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
      }).code;
      compiled.set(file, code);
    }
    module._compile(code, file);
  };
}

/** @param {string} name @param {Suite} [parent] @returns {Suite} */
const suite = (name, parent) => ({
  name,
  ...(parent && { parent }),
  suites: [],
  tests: [],
  hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] },
});

/**
 * Loads the test files, and the modules that they need, anew. The suite that it returns holds one suite a file.
 * @param {string} folder @param {readonly string[]} files relative to the folder @param {readonly string[]} setup likewise
 */
function load(folder, files, setup) {
  for (const file of Object.keys(require.cache))
    if (file.startsWith(folder + path.sep) && !file.includes(`${path.sep}node_modules${path.sep}`))
      delete require.cache[file];
  const root = suite("");
  let current = root;
  let file = "";
  const ids = new Set();
  const describe = (/** @type {string} */ name, /** @type {() => void} */ body) => {
    const outer = current;
    current = suite(name, outer);
    outer.suites.push(current);
    try {
      body();
    } finally {
      current = outer;
    }
  };
  const test = (/** @type {string} */ title, /** @type {() => unknown} */ body) => {
    const names = [title];
    for (let at = current; at.parent; at = at.parent) names.unshift(at.name);
    const name = names.join(" › ");
    let id = name;
    for (let copy = 2; ids.has(id); copy += 1) id = `${name} (${copy})`;
    ids.add(id);
    current.tests.push({ id, name, body, file });
  };
  const hook = (/** @type {Hook} */ when) => (/** @type {() => unknown} */ body) => current.hooks[when].push(body);
  const withTables = (/** @type {any} */ plain) => Object.assign(plain, { each: bind(plain, false) });
  Object.assign(globalThis, {
    expect,
    describe: withTables(describe),
    test: withTables(test),
    it: withTables(test),
    beforeAll: hook("beforeAll"),
    beforeEach: hook("beforeEach"),
    afterEach: hook("afterEach"),
    afterAll: hook("afterAll"),
  });
  for (const each of setup) require(path.join(folder, each));
  for (const each of files) {
    file = each;
    describe(each, () => require(path.join(folder, each)));
  }
  return root;
}

/**
 * Runs the wanted tests (default: all), those of the greatest weight first, and with `bail` stops at the first failure.
 * @param {Suite} root
 * @param {{ wanted?: ReadonlySet<string>, bail: boolean, weight?: (test: Test) => number, started?: (id: string) => void }} options
 * @returns {Promise<Result[]>}
 */
async function run(root, { wanted, bail, weight = () => 0, started }) {
  /** @type {Result[]} */
  const results = [];
  let stopped = false;
  /** The heaviest wanted test of each suite, and each wanted test itself. @type {Map<Suite | Test, number>} */
  const weights = new Map();
  const weigh = (/** @type {Suite} */ at) => {
    let heaviest = -1;
    for (const test of at.tests) {
      if (wanted !== undefined && !wanted.has(test.id)) continue;
      const own = weight(test);
      weights.set(test, own);
      heaviest = Math.max(heaviest, own);
    }
    for (const inner of at.suites) heaviest = Math.max(heaviest, weigh(inner));
    if (heaviest >= 0) weights.set(at, heaviest);
    return heaviest;
  };
  const children = (/** @type {Suite} */ at) =>
    [...at.tests, ...at.suites]
      .filter((each) => weights.has(each))
      .sort((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0));
  const withinTime = async (/** @type {() => unknown} */ body) => {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(HANGS), LONGEST_MS);
    });
    await Promise.race([body(), late]).finally(() => clearTimeout(timer));
  };
  const fail = (/** @type {Test} */ test, /** @type {number} */ ms, /** @type {unknown} */ error) => {
    const failure = (error instanceof Error ? error.message : String(error)) || "failed";
    results.push({ test, ms, failure, ...(error === HANGS && { hangs: true }) });
    stopped ||= bail;
  };

  const runTest = async (/** @type {Test} */ test, /** @type {readonly Suite[]} */ chain) => {
    started?.(test.id);
    const start = performance.now();
    try {
      for (const at of chain) for (const before of at.hooks.beforeEach) await before();
      await withinTime(test.body);
      for (const at of [...chain].reverse()) for (const after of at.hooks.afterEach) await after();
      results.push({ test, ms: performance.now() - start });
    } catch (error) {
      fail(test, performance.now() - start, error);
    }
  };

  const runSuite = async (/** @type {Suite} */ at, /** @type {readonly Suite[]} */ above) => {
    const chain = [...above, at];
    try {
      for (const before of at.hooks.beforeAll) await withinTime(before);
    } catch (error) {
      // What every test of the suite needs is broken: one failure, told by its first test.
      return fail(firstTest(at), 0, error);
    }
    for (const child of children(at)) {
      if (stopped) break;
      await ("body" in child ? runTest(child, chain) : runSuite(child, chain));
    }
    for (const after of at.hooks.afterAll) await after();
  };
  /** @param {Suite} at @returns {Test} */
  const firstTest = (at) => {
    const [first] = children(at);
    return first === undefined || "body" in first ? first : firstTest(first);
  };

  weigh(root);
  await runSuite(root, []);
  return results;
}

module.exports = { loadTypeScript, load, run };
