import { associationsOf } from "../../model/account-supply";
import type { Workload } from "../../model/types";
import { boundWorkload, containerSubject, mutableContainers } from "../../model/workload-bound";
import { environmentOf, type Environment } from "../../model/workload-env";
import { awaitedToken, TOKEN_DIRECTORY, TOKEN_VOLUME, tokenOrigin } from "../../model/workload-token";
import {
  MAX_SECONDS,
  MIN_SECONDS,
  neededAudience,
  tokenFinding,
  type TokenFault,
  type TokenFinding,
} from "../../model/workload-token-fault";
import { quote, quoteAll } from "../../facts/words";
import { defineRule, type Place } from "../rule";

interface Data {
  readonly container: string;
  readonly audience: string;
  readonly fault: TokenFault;
}

export default defineRule<Data>({
  id: "workload-token-volume",
  link: "workload",
  severity: "high",
  level: "mandatory",
  summary: "The token volume, its path, audience and lifetime are the webhook's, or whole and right.",
  why: "The webhook leaves a volume named aws-iam-token as it is, and never looks at paths: a pod whose own volume is wrong is refused, or its SDK finds no token or the wrong one.",
  articleStep: 7,
  references: [
    "https://github.com/aws/amazon-eks-pod-identity-webhook",
    "https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken",
    "https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html",
    "https://github.com/kubernetes/kubernetes/pull/23176",
  ],
  *check(model) {
    for (const workload of model.workloads) {
      const bound = boundWorkload(model, workload);
      const containers = mutableContainers(workload);
      if (workload.patch || containers.is !== "known") continue;
      // With Pod Identity the webhook mounts another volume.
      if (bound && associationsOf(bound.account, model).length > 0) continue;
      for (const container of containers.value) {
        const environment = environmentOf(container);
        if (environment.is !== "known") continue;
        const origin = tokenOrigin(workload, container, environment.value, bound, model.config.annotationPrefix);
        const judged = tokenFinding(model, workload, bound, origin);
        const awaited = bound && origin.is === "none" ? awaitedToken(workload, container) : undefined;
        if (awaited) {
          yield {
            verdict: "unverified",
            at: { urn: workload.urn, path: container.path },
            what: `where ${workload.title} has its token from`,
            waitsFor: awaited,
          };
        }
        if (judged === undefined) continue;
        if ("waitsFor" in judged) {
          yield {
            verdict: "unverified",
            at: { urn: workload.urn, path: judged.path },
            what: `the ${judged.lifetime ? "lifetime" : "audience"} of the token volume of ${workload.title}`,
            waitsFor: judged.waitsFor,
          };
          continue;
        }
        yield {
          verdict: "violation",
          at: { urn: workload.urn, path: judged.path },
          related: [...declaredFile(workload, environment.value, judged), ...(bound ? [bound.annotation] : [])],
          level: judged.certain ? "mandatory" : "advisory",
          data: {
            container: containerSubject(container, workload),
            audience: neededAudience(model, bound).text,
            fault: judged.fault,
          },
        };
      }
    }
  },
  explain: ({ container, audience, fault }) => {
    const leave = `Remove the volume, its mount, AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE: the webhook adds all of them.`;
    switch (fault.kind) {
      case "taken":
        return {
          says: `${container} mounts volume ${quote(fault.volume)} at "${TOKEN_DIRECTORY}", where the webhook mounts its own volume "${TOKEN_VOLUME}".`,
          why: 'Kubernetes refuses the pod: "mountPath: Invalid value: … must be unique".',
          fix: `Mount ${quote(fault.volume)} at another path, or name the volume "${TOKEN_VOLUME}" if it holds the token.`,
        };
      case "api":
        return {
          says: `${container} takes ${quote(fault.file)} for its web identity, which is the token for the Kubernetes API and not for audience ${quote(audience)}.`,
          why: 'STS answers "InvalidIdentityToken: Incorrect token audience".',
          fix: leave,
        };
      case "nothing":
        return {
          says: `${container} reads its token from ${quote(fault.file)}, and no volume is mounted there.`,
          why: 'The SDK does not find the file: "No such file or directory".',
          fix: `Set AWS_WEB_IDENTITY_TOKEN_FILE to "${TOKEN_DIRECTORY}/token", or remove it and AWS_ROLE_ARN: the webhook sets both.`,
        };
      case "no token":
        return {
          says: `${container} gets its token from volume "${TOKEN_VOLUME}", which is of kind ${quote(fault.source)} and holds no ServiceAccount token.`,
          why: 'The webhook keeps a volume of that name, whatever it is, so the SDK does not find the file: "No such file or directory".',
          fix: `Give the volume another name than "${TOKEN_VOLUME}", and let the webhook add its own.`,
        };
      case "wrong file":
        return {
          says: `${container} reads its token from ${quote(fault.file)}, but the volume mounted there has it as ${quoteAll(fault.files)}.`,
          why: 'The SDK does not find the file: "No such file or directory".',
          fix: `Let mountPath and the token's path together be ${quote(fault.file)}.`,
        };
      case "audience":
        return {
          says:
            fault.audience === undefined
              ? `${container} gets a token without audience ${quote(fault.needed)}: its projected volume names none, so the token is for the Kubernetes API.`
              : `${container} gets a token for audience ${quote(fault.audience)}, not ${quote(fault.needed)}.`,
          why: 'STS answers "InvalidIdentityToken: Incorrect token audience".',
          fix: `Set audience of the serviceAccountToken to ${quote(fault.needed)}.`,
        };
      case "expiry":
        return {
          says: `${container} asks for a token of ${quote(String(fault.seconds))} seconds; Kubernetes gives them for "${MIN_SECONDS}" to "${MAX_SECONDS}".`,
          why: 'Kubernetes refuses the pod: "may not specify a duration less than 10 minutes".',
          fix: 'Set expirationSeconds of the serviceAccountToken to "86400", as the webhook does.',
        };
      case "subPath":
        return {
          says: `${container} mounts its token by subPath, so it never sees a newer one.`,
          why: 'Kubernetes does not update files that are mounted by subPath; when the first token has expired, STS answers "ExpiredTokenException".',
          fix: "Mount the whole volume: remove subPath, and let mountPath be a directory.",
        };
    }
  },
});

/** The variable that names the file, where the fault lies between the two. */
function declaredFile(workload: Workload, environment: Environment, { fault }: TokenFinding): readonly Place[] {
  const variable = environment.written.get("AWS_WEB_IDENTITY_TOKEN_FILE");
  return fault.kind === "wrong file" && variable ? [{ urn: workload.urn, path: variable.path }] : [];
}
