import { parseArn } from "../../facts/arn";
import { partitionOfRegion } from "../../facts/issuer";
import type { Container } from "../../model/types";
import { environmentOf, literal, type Environment } from "../../model/workload-env";
import {
  boundWorkloads,
  containerSubject,
  isPassedOver,
  mutableContainers,
  type BoundWorkload,
} from "../../model/workload-bound";
import { regionReaders } from "../../model/workload-sdk";
import { capital, enumerate, quote, quoteAll } from "../../facts/words";
import { defineRule, type Level } from "../rule";

const CHINA = "aws-cn";

type Fault =
  | { readonly kind: "partition"; readonly names: readonly string[]; readonly value: string }
  | { readonly kind: "differ"; readonly region: string; readonly defaultRegion: string }
  | { readonly kind: "partial"; readonly set: string; readonly other: string; readonly value: string; readonly starved: readonly string[] }
  | { readonly kind: "both missing" };

interface Data {
  readonly subject: string;
  readonly identity: string;
  readonly partition: string | undefined;
  readonly region: string | undefined;
  readonly fault: Fault;
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
        const found = judge(bound, container, environment.value, partition);
        if (!found) continue;
        if (found.fault.kind === "both missing") {
          if (container.kind === "container") bare.push(container);
        } else
          yield {
            verdict: "violation",
            at: { urn: workload.urn, path: found.path },
            related: [annotation],
            level: found.level,
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
  explain: ({ subject, identity, partition, region, fault }) => {
    const wanted = region ?? (partition === CHINA ? "cn-north-1 or cn-northwest-1" : "the region of the cluster");
    const symptom =
      partition === CHINA
        ? 'Without a region the SDK asks an endpoint outside China: "InvalidClientTokenId: The security token included in the request is invalid", or "No OpenIDConnect provider found in your account".'
        : undefined;
    switch (fault.kind) {
      case "partition":
        return {
          says: `${subject} sets ${quoteAll(fault.names)} to ${quote(fault.value)}, a region of partition ${quote(partitionOfRegion(fault.value) ?? "")}, but ${identity} is in ${quote(partition ?? "")}.`,
          why: 'STS of another partition does not know the role\'s account: "InvalidIdentityToken: No OpenIDConnect provider found in your account".',
          fix: `Set ${quoteAll(fault.names)} to ${quote(wanted)}.`,
        };
      case "differ":
        return {
          says: `${subject} sets "AWS_REGION" to ${quote(fault.region)} and "AWS_DEFAULT_REGION" to ${quote(fault.defaultRegion)}.`,
          why: "SDKs do not agree on which of the two they read: boto3 and the AWS CLI read only AWS_DEFAULT_REGION, others prefer AWS_REGION.",
          fix: `Set both to one region, for example ${quote(wanted)}.`,
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
          fix: `Add AWS_DEFAULT_REGION and AWS_REGION to env, both ${quote(wanted)}.`,
        };
    }
  },
});

function judge(
  bound: BoundWorkload,
  container: Container,
  environment: Environment,
  partition: string | undefined,
): { readonly path: string; readonly level: Level; readonly fault: Fault } | undefined {
  const { all, written } = environment;
  const [region, defaultRegion] = [all.get("AWS_REGION"), all.get("AWS_DEFAULT_REGION")];
  const values = {
    AWS_REGION: literal(environment, "AWS_REGION"),
    AWS_DEFAULT_REGION: literal(environment, "AWS_DEFAULT_REGION"),
  };
  const foreign = Object.entries(values).filter(([, value]) => isForeign(value, partition));
  const [wrong] = foreign;
  if (wrong?.[1] !== undefined) {
    const [name, value] = wrong;
    const names = foreign.filter((each) => each[1] === value).map((each) => each[0]);
    const path = all.get(name)?.path ?? container.path;
    // With one variable right, an SDK that reads that one is well.
    const certain = foreign.length === Object.values(values).filter((each) => each !== undefined).length;
    return {
      path,
      level: certain ? "mandatory" : "advisory",
      fault: { kind: "partition", names, value },
    };
  }
  if (values.AWS_REGION && values.AWS_DEFAULT_REGION && values.AWS_REGION !== values.AWS_DEFAULT_REGION)
    return {
      path: region?.path ?? "",
      level: "advisory",
      fault: { kind: "differ", region: values.AWS_REGION, defaultRegion: values.AWS_DEFAULT_REGION },
    };
  if (region && defaultRegion) return undefined;
  if (!region && !defaultRegion)
    return partition === CHINA ? { path: "", level: "advisory", fault: { kind: "both missing" } } : undefined;
  const [set, other] = region
    ? (["AWS_REGION", "AWS_DEFAULT_REGION"] as const)
    : (["AWS_DEFAULT_REGION", "AWS_REGION"] as const);
  const present = all.get(set);
  const readers = regionReaders(bound.workload, container, set);
  // What envFrom brings is not seen by the webhook: it adds both.
  if (!present || !written.has(set) || readers?.served) return undefined;
  // Which of the two an image reads is mostly its own secret, so only a known reader of the missing one makes it certain.
  const starved = readers?.starved ?? [];
  return {
    path: present.path,
    level: partition === CHINA && starved.length > 0 ? "mandatory" : "advisory",
    fault: { kind: "partial", set, other, value: values[set] ?? regionOf(bound) ?? "the same region", starved },
  };
}

function isForeign(region: string | undefined, partition: string | undefined): boolean {
  const own = region === undefined ? undefined : partitionOfRegion(region);
  return own !== undefined && partition !== undefined && own !== partition;
}

/** The partition of the role: what its ARN says, else where this stack makes the role or the cluster. */
function partitionOf({ account, binding }: BoundWorkload): string | undefined {
  const arn = account.roleArn.is === "known" ? parseArn(account.roleArn.value) : undefined;
  if (arn) return arn.partition;
  const scopes = [binding.role, binding.cluster].flatMap((each) => (each.how === "unresolved" ? [] : [each.to.scope]));
  return scopes.flatMap((each) => (each.partition.is === "known" ? [each.partition.value] : []))[0];
}

function regionOf({ binding }: BoundWorkload): string | undefined {
  const region = binding.cluster.how === "unresolved" ? undefined : binding.cluster.to.scope.region;
  return region?.is === "known" ? region.value : undefined;
}

function subjectOf(containers: readonly Container[], { workload }: BoundWorkload): string {
  const [first, ...others] = containers;
  return first && others.length === 0
    ? containerSubject(first, workload)
    : `${capital(workload.title)}, in ${containers.length} containers,`;
}
