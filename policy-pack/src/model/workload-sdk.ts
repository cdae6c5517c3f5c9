import { findImage, parseImage } from "./image-versions";
import { textOfEntry } from "./resource";
import { parseDeclaredSdks, SDK_ANNOTATION, type DeclaredSdk, type RegionVariable } from "./sdk-versions";
import type { Container, Workload } from "./types";

/** The SDKs that the pod template declares in its annotation. */
export function declaredSdks(workload: Pick<Workload, "pod">): readonly DeclaredSdk[] {
  const text = textOfEntry(workload.pod.metadata.annotations, SDK_ANNOTATION);
  return text.is === "known" ? parseDeclaredSdks(text.value) : [];
}

export interface RegionReaders {
  /** True when every SDK that is known to be inside takes its region from a variable that is there. */
  readonly served: boolean;
  /** SDKs and images that are known to read only a variable that is missing. */
  readonly starved: readonly string[];
}

/** Who in the container reads which region variable, as far as the annotation and the image tell; undefined when they tell nothing. */
export function regionReaders(
  workload: Pick<Workload, "pod">,
  container: Container,
  present: RegionVariable,
): RegionReaders | undefined {
  const image = container.image.is === "known" ? findImage(parseImage(container.image.value).repository) : undefined;
  const readers = [
    ...declaredSdks(workload).flatMap(({ sdk }) => (sdk ? [{ name: sdk.name, from: sdk.regionFrom }] : [])),
    ...(image ? [{ name: image.name, from: image.regionFrom }] : []),
  ];
  // What is inside may yet turn out to read what is there.
  if (readers.length === 0) return isUndecided(workload, container) ? { served: true, starved: [] } : undefined;
  return {
    served: readers.every((each) => each.from?.includes(present) === true),
    starved: readers.flatMap((each) => (each.from && !each.from.includes(present) ? [each.name] : [])),
  };
}

function isUndecided({ pod }: Pick<Workload, "pod">, { image }: Container): boolean {
  return image.is === "unknown" || textOfEntry(pod.metadata.annotations, SDK_ANNOTATION).is === "unknown";
}
