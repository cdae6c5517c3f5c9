import { absent, knownValueOr } from "../../facts/fact";
import { associationsOf } from "../../model/account-supply";
import { chartIdentities } from "../../model/chart-environments";
import {
  boundWorkload,
  boundWorkloads,
  containerSubject,
  isPassedOver,
  mutableContainers,
  type BoundWorkload,
} from "../../model/workload-bound";
import { awaitedEnvironment, environmentOf } from "../../model/workload-env";
import {
  handWiredRefusal,
  identityFault,
  ROLE_VARIABLE as ROLE,
  SESSION_VARIABLE as SESSION,
  TOKEN_VARIABLE as TOKEN,
  type IdentityFault,
} from "../../model/workload-identity";
import { capital, quote } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly container: string;
  readonly account: string;
  readonly identity: string;
  readonly fault:
    | IdentityFault
    | { readonly kind: "by hand"; readonly value: string; readonly subject: string }
    | {
        readonly kind: "of a chart";
        readonly path: string;
        readonly half: boolean;
        readonly set: string;
        readonly other: string;
      };
}

export default defineRule<Data>({
  id: "workload-identity-env",
  link: "workload",
  severity: "high",
  level: "mandatory",
  summary: "AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE are left to the webhook, or set whole and right.",
  why: "When a container defines one of the two, the pod identity webhook adds neither: the SDK lacks its role or its token file and falls back to the node's role, or stops.",
  articleStep: 7,
  references: [
    "https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html",
    "https://github.com/aws/amazon-eks-pod-identity-webhook",
  ],
  *check(model) {
    for (const bound of boundWorkloads(model)) {
      const { workload, account, identity, annotation } = bound;
      // With Pod Identity the webhook sets other variables, and these two are the program's own.
      if (associationsOf(account, model).length > 0) continue;
      const containers = mutableContainers(workload);
      if (containers.is !== "known") {
        if (containers.is === "unknown") yield awaits(bound, containers.waitsFor);
        continue;
      }
      const environments = containers.value.map((container) => ({ container, environment: environmentOf(container) }));
      for (const { container, environment } of environments) {
        if (environment.is !== "known") continue;
        const passedOver = isPassedOver(workload, container, model.config.annotationPrefix);
        const found = identityFault(model, bound, environment.value, passedOver);
        if (!found) continue;
        yield {
          verdict: "violation",
          at: { urn: workload.urn, path: environment.value.all.get(found.name)?.path ?? container.path },
          related: [annotation, ...(found.role ? [{ urn: found.role.urn, path: found.role.trustPath }] : [])],
          level: found.certain ? "mandatory" : "advisory",
          data: {
            container: containerSubject(container, workload),
            account: account.title,
            identity,
            fault: found.fault,
          },
        };
      }
      const waiting = containers.value.map((each) => awaitedEnvironment(each, ROLE, TOKEN, SESSION));
      const [waitsFor] = waiting.filter((each) => each !== undefined);
      if (waitsFor) yield awaits(bound, waitsFor);
    }
    for (const { source, path, account, fault, set, other } of chartIdentities(model))
      yield {
        verdict: "violation",
        at: { urn: source.urn, path },
        related: [{ urn: source.urn, path: account }],
        // What becomes of the values is the chart's business.
        level: "advisory",
        data: {
          container: source.title,
          account,
          identity: "",
          fault: { kind: "of a chart", path, half: fault === "half", set, other },
        },
      };
    for (const workload of model.workloads) {
      const containers = boundWorkload(model, workload) ? absent : mutableContainers(workload);
      for (const container of knownValueOr(containers, [])) {
        const environment = environmentOf(container);
        const found = environment.is === "known" ? handWiredRefusal(model, workload, environment.value) : undefined;
        if (environment.is !== "known" || !found) continue;
        const { role, value, subject } = found;
        yield {
          verdict: "violation",
          at: { urn: workload.urn, path: environment.value.all.get(ROLE)?.path ?? container.path },
          related: [{ urn: role.urn, path: role.trustPath }],
          data: {
            container: containerSubject(container, workload),
            account: "",
            identity: role.title,
            fault: { kind: "by hand", value, subject },
          },
        };
      }
    }
  },
  explain: ({ container, account, identity, fault }) => {
    switch (fault.kind) {
      case "half":
        return {
          says: `${container} sets "${fault.set}" without "${fault.other}", so the webhook adds neither for ${account}.`,
          fix:
            fault.set === ROLE
              ? `Remove "${ROLE}" from env: the webhook sets it. Give the ARN of a second role to assume another name, for example "TARGET_ROLE_ARN".`
              : `Remove "${TOKEN}" from env: the webhook sets it.`,
        };
      case "no role ARN":
        return {
          says: `${container} sets "${ROLE}" to ${quote(fault.value)}, which is no role ARN, in place of ${identity}.`,
          why: 'STS answers "ValidationError: Request ARN is invalid".',
          fix: `Remove "${ROLE}" and "${TOKEN}" from env: the webhook sets both.`,
        };
      case "session name":
        return {
          says: `${container} sets "${SESSION}" to ${quote(fault.value)}, which STS refuses as the name of a session with ${identity}.`,
          why: "STS answers \"ValidationError: Value '…' at 'roleSessionName' failed to satisfy constraint\": 2 to 64 letters, digits and characters of _+=,.@- are allowed.",
          fix: `Remove "${SESSION}" from env, or use only those characters in it.`,
        };
      case "refused":
        return {
          says: `${container} sets "${ROLE}" to ${quote(fault.value)}, and ${fault.role ?? "that role"} does not trust ${account}; its annotation names ${identity}.`,
          why: 'STS answers "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity". The webhook leaves both variables alone once one is defined.',
          fix: `Remove "${ROLE}" and "${TOKEN}" from env: the webhook sets both for ${identity}.`,
        };
      case "of a chart":
        return {
          says: fault.half
            ? `${capital(container)} sets ${quote(fault.set)} without ${quote(fault.other)} in ${fault.path}, so the webhook adds neither to pods of ${account}.`
            : `${capital(container)} gives its pods the token for the Kubernetes API as ${quote(fault.set)} in ${fault.path}, in place of the one that the webhook mounts for ${account}.`,
          ...(fault.half ? {} : { why: 'STS answers "InvalidIdentityToken: Incorrect token audience".' }),
          fix: `Remove "${ROLE}" and "${TOKEN}" from ${fault.path}: the webhook sets both.`,
        };
      case "by hand":
        return {
          says: `${container} takes ${identity} by "${ROLE}", and that role does not trust ${quote(fault.subject)}, the subject of its token.`,
          why: 'STS answers "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
          fix: `Let the trust policy of ${identity} name ${quote(fault.subject)}, or set serviceAccountName to the account that it trusts.`,
        };
      case "other role":
        return {
          says: `${container} sets "${ROLE}" to ${quote(fault.value)}, while the annotation of ${account} names ${identity}.`,
          why: "The variable wins: the pods use that role as long as it trusts the account, and the annotation means nothing to this container.",
          fix: `Remove "${ROLE}" and "${TOKEN}" from env, so that the annotation decides; or annotate the account with ${quote(fault.value)}.`,
        };
    }
  },
});

function awaits({ workload }: BoundWorkload, waitsFor: readonly string[]) {
  return {
    verdict: "unverified",
    at: { urn: workload.urn, path: workload.pod.path },
    what: `the environment of ${workload.title}`,
    waitsFor,
  } as const;
}
