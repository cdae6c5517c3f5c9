import { partitionOfRegion } from "../../facts/issuer";
import type { Container } from "../../model/types";
import {
  boundWorkloads,
  containerSubject,
  isPassedOver,
  mutableContainers,
  partitionOf,
  type BoundWorkload,
} from "../../model/workload-bound";
import { environmentOf } from "../../model/workload-env";
import { CHINA, regionFault, regionOf, type RegionFault } from "../../model/workload-region";
import { missingRegionVariables } from "../../model/workload-region-edits";
import { capital, enumerate, quote, quoteAll } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly subject: string;
  readonly identity: string;
  readonly partition: string | undefined;
  readonly region: string | undefined;
  readonly fault: RegionFault;
}

export default defineRule<Data>({
  id: "workload-region-missing",
  link: "workload",
  severity: "medium",
  level: "mandatory",
  summary: "A container sets both region variables or neither, for its own partition; in China it sets both.",
  why: "The webhook sets AWS_REGION and AWS_DEFAULT_REGION, but only in a container that defines neither. An SDK that reads the one which is missing has no region.",
  articleStep: 12,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html",
    "https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html",
    "https://github.com/aws/amazon-eks-pod-identity-webhook",
  ],
  *check(model) {
    for (const bound of boundWorkloads(model)) {
      const { workload, identity, annotation } = bound;
      const containers = mutableContainers(workload);
      if (containers.is !== "known" || !bound.whole) continue;
      const partition = partitionOf(bound);
      const region = regionOf(bound);
      const bare: Container[] = [];
      for (const container of containers.value) {
        const environment = environmentOf(container);
        if (environment.is !== "known" || !environment.value.complete) continue;
        if (isPassedOver(workload, container, model.config.annotationPrefix)) continue;
        const found = regionFault(bound, container, environment.value);
        if (!found) continue;
        if (found.fault.kind === "both missing") {
          if (container.kind === "container") bare.push(container);
        } else
          yield {
            verdict: "violation",
            at: { urn: workload.urn, path: found.path },
            related: [annotation],
            level: found.certain ? "mandatory" : "advisory",
            data: { subject: containerSubject(container, workload), identity, partition, region, fault: found.fault },
          };
      }
      const [first] = bare;
      if (first)
        yield {
          verdict: "violation",
          at: { urn: workload.urn, path: `${first.path}.env` },
          related: [annotation],
          level: "advisory",
          data: { subject: subjectOf(bare, bound), identity, partition, region, fault: { kind: "both missing" } },
        };
    }
  },
  mend: missingRegionVariables,
  explain: ({ subject, identity, partition, region, fault }) => {
    const inChina = '"cn-north-1" or "cn-northwest-1"';
    const wanted = region ? quote(region) : partition === CHINA ? inChina : "the region of the cluster";
    const symptom =
      partition === CHINA
        ? 'Without a region the SDK asks an endpoint outside China: "InvalidClientTokenId: The security token included in the request is invalid", or "No OpenIDConnect provider found in your account".'
        : undefined;
    switch (fault.kind) {
      case "partition":
        return {
          says: `${subject} sets ${quoteAll(fault.names)} to ${quote(fault.value)}, a region of partition ${quote(partitionOfRegion(fault.value) ?? "")}, but ${identity} is in ${quote(partition ?? "")}.`,
          why: 'STS of another partition does not know the role\'s account: "InvalidIdentityToken: No OpenIDConnect provider found in your account".',
          fix: `Set ${quoteAll(fault.names)} to ${wanted}.`,
        };
      case "no region":
        return {
          says: `${subject} sets ${quoteAll(fault.names)} to ${quote(fault.value)}, which is no region.`,
          why: 'The SDK makes an endpoint of it that does not exist: "Could not connect to the endpoint URL: https://sts.<region>.amazonaws.com/".',
          fix: `Set ${quoteAll(fault.names)} to ${fault.needed ? quote(fault.needed) : wanted}.`,
        };
      case "differ":
        return {
          says: `${subject} sets "AWS_REGION" to ${quote(fault.region)} and "AWS_DEFAULT_REGION" to ${quote(fault.defaultRegion)}.`,
          why: "SDKs do not agree on which of the two they read: boto3 and the AWS CLI read only AWS_DEFAULT_REGION, others prefer AWS_REGION.",
          fix: `Set both to one region, for example ${wanted}.`,
        };
      case "partial":
        return {
          says: `${subject} sets "${fault.set}" without "${fault.other}"${fault.starved.length > 0 ? `, which is what ${enumerate(fault.starved)} ${fault.starved.length > 1 ? "read" : "reads"}` : ""}.`,
          why: `The webhook then adds neither of the two, so an SDK that reads only ${fault.other} has no region.${symptom ? ` ${symptom}` : ""}`,
          fix: `Add { name: "${fault.other}", value: ${quote(fault.value)} } to env, or remove "${fault.set}" so that the webhook sets both.`,
        };
      case "both missing":
        return {
          says: `${subject} runs in AWS China and sets neither "AWS_DEFAULT_REGION" nor "AWS_REGION", which AWS asks for there.`,
          why: `The webhook of EKS adds both, so this works as long as it does; AWS's guide still asks for them in the pod spec. ${symptom ?? ""}`.trim(),
          fix: `Add AWS_DEFAULT_REGION and AWS_REGION to env, with the value ${wanted}.`,
        };
    }
  },
});

function subjectOf(containers: readonly Container[], { workload }: BoundWorkload): string {
  const [first, ...others] = containers;
  return first && others.length === 0
    ? containerSubject(first, workload)
    : `${capital(workload.title)}, in ${containers.length} containers,`;
}
