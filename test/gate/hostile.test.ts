import fc from "fast-check";
import { readEvents } from "../../policy-pack/src/gate/events";
import { FORMATS } from "../../policy-pack/src/gate/options";
import { positionOf } from "../../policy-pack/src/gate/positions";
import { readDigest } from "../../policy-pack/src/gate/resources";
import { logLine } from "../../policy-pack/src/gate/reporters/escape";
import { urnOf, urns } from "../support/stack";
import { BASE, judge, PROJECT, render, reportOf, stack, violation } from "./support";

/** What could act on a terminal, a log, a page, a comment or a file, if it got through. */
const EVIL: readonly string[] = [
  "\u001b[31mred\u001b[0m",
  "\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007",
  "a\n::error file=x::owned",
  "::set-output name=x::y",
  "##[error]owned",
  "##vso[task.complete result=Succeeded]",
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "</script><script>alert(1)</script>",
  "]]><evil/>",
  "`` ``` ````",
  "```\n</details>\n# owned",
  "[click](https://evil.example)",
  "@octocat closes #1",
  "| a | b |",
  "%0A::error::owned",
  "\u202eright to left",
  "\u0000\ud800\uffff",
  '"]; click n0 "https://evil.example"',
  "__proto__",
  "www.evil.example",
];

function hostileReport(name: string) {
  const role = urnOf("aws:iam/role:Role", name);
  const account = { metadata: { name, namespace: name, annotations: { "eks.amazonaws.com/role-arn": name } } };
  const resources = [
    ...stack({ [urns.serviceAccount]: { inputs: account }, [urns.deployment]: { inputs: account } }),
    { urn: role, outputs: { name, arn: name, assumeRolePolicy: name }, position: `${name}.ts#1,1` },
  ];
  const judged = judge(
    resources,
    [
      violation("trust-policy-invalid", { urn: role, path: name }, `Role ${name}.`, {
        related: [{ urn: urns.serviceAccount, path: name }],
      }),
      { policy: name, pack: name, urn: role, message: name },
      { policy: "irsa-unverified", level: "advisory", urn: role, message: `Description.\n${name}` },
      { policy: "irsa-context", level: "advisory", message: `Description.\n${name}` },
    ],
    {
      project: name,
      stack: name,
      directory: name,
      notRehearsed: [{ what: name, why: name }],
      error: `The preview failed.\n${name}`,
    },
  );
  return reportOf([judged]);
}

const hostileNames = fc.oneof(
  fc.constantFrom(...EVIL),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.tuple(fc.constantFrom(...EVIL), fc.string()).map((parts) => parts.join("")),
);

/** Control characters but the line end and the tab; direction marks; half characters. */

const ACTING =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Surrogate}/u;

test.each(FORMATS)("nothing that acts on a terminal gets into a %s report", (format) => {
  fc.assert(
    fc.property(hostileNames, (name) => {
      expect(render(format, hostileReport(name), { color: false })).not.toMatch(ACTING);
    }),
    { numRuns: 60 },
  );
});

test("no line of a log is a command of a CI system", () => {
  fc.assert(
    fc.property(hostileNames, (name) => {
      const lines = render("text", hostileReport(name)).split("\n");
      expect(lines.filter((line) => /^\s*::/.test(line) || /##(\[|vso)/.test(line))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test("a GitHub annotation stays one command", () => {
  fc.assert(
    fc.property(hostileNames, (name) => {
      const report = hostileReport(name);
      const lines = render("github", report).trimEnd().split("\n");
      expect(lines.every((line) => /^::(error|warning|notice) [^\n]*?::/.test(line))).toBe(true);
      // One each for the error, two findings, the open question, what is not rehearsed, and the decision.
      expect(lines).toHaveLength(6);
    }),
    { numRuns: 60 },
  );
});

test("HTML has no element but its own", () => {
  fc.assert(
    fc.property(hostileNames, (name) => {
      const page = render("html", hostileReport(name));
      const elements = new Set([...page.matchAll(/<\/?([a-zA-Z!][\w]*)/g)].map(([, element]) => element));
      for (const own of "!doctype html head meta title style body header h1 h2 h3 p form fieldset legend label input select option button output main section span div pre article svg desc g rect text path circle dl dt dd code ul li script".split(
        " ",
      ))
        elements.delete(own);
      expect([...elements]).toEqual([]);
      expect(page.match(/<script/g)).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
});

test("Markdown has no link, mention, HTML or heading of a program's making", () => {
  fc.assert(
    fc.property(hostileNames, (name) => {
      const text = render("markdown", hostileReport(name));
      const outside = text.replaceAll(/^(`{3,})(?:text|mermaid)\n[^]*?\n\1$/gm, "");
      expect(outside.replaceAll(/<!-- irsa-gate -->|<\/?(?:details|summary)>/g, "")).not.toMatch(
        /[<>[\]@`]|\bwww\.|https?:\/\//,
      );
    }),
    { numRuns: 100 },
  );
});

test("files outside the repository, and what is no position, are not pointed at", () => {
  const folders = { project: PROJECT, base: BASE };
  const at = (position: string) => {
    const [resource] = readDigest(
      JSON.stringify({ steps: [{ newState: { urn: urns.role, sourcePosition: position } }] }),
    ).values();
    return resource && positionOf(resource, new Map(), folders);
  };
  expect(at("project:///index.ts#3,7")).toEqual({ file: "shop/index.ts", line: 3, column: 7 });
  expect(at("project:///../lib/role.ts#3")).toEqual({ file: "lib/role.ts", line: 3, column: 1 });
  for (const position of [
    "project:///../../etc/passwd#1,1",
    "project:///%2e%2e/%2e%2e/etc/passwd#1,1",
    "project:///node_modules/x/index.js#1,1",
    "https://evil.example/#1,1",
    "",
  ])
    expect(at(position)).toBeUndefined();
});

test("no event, whatever its shape, makes the reader throw", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.constantFrom(
            '{"policyEvent":null}',
            '{"policyEvent":{"message":3}}',
            '{"resOutputsEvent":{"metadata":{"new":{"urn":"x","inputs":[]}}}}',
          ),
        ),
        { maxLength: 8 },
      ),
      (lines) => {
        const events = readEvents(lines.join("\n"));
        expect(events.policyEvents.every(({ message }) => typeof message === "string")).toBe(true);
        expect(readDigest(lines.join("\n")).size).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

test("a line of a log keeps what is no command", () => {
  expect(logLine("  at urn:pulumi:dev::shop")).toBe("  at urn:pulumi:dev::shop");
  expect(logLine("  ::error::x")).toBe("  : :error::x");
});
