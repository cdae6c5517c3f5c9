import { nearest } from "../facts/did-you-mean";
import { STS_ACTIONS, WEB_IDENTITY_ACTION } from "./vocabulary";

const KNOWN_STS: ReadonlySet<string> = new Set(STS_ACTIONS.map((action) => action.toLowerCase()));

/**
 * What IAM would want instead of this action text, or undefined when it takes it. An sts action that is not in our list is
 * refused only when it is near one that is: AWS may have added an action since.
 */
export function actionFlaw(text: string, kind: "trust" | "identity"): string | undefined {
  const near = (): string | undefined => nearest(text, STS_ACTIONS);
  if (text === "*") return undefined;
  if (!/^[A-Za-z0-9*?-]{1,128}:[\w*?-]{1,256}$/.test(text)) {
    const meant = kind === "trust" ? near() : undefined;
    return meant ? `"${meant}"` : 'an action such as "service:Action", or "*"';
  }
  if (kind !== "trust") return undefined;
  const service = text.slice(0, text.indexOf(":")).toLowerCase();
  if (/[*?]/.test(service)) return undefined;
  if (service !== "sts") return `"${near() ?? WEB_IDENTITY_ACTION}": a trust policy takes actions of AWS STS only`;
  if (/[*?]/.test(text) || KNOWN_STS.has(text.toLowerCase())) return undefined;
  const meant = near();
  return meant ? `"${meant}"` : undefined;
}
