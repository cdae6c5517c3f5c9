/** The policy evaluator alone: how fast it decides, and that no policy makes it slower than in proportion to its length. */
import { known, unknown } from "eks-irsa-policy-pack/dist/facts/fact";
import { parsePolicyDocument } from "eks-irsa-policy-pack/dist/iam/parse";
import { admits } from "eks-irsa-policy-pack/dist/iam/web-identity";
import { median } from "./statistics";

export interface EvaluatorFigures {
  readonly decisionsPerSecond: number;
  /** For each kind of hostile policy, how many times longer it takes at twice the size: 2 is in proportion. */
  readonly growth: readonly { readonly what: string; readonly factor: number }[];
}

const ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/0F1E2D3C4B5A69788796A5B4C3D2E1F0";
const ARN = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
const SUBJECT = "system:serviceaccount:shop:api";

/** How much longer the evaluator may take for twice the size: 2 is in proportion, 4 is the square, the rest is what a busy machine adds. */
export const MAX_GROWTH = 3;

type Statement = Readonly<Record<string, unknown>>;

export function measureEvaluator(): EvaluatorFigures {
  const typical = parse([statement(SUBJECT)]);
  return {
    decisionsPerSecond: Math.round(1000 / millisecondsPerCall(() => decide(typical, SUBJECT))),
    growth: [
      {
        what: "statements",
        factor: growth(500, (size) => judging(Array.from({ length: size }, () => statement("x")))),
      },
      {
        what: "values of one condition",
        factor: growth(60, (size) => judging([statement(Array(size).fill("a*b?c*"))])),
      },
      {
        what: "a pattern full of wildcards against a subject as long",
        factor: growth(2_048, (size) => judging([statement("*a".repeat(size / 2))], "a".repeat(size))),
      },
      {
        what: "a long run of letters and question marks against a subject as long",
        factor: growth(2_048, (size) => judging([statement(`*${"a?".repeat(size / 4)}b*`)], "a".repeat(size))),
      },
    ],
  };
}

function judging(statements: readonly Statement[], subject: string = SUBJECT): () => unknown {
  return () => decide(parse(statements), subject);
}

function statement(subject: unknown): Statement {
  return {
    Effect: "Allow",
    Principal: { Federated: ARN },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringLike: { [`${ISSUER}:sub`]: subject },
      StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
    },
  };
}

type Document = ReturnType<typeof parse>;

function parse(statements: readonly Statement[]) {
  const text = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const document = parsePolicyDocument(known(text), { kind: "trust", waitsFor: [] });
  if (document.is !== "known") throw new Error("A policy of the benchmark cannot be read.");
  return document.value;
}

function decide(document: Document, subject: string) {
  const token = { issuer: ISSUER, subject: known(subject), audience: known("sts.amazonaws.com") };
  return admits(document, { ...token, providerArn: subject === "" ? unknown() : known(ARN) });
}

function growth(size: number, make: (size: number) => () => unknown): number {
  return millisecondsPerCall(make(size * 2)) / millisecondsPerCall(make(size));
}

/** Processor time, so that what else the machine does counts little: the median of several stretches of calls. */
function millisecondsPerCall(call: () => unknown): number {
  const stretches = Array.from({ length: 7 }, () => {
    const started = process.cpuUsage();
    let calls = 0;
    let spent = 0;
    while (spent < 60_000) {
      // Asking for the time is dearer than a decision.
      for (let more = Math.max(1, calls >> 2); more > 0; more--, calls++) call();
      const { user, system } = process.cpuUsage(started);
      spent = user + system;
    }
    return spent / 1000 / calls;
  });
  return median(stretches) ?? 0;
}
