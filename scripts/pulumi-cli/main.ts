/** `node scripts/dist/pulumi-cli/main.js`: provides the Pulumi CLI and prints its path, alone, on stdout. */
import { exitOnSignals } from "../run-command";
import { providePulumi } from "./provide";

exitOnSignals();

providePulumi().then(
  ({ path, version, how, languageHost }) => {
    const from = { path: "on PATH", cache: "from the cache", release: "the official release", go: "built with Go" }[
      how
    ];
    console.error(`Pulumi CLI v${version}, ${from}; ${languageHost} language host for Node.`);
    console.log(path);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
