import { partitionOfRegion } from "../facts/issuer";
import { partitionOf, type BoundWorkload } from "./workload-bound";
import { literal, setVariable, type Environment } from "./workload-env";
import { regionReaders } from "./workload-sdk";
import type { Container } from "./types";

/** The partition of AWS China. */
export const CHINA = "aws-cn";

/**
 * no region: a value that is a zone, or a region without its number. partition: values of another partition than the role's. differ: two unlike values. partial: one without the other, which
 * `starved` are known to read. both missing: neither, in China, where the webhook adds them but AWS's guide asks for them.
 */
export type RegionFault =
  | { readonly kind: "partition"; readonly names: readonly string[]; readonly value: string }
  | {
      readonly kind: "no region";
      readonly names: readonly string[];
      readonly value: string;
      readonly needed: string | undefined;
    }
  | { readonly kind: "differ"; readonly region: string; readonly defaultRegion: string }
  | {
      readonly kind: "partial";
      readonly set: string;
      readonly other: string;
      readonly value: string;
      readonly starved: readonly string[];
    }
  | { readonly kind: "both missing" };

export interface RegionFinding {
  /** Path of the variable; empty where none is there. */
  readonly path: string;
  /** True when it fails whatever the image is built with, or with what it is known to be built with. */
  readonly certain: boolean;
  readonly fault: RegionFault;
}

/** What is wrong with the region variables of a container whose environment is known whole; undefined where nothing is. */
export function regionFault(
  bound: BoundWorkload,
  container: Container,
  environment: Environment,
): RegionFinding | undefined {
  const partition = partitionOf(bound);
  const { all, written } = environment;
  const [region, defaultRegion] = [all.get("AWS_REGION"), all.get("AWS_DEFAULT_REGION")];
  const values = {
    AWS_REGION: literal(environment, "AWS_REGION"),
    AWS_DEFAULT_REGION: literal(environment, "AWS_DEFAULT_REGION"),
  };
  const [misread] = Object.entries(values).filter(([, value]) => value !== undefined && isNoRegion(value));
  if (misread?.[1] !== undefined) {
    const [name, value] = misread;
    const names = Object.entries(values).flatMap((each) => (each[1] === value ? [each[0]] : []));
    const zoned = /^(.*-\d+)[a-z]$/.exec(value)?.[1];
    const fault = { kind: "no region", names, value, needed: zoned } as const;
    return { path: all.get(name)?.path ?? container.path, certain: false, fault };
  }
  const foreign = Object.entries(values).filter(([, value]) => isForeign(value, partition));
  const [wrong] = foreign;
  if (wrong?.[1] !== undefined) {
    const [name, value] = wrong;
    const names = foreign.filter((each) => each[1] === value).map((each) => each[0]);
    const path = all.get(name)?.path ?? container.path;
    // With one variable right, or of a value that is not known yet, an SDK that reads that one is well.
    const present = Object.keys(values).filter((each) => setVariable(environment, each) !== undefined);
    const certain = foreign.length === present.length;
    return {
      path,
      certain,
      fault: { kind: "partition", names, value },
    };
  }
  if (values.AWS_REGION && values.AWS_DEFAULT_REGION && values.AWS_REGION !== values.AWS_DEFAULT_REGION)
    return {
      path: region?.path ?? "",
      certain: false,
      fault: { kind: "differ", region: values.AWS_REGION, defaultRegion: values.AWS_DEFAULT_REGION },
    };
  if (region && defaultRegion) return undefined;
  if (!region && !defaultRegion)
    return partition === CHINA ? { path: "", certain: false, fault: { kind: "both missing" } } : undefined;
  const [set, other] = region
    ? (["AWS_REGION", "AWS_DEFAULT_REGION"] as const)
    : (["AWS_DEFAULT_REGION", "AWS_REGION"] as const);
  const present = all.get(set);
  const readers = regionReaders(bound.workload, container, set);
  // What envFrom brings is not seen by the webhook: it adds both.
  if (!present || !written.has(set) || readers?.served) return undefined;
  // Which of the two an image reads is mostly its own secret, and most read what they are given: only a known reader of the
  // missing one tells a fault from a habit. China is the exception, since AWS asks for both there.
  const starved = [...new Set(readers?.starved)];
  if (partition !== CHINA && starved.length === 0) return undefined;
  return {
    path: present.path,
    certain: partition === CHINA && starved.length > 0,
    fault: { kind: "partial", set, other, value: values[set] ?? regionOf(bound) ?? "the same region", starved },
  };
}

/** A zone (`eu-west-1a`), or the beginning of a region's name; other words may be regions of another cloud or of a store in the cluster. */
function isNoRegion(text: string): boolean {
  if (text.length > 64) return false;
  return /^[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d+[a-z]$|^(?:us|eu|ap|sa|ca|me|af|cn)-(?:north|south|east|west|central)+$/.test(
    text,
  );
}

function isForeign(region: string | undefined, partition: string | undefined): boolean {
  const own = region === undefined ? undefined : partitionOfRegion(region);
  return own !== undefined && partition !== undefined && own !== partition;
}

/** The region of the cluster, where this stack tells. */
export function regionOf({ binding }: BoundWorkload): string | undefined {
  const region = binding.cluster.how === "unresolved" ? undefined : binding.cluster.to.scope.region;
  return region?.is === "known" ? region.value : undefined;
}
