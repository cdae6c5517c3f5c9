import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { anchors, codeSpans, generated, page, relativeLinks, ROOT, written, type Page } from "./markdown";

/** What is wrong with a link; undefined for one that leads somewhere. */
function fault({ path }: Page, link: string): string | undefined {
  const [target = "", anchor] = link.split("#");
  const file = target === "" ? path : normalize(join(dirname(path), target));
  if (file.startsWith("..")) return `${path}: ${link} leads out of the repository`;
  if (!existsSync(join(ROOT, file))) return `${path}: ${link} leads to no file`;
  if (anchor === undefined) return undefined;
  if (statSync(join(ROOT, file)).isDirectory() || !file.endsWith(".md"))
    return `${path}: ${link} has an anchor, but is no page`;
  return anchors(page(file)).includes(anchor) ? undefined : `${path}: ${link} names no heading of ${file}`;
}

test.each(written.map((each) => [each.path, each] as const))("every relative link of %s resolves", (_, each) => {
  expect(relativeLinks(each).flatMap((link) => fault(each, link) ?? [])).toEqual([]);
});

test("every relative link of the rule pages resolves", () => {
  const links = generated.flatMap((each) => relativeLinks(each).map((link) => ({ each, link })));
  expect(links.length).toBeGreaterThan(50);
  expect(links.flatMap(({ each, link }) => fault(each, link) ?? [])).toEqual([]);
});

test("the index of docs/ names every page", () => {
  const named = relativeLinks(page("docs/README.md"));
  const pages = written.map(({ path }) => path).filter((path) => /^docs\/(?!README)/.test(path));
  expect(pages.map((path) => path.slice("docs/".length)).filter((name) => !named.includes(name))).toEqual([]);
});

test("every file that the architecture names exists", () => {
  const named = codeSpans(page("docs/architecture.md").text).filter((code) =>
    /^[\w./-]+\.(ts|json|mjs)$|^[\w-]+\/[\w-]+\/[\w/-]*$/.test(code),
  );
  // A bare name stands behind the layer that its sentence is about.
  const layers = ["", "intake", "model", "iam", "rules", "findings", "gate"].map((layer) =>
    join("policy-pack/src", layer),
  );
  const found = (file: string) =>
    ["", "components/src", ...layers].some((folder) => existsSync(join(ROOT, folder, file)));
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((file) => !found(file))).toEqual([]);
});

test("anchors are those of GitHub", () => {
  const text = "# One `two`: three\n## What's new?\n## Same\n## Same\n```\n# no heading\n```\n## [link](a.md) – x_y\n";
  expect(anchors({ path: "x.md", text })).toEqual(["one-two-three", "whats-new", "same", "same-1", "link--x_y"]);
});
