import { Server } from "@grpc/grpc-js";

type ConfigureStack = (call: { readonly request: { getDryRun(): boolean } }, callback: unknown) => void;

let told: boolean | undefined;
let watching = false;

/**
 * Whether the engine previews. It says so in its first call (ConfigureStack), which the SDK's server does not pass on to
 * policies; the official Node language host also sets a variable for the packs that it starts, but nobody does for an
 * executable pack. True only once one of them has said so.
 */
export function isDryRun(): boolean {
  return told ?? process.env["PULUMI_NODEJS_DRY_RUN"] === "true";
}

/** Begins to listen; to be called before the pack is served. */
export function watchDryRun(): void {
  if (watching) return;
  watching = true;
  const addService = Object.getOwnPropertyDescriptor(Server.prototype, "addService")?.value as
    typeof Server.prototype.addService | undefined;
  if (!addService) return;
  Server.prototype.addService = function (service, handlers) {
    const configureStack = handlers["configureStack"] as ConfigureStack | undefined;
    const listening: ConfigureStack = (call, callback) => {
      told = call.request.getDryRun();
      configureStack?.(call, callback);
    };
    addService.call(this, service, configureStack ? { ...handlers, configureStack: listening } : handlers);
  };
}
