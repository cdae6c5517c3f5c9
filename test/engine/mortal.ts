/** Providers that die while an engine runs on them. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startRehearsal } from "../../policy-pack/src/rehearsal";

export interface MortalProviders {
  /** The environment of a run that is to use these providers instead of the engine's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends those that may die at once, as if their processes had been killed. */
  kill(): Promise<void>;
  /** Ends all. */
  close(): Promise<void>;
}

/** Starts providers whose values are known, of which those of `packages` can be killed while the others live on. */
export async function startMortal(...packages: readonly string[]): Promise<MortalProviders> {
  const [lasting, mortal] = await Promise.all([startRehearsal(), startRehearsal()]);
  const addresses = ({ debugProviders }: { readonly debugProviders: string }) =>
    new Map(debugProviders.split(",").map((each) => [each.split(":")[0] ?? "", each]));
  const other = addresses(mortal);
  const used = [...addresses(lasting)].map(([name, own]) => (packages.includes(name) ? (other.get(name) ?? own) : own));
  return {
    env: { PULUMI_DEBUG_PROVIDERS: used.join(",") },
    kill: () => mortal.close(),
    close: async () => {
      await Promise.all([lasting.close(), mortal.close()]);
    },
  };
}

/** Gives `use` an address that a program can call to have `action` done before it goes on. Returns how often it was called. */
export async function onCall(action: () => Promise<void>, use: (url: string) => Promise<unknown>): Promise<number> {
  let calls = 0;
  const server = createServer((_, response) => {
    calls += 1;
    void action().then(() => response.end());
  });
  const { port } = await new Promise<AddressInfo>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server.address() as AddressInfo));
  });
  try {
    await use(`http://127.0.0.1:${String(port)}`);
  } finally {
    server.close();
  }
  return calls;
}
