import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { rules } from "../../policy-pack/src/rules";
import { texts, type Details } from "../support/judgements";

export type { Details };

const UPDATE = process.env["UPDATE_GOLDEN"] === "1";
const FOLDER = join(__dirname, "details");
const links = readdirSync(FOLDER).filter((file) => file.endsWith(".ts"));

/**
 * What rules.test.ts leaves open: the words for values that differ little, where the interest lies in the difference between
 * one text and the next, so that they are best read one below the other. Each golden file holds all that the rule says.
 */
describe.each(links.map((file) => basename(file, ".ts")))("%s", (link) => {
  test("each rule tells its near cases apart", async () => {
    const { default: details } = (await import(`./details/${link}`)) as { readonly default: Details };
    for (const [id, stacks] of Object.entries(details)) {
      const rule = rules.find((each) => each.id === id);
      expect({ id, link: rule?.link }).toEqual({ id, link });
      if (!rule) continue;
      const text = texts(rule, stacks);
      const path = join(FOLDER, `${id}.golden`);
      if (UPDATE) writeFileSync(path, text);
      expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
    }
  });
});
