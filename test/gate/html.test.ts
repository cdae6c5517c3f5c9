import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { INSTALL_TIMEOUT_MS, openPage, type Page, provideChromium } from "./chromium";
import { render, richReport } from "./support";

jest.setTimeout(60_000);

let folder: string;
let page: Page;

beforeAll(() => {
  provideChromium();
}, INSTALL_TIMEOUT_MS);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "irsa-gate-html-"));
  const file = join(folder, "irsa.html");
  writeFileSync(file, render("html", richReport()));
  page = await openPage(pathToFileURL(file).href);
});

afterEach(async () => {
  await page.close();
  rmSync(folder, { recursive: true, force: true });
});

const shown = (selector: string) =>
  page.evaluate<number>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((each) => each.offsetParent !== null).length`,
  );
const change = (script: string) =>
  page.evaluate(`(() => { ${script}; document.querySelector("form").dispatchEvent(new Event("change")); })()`);

test("opens without a complaint and asks the network for nothing", async () => {
  expect(await page.evaluate("document.title")).toBe("irsa-gate: Not judged: failed/dev.");
  expect(page.complaints).toEqual([]);
});

test("filters by verdict and by rule, and says how much is left", async () => {
  const said = () => page.evaluate<string>(`document.getElementById("shown").textContent`);
  expect([await shown(".finding"), await said()]).toEqual([3, "3 findings in 7 cards shown"]);
  await change(`document.querySelector("input[value=advisory]").checked = false`);
  expect([await shown(".finding"), await shown(".finding[data-verdict=advisory]")]).toEqual([1, 0]);
  await change(
    `document.querySelector("input[value=advisory]").checked = true; document.querySelector("select").value = "workload-root"`,
  );
  expect([await shown(".finding"), await shown(".card"), await said()]).toEqual([1, 1, "1 finding in 1 card shown"]);
});

test("the filter is worked with the keyboard", async () => {
  await page.press("Tab", 9);
  expect(await page.evaluate("document.activeElement.value")).toBe("violation");
  await page.press(" ", 32);
  expect(await shown(".finding[data-verdict=violation]")).toBe(0);
});

test("the picture has each party of the chain in its order, and the broken link between role and provider", async () => {
  const picture = await page.evaluate<{
    labels: string[];
    order: boolean;
    broken: string[];
    overlaps: number;
  }>(`(() => {
    const svg = document.querySelector("svg");
    const boxes = [...svg.querySelectorAll("rect")].map((rect) => rect.getBBox());
    const overlaps = boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
      a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)).length;
    return {
      labels: [...svg.querySelectorAll(".node > title")].map((title) => title.textContent),
      order: boxes.slice(0, 5).every((box, i, all) => i === 0 || all[i - 1].x < box.x),
      broken: [...svg.querySelectorAll(".link.violation > title")].map((title) => title.textContent),
      overlaps,
    };
  })()`);
  expect(picture).toEqual({
    labels: [
      "Deployment api",
      "ServiceAccount shop/api",
      "IAM role api-irsa",
      "OIDC provider shop",
      "EKS cluster shop",
      "permissions (1)",
    ],
    order: true,
    broken: ["broken: the role's trust policy admits the account"],
    overlaps: 0,
  });
});

test("every text of the picture fits its box", async () => {
  const outside = await page.evaluate<number>(`[...document.querySelectorAll("svg .node")].filter((node) => {
    const box = node.querySelector("rect").getBBox();
    return [...node.querySelectorAll("text")].some((text) => text.getBBox().x + text.getBBox().width > box.x + box.width);
  }).length`);
  expect(outside).toBe(0);
});

test.each([
  [1400, "light", "wide"],
  [1400, "dark", "wide"],
  [800, "light", "tall"],
  [800, "dark", "tall"],
  [400, "light", "tall"],
  [400, "dark", "tall"],
] as const)(
  "%s pixels wide in %s nothing scrolls sideways, and each picture is shown once",
  async (width, scheme, form) => {
    await page.view(width, scheme);
    const seen = await page.evaluate<{ sideways: readonly string[]; forms: readonly string[]; least: number }>(`(() => {
    const luminance = (color) => {
      const [r, g, b] = color.match(/[0-9.]+/g).map(Number).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const page = luminance(getComputedStyle(document.body).backgroundColor);
    const contrast = (color) => {
      const [a, b] = [luminance(color), page].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05);
    };
    const texts = [...document.querySelectorAll("h1,.dim,.says,dt,.badge")].map((each) => contrast(getComputedStyle(each).color));
    return {
      sideways: [document.documentElement, ...document.querySelectorAll("body *")]
        .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0 && each.tagName !== "SELECT")
        .map((each) => each.tagName),
      forms: [...document.querySelectorAll("svg")].filter((each) => each.getBoundingClientRect().width > 0).map((each) => each.getAttribute("class")),
      least: Math.min(...texts),
    };
  })()`);
    expect(seen).toMatchObject({ sideways: [], forms: [form, form, form] });
    // What WCAG asks of text of this size.
    expect(seen.least).toBeGreaterThanOrEqual(4.5);
    expect(page.complaints).toEqual([]);
  },
);

test("from top to bottom the parties stand in their order, none over another", async () => {
  await page.view(400, "light");
  const { labels, overlaps, outside } = await page.evaluate<{
    labels: readonly string[];
    overlaps: number;
    outside: number;
  }>(`(() => {
    const svg = document.querySelector("svg.tall");
    const nodes = [...svg.querySelectorAll(".node")];
    const boxes = nodes.map((node) => node.querySelector("rect").getBBox());
    const hits = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    const marks = [...svg.querySelectorAll("circle")].map((circle) => circle.getBBox());
    return {
      labels: nodes.map((node) => node.querySelector("title").textContent),
      overlaps: boxes.flatMap((a, i) => [...boxes.slice(i + 1), ...marks].filter((b) => hits(a, b))).length,
      outside: nodes.filter((node, i) => [...node.querySelectorAll("text")].some((text) => text.getBBox().x + text.getBBox().width > boxes[i].x + boxes[i].width)).length,
    };
  })()`);
  expect({ labels, overlaps, outside }).toEqual({
    labels: [
      "Deployment api",
      "ServiceAccount shop/api",
      "IAM role api-irsa",
      "permissions (1)",
      "OIDC provider shop",
      "EKS cluster shop",
    ],
    overlaps: 0,
    outside: 0,
  });
});

test("those who hear it get the chain in words, and names for every control", async () => {
  const heard = await page.evaluate<{ role: string; description: string; unnamed: number }>(`(() => {
    const svg = document.querySelector("svg");
    const controls = [...document.querySelectorAll("input,select,button,article")];
    return {
      role: svg.getAttribute("role"),
      description: document.getElementById(svg.getAttribute("aria-labelledby").split(" ")[1]).textContent,
      unnamed: controls.filter((each) => !(each.labels?.length || each.textContent.trim())).length,
    };
  })()`);
  expect(heard).toMatchObject({ role: "img", unnamed: 0 });
  expect(heard.description).toContain("IAM role api-irsa to OIDC provider shop: broken.");
});

test("is drawn", async () => {
  // A blank page of this size is a tenth of it.
  const picture = await page.screenshot();
  expect(picture.length).toBeGreaterThan(40_000);
});
