import { Listr, type ListrDefaultRendererLogLevels, ListrLogger, type ListrLogLevels, ProcessOutput } from "listr2";

export interface Task<Result> {
  readonly title: string;
  /** What stands beside the title at its end: "1 violation, 3.2 s". */
  readonly run: () => Promise<{ readonly result: Result; readonly says: string }>;
}

/**
 * Runs tasks at most `bound` at a time and shows them on stderr: live on a terminal, plain lines elsewhere. stdout
 * belongs to the reports.
 */
export async function runTasks<Result>(tasks: readonly Task<Result>[], bound: number): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const log = { useIcons: true, processOutput: new ProcessOutput(process.stderr, process.stderr) };
  const live = process.stderr.isTTY && !process.env["CI"];
  const list = new Listr(
    tasks.map((task, index) => ({
      title: task.title,
      task: async (_: unknown, shown: { title: string }) => {
        const started = Date.now();
        const { result, says } = await task.run();
        results.set(index, result);
        shown.title = `${task.title}: ${says}, ${((Date.now() - started) / 1000).toFixed(1)} s`;
      },
    })),
    {
      concurrent: bound,
      // Signals are the gate's own affair: it stops the engine before it goes.
      registerSignalListeners: false,
      // listr2 looks whether stdout is a terminal, where nothing of this is written.
      forceTTY: live,
      renderer: "default",
      rendererOptions: { logger: new ListrLogger<ListrDefaultRendererLogLevels>(log) },
      fallbackRenderer: "simple",
      fallbackRendererOptions: { logger: new ListrLogger<ListrLogLevels>(log) },
      fallbackRendererCondition: !live,
    },
  );
  await list.run();
  return tasks.flatMap((_, index) => (results.has(index) ? [results.get(index) as Result] : []));
}
