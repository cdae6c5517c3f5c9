import fc from "fast-check";

/**
 * Condition keys and their values as they occur around a token, chosen so that a policy and a request often nearly agree: the
 * same text in another case, one segment more, a wildcard that just fits.
 */

export const ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
export const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
export const SUB = `${ISSUER}:sub`;
export const AUD = `${ISSUER}:aud`;

export type Sort = "text" | "number" | "date" | "bool" | "binary" | "ip" | "arn";

/** The keys of the generated requests and what their values are. */
export const KEYS: { readonly [key: string]: Sort } = {
  [SUB]: "text",
  [AUD]: "text",
  [`${ISSUER}:amr`]: "text",
  "aws:PrincipalTag/Team": "text",
  "aws:RequestTag/x": "text",
  "s3:max-keys": "number",
  "aws:CurrentTime": "date",
  "aws:SecureTransport": "bool",
  "test:Bytes": "binary",
  "aws:SourceIp": "ip",
  "aws:SourceArn": "arn",
};

export const OPERATORS: { readonly [sort in Sort]: readonly string[] } = {
  text: [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
  ],
  number: [
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
  ],
  date: [
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
  ],
  bool: ["Bool"],
  binary: ["BinaryEquals"],
  ip: ["IpAddress", "NotIpAddress"],
  arn: ["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"],
};

/** Texts of few letters: among such, a pattern and a value often just match or just do not. */
const small = fc.string({ unit: fc.constantFrom("a", "b", "A", ":"), maxLength: 5 });
const smallPattern = fc.string({ unit: fc.constantFrom("a", "b", "B", ":", "*", "*", "?"), maxLength: 6 });

const VARIABLES: readonly string[] = [
  "${aws:PrincipalTag/Team}",
  "${aws:principaltag/team}",
  "${aws:PrincipalTag/Team, 'shop'}",
  "${aws:PrincipalTag/Team, '*'}",
  "${aws:RequestTag/x}",
  "${aws:RequestTag/x, 'a'}",
  "${aws:Nowhere}",
  "${*}",
  "${?}",
  "${$}",
];

/** A value that a request may carry for a key of the sort. */
export function requestValue(sort: Sort): fc.Arbitrary<string> {
  switch (sort) {
    case "text":
      return fc.oneof(
        { weight: 3, arbitrary: small.filter((text) => text !== "") },
        fc.constantFrom("system:serviceaccount:shop:api", "system:serviceaccount:shop:Api", "sts.amazonaws.com"),
        fc.constantFrom("shop", "Shop", "*", "?", "$", "a*", "${*}", "system:serviceaccount:sh:op:api", "true", "10"),
      );
    case "number":
      return fc.constantFrom("0", "9", "10", "10.5", "-10", "010", "10.0", "100", "0.1");
    case "date":
      return fc.constantFrom(
        "2026-11-24T00:00:00Z",
        "2026-11-24T00:00:00.001Z",
        "2026-11-24T01:00:00+01:00",
        "2026-11-23T23:59:59Z",
        "2024-02-29T12:00:00Z",
        "1795478400",
        "1795478401",
      );
    case "bool":
      return fc.constantFrom("true", "false");
    case "binary":
      return fc.constantFrom("YQ==", "YWI=", "YWJj", "QQ==", "");
    case "ip":
      return fc.constantFrom(
        "203.0.113.7",
        "203.0.113.255",
        "203.0.114.0",
        "10.0.0.1",
        "2001:db8:1234:5678::1",
        "2001:DB8:1234:5679:0:0:0:1",
        "::1",
      );
    case "arn":
      return fc.oneof(
        fc.constantFrom(
          "arn:aws:sns:eu-west-1:111122223333:topic",
          "arn:aws:sns:eu-west-1:111122223333:topic:sub",
          "arn:aws:sns:eu-west-1:111122223333:Topic",
          "arn:aws:sns:eu-west-2:999999999999:store/abc:111122223333:topic",
          "arn:aws:iam::111122223333:role/team/api",
        ),
        fc
          .array(fc.constantFrom("a", "b", ""), { minLength: 5, maxLength: 7 })
          .map((parts) => ["arn", ...parts].join(":")),
      );
  }
}

/** A value that a policy may hold against a key of the sort; numbers and booleans stand with and without quotation marks. */
export function policyValue(sort: Sort): fc.Arbitrary<string | number | boolean> {
  const same = requestValue(sort);
  switch (sort) {
    case "text":
      return fc.oneof(
        { weight: 3, arbitrary: same },
        { weight: 4, arbitrary: smallPattern },
        { weight: 2, arbitrary: fc.constantFrom(...VARIABLES) },
        {
          weight: 2,
          arbitrary: fc.tuple(smallPattern, fc.constantFrom(...VARIABLES), small).map((parts) => parts.join("")),
        },
        fc.constantFrom(
          "system:serviceaccount:shop:*",
          "system:serviceaccount:*:api",
          "system:serviceaccount:sh?p:api",
          "system:serviceaccount:${aws:PrincipalTag/Team}:api",
          "system:serviceaccount:*",
          "sts.amazonaws.com",
          "STS.amazonaws.com",
          "*",
        ),
        fc.constantFrom(true, 10),
      );
    case "number":
      return fc.oneof(same, fc.constantFrom(0, 9, 10, 10.5, -10, 0.1, 100));
    case "date":
      return fc.oneof(same, fc.constantFrom("2026-11-24", "2026-11", "2024-02-29T13:00+01:00", 1795478400));
    case "bool":
      return fc.oneof(same, fc.boolean());
    case "binary":
      return same;
    case "ip":
      return fc.oneof(
        same,
        fc.constantFrom(
          "203.0.113.0/24",
          "203.0.113.9/24",
          "203.0.112.0/23",
          "0.0.0.0/0",
          "10.0.0.0/8",
          "10.0.0.1/32",
          "2001:db8:1234:5678::/64",
          "2001:DB8:1234:5678::/63",
          "::/0",
          "::1/128",
        ),
      );
    case "arn":
      return fc.oneof(
        same,
        fc.constantFrom(
          "arn:aws:sns:*:111122223333:topic",
          "arn:aws:sns:*:*:topic",
          "arn:aws:sns:eu-west-?:111122223333:topic",
          "arn:aws:sns:eu-west-1:111122223333:*",
          "arn:aws:sns:eu-west-1:111122223333:top*c",
          "arn:*:iam::111122223333:role/*",
          "arn:aws:iam::111122223333:role/${aws:PrincipalTag/Team}/api",
          "arn:aws:iam::111122223333:role/${aws:PrincipalTag/Team, 'team'}/api",
          "arn:aws:sns:eu-west-1:${aws:Nowhere}:topic",
        ),
        fc
          .array(fc.constantFrom("a", "b", "", "*", "?", "a*"), { minLength: 5, maxLength: 7 })
          .map((parts) => ["arn", ...parts].join(":")),
      );
  }
}

/** A name in another case: the same key or action to IAM. */
export function anyCase(name: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(name) },
    fc.constant(name.toLowerCase()),
    fc.constant(name.toUpperCase()),
  );
}
