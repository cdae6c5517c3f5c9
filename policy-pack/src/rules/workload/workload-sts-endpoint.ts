import { knownValueOr } from "../../facts/fact";
import { environmentOf, literal, setVariable, type Environment } from "../../model/workload-env";
import { boundWorkloads, containerSubject, mutableContainers, partitionOf } from "../../model/workload-bound";
import { closedVpcs, hostOf, ownerOfHost } from "../../model/workload-sts";
import { capital, quote } from "../../facts/words";
import { parseUrn } from "../../facts/urn";
import { defineRule } from "../rule";

type Data =
  | { readonly kind: "legacy"; readonly container: string; readonly inChina: boolean }
  | { readonly kind: "neither"; readonly container: string; readonly value: string }
  | {
      readonly kind: "endpoint";
      readonly container: string;
      readonly name: string;
      readonly host: string;
      readonly identity: string;
    }
  | { readonly kind: "unreachable"; readonly vpc: string; readonly endpoint: string; readonly identity: string };

export default defineRule<Data>({
  id: "workload-sts-endpoint",
  link: "workload",
  severity: "medium",
  level: "advisory",
  summary: "STS is asked at an endpoint that pods reach, in their own region.",
  why: "Every pod asks STS for its credentials: a far endpoint is slow and falls with its region, and one that is not STS gives none.",
  articleStep: 7,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/configure-sts-endpoint.html",
    "https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html",
    "https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html",
  ],
  *check(model) {
    const all = boundWorkloads(model);
    for (const bound of all) {
      const { workload, identity, annotation } = bound;
      const containers = mutableContainers(workload);
      for (const container of knownValueOr(containers, [])) {
        const environment = environmentOf(container);
        if (environment.is !== "known") continue;
        const found = judge(environment.value, partitionOf(bound));
        if (!found) continue;
        const subject = containerSubject(container, workload);
        yield {
          verdict: "violation",
          at: { urn: workload.urn, path: environment.value.all.get(found.name)?.path ?? container.path },
          related: [annotation],
          data:
            found.value !== undefined
              ? { kind: "neither", container: subject, value: found.value }
              : found.host === undefined
                ? { kind: "legacy", container: subject, inChina: partitionOf(bound) === "aws-cn" }
                : { kind: "endpoint", container: subject, name: found.name, host: found.host, identity },
        };
      }
    }
    const served = all.find(({ binding }) => binding.cluster.how !== "unresolved" && binding.cluster.to.declared);
    if (!served) return;
    for (const { vpc, endpoint } of closedVpcs(model))
      yield {
        verdict: "violation",
        at: { urn: endpoint.urn, path: "" },
        related: [{ urn: served.workload.urn, path: "" }],
        data: { kind: "unreachable", vpc: parseUrn(vpc).name, endpoint: endpoint.title, identity: served.identity },
      };
  },
  explain: (data) => {
    switch (data.kind) {
      case "legacy":
        return {
          says: `${data.container} sets "AWS_STS_REGIONAL_ENDPOINTS" to "legacy", which sends its calls to STS to us-east-1.`,
          ...(data.inChina
            ? { why: "AWS China has no global endpoint of STS, and us-east-1 does not know its accounts." }
            : {}),
          fix: 'Set AWS_STS_REGIONAL_ENDPOINTS to "regional", or remove it: the webhook of EKS sets it so.',
        };
      case "neither":
        return {
          says: `${data.container} sets "AWS_STS_REGIONAL_ENDPOINTS" to ${quote(data.value)}, where SDKs know "regional" and "legacy".`,
          why: "boto3 and the AWS CLI stop at any other value; other SDKs pass it by.",
          fix: 'Set AWS_STS_REGIONAL_ENDPOINTS to "regional", or remove it: the webhook of EKS sets it so.',
        };
      case "endpoint":
        return {
          says: `${data.container} sets "${data.name}" to host ${quote(data.host)}, where the SDK then asks for the credentials of ${data.identity}.`,
          why: "The SDK sends AssumeRoleWithWebIdentity there, too: the connection fails, or the answer is that of an imitation.",
          fix: `Remove "${data.name}", or name the one service that is meant, for example "AWS_ENDPOINT_URL_S3".`,
        };
      case "unreachable":
        return {
          says: `${capital(data.endpoint)} is for pods of VPC ${quote(data.vpc)} that have no way out, and there is no endpoint for "sts", where they ask for the credentials of ${data.identity}.`,
          why: 'The call to STS ends with a timeout: "Connect timeout on endpoint URL: https://sts.<region>.amazonaws.com/".',
          fix: `Add an interface endpoint for com.amazonaws.<region>.sts to VPC ${quote(data.vpc)}, with privateDnsEnabled.`,
        };
    }
  },
});

function judge(
  environment: Environment,
  partition: string | undefined,
): { readonly name: string; readonly host: string | undefined; readonly value?: string } | undefined {
  const mode = "AWS_STS_REGIONAL_ENDPOINTS";
  const value = literal(environment, mode);
  if (value?.toLowerCase() === "legacy") return { name: mode, host: undefined };
  if (value !== undefined && value.toLowerCase() !== "regional") return { name: mode, host: undefined, value };
  // With keys of its own the container does not ask STS at all, which is another rule's to say.
  if (setVariable(environment, "AWS_ACCESS_KEY_ID")) return undefined;
  if (literal(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.toLowerCase() === "true") return undefined;
  const own = setVariable(environment, "AWS_ENDPOINT_URL_STS");
  const name = own ? "AWS_ENDPOINT_URL_STS" : "AWS_ENDPOINT_URL";
  const host = hostOf(literal(environment, name) ?? "");
  if (host === undefined) return undefined;
  const owner = ownerOfHost(host);
  const wrong = owner === "other" || (partition !== undefined && (owner === "aws-cn") !== (partition === "aws-cn"));
  return wrong ? { name, host } : undefined;
}
