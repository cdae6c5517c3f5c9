import fc from "fast-check";
import {
  subjectOf,
  subjectPattern,
  trustPolicyText,
  trustSizeFlaw,
  type Trust,
} from "../../components/src/trust-policy";
import { known } from "../../policy-pack/src/facts/fact";
import { parsePolicyDocument } from "../../policy-pack/src/iam/parse";
import { admits } from "../../policy-pack/src/iam/web-identity";

const ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
const clusterOf = (issuer: string) => ({ issuer, providerArn: `arn:aws:iam::111122223333:oidc-provider/${issuer}` });
const trust = (change: Partial<Trust> = {}): Trust => ({
  clusters: [clusterOf(ISSUER)],
  audience: "sts.amazonaws.com",
  subjects: [subjectOf("shop", "api")],
  subjectPatterns: [],
  podIdentity: false,
  ...change,
});

interface Token {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** The pack's evaluator. */
function byPack(text: string, token: Token): string {
  const document = parsePolicyDocument(known(text), { kind: "trust" });
  if (document.is !== "known") throw new Error("not a document");
  return admits(document.value, {
    providerArn: known(clusterOf(token.issuer).providerArn),
    issuer: token.issuer,
    subject: known(token.subject),
    audience: known(token.audience),
  }).answer;
}

/**
 * An evaluator of its own, written from the IAM user guide for the few elements that a binding's document has, so that the
 * component and the pack cannot share one mistake.
 */
function byHand(text: string, token: Token): string {
  interface Document {
    readonly Statement: readonly {
      readonly Effect: string;
      readonly Action: string | readonly string[];
      readonly Principal: { readonly Federated?: string };
      readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
    }[];
  }
  const claims = new Map([
    [`${token.issuer}:sub`, token.subject],
    [`${token.issuer}:aud`, token.audience],
  ]);
  const holds = (operator: string, key: string, wanted: string | readonly string[]): boolean => {
    const claim = claims.get(key);
    if (claim === undefined) return false;
    return [wanted]
      .flat()
      .some((each) => (operator === "StringEquals" ? each === claim : operator === "StringLike" && like(each, claim)));
  };
  const { Statement } = JSON.parse(text) as Document;
  const allows = Statement.some(
    ({ Effect, Action, Principal, Condition = {} }) =>
      Effect === "Allow" &&
      [Action].flat().includes("sts:AssumeRoleWithWebIdentity") &&
      Principal.Federated === clusterOf(token.issuer).providerArn &&
      Object.entries(Condition).every(([operator, keys]) =>
        Object.entries(keys).every(([key, wanted]) => holds(operator, key, wanted)),
      ),
  );
  return allows ? "allow" : "deny";
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}

const EVALUATORS: readonly (readonly [string, (text: string, token: Token) => string])[] = [
  ["the pack's evaluator", byPack],
  ["an independent one", byHand],
];

const letters = "abcdefghijklmnopqrstuvwxyz0123456789-".split("");
const label = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 20 }).map((text) => `a${text}z`);
const subdomain = fc.array(label, { minLength: 1, maxLength: 2 }).map((parts) => parts.join("."));
const account = fc.record({ namespace: label, name: subdomain });
const issuer = fc
  .tuple(
    fc.constantFrom("eu-west-1", "us-east-1", "ap-southeast-2"),
    fc.string({ unit: fc.constantFrom(..."0123456789ABCDEF".split("")), minLength: 32, maxLength: 32 }),
  )
  .map(([region, id]) => `oidc.eks.${region}.amazonaws.com/id/${id}`);
const audience = fc.constantFrom("sts.amazonaws.com", "sts.amazonaws.com.cn", "https://vault.example.org", "my-app");

const binding = fc.record({
  accounts: fc.uniqueArray(account, {
    minLength: 1,
    maxLength: 4,
    selector: ({ namespace, name }) => `${namespace}:${name}`,
  }),
  issuers: fc.uniqueArray(issuer, { minLength: 1, maxLength: 3 }),
  audience,
  podIdentity: fc.boolean(),
});

describe.each(EVALUATORS)("by %s, the document", (_name, decide) => {
  it("admits every bound account of every bound cluster with the bound audience", () => {
    fc.assert(
      fc.property(binding, ({ accounts, issuers, audience: bound, podIdentity }) => {
        const subjects = accounts.map(({ namespace, name }) => subjectOf(namespace, name));
        const text = trustPolicyText(
          trust({ clusters: issuers.map(clusterOf), audience: bound, subjects, podIdentity }),
        );
        for (const each of issuers) {
          for (const subject of subjects)
            expect(decide(text, { issuer: each, subject, audience: bound })).toBe("allow");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("refuses every other account, audience and cluster, however near", () => {
    fc.assert(
      fc.property(binding, account, issuer, audience, (bound, stranger, otherIssuer, otherAudience) => {
        const subjects = bound.accounts.map(({ namespace, name }) => subjectOf(namespace, name));
        const text = trustPolicyText(
          trust({
            clusters: bound.issuers.map(clusterOf),
            audience: bound.audience,
            subjects,
            podIdentity: bound.podIdentity,
          }),
        );
        const [own = ISSUER] = bound.issuers;
        const [first] = bound.accounts;
        if (!first) return;
        const near = [
          stranger,
          { namespace: first.namespace, name: stranger.name },
          { namespace: stranger.namespace, name: first.name },
          { namespace: first.namespace.toUpperCase(), name: first.name },
          { namespace: first.namespace, name: first.name.toUpperCase() },
          { namespace: `${first.namespace}x`, name: first.name },
          { namespace: first.namespace, name: `${first.name}x` },
          { namespace: first.name, name: first.namespace },
          { namespace: first.namespace, name: "*" },
        ].map(({ namespace, name }) => subjectOf(namespace, name));
        for (const subject of near.filter((each) => !subjects.includes(each))) {
          expect(decide(text, { issuer: own, subject, audience: bound.audience })).toBe("deny");
        }
        const [subject = ""] = subjects;
        const strange = [otherIssuer].filter((each) => !bound.issuers.includes(each));
        for (const each of strange)
          expect(decide(text, { issuer: each, subject, audience: bound.audience })).toBe("deny");
        for (const wrong of [otherAudience, bound.audience.toUpperCase(), ""].filter(
          (each) => each !== bound.audience,
        )) {
          expect(decide(text, { issuer: own, subject, audience: wrong })).toBe("deny");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("admits what a pattern means, and demands the exact audience of it too", () => {
    const text = trustPolicyText(trust({ subjectPatterns: [subjectPattern("batch:job-*")] }));
    const ask = (namespace: string, name: string, aud = "sts.amazonaws.com") =>
      decide(text, { issuer: ISSUER, subject: subjectOf(namespace, name), audience: aud });
    expect(ask("batch", "job-7")).toBe("allow");
    expect(ask("shop", "api")).toBe("allow");
    expect(ask("batch", "other")).toBe("deny");
    expect(ask("batch2", "job-7")).toBe("deny");
    expect(ask("batch", "job-7", "sts.amazonaws.com.cn")).toBe("deny");
  });
});

describe("the text", () => {
  it("never tests the audience with a wildcard operator", () => {
    const { Statement } = JSON.parse(trustPolicyText(trust({ subjectPatterns: [subjectPattern("batch:*")] }))) as {
      readonly Statement: readonly { readonly Condition: Readonly<Record<string, object>> }[];
    };
    expect(Statement.map((each) => Object.keys(each.Condition["StringLike"] ?? {}))).toEqual([[], [`${ISSUER}:sub`]]);
    expect(Statement.map((each) => Object.keys(each.Condition["StringEquals"] ?? {}))).toEqual([
      [`${ISSUER}:aud`, `${ISSUER}:sub`],
      [`${ISSUER}:aud`],
    ]);
  });

  it("trusts EKS Pod Identity in a statement of its own", () => {
    const { Statement } = JSON.parse(trustPolicyText(trust({ podIdentity: true }))) as { Statement: unknown[] };
    expect(Statement).toHaveLength(2);
    expect(Statement[1]).toEqual({
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    });
  });

  it("names a cluster once, though it is given twice", () => {
    const text = trustPolicyText(trust({ clusters: [clusterOf(ISSUER), clusterOf(ISSUER)] }));
    expect(text.split("Federated")).toHaveLength(2);
  });

  it("is measured against the quota", () => {
    const text = trustPolicyText(trust());
    expect(trustSizeFlaw(text, text.length)).toBeUndefined();
    expect(trustSizeFlaw(text, text.length - 1)).toMatch(/1 more than the quota/);
  });
});
