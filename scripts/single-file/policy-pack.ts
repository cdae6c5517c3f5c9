/**
 * Takes the place of `@pulumi/policy` in the single file. The SDK's own `PolicyPack` reads its version from the
 * package.json of the current folder, which for an executable pack is the user's program.
 */
import type { PolicyPackArgs, PolicyPackConfig } from "@pulumi/policy";

type Serve = (
  name: string,
  version: string,
  enforcementLevel: string,
  args: PolicyPackArgs,
  initialConfig: PolicyPackConfig | undefined,
) => void;
const { serve } = require("@pulumi/policy/server") as { readonly serve: Serve };

/** Version of the pack's package; set where the file is built. */
declare const PACK_VERSION: string;

/** Serves the pack to the engine that started this process, and prints the port. */
export class PolicyPack {
  constructor(
    readonly name: string,
    args: PolicyPackArgs,
    initialConfig?: PolicyPackConfig,
  ) {
    serve(name, PACK_VERSION, args.enforcementLevel ?? "advisory", args, initialConfig);
  }
}
