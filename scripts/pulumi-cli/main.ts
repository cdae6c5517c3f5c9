/**
 * `node scripts/dist/pulumi-cli/main.js`: provides the Pulumi CLI, with its host for programs in YAML, and prints its path, alone,
 * on stdout.
 */
import { exitOnSignals } from "../run-command";
import { providePulumi } from "./provide";
import { provideYamlHost } from "./yaml-host";

exitOnSignals();

async function main(): Promise<void> {
  const { path, version, how, languageHost } = await providePulumi();
  const from = { path: "on PATH", cache: "from the cache", release: "the official release", go: "built with Go" }[how];
  console.error(`Pulumi CLI v${version}, ${from}; ${languageHost} language host for Node.`);
  // Only programs in YAML need it, so whoever has none of them goes on.
  await provideYamlHost(path).catch(complain);
  console.log(path);
}

function complain(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
}

main().catch((error: unknown) => {
  complain(error);
  process.exitCode = 1;
});
