/**
 * Takes the place of `@pulumi/policy` in the single file. The SDK's own `PolicyPack` reads its version from the
 * package.json of the current folder, which for an executable pack is the user's program.
 */
import { Server } from "@grpc/grpc-js";
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

type ConfigureStack = (call: { readonly request: { getDryRun(): boolean } }, callback: unknown) => void;

/** Serves the pack to the engine that started this process, and prints the port. */
export class PolicyPack {
  constructor(
    readonly name: string,
    args: PolicyPackArgs,
    initialConfig?: PolicyPackConfig,
  ) {
    tellDryRun();
    serve(name, PACK_VERSION, args.enforcementLevel ?? "advisory", args, initialConfig);
  }
}

/**
 * The Node language host tells a pack by a variable of its environment whether it sees a preview. An executable pack is
 * told by the engine's first call alone (ConfigureStack), which the SDK's server does not pass on to policies.
 */
function tellDryRun(): void {
  const { addService } = Server.prototype;
  Server.prototype.addService = function (service, handlers) {
    const configureStack = handlers["configureStack"] as ConfigureStack;
    const telling: ConfigureStack = (call, callback) => {
      process.env["PULUMI_NODEJS_DRY_RUN"] = String(call.request.getDryRun());
      configureStack(call, callback);
    };
    addService.call(this, service, { ...handlers, configureStack: telling });
  };
}
