import type { Flaw } from "./refusal";

/** Annotation and tag key under which the policy pack reads a suppression, before the rule's id. */
const PREFIX = "ignore.eks-irsa.dev/";

/** The resource of a binding on which a suppression has to stand, by the first words of the rule's id. */
const HOLDERS = {
  oidcProvider: /^oidc-provider-[a-z0-9-]+$/,
  role: /^(trust-policy|role)-[a-z0-9-]+$/,
  serviceAccount: /^service-account-[a-z0-9-]+$/,
} as const;

/** What is wrong with the suppressions. AWS allows fewer characters in a tag's value than Kubernetes in an annotation. */
export function suppressionFlaws(suppressions: { readonly [ruleId: string]: string } | undefined): Flaw[] {
  return Object.entries(suppressions ?? {}).flatMap(([rule, reason]) => {
    const path = `suppressions["${rule}"]`;
    const holder = Object.values(HOLDERS).find((each) => each.test(rule));
    if (!holder) {
      return [
        {
          propertyPath: path,
          reason: `a binding can suppress rules oidc-provider-…, trust-policy-…, role-… and service-account-…; for others annotate the resource itself with ${PREFIX}${rule}`,
        },
      ];
    }
    if (typeof reason !== "string" || reason.trim() === "")
      return [{ propertyPath: path, reason: "a suppression needs a reason" }];
    if (holder !== HOLDERS.serviceAccount && !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u.test(reason)) {
      return [
        {
          propertyPath: path,
          reason: `${JSON.stringify(reason)} is not legal: it becomes an AWS tag, which has at most 256 letters, digits, blanks and _ . : / = + - @`,
        },
      ];
    }
    return [];
  });
}

/** The suppressions of one of the binding's resources, as its annotations or tags. */
export function suppressionsFor(
  holder: keyof typeof HOLDERS,
  suppressions: { readonly [ruleId: string]: string } | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(suppressions ?? {})
      .filter(([rule]) => HOLDERS[holder].test(rule))
      .map(([rule, reason]) => [`${PREFIX}${rule}`, reason]),
  );
}
