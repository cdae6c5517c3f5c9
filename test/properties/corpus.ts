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

/** The cases of every rule. */
async function allCases(): Promise<readonly { readonly file: string; readonly cases: Cases }[]> {
  const files = LINKS.flatMap((link) =>
    readdirSync(join(RULES, link))
      .filter((file) => file.endsWith(".cases.ts"))
      .map((file) => ({ file, path: join(RULES, link, file) })),
  );
  return Promise.all(
    files.map(async ({ file, path }) => ({
      file,
      cases: ((await import(path)) as { readonly default: Cases }).default,
    })),
  );
}

/** The stacks of every case of every rule: each shows one fault, or one thing that looks like a fault and is none. */
export async function corpus(): Promise<readonly Example[]> {
  const examples = (await allCases()).flatMap(({ file, cases: { invalid, valid, unverified } }) =>
    [...invalid, ...valid, ...("none" in unverified ? [] : unverified)].map(({ name, stack }) => ({
      name: `${file}: ${name}`,
      stack,
    })),
  );
  return [{ name: "wired", stack: wired() }, { name: "first preview", stack: firstPreview() }, ...examples];
}

/** The rules that have nothing to say of what is not known; their cases give the reason. */
export async function silentRules(): Promise<ReadonlySet<string>> {
  const all = await allCases();
  return new Set(all.flatMap(({ cases: { rule, unverified } }) => ("none" in unverified ? [rule.id] : [])));
}
