import type { ReportPlace, StackReport } from "../report";
import { commandProperty, commandText } from "./escape";
import { detailLines, type Reporter } from "./words";

type Command = "error" | "warning" | "notice";

/** Workflow commands that GitHub shows as annotations at the line of the program. */
export const githubReporter: Reporter = ({ stacks, decision }, { fails }) => {
  const lines = stacks.flatMap((stack) => [
    ...(stack.error === undefined ? [] : [command("error", "irsa-gate", stack.error, undefined, stack)]),
    ...[...stack.findings]
      .sort((a, b) => Number(fails(b)) - Number(fails(a)))
      .map((finding) => {
        const kind = fails(finding) ? "error" : finding.known ? "notice" : "warning";
        return command(kind, finding.rule, [finding.says, ...detailLines(finding)].join("\n"), finding.at, stack);
      }),
    ...stack.unverified.map(({ says, at }) => command("notice", "irsa-unverified", says, at, stack)),
    ...stack.notRehearsed.map(({ what, why }) =>
      command("notice", "not rehearsed", `${what}: ${why}`, undefined, stack),
    ),
  ]);
  const summary = command(
    decision.exitCode === 0 ? "notice" : "error",
    "irsa-gate",
    decision.says,
    undefined,
    undefined,
  );
  return [...lines, summary].map((line) => `${line}\n`).join("");
};

function command(
  kind: Command,
  title: string,
  message: string,
  place: ReportPlace | undefined,
  stack: StackReport | undefined,
): string {
  const position = place?.position;
  const file = position?.file ?? (stack?.directory ? `${stack.directory}/Pulumi.yaml` : undefined);
  const properties = [
    ...(file === undefined ? [] : [`file=${commandProperty(file)}`, `line=${position?.line ?? 1}`]),
    ...(position === undefined ? [] : [`col=${position.column}`]),
    `title=${commandProperty(title)}`,
  ];
  return `::${kind} ${properties.join(",")}::${commandText(message)}`;
}
