import { known } from "../../policy-pack/src/facts/fact";
import { evaluate } from "../../policy-pack/src/iam/evaluate";
import { admits, explainDenial } from "../../policy-pack/src/iam/web-identity";
import { AUD, AUDIENCE, policy, PROVIDER, read, statement, SUB, TOKEN, trust, UNKNOWN } from "./support";

type Change = Parameters<typeof statement>[0] & object;

describe("explainDenial", () => {
  const explain = (...changes: readonly Change[]) =>
    explainDenial(admits(trust(...changes), TOKEN)).map(
      ({ statement: { index }, mismatch }) =>
        `${index} ${mismatch.kind}${mismatch.kind === "condition" ? ` ${mismatch.condition.operator} ${mismatch.reason}` : ""}`,
    );

  test("the statement that came nearest comes first, with the first part that fails", () => {
    expect(
      explain(
        { Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
        { Principal: { Federated: `${PROVIDER}X` } },
        { Condition: { StringEquals: { [AUD]: "x", [SUB]: "y" } } },
        { Condition: { StringLike: { [SUB]: "system:serviceaccount:shop:web" }, StringEquals: { [AUD]: AUDIENCE } } },
      ),
    ).toEqual([
      "3 condition StringLike value-differs",
      "2 condition StringEquals value-differs",
      "1 principal",
      "0 action",
    ]);
  });

  test("what is unknown in a statement that fails anyway explains nothing", () => {
    expect(
      explain({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" }, StringEquals: { [SUB]: "x" } } }),
    ).toEqual(["0 condition StringEquals value-differs"]);
    expect(
      explain({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }, { Action: "sts:AssumeRole" }),
    ).toEqual(["0 condition IpAddress value-unknown"]);
  });

  test("what else does not fit is told in the order of the document, and of two alike the first comes first", () => {
    const document = trust(
      { Action: "sts:AssumeRole", Condition: { StringEquals: { [SUB]: "x" } } },
      { Condition: { StringEquals: { [AUD]: "x", [SUB]: "y" } } },
      { Condition: { Bool: { [SUB]: "true" } } },
      { Condition: { StringEquals: { [SUB]: "z" } } },
      { Effect: "allow" },
    );
    const parts = (mismatch: { readonly kind: string; readonly seen?: readonly string[] }) =>
      [mismatch.kind, ...(mismatch.seen ?? [])].join(" ");
    expect(
      explainDenial(admits(document, TOKEN)).map(({ statement: { index }, mismatch, others }) => [
        index,
        parts(mismatch),
        ...others.map(parts),
      ]),
    ).toEqual([
      [2, "condition true"],
      [3, "condition z"],
      [1, "condition x", "condition y"],
      [0, "action sts:AssumeRole", "condition x"],
      [4, "effect"],
    ]);
  });

  test("of an unknown decision the statements that hang on something are told, those that fail are not", () => {
    const open = { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } };
    expect(explain({ Condition: { ...open, StringEquals: { [SUB]: "x" } } }, { Condition: open })).toEqual([
      "1 condition IpAddress value-unknown",
    ]);
    const unknownParts = read(
      policy(statement({ Principal: { Federated: UNKNOWN }, Action: UNKNOWN, Condition: open })),
    );
    expect(
      explainDenial(admits(unknownParts, TOKEN)).map(({ mismatch, others }) =>
        [mismatch, ...others].map(({ kind, verdict }) => `${kind} ${verdict}`),
      ),
    ).toEqual([["action unknown", "principal unknown", "condition unknown"]]);
  });

  test("a resource that is not covered is nearer than another action, and a condition nearer still", () => {
    const grant = { Effect: "Allow", Action: "s3:*", Resource: "*" };
    const document = read(
      policy(
        { ...grant, Resource: "arn:aws:s3:::web/*" },
        { ...grant, Action: "ec2:*" },
        { ...grant, Condition: { StringEquals: { "svc:key": "x" } } },
      ),
      "identity",
    );
    const request = { action: "s3:GetObject", context: {}, resource: known("arn:aws:s3:::shop/a") };
    expect(
      explainDenial(evaluate(document, request)).map(({ statement: { index }, mismatch }) => [index, mismatch.kind]),
    ).toEqual([
      [2, "condition"],
      [0, "resource"],
      [1, "action"],
    ]);
  });

  test("what an Allow hangs on explains nothing where a Deny refuses the request anyway", () => {
    expect(
      explain(
        { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } },
        { Effect: "Deny", Principal: "*", Action: "*", Condition: null },
      ),
    ).toEqual([]);
  });

  test("a document without statements leaves nothing to explain", () => {
    expect(explainDenial(admits(read(policy()), TOKEN))).toEqual([]);
  });

  test("an allow has nothing to explain", () => {
    expect(explain({})).toEqual([]);
  });
});
