import { withHonestEdges } from "./edges";
import { hide, placesOf } from "./leaves";
import { mutate } from "./mutate";
import { buildStack } from "./stacks";
import { brief, judge } from "./verdicts";
test("dbg", () => {
  const [plan, faults, where] = JSON.parse(process.env["CX"] ?? "[]");
  const stack = withHonestEdges(mutate(buildStack(plan, "known"), faults));
  const hs = placesOf(stack).filter(({ part, path, value }) => value !== "" && value !== null && !(part === "outputs" && path[0] === "id"));
  const places = where.map((w: number) => hs[w % hs.length]!);
  console.log(JSON.stringify(places.map((p: any) => [p.urn.split("::").slice(2).join(" "), p.part, p.path.join("."), JSON.stringify(p.value).slice(0, 300)]), null, 1));
  console.log("BEFORE", judge(stack).findings.map(brief), judge(stack).unverified.map((u) => u.says));
  for (const p of places) console.log("ONE", p.path.join("."), judge(hide(stack, p)).findings.map(brief));
  console.log("ALL", judge(places.reduce(hide, stack)).findings.map(brief));
});
