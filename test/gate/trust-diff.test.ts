import { byUrn, readResource } from "../../policy-pack/src/gate/resources";
import { compareGrants } from "../../policy-pack/src/gate/trust-diff/compare";
import { grantsOf } from "../../policy-pack/src/gate/trust-diff/grants";
import { trust, urnOf, urns } from "../support/stack";
import { PROVIDER_ARN, stack, type Told, UNKNOWN } from "./support";

describe("trust diff", () => {
  const policy = (name: string, document: unknown, role = "api-irsa"): Told => ({
    urn: urnOf("aws:iam/rolePolicy:RolePolicy", name),
    inputs: { role, policy: JSON.stringify(document) },
  });
  const allow = (action: unknown, resource: unknown = "*", condition?: unknown) => ({
    Statement: { Effect: "Allow", Action: action, Resource: resource, Condition: condition },
  });
  const diff = (before: readonly Told[], after: readonly Told[]) => {
    const grants = (resources: readonly Told[]) => grantsOf(byUrn(resources.map(readResource)));
    return compareGrants(grants(before), grants(after));
  };
  const trusting = (document: string) =>
    stack({
      [urns.role]: {
        outputs: { arn: "arn:aws:iam::111122223333:role/api-irsa", name: "api-irsa", assumeRolePolicy: document },
      },
    });
  const OIDC = 'OIDC provider "shop"';

  test.each([
    [
      "a second account",
      trust({ sub: ["system:serviceaccount:shop:api", "system:serviceaccount:shop:web"] }),
      `pods of ServiceAccount shop/api or shop/web of ${OIDC}`,
    ],
    [
      "a pattern",
      trust({ sub: "system:serviceaccount:shop:*", operator: "StringLike" }),
      `pods of ServiceAccount shop/* of ${OIDC}`,
    ],
    ["no subject", trust({ sub: null }), `whoever has a token or credentials of ${OIDC}`],
    ["no audience", trust({ aud: null }), `pods of ServiceAccount shop/api of ${OIDC} to assume it`],
    [
      "another account",
      JSON.stringify({
        Statement: [
          ...(JSON.parse(trust()) as { Statement: unknown[] }).Statement,
          { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "arn:aws:iam::999900001111:root" } },
        ],
      }),
      "now allows arn:aws:iam::999900001111:root to assume it",
    ],
    [
      "everybody",
      JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" }] }),
      "now allows anyone to assume it",
    ],
  ])("%s is wider", (_, document, says) => {
    expect(diff(trusting(trust()), trusting(document)).wider).toEqual([
      { role: "aws:iam/role:Role api", kind: "trust", says: expect.stringContaining(says) as string },
    ]);
    expect(diff(trusting(document), trusting(document)).wider).toEqual([]);
  });

  test("narrower, the same in another order, account or issuer is not", () => {
    const wide = trust({ sub: "system:serviceaccount:shop:*", operator: "StringLike" });
    expect(diff(trusting(wide), trusting(trust())).wider).toEqual([]);
    const elsewhere = JSON.parse(
      JSON.stringify(trusting(trust()))
        .replaceAll("111122223333", "222233334444")
        .replaceAll("EXAMPLED539D4633E53DE1B71EXAMPLE", "0123456789ABCDEF0123456789ABCDEF"),
    ) as readonly Told[];
    expect(diff(elsewhere, trusting(trust())).wider).toEqual([]);
  });

  test("a refusal that is gone is wider", () => {
    const [statement] = (JSON.parse(trust()) as { Statement: unknown[] }).Statement;
    const guarded = JSON.stringify({
      Statement: [statement, { Effect: "Deny", Action: "*", Principal: { Federated: PROVIDER_ARN } }],
    });
    expect(diff(trusting(guarded), trusting(trust())).wider.map(({ says }) => says)).toEqual([
      `no longer refuses whoever has a token or credentials of ${OIDC} to assume it`,
    ]);
  });

  test("permissions are compared by action, resource and condition", () => {
    const before = [...stack(), policy("data", allow("s3:Get*", "arn:aws:s3:::shop/*"))];
    const wider = (document: unknown) =>
      diff(before, [...stack(), policy("data", document)]).wider.map(({ says }) => says);
    expect(wider(allow("s3:getobject", "arn:aws:s3:::shop/a/*"))).toEqual([]);
    expect(wider(allow("s3:Get*", "arn:aws:s3:::shop/*", { Bool: { "aws:SecureTransport": "true" } }))).toEqual([]);
    expect(wider(allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::shop/*"))).toEqual([
      "now allows s3:PutObject on arn:aws:s3:::shop/*",
    ]);
    expect(wider(allow("s3:*", "arn:aws:s3:::shop/*"))).toEqual(["now allows s3:* on arn:aws:s3:::shop/*"]);
    expect(
      diff(
        stack(),
        stack({
          [urns.attachment]: { inputs: { role: "api-irsa", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" } },
        }),
      ).wider,
    ).toEqual([
      {
        role: "aws:iam/role:Role api",
        kind: "permissions",
        says: "now allows all that arn:aws:iam::aws:policy/AdministratorAccess allows",
      },
    ]);
  });

  test("what is not known is said, and called neither wider nor the same", () => {
    expect(diff(trusting(trust()), trusting(UNKNOWN))).toEqual({
      wider: [],
      unknown: ["aws:iam/role:Role api: its trust policy is not known yet"],
    });
  });
});
