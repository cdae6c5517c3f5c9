import { listIn } from "../../facts/lists";
import { knownValueOr } from "../../facts/fact";
import { capital, quote } from "../../facts/words";
import type { Binding } from "../../model/types";
import { defineRule } from "../rule";

interface Data {
  readonly role: string;
  readonly max: number;
  /** The container that asks for more; undefined where the maximum itself is not one that IAM takes. */
  readonly asks: { readonly workload: string; readonly variable: string; readonly seconds: number } | undefined;
}

const LEAST = 3600;
const MOST = 43200;

export default defineRule<Data>({
  id: "role-session-duration",
  link: "permissions",
  severity: "low",
  level: "mandatory",
  summary: "The session that a pod asks for fits the role's maxSessionDuration, which is 3600 to 43200 seconds.",
  why: 'STS refuses the session: "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role".',
  articleStep: undefined,
  references: ["https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html"],
  *check(model) {
    for (const role of model.roles) {
      if (!role.forPods || role.maxSessionDuration.is === "unknown") continue;
      const max = knownValueOr(role.maxSessionDuration, LEAST);
      const at = { urn: role.urn, path: "maxSessionDuration" };
      if (max < LEAST || max > MOST) {
        yield { verdict: "violation", at, related: [], data: { role: role.title, max, asks: undefined } };
        continue;
      }
      for (const { place, asks } of listIn(model.bindingsByRole, role).flatMap(durations)) {
        if (asks.seconds <= max) continue;
        // A variable of one's own says what the program is likely to ask for, not that it does.
        yield { verdict: "violation", at, related: [place], level: "advisory", data: { role: role.title, max, asks } };
      }
    }
  },
  explain: ({ role, max, asks }) =>
    asks
      ? {
          says: `${capital(asks.workload)} sets ${quote(asks.variable)} to "${asks.seconds}", and sessions of ${role} last at most ${max} seconds.`,
          fix:
            asks.seconds > MOST
              ? `Set ${asks.variable} to at most "${MOST}", and maxSessionDuration to the same.`
              : `Set maxSessionDuration to ${asks.seconds}.`,
        }
      : {
          says: `${capital(role)} has the maxSessionDuration ${max}, and IAM takes ${LEAST} to ${MOST} seconds.`,
          why: "IAM refuses the role: \"ValidationError: … at 'maxSessionDuration' failed to satisfy constraint\".",
          fix: `Set maxSessionDuration to ${max > MOST ? MOST : LEAST}.`,
        },
});

interface Asked {
  readonly place: { readonly urn: string; readonly path: string };
  readonly asks: NonNullable<Data["asks"]>;
}

/** Variables such as AWS_ROLE_DURATION_SECONDS in the containers of an account's workloads. */
function durations({ workloads }: Binding): readonly Asked[] {
  return workloads.flatMap((workload) => {
    const containers = knownValueOr(workload.pod.containers, []);
    return containers.flatMap(({ env }) =>
      knownValueOr(env, []).flatMap(({ path, name, value }) => {
        if (name.is !== "known" || value.is !== "known" || !/^AWS_[A-Z_]*DURATION(_SECONDS)?$/.test(name.value))
          return [];
        if (!/^\d{1,9}$/.test(value.value)) return [];
        const asks = { workload: workload.title, variable: name.value, seconds: Number(value.value) };
        return [{ place: { urn: workload.urn, path }, asks }];
      }),
    );
  });
}
