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
