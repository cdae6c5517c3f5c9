import { assemble, type ReportOptions } from "../../policy-pack/src/gate/assemble";
import { collect, type Judged } from "../../policy-pack/src/gate/collect";
import { fails } from "../../policy-pack/src/gate/decide";
import { readEvents } from "../../policy-pack/src/gate/events";
import type { Format } from "../../policy-pack/src/gate/options";
import type { Report, StackReport } from "../../policy-pack/src/gate/report";
import { REPORTERS } from "../../policy-pack/src/gate/reporters";
import { mergeResources, readDigest } from "../../policy-pack/src/gate/resources";
import type { Place } from "../../policy-pack/src/rules/rule";
import { renderFinding } from "../../policy-pack/src/findings/render";
import { trust, urns } from "../support/stack";

export const BASE = "/repository";
export const PROJECT = "/repository/shop";

export const ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
export const PROVIDER_ARN = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
const ROLE_ARN = "arn:aws:iam::111122223333:role/api-irsa";

/** What the engine writes for a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Told {
  readonly urn: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  readonly provider?: string;
  readonly parent?: string;
  /** `index.ts#12,3`. */
  readonly position?: string;
}

/** The resources of a stack in which one Deployment uses one role, with changes by URN. */
export function stack(changes: Readonly<Record<string, Partial<Told>>> = {}): readonly Told[] {
  const metadata = { name: "api", namespace: "shop" };
  const all: readonly Told[] = [
    {
      urn: urns.cluster,
      outputs: { name: "shop", identities: [{ oidcs: [{ issuer: `https://${ISSUER}` }] }] },
      position: "index.ts#5,17",
    },
    { urn: urns.kubernetes, dependencies: { kubeconfig: [urns.cluster] }, position: "index.ts#9,1" },
    { urn: urns.oidcProvider, outputs: { arn: PROVIDER_ARN, url: `https://${ISSUER}` }, position: "index.ts#12,22" },
    {
      urn: urns.role,
      outputs: { arn: ROLE_ARN, name: "api-irsa", assumeRolePolicy: trust({}) },
      position: "index.ts#17,14",
    },
    { urn: urns.attachment, inputs: { role: "api-irsa", policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" } },
    {
      urn: urns.serviceAccount,
      provider: urns.kubernetes,
      inputs: { metadata: { ...metadata, annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN } } },
      position: "index.ts#71,24",
    },
    {
      urn: urns.deployment,
      provider: urns.kubernetes,
      inputs: { metadata, spec: { template: { spec: { serviceAccountName: "api" } } } },
      position: "index.ts#83,1",
    },
  ];
  return all.map((resource) => ({ ...resource, ...changes[resource.urn] }));
}

export interface ToldPolicy {
  readonly policy: string;
  readonly pack?: string;
  readonly level?: "mandatory" | "advisory";
  readonly severity?: string;
  readonly urn?: string;
  readonly message: string;
}

/** A finding as the engine reports it: the rule's summary, then the finding's text. */
export function violation(
  policy: string,
  at: Place,
  says: string,
  more: Partial<ToldPolicy> & { readonly related?: readonly Place[] } = {},
): ToldPolicy {
  const { related = [], ...rest } = more;
  const text = renderFinding({ at, related, says, why: "STS refuses the pod.", fix: "Mend it." });
  return { policy, urn: at.urn, message: `What should be.\n${text}\n`, ...rest };
}

/** The engine's event log for a run that judged the whole stack. */
export function eventLog(resources: readonly Told[], policies: readonly ToldPolicy[]): string {
  const events = [
    ...resources.map((resource) => ({
      resOutputsEvent: { metadata: { op: "create", urn: resource.urn, new: stateOf(resource) } },
    })),
    ...policies.map(({ policy, pack = "eks-irsa", level = "mandatory", severity = "high", urn, message }) => ({
      policyEvent: {
        resourceUrn: urn,
        message,
        policyName: policy,
        policyPackName: pack,
        enforcementLevel: level,
        severity,
      },
    })),
    { policyAnalyzeStackSummaryEvent: { policyPackName: "eks-irsa" } },
  ];
  return events.map((event, sequence) => `${JSON.stringify({ sequence, ...event })}\n`).join("");
}

/** What `pulumi preview --json` prints of the same resources. */
export function digest(resources: readonly Told[]): string {
  const steps = resources.map((resource) => ({
    op: "create",
    urn: resource.urn,
    newState: {
      ...stateOf(resource),
      ...(resource.position === undefined ? {} : { sourcePosition: `project:///${resource.position}` }),
      propertyDependencies: resource.dependencies ?? {},
    },
  }));
  return JSON.stringify({ steps });
}

function stateOf({ urn, inputs = {}, outputs = {}, provider, parent }: Told) {
  return { urn, inputs, outputs, ...(provider === undefined ? {} : { provider: `${provider}::id` }), parent };
}

/** One stack's part of a report, from events and digest as the gate reads them. */
export function judge(
  resources: readonly Told[],
  policies: readonly ToldPolicy[] = [],
  more: Partial<Judged> = {},
): StackReport {
  const events = readEvents(eventLog(resources, policies));
  return collect({
    project: "shop",
    stack: "dev",
    directory: "shop",
    source: "rehearsal",
    events,
    resources: mergeResources(events.resources, readDigest(digest(resources))),
    folders: { project: PROJECT, base: BASE },
    notRehearsed: [],
    suppressions: true,
    ...more,
  });
}

const DEFAULTS: ReportOptions = {
  format: [],
  failOn: ["mandatory"],
  strict: false,
  requireIrsa: false,
  showSuppressed: false,
  baseline: undefined,
  writeBaseline: undefined,
  color: false,
};

/** A whole report; the version is fixed, so that golden files outlive releases. */
export function reportOf(stacks: readonly StackReport[], options: Partial<ReportOptions> = {}): Report {
  return { ...assemble(stacks, { ...DEFAULTS, ...options }), tool: { name: "irsa-gate", version: "1.2.3" } };
}

export function render(format: Format, report: Report, options: Partial<ReportOptions> = {}): string {
  const { failOn, showSuppressed, color } = { ...DEFAULTS, ...options };
  return REPORTERS[format](report, { color, showSuppressed, fails: (finding) => fails(finding, failOn) });
}

/** A report with something of everything. */
export function richReport(options: Partial<ReportOptions> = {}): Report {
  const broken = judge(
    stack(),
    [
      violation(
        "trust-policy-subject-mismatch",
        { urn: urns.role, path: "assumeRolePolicy.Statement[0]" },
        'ServiceAccount "shop/api" uses role "api-irsa", which trusts only "system:serviceaccount:shop:API".',
        { related: [{ urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' }] },
      ),
      violation("workload-root", { urn: urns.deployment, path: "spec" }, 'Deployment "shop/api" runs as root.', {
        level: "advisory",
        severity: "low",
      }),
      {
        policy: "irsa-suppression",
        level: "advisory",
        urn: urns.deployment,
        message: `Suppressions hold.\nSuppressed advisory workload-order until 2027-01-31: moved next sprint\n${renderFinding({ at: { urn: urns.deployment, path: "spec" }, related: [], says: "The order is not given.", why: "A race.", fix: "Add dependsOn." })}`,
      },
      {
        policy: "tagging",
        pack: "company",
        urn: urns.role,
        level: "advisory",
        severity: "medium",
        message: "Roles have an owner tag.",
      },
    ],
    { notRehearsed: [{ what: "aws:ssm/getParameter", why: "Nobody knows its value." }] },
  );
  const open = judge(
    stack({
      [urns.role]: {
        outputs: {},
        inputs: { name: "api-irsa" },
        dependencies: { assumeRolePolicy: [urns.oidcProvider] },
      },
    }),
    [
      {
        policy: "irsa-unverified",
        level: "advisory",
        urn: urns.serviceAccount,
        message:
          'Every binding is verified.\nServiceAccount "shop/api" with role "api-irsa" is not verified yet: the trust policy of role "api-irsa". Known once aws:iam/openIdConnectProvider:OpenIdConnectProvider shop exists; run the preview again then, or rehearse it with irsa-gate. Rules that wait: trust-policy-subject-mismatch.',
      },
    ],
    { stack: "prod", source: "first-preview" },
  );
  const sound = judge(stack(), [], { project: "sound" });
  const failed = judge([], [], { project: "failed", error: "The preview failed.\nError: boom" });
  return reportOf([broken, open, sound, failed], options);
}
