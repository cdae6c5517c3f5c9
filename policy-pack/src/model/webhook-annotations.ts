import { isKnownAs } from "../facts/fact";
import { parseArn } from "../facts/arn";
import { nearest } from "../facts/did-you-mean";
import type { Entry, IrsaModel, ServiceAccount } from "./types";

/** What the pod identity webhook reads on a ServiceAccount, after `eks.amazonaws.com/` (aws/amazon-eks-pod-identity-webhook, pkg/annotations.go). */
export const ACCOUNT_SUFFIXES = ["role-arn", "audience", "sts-regional-endpoints", "token-expiration"] as const;
/** What it reads on a pod; there `token-expiration` is read too. */
export const POD_SUFFIXES = ["skip-containers", "skip-pod-identity-webhook"] as const;

/** Other words for `role-arn`, without case and punctuation. */
const ROLE_WORDS = /^(?:irsa|aws|eks)?(?:serviceaccount|assume)?(?:iam)?role(?:arns?|name)?$/;

/** The annotation or label as the webhook would read it, were it on a ServiceAccount: exactly the key. */
export function roleArnKey(model: IrsaModel): string {
  return `${model.config.annotationPrefix}/role-arn`;
}

/**
 * True for a key that is meant to be `<prefix>/role-arn` and is not: another spelling after the prefix (`role_arn`, `roleArn`,
 * `role`), another domain that is nearly the prefix (`eks.amazonaws.com.cn/role-arn`, `iam.amazonaws.com/role`), another
 * separator. Keys of other domains are left alone, whatever their value.
 */
export function isMisspeltRoleKey(key: string, prefix: string): boolean {
  const right = `${prefix}/role-arn`;
  if (key === right) return false;
  if (bare(key) === bare(right)) return true;
  const slash = key.lastIndexOf("/");
  if (slash < 0) return ROLE_WORDS.test(bare(key)) || nearest(key, [right]) !== undefined;
  const [domain, suffix] = [key.slice(0, slash), key.slice(slash + 1)];
  if (isOtherSuffix(suffix)) return false;
  const meansRole = ROLE_WORDS.test(bare(suffix)) || nearest(suffix, ["role-arn"]) !== undefined;
  return meansRole && (domain.toLowerCase() === prefix || nearest(domain, [prefix]) !== undefined);
}

/** A key of the webhook that only lies near `role-arn`. */
function isOtherSuffix(suffix: string): boolean {
  return [...ACCOUNT_SUFFIXES, ...POD_SUFFIXES].some((each) => each !== "role-arn" && each === suffix);
}

function bare(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/**
 * The annotations of an account that are meant to name its role and do not: misspelt keys that hold a role's ARN, or a value
 * that is not known yet and came from a role of this stack.
 */
export function misspeltRoleKeys(account: ServiceAccount, model: IrsaModel): readonly Entry[] {
  const prefix = model.config.annotationPrefix;
  if (account.annotations.is !== "known") return [];
  return account.annotations.value.filter(
    (entry) => isMisspeltRoleKey(entry.key, prefix) && namesRole(entry, account, model),
  );
}

function namesRole({ value }: Entry, account: ServiceAccount, model: IrsaModel): boolean {
  if (value.is === "unknown") return model.roles.some((role) => account.metadataFrom.includes(role.urn));
  return value.is === "known" && isRoleText(value.value, model);
}

/** True for the ARN of a role, rightly written or not, and for the name of a role of this stack. */
export function isRoleText(text: string, model: IrsaModel): boolean {
  const arn = parseArn(text.trim());
  if (arn) return arn.service === "iam" && arn.resource.startsWith("role");
  return model.roles.some(({ name }) => isKnownAs(name, text.trim()));
}
