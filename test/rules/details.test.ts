import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { rules } from "../../policy-pack/src/rules";
import { texts, type Details } from "../support/judgements";

const UPDATE = process.env["UPDATE_GOLDEN"] === "1";
const FOLDER = join(__dirname, "details");
const files = readdirSync(FOLDER).filter((each) => each.endsWith(".ts"));

/**
 * What rules.test.ts leaves open: the words for values that differ little, where the interest lies in the difference between
 * one text and the next, so that they are best read one below the other. Each golden file holds all that the rule says.
 */
describe.each(files.map((each) => basename(each, ".ts")))("%s", (file) => {
  test("each rule tells its near cases apart", async () => {
    const { default: details } = (await import(`./details/${file}`)) as { readonly default: Details };
    for (const [id, stacks] of Object.entries(details)) {
      const rule = rules.find((each) => each.id === id);
      // A file bears the name of a link, with a word more where there are several for one.
      expect({ id, file, link: rule !== undefined && file.startsWith(rule.link) }).toEqual({ id, file, link: true });
      if (!rule) continue;
      const text = texts(rule, stacks);
      const path = join(FOLDER, `${id}.golden`);
      if (UPDATE) writeFileSync(path, text);
      expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
    }
  });
});
