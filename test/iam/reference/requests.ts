import fc from "fast-check";
import { known, unknown } from "../../../policy-pack/src/facts/fact";
import { ASKED_ACTIONS, ASKED_RESOURCES } from "./documents";
import { WAYS } from "./leaf";
import { fields, listed, texts, type Json, type ReferenceRequest } from "./request";
import { AUD, ISSUER, KEYS, PROVIDER, requestValue, SUB, type Sort } from "./values";

const WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity";

export type Entries = { readonly [key: string]: readonly string[] };

/**
 * What a request carries: each of the keys absent, with one value, or, for a key that is multivalued, with several. A tag has one
 * value, and the generated policies use tags as variables: "you can't use a multivalued condition key as a variable".
 */
export function contexts(keys: { readonly [key: string]: Sort } = KEYS): fc.Arbitrary<Entries> {
  const entries = Object.entries(keys).map(([key, sort]) =>
    fc
      .oneof(
        { weight: 6, arbitrary: fc.tuple(requestValue(sort)) },
        { weight: 3, arbitrary: fc.constant([]) },
        {
          weight: key.includes("Tag/") ? 0 : 2,
          arbitrary: fc.array(requestValue(sort), { minLength: 2, maxLength: 3 }),
        },
      )
      .map((values): readonly [string, readonly string[]] => [key, values]),
  );
  return fc.tuple(...entries).map((all) => Object.fromEntries(all.filter(([, values]) => values.length > 0)));
}

/** The caller that STS has found for a token, and now and then another one. */
export const callers: fc.Arbitrary<NonNullable<ReferenceRequest["principal"]>> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ type: "Federated" as const, value: PROVIDER }) },
  fc.constant({ type: "Federated" as const, value: PROVIDER.replace("1111", "2222") }),
  fc.constant({ type: "Service" as const, value: "pods.eks.amazonaws.com" }),
  fc.constant({ type: "AWS" as const, value: "arn:aws:iam::111122223333:role/deployer" }),
);

export const trustRequests: fc.Arbitrary<ReferenceRequest> = fc.record({
  action: fc.constant(WEB_IDENTITY),
  principal: callers,
  context: contexts(),
});

export const identityRequests: fc.Arbitrary<ReferenceRequest> = fc.record({
  action: fc.constantFrom(...ASKED_ACTIONS),
  resource: fc.constantFrom(...ASKED_RESOURCES),
  context: contexts(),
});

/**
 * Resources that the patterns of the documents cover, those that the tests ask for, one that nobody names, and `*`, on which
 * actions without resources of their own are.
 */
export function resourcesAround(documents: readonly Json[]): readonly string[] {
  const patterns = documents
    .flatMap((document) => listed(fields(document)["Statement"]))
    .flatMap((statement) => [...texts(fields(statement)["Resource"]), ...texts(fields(statement)["NotResource"])]);
  const examples = ["", "x:y"].flatMap((run) =>
    patterns.map((pattern) =>
      pattern
        .replace(/\$\{[^{}]*\}/g, "x")
        .replaceAll("*", run)
        .replaceAll("?", "x"),
    ),
  );
  const others = ["*", "arn:aws:ec2:us-east-1:999999999999:other"];
  return [
    ...new Set([...ASKED_RESOURCES, ...others, ...patterns, ...examples.filter((each) => each.startsWith("arn:"))]),
  ];
}

/** A request of which parts are not known yet, and how it turns out. */
export interface Uncertain {
  readonly action: string;
  readonly principal: { readonly hidden: boolean; readonly ways: readonly string[] };
  readonly known: Entries;
  /** Keys that it will carry, with values that nobody knows. */
  readonly unknown: readonly string[];
  /** Keys that it may carry or not. */
  readonly maybe: readonly string[];
  readonly turnsOut: (way: number) => ReferenceRequest;
}

export const uncertainRequests: fc.Arbitrary<Uncertain> = fc
  .record({
    contexts: ways(contexts()),
    fates: fc.array(fc.constantFrom("known", "known", "known", "unknown", "maybe"), {
      minLength: Object.keys(KEYS).length,
      maxLength: Object.keys(KEYS).length,
    }),
    hidden: fc.integer({ min: 0, max: 4 }).map((die) => die === 0),
    providers: ways(fc.constantFrom(PROVIDER, PROVIDER.replace("1111", "2222"))),
  })
  .map(({ contexts: all, fates, hidden, providers }) => {
    const first = all[0] ?? {};
    const fateOf = new Map(Object.keys(KEYS).map((key, index) => [key, fates[index]]));
    // A key that is carried but not in the first way has no values to turn out with: it may be carried or not.
    const unknown = Object.keys(KEYS).filter(
      (key) => fateOf.get(key) === "unknown" && all.every((context) => key in context),
    );
    const known = Object.fromEntries(Object.entries(first).filter(([key]) => fateOf.get(key) === "known"));
    const maybe = Object.keys(KEYS).filter((key) => fateOf.get(key) !== "known" && !unknown.includes(key));
    return {
      action: WEB_IDENTITY,
      principal: { hidden, ways: providers },
      known,
      unknown,
      maybe,
      turnsOut: (way: number) => ({
        action: WEB_IDENTITY,
        principal: { type: "Federated" as const, value: providers[hidden ? way : 0] ?? "" },
        context: {
          ...known,
          ...Object.fromEntries(Object.entries(all[way] ?? {}).filter(([key]) => fateOf.get(key) !== "known")),
        },
      }),
    };
  });

/**
 * The keys of which nobody can say before whether a web identity call carries them. A call that is not signed has no principal,
 * and no service makes it on behalf of a resource; keys of other services belong to their own requests.
 */
export const WEB_IDENTITY_KEYS = Object.fromEntries(
  Object.entries(KEYS).filter(([key]) => /:amr$|^aws:(?!Principal|SourceArn)/.test(key)),
);

/** A token as it is known before the call, and the request that it becomes. */
export const tokens = fc
  .record({
    subjects: ways(requestValue("text")),
    audiences: ways(requestValue("text")),
    hidden: fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })),
  })
  .map(({ subjects, audiences, hidden: [noSubject, audience, provider] }) => {
    const noAudience = audience === 0;
    const noProvider = provider === 0;
    return {
      before: {
        issuer: ISSUER,
        ...(noProvider ? {} : { providerArn: known(PROVIDER) }),
        subject: noSubject ? unknown() : known(subjects[0] ?? ""),
        audience: noAudience ? unknown() : known(audiences[0] ?? ""),
      },
      request: (way: number, carried: Entries): ReferenceRequest => ({
        action: WEB_IDENTITY,
        // The provider is one of the issuer; of which account is all that may be unknown.
        principal: { type: "Federated", value: noProvider && way > 1 ? PROVIDER.replace("1111", "2222") : PROVIDER },
        context: {
          ...carried,
          [SUB]: [subjects[noSubject ? way : 0] ?? ""],
          [AUD]: [audiences[noAudience ? way : 0] ?? ""],
        },
      }),
    };
  });

function ways<T>(values: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.array(values, { minLength: WAYS.length, maxLength: WAYS.length });
}
