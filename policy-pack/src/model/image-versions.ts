import { texts } from "../facts/lists";
import { compareVersions, isVersion, type RegionVariable } from "./sdk-versions";

/** `registry.k8s.io/autoscaling/cluster-autoscaler:v1.15.3@sha256:…` taken apart. */
export interface ImageReference {
  /** Everything before tag and digest. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Always gives a repository, if only the whole text: a registry's port is not a tag. */
export function parseImage(text: string): ImageReference {
  const parts = text.trim().split("@");
  const [name] = texts(parts);
  const colon = name.lastIndexOf(":");
  const hasTag = colon > name.lastIndexOf("/");
  return {
    repository: hasTag ? name.slice(0, colon) : name,
    tag: hasTag ? name.slice(colon + 1) : undefined,
    digest: parts[1],
  };
}

/** `from` and `to` belong to the range, `below` does not. */
interface BrokenRange {
  readonly from?: string;
  readonly to?: string;
  readonly below?: string;
}

/** A published image that is known not to use web identity before, or within, certain versions. */
export interface KnownImage {
  /** The last part of the repository, which stays when an image is mirrored. */
  readonly name: string;
  readonly broken: readonly BrokenRange[];
  /** The versions to use, in words. */
  readonly advice: string;
  /** Where it is said. */
  readonly source: string;
  /** A command-line tool, rather than a controller. */
  readonly cli: boolean;
  /** False where an image without a version is surely new enough. */
  readonly pin: boolean;
  readonly regionFrom: readonly RegionVariable[] | undefined;
}

const BOTH: readonly RegionVariable[] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

const IMAGES: readonly KnownImage[] = [
  {
    name: "aws-cli",
    broken: [{ below: "1.16.232" }],
    advice: "1.16.232 or newer, or any 2.x",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts-minimum-sdk.html",
    cli: true,
    pin: false,
    regionFrom: ["AWS_DEFAULT_REGION"],
  },
  {
    name: "cluster-autoscaler",
    broken: [{ below: "1.14.6" }, { from: "1.15.0", to: "1.15.5" }],
    advice: "1.14.6 or newer of the 1.14 line, or 1.16 and newer, of the cluster's own minor version",
    source: "https://github.com/kubernetes/autoscaler/issues/2920",
    cli: false,
    pin: true,
    regionFrom: BOTH,
  },
  {
    name: "external-dns",
    broken: [{ below: "0.5.17" }],
    advice: "v0.5.17 or newer",
    source: "https://github.com/kubernetes-sigs/external-dns/releases/tag/v0.5.17",
    cli: false,
    pin: true,
    regionFrom: BOTH,
  },
  {
    name: "velero",
    broken: [{ below: "1.2.0" }],
    advice: "v1.2.0 or newer, with the plugin for AWS",
    source: "https://github.com/vmware-tanzu/velero/issues/2010",
    cli: false,
    pin: true,
    regionFrom: BOTH,
  },
];

/** The known image of a repository: by its last part, so that mirrors in private registries count. */
export function findImage(repository: string): KnownImage | undefined {
  const name = repository.slice(repository.lastIndexOf("/") + 1).toLowerCase();
  return IMAGES.find((each) => each.name === name);
}

/** True when the image of this version is known not to use web identity. A version that cannot be compared is not. */
export function isBroken(image: KnownImage, version: string): boolean {
  return (
    isVersion(version) &&
    image.broken.some(
      ({ from, to, below }) =>
        (from === undefined || compareVersions(version, from) >= 0) &&
        (to === undefined || compareVersions(version, to) <= 0) &&
        (below === undefined || compareVersions(version, below) < 0),
    )
  );
}
