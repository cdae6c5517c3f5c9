import junit from "junit-report-builder";
import { detailLines, positionWords, type Reporter, stackWords } from "./words";

/**
 * One suite for each stack; one case for each chain and each finding. What fails the gate is a failure, what was not
 * verified is skipped, what could not be judged is an error.
 */
export const junitReporter: Reporter = ({ stacks }, { fails }) => {
  const builder = junit.newBuilder();
  builder.name("irsa-gate");
  for (const stack of stacks) {
    const suite = builder.testSuite().name(stackWords(stack));
    const test = (name: string, of: string) =>
      suite.testCase().className(`${stack.project}.${stack.stack}.${of}`).name(name);
    if (stack.error !== undefined) test("preview", "irsa-gate").error(stack.error, "not judged", stack.error);
    for (const { title, verdict } of stack.chains) {
      const checked = test(`chain ${title}`, "chain");
      if (verdict === "unverified") checked.skipped();
    }
    for (const finding of stack.findings) {
      const { rule, says, at } = finding;
      // The end of a CDATA section inside one: the builder breaks up only the first.
      const body = [says, ...detailLines(finding), positionWords(at)]
        .filter(Boolean)
        .join("\n")
        .replaceAll("]]>", "]] >");
      const found = test(`${rule} at ${at.resource}`, rule);
      if (at.position !== undefined) found.file(at.position.file);
      if (fails(finding)) found.failure(says, finding.level).stacktrace(body);
      else found.standardOutput(body);
    }
    for (const { says, at } of stack.unverified)
      test(`not verified: ${at.resource}`, "irsa-unverified").standardOutput(says).skipped();
    for (const { what, why } of stack.notRehearsed)
      test(`not rehearsed: ${what}`, "rehearsal").standardOutput(why).skipped();
  }
  return `${builder.build()}\n`;
};
