import { texts } from "../facts/lists";
import { isKnownAs, knownValue, knownValueOr } from "../facts/fact";
import { withoutTrailing } from "../facts/trim";
import { parseOidcProviderArn } from "../facts/arn";
import {
  claimsEks,
  dnsSuffixOf,
  isUnfilled,
  normaliseIssuer,
  parseEksIssuer,
  partitionOfRegion,
} from "../facts/issuer";
import type { Principal, Statement } from "../iam/document";
import { coversAction } from "../iam/web-identity";
import { missingProviders } from "./missing-provider";
import { isFaultyProviders, isPodIssuer, type PodStatement } from "./trust-statement";
import type { IrsaModel, Role } from "./types";

/** A principal that no token of a pod can ever have. */
export interface PrincipalFault {
  readonly path: string;
  readonly seen: string;
  readonly fault: "empty" | "type" | "no-provider" | "issuer" | "scheme" | "slash" | "partition" | "host";
  /** The ARN to write, where it can be told. */
  readonly needed: string | undefined;
  /** The partition or host that is needed. */
  readonly wanted: string | undefined;
  /** Set where the ARN may still be right: a provider can be made in one partition for an issuer of another. */
  readonly doubtful?: boolean;
}

/** The principals of a statement for pods that are no OIDC provider which could exist. */
export function principalFaults({ role, statement }: PodStatement, model: IrsaModel): readonly PrincipalFault[] {
  if (statement.principals.is !== "known") return [];
  return statement.principals.value.flatMap((principal) => {
    const fault = faultOf(principal, role, model);
    return fault ? [{ path: principal.path, ...fault }] : [];
  });
}

type Fault = Omit<PrincipalFault, "path">;

function faultOf({ type, value }: Principal, role: Role, model: IrsaModel): Fault | undefined {
  if (value.is !== "known") return undefined;
  const seen = value.value;
  if (type === "AWS" || type === "Service")
    return parseOidcProviderArn(seen) ? { seen, fault: "type", needed: seen, wanted: undefined } : undefined;
  if (type !== "Federated" || seen === "*") return undefined;
  const arn = parseOidcProviderArn(seen);
  if (!arn) return malformed(seen, role, model);
  if (isFaultyProviders(arn.issuer, model)) return undefined;
  const rewritten = (issuer: string, partition = arn.partition): string =>
    `arn:${partition}:iam::${arn.accountId}:oidc-provider/${issuer}`;
  if (/^https?:\/\//i.test(arn.issuer)) {
    return { seen, fault: "scheme", needed: rewritten(normaliseIssuer(arn.issuer)), wanted: undefined };
  }
  if (/^arn:|:\/\//i.test(arn.issuer) || isUnfilled(seen))
    return { seen, fault: "no-provider", needed: onlyProvider(role, model), wanted: undefined };
  if (!claimsEks(arn.issuer)) return undefined;
  if (arn.issuer.endsWith("/")) {
    return { seen, fault: "slash", needed: rewritten(withoutTrailing(arn.issuer, "/")), wanted: undefined };
  }
  const eks = parseEksIssuer(arn.issuer);
  // Where a cluster of the stack has this very issuer, or may turn out to, EKS itself says that it is right.
  const own = model.clusters.some(({ declared, issuer, isNew }) =>
    issuer.is === "known" ? declared && issuer.value === arn.issuer : declared && !isNew,
  );
  const host = eks || own ? undefined : rightHost(arn.issuer);
  if (host) {
    return { seen, fault: "host", needed: rewritten(arn.issuer.replace(/^[^/]+/, host)), wanted: host };
  }
  const partition = eks ? partitionOfRegion(eks.region) : undefined;
  const wanted = partition ?? knownValue(role.scope.partition);
  if (wanted === undefined || wanted === arn.partition) return undefined;
  // The provider that STS looks up stands in the role's own account, hence in the role's partition.
  const proven = role.scope.partition.is === "known" && role.scope.partition.value !== arn.partition;
  return {
    seen,
    fault: "partition",
    needed: rewritten(arn.issuer, wanted),
    wanted,
    ...(proven ? {} : { doubtful: true }),
  };
}

/** Other identity providers than those of OIDC may stand beside: SAML, and the built-in ones that are named by their domain. */
function isOtherFederation(text: string): boolean {
  return /^arn:aws[a-z-]*:iam::\d{12}:saml-provider\//.test(text) || /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i.test(text);
}

function malformed(seen: string, role: Role, model: IrsaModel): Fault | undefined {
  if (seen === "") {
    const reported = missingProviders(model).some(
      ({ evidence, roles }) => evidence === "empty-arn" && roles.includes(role),
    );
    return reported ? undefined : { seen, fault: "empty", needed: onlyProvider(role, model), wanted: undefined };
  }
  const issuer = normaliseIssuer(seen.replace(/^arn:[^/]*\//, "").replace(/^oidc-provider\//, ""));
  if (!seen.startsWith("arn:") && (claimsEks(issuer) || /^https?:\/\//i.test(seen))) {
    return { seen, fault: "issuer", needed: arnOf(issuer, role), wanted: undefined };
  }
  if (isOtherFederation(seen)) return undefined;
  const needed = claimsEks(issuer) ? arnOf(issuer, role) : onlyProvider(role, model);
  return { seen, fault: "no-provider", needed, wanted: undefined };
}

function arnOf(issuer: string, role: Role): string | undefined {
  const { accountId, partition } = role.scope;
  const eks = parseEksIssuer(issuer);
  const known = eks ? partitionOfRegion(eks.region) : knownValue(partition);
  if (known === undefined || accountId.is !== "known") return undefined;
  return `arn:${known}:iam::${accountId.value}:oidc-provider/${withoutTrailing(issuer, "/")}`;
}

/** The ARN of the one provider from which the policy comes, else of the only one of this stack. */
function onlyProvider(role: Role, model: IrsaModel): string | undefined {
  const candidates = role.wiredProviders.length > 0 ? role.wiredProviders : model.providers;
  const [only] = candidates;
  return candidates.length === 1 && only?.arn.is === "known" ? only.arn.value : undefined;
}

/** The host that a dual-stack or a turned-round EKS host stands for. */
function rightHost(issuer: string): string | undefined {
  const [host] = texts(issuer.split("/", 1));
  const [, region] = texts(/^oidc[.-]eks\.([a-z0-9-]+)\.api\./.exec(host) ?? /^oidc\.([a-z0-9-]+)\.eks\./.exec(host));
  const partition = partitionOfRegion(region);
  const suffix = partition === undefined ? undefined : dnsSuffixOf(partition);
  return suffix === undefined ? undefined : `oidc.eks.${region}.${suffix}`;
}

/** A trusted provider in another account than the role, which STS never asks. */
export interface ForeignProvider {
  readonly path: string;
  readonly issuer: string;
  readonly seen: string;
  readonly needed: string;
}

/** The issuers of pods that a role trusts in other accounts only. */
export function foreignProviders(
  role: Role,
  pods: readonly PodStatement[],
  model: IrsaModel,
): readonly ForeignProvider[] {
  const { accountId } = role.scope;
  if (accountId.is !== "known") return [];
  const trusted = pods.flatMap(({ statement }) => {
    const principals = knownValueOr(statement.principals, []);
    return principals.flatMap(({ type, path, value }) => {
      const arn = type === "Federated" && value.is === "known" ? parseOidcProviderArn(value.value) : undefined;
      return arn && isPodIssuer(arn.issuer, model) ? [{ path, issuer: arn.issuer, seen: arn.accountId }] : [];
    });
  });
  const own = new Set(trusted.flatMap(({ seen, issuer }) => (seen === accountId.value ? [issuer] : [])));
  return trusted.filter(({ issuer }) => !own.has(issuer)).map((each) => ({ ...each, needed: accountId.value }));
}

/** A statement that lets everybody in. */
export interface WildcardFault {
  readonly statement: Statement;
  readonly path: string;
  readonly seen: string;
  /** True where no condition stands between the role and the world. */
  readonly open: boolean;
}

/** The Allow statements whose principal is everyone, on the actions by which a role is assumed. */
export function wildcardFaults(role: Role, pods: readonly PodStatement[]): readonly WildcardFault[] {
  if (role.trust.is !== "known") return [];
  return role.trust.value.statements.flatMap((statement) => {
    const { effect, principals, conditions } = statement;
    if (!isKnownAs(effect, "Allow") || principals.is !== "known") return [];
    const found = principals.value.find(
      ({ type, value }) =>
        value.is === "known" && (value.value === "*" || (type === "Federated" && /^arn:.*[*?]/.test(value.value))),
    );
    const open = conditions.is === "absent" || (conditions.is === "known" && conditions.value.length === 0);
    // Trust in a whole organisation is written with a condition on it, and has nothing to do with pods.
    if (!found || (!open && !pods.some((each) => each.statement === statement))) return [];
    const text = knownValueOr(found.value, "*");
    return [
      {
        statement,
        path: found.path,
        seen: found.type === "*" ? '"*"' : JSON.stringify({ [found.type]: text }),
        // Whether IAM takes {"Federated": "*"}, or reads {"AWS": "*"} as a web identity too, is not documented.
        open: open && text === "*" && (found.type === "*" || coversAction(statement, "sts:AssumeRole") === true),
      },
    ];
  });
}
