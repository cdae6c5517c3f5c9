import { knownValueOr } from "../../facts/fact";
import { boundWorkloads, containerSubject, mutableContainers } from "../../model/workload-bound";
import { chartKeys } from "../../model/chart-environments";
import { rivalCredentials, type RivalCredentials } from "../../model/workload-credentials";
import { awaitedEnvironment, environmentOf } from "../../model/workload-env";
import { capital, quoteAll } from "../../facts/words";
import { defineRule } from "../rule";

interface Data {
  readonly cause: RivalCredentials["cause"] | "keys of a chart";
  readonly names: readonly string[];
  readonly container: string;
  readonly identity: string;
}

export default defineRule<Data>({
  id: "workload-static-credentials",
  link: "workload",
  severity: "high",
  level: "mandatory",
  summary: "Nothing in a pod with a role comes before the role in the SDK's credential chain.",
  why: "Every AWS SDK takes keys from the environment before web identity, so the pods act as the owner of the keys and the role is never assumed.",
  articleStep: 7,
  references: [
    "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html",
    "https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html",
  ],
  *check(model) {
    for (const bound of boundWorkloads(model)) {
      const containers = mutableContainers(bound.workload);
      const environments = knownValueOr(containers, []).map((container) => ({
        container,
        environment: environmentOf(container),
      }));
      const waitsFor =
        containers.is === "unknown"
          ? containers.waitsFor
          : environments.map(({ container }) => awaitedEnvironment(container)).find((each) => each !== undefined);
      for (const { container, environment } of environments) {
        if (environment.is !== "known") continue;
        const found = rivalCredentials(bound, container, environment.value);
        if (!found) continue;
        yield {
          verdict: "violation",
          at: { urn: bound.workload.urn, path: found.path },
          related: [...found.declaredBy.map((urn) => ({ urn, path: "" })), bound.annotation],
          level: found.certain ? "mandatory" : "advisory",
          data: {
            cause: found.cause,
            names: found.names,
            container: containerSubject(container, bound.workload),
            identity: bound.identity,
          },
        };
      }
      if (waitsFor)
        yield {
          verdict: "unverified",
          at: { urn: bound.workload.urn, path: bound.workload.pod.path },
          what: `the environment of ${bound.workload.title}`,
          waitsFor,
        };
    }
    for (const { source, path, account } of chartKeys(model))
      yield {
        verdict: "violation",
        at: { urn: source.urn, path },
        related: [{ urn: source.urn, path: account }],
        // What becomes of the values is the chart's business.
        level: "advisory",
        data: { cause: "keys of a chart", names: [path], container: source.title, identity: account },
      };
  },
  explain: ({ cause, names, container, identity }) => {
    const list = quoteAll(names);
    switch (cause) {
      case "keys":
        return {
          says: `${container} sets ${list}, which the AWS SDKs take before the web identity of ${identity}.`,
          fix: `Remove ${list} from the container, and delete the keys in IAM if nothing else uses them.`,
        };
      case "keys of a chart":
        return {
          says: `${capital(container)} gives its pods AWS keys in ${names.join()}, which the AWS SDKs take before the role of ${identity}.`,
          fix: `Remove "AWS_ACCESS_KEY_ID" and "AWS_SECRET_ACCESS_KEY" from ${names.join()}, and delete the keys in IAM if nothing else uses them.`,
        };
      case "half of the keys":
        return {
          says: `${container} sets ${list} without its other half, beside the web identity of ${identity}.`,
          why: 'Some SDKs then stop with "Partial credentials found in env", others pass it over.',
          fix: `Remove ${list} from the container.`,
        };
      case "credentials file":
        return {
          says: `${container} gets a credentials file (${list}) beside the web identity of ${identity}.`,
          why: "The SDKs for JavaScript v3 and C++ take a profile of that file before web identity; the others do as soon as a profile is asked for.",
          fix: "Remove the file from the container, so that only the role is left.",
        };
      case "profile":
        return {
          says: `${container} sets ${list}, and a profile may come before the web identity of ${identity}.`,
          why: "The SDKs for JavaScript v3 and C++ take the profile before web identity, and a missing one is an error in others.",
          fix: `Remove ${list} from the container.`,
        };
      case "container credentials":
        return {
          says: `${container} sets ${list}, which is for Amazon ECS and EKS Pod Identity, beside the web identity of ${identity}.`,
          why: "It becomes the identity of the pod as soon as web identity is not injected, and keeps several SDKs from their other sources.",
          fix: `Remove ${list} from the container.`,
        };
    }
  },
});
