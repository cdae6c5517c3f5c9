import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import { LINKS } from "../../policy-pack/src/rules/rule";
import type { Cases } from "../support/cases";
import { firstPreview, wired } from "../support/stack";

const RULES = join(__dirname, "../rules");

export interface Example {
  readonly name: string;
  readonly stack: Snapshot;
}

/** The stacks of every case of every rule: each shows one fault, or one thing that looks like a fault and is none. */
export async function corpus(): Promise<readonly Example[]> {
  const files = LINKS.flatMap((link) =>
    readdirSync(join(RULES, link))
      .filter((file) => file.endsWith(".cases.ts"))
      .map((file) => ({ file, path: join(RULES, link, file) })),
  );
  const examples = await Promise.all(
    files.map(async ({ file, path }) => {
      const { default: cases } = (await import(path)) as { readonly default: Cases };
      const unverified = "none" in cases.unverified ? [] : cases.unverified;
      return [...cases.invalid, ...cases.valid, ...unverified].map(({ name, stack }) => ({
        name: `${file}: ${name}`,
        stack,
      }));
    }),
  );
  return [{ name: "wired", stack: wired() }, { name: "first preview", stack: firstPreview() }, ...examples.flat()];
}
