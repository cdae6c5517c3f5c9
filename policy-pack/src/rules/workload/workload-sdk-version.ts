import { knownValueOr } from "../../facts/fact";
import { findImage, isBroken, parseImage, type KnownImage } from "../../model/image-versions";
import { compareVersions, nearestSdk, SDK_ANNOTATION, sdkNames, type DeclaredSdk } from "../../model/sdk-versions";
import type { Container } from "../../model/types";
import { boundWorkloads, containerSubject } from "../../model/workload-bound";
import { declaredSdks } from "../../model/workload-sdk";
import { capital, didYouMean, quote } from "../../facts/words";
import { defineRule } from "../rule";

type Data = { readonly subject: string } & (
  | { readonly kind: "image"; readonly image: string; readonly known: KnownImage }
  | { readonly kind: "unpinned"; readonly image: string; readonly known: KnownImage }
  | { readonly kind: "sdk"; readonly declared: DeclaredSdk; readonly minimum: string }
  | { readonly kind: "unreadable"; readonly declared: DeclaredSdk }
);

export default defineRule<Data>({
  id: "workload-sdk-version",
  link: "workload",
  severity: "medium",
  level: "advisory",
  summary: "Images and SDKs are new enough to use web identity.",
  why: 'An older SDK passes over AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE and goes on to the node: "AccessDenied" then names the node\'s role.',
  articleStep: 8,
  references: ["https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts-minimum-sdk.html"],
  *check(model) {
    for (const { workload, annotation } of boundWorkloads(model)) {
      const found = (path: string, data: Data) =>
        ({ verdict: "violation", at: { urn: workload.urn, path }, related: [annotation], data }) as const;
      const path = `${workload.pod.metadataPath}.annotations[${JSON.stringify(SDK_ANNOTATION)}]`;
      for (const declared of declaredSdks(workload)) {
        const { sdk, version } = declared;
        if (!sdk || version === undefined) yield found(path, { subject: workload.title, kind: "unreadable", declared });
        else if (sdk.minimum !== undefined && compareVersions(version, sdk.minimum) < 0)
          yield found(path, { subject: workload.title, kind: "sdk", declared, minimum: sdk.minimum });
      }
      const { containers } = workload.pod;
      for (const container of knownValueOr(containers, [])) {
        const judged = judgeImage(container);
        if (judged)
          yield found(`${container.path}.image`, { subject: containerSubject(container, workload), ...judged });
      }
    }
  },
  explain: (data) => {
    const subject = capital(data.subject);
    switch (data.kind) {
      case "image":
        return {
          says: `${subject} runs image ${quote(data.image)}, which cannot use web identity; it takes ${data.known.advice}.`,
          fix: `Use ${data.known.name} ${data.known.advice} (${data.known.source}).`,
        };
      case "unpinned":
        return {
          says: `${subject} runs image ${quote(data.image)}, whose tag does not say a version; web identity takes ${data.known.advice}.`,
          why: "Whether the image can use the role depends on the node's cache and on the day it was pulled.",
          fix: `Give ${data.known.name} the tag of a version: ${data.known.advice}.`,
        };
      case "sdk":
        return {
          says: `${subject} declares ${quote(data.declared.text)}, which cannot use web identity; it takes ${quote(data.minimum)} or newer.`,
          fix: `Build the image with ${data.declared.sdk?.name ?? ""} ${data.minimum} or newer, and write its version into the annotation "${SDK_ANNOTATION}".`,
        };
      case "unreadable": {
        const { sdk, text } = data.declared;
        const legal = `<name>@<version>, with one of ${sdkNames().join(", ")}`;
        return {
          says: sdk
            ? `${subject} declares ${quote(text)} in "${SDK_ANNOTATION}", which names no version.`
            : `${subject} declares ${quote(text)} in "${SDK_ANNOTATION}", which is no AWS SDK.${didYouMean(nearestSdk(nameOf(text)))}`,
          why: "The declaration is there to be compared with the first version that can use web identity, and cannot be.",
          fix: `Write ${legal}; for example "boto3@1.34.0".`,
        };
      }
    }
  },
});

/** A digest alone pins an image well, but says no version: that is no fault. */
function judgeImage(
  container: Container,
): { readonly kind: "image" | "unpinned"; readonly image: string; readonly known: KnownImage } | undefined {
  if (container.image.is !== "known") return undefined;
  const image = container.image.value;
  const { repository, tag, digest } = parseImage(image);
  const known = findImage(repository);
  if (!known) return undefined;
  if (tag !== undefined && isBroken(known, tag)) return { kind: "image", image, known };
  const floating = digest === undefined && (tag === undefined || tag === "latest");
  return floating && known.pin ? { kind: "unpinned", image, known } : undefined;
}

/** The name in `name@version`; a scope's own `@` stands first. */
function nameOf(text: string): string {
  const at = text.indexOf("@", 1);
  return at < 0 ? text : text.slice(0, at);
}
