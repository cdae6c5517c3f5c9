import { texts } from "../facts/lists";
import { nearest } from "../facts/did-you-mean";

/** A region variable of AWS SDKs. */
export type RegionVariable = "AWS_REGION" | "AWS_DEFAULT_REGION";

/** An AWS SDK as `eks-irsa.dev/sdk` names it. */
interface Sdk {
  readonly name: string;
  /** What people call it in package managers. */
  readonly aliases: readonly string[];
  /** The first version that can use web identity, as Amazon EKS documents it; undefined where every version can. */
  readonly minimum: string | undefined;
  /** The variables it takes its region from; undefined where no source was read for it. */
  readonly regionFrom: readonly RegionVariable[] | undefined;
}

/**
 * Source of the minimums: Amazon EKS User Guide, "Use IRSA with the AWS SDK" (minimum SDK versions). Of the region variables:
 * botocore's configprovider.py (AWS_DEFAULT_REGION alone) and aws-sdk-go-v2's config/env_config.go (both).
 */
const SDKS: readonly Sdk[] = [
  sdk("boto3", [], "1.9.220", ["AWS_DEFAULT_REGION"]),
  sdk("botocore", [], "1.12.200", ["AWS_DEFAULT_REGION"]),
  sdk("aws-cli", ["awscli"], "1.16.232", ["AWS_DEFAULT_REGION"]),
  sdk("aws-sdk-java", ["com.amazonaws:aws-java-sdk", "aws-java-sdk"], "1.11.704"),
  sdk("aws-sdk-java-v2", ["software.amazon.awssdk", "software.amazon.awssdk:sts"], "2.10.11"),
  sdk("aws-sdk-go", ["github.com/aws/aws-sdk-go"], "1.23.13"),
  sdk("aws-sdk-go-v2", ["github.com/aws/aws-sdk-go-v2"], undefined, ["AWS_REGION", "AWS_DEFAULT_REGION"]),
  sdk("aws-sdk-js", ["aws-sdk"], "2.525.0"),
  sdk("aws-sdk-js-v3", ["@aws-sdk/client-sts", "@aws-sdk/credential-providers"], "3.27.0"),
  sdk("aws-sdk-ruby", ["aws-sdk-core"], "3.58.0"),
  sdk("aws-sdk-cpp", [], "1.7.174"),
  sdk("aws-sdk-net", ["awssdk.core", "awssdk.securitytoken"], "3.3.659.1"),
  sdk("aws-sdk-php", ["aws/aws-sdk-php"], "3.110.7"),
];

function sdk(name: string, aliases: readonly string[], minimum?: string, regionFrom?: readonly RegionVariable[]): Sdk {
  return { name, aliases, minimum, regionFrom };
}

/** The SDK of a name or alias, whatever its letters' case; undefined for others. */
function findSdk(name: string): Sdk | undefined {
  const wanted = name.trim().toLowerCase();
  return SDKS.find((each) => each.name === wanted || each.aliases.includes(wanted));
}

/** The SDK that a misspelt name probably means. */
export function nearestSdk(name: string): string | undefined {
  return nearest(
    name.trim().toLowerCase(),
    SDKS.flatMap((each) => [each.name, ...each.aliases]),
  );
}

/** The names that the annotation may use. */
export function sdkNames(): readonly string[] {
  return SDKS.map((each) => each.name);
}

/** One entry of the annotation `eks-irsa.dev/sdk`: `boto3@1.9.0`. */
export interface DeclaredSdk {
  readonly text: string;
  /** Undefined for a name that no SDK has. */
  readonly sdk: Sdk | undefined;
  /** Undefined where the text holds no version that can be compared. */
  readonly version: string | undefined;
}

/** The annotation on a pod template in which a program says what its image is built with: names with versions, comma-separated. */
export const SDK_ANNOTATION = "eks-irsa.dev/sdk";

/** The entries of the annotation; empty ones are passed over. The version stands after the last `@`, since npm names begin with one. */
export function parseDeclaredSdks(text: string): readonly DeclaredSdk[] {
  return text.split(",").flatMap((part) => {
    const entry = part.trim();
    if (entry === "") return [];
    const at = entry.lastIndexOf("@");
    const name = at > 0 ? entry.slice(0, at) : entry;
    const version = at > 0 ? entry.slice(at + 1) : "";
    return [{ text: entry, sdk: findSdk(name), version: isVersion(version) ? version : undefined }];
  });
}

const VERSION = /^v?(\d{1,9}(?:\.\d{1,9}){0,4})(?=$|[-+_.])/;

/** True for text that begins with a version, `v` or not: `1.15.3`, `v1.15.3`, `2.10.11-alpine`. A commit's hash is none. */
export function isVersion(text: string): boolean {
  return VERSION.test(text.trim());
}

/**
 * Less than, equal to or greater than zero, as `version` is older than, the same as or newer than `than`. A version that says
 * less (`1.9`) stands for the newest of its kind; what follows the numbers counts for nothing.
 */
export function compareVersions(version: string, than: string): number {
  const left = numbers(version);
  for (const [index, wanted] of numbers(than).entries()) {
    const difference = (left[index] ?? Infinity) - wanted;
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): readonly number[] {
  return texts(VERSION.exec(version.trim()))[1].split(".").map(Number);
}
