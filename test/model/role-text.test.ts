import { buildModel } from "../../policy-pack/src/model/build";
import { meantRole, roleTextFault } from "../../policy-pack/src/model/role-text";
import { ROLE_ARN, trust, UNKNOWN, wired, type Wiring } from "../support/stack";
import { roleOf } from "../support/trust-stacks";

describe("the fault of a text that is to be a role's ARN", () => {
  test.each<[string, string, string | undefined]>([
    ["a role", ROLE_ARN, undefined],
    ["a role with a path", "arn:aws:iam::111122223333:role/team/api", undefined],
    ["a role of a service", "arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/x", "protected"],
    ["a role with such a path within its own", "arn:aws:iam::111122223333:role/team/aws-reserved/api", undefined],
    ["an output that was printed", "Calling [toString] on an [Output<T>] is not supported.", "output"],
    ["a whole text that is undefined", "undefined", "output"],
    ["a text that ends with undefined", "role/undefined", "output"],
    ["an ARN whose account is None", "arn:aws:iam::None:role/api", "output"],
    ["a path that begins with null", "null/api", "output"],
    ["a name that only begins with None", "NoneOfThese", "name"],
    ["a name that only ends with None", "role/BetterNone", "name"],
    ["blanks around a role", ` ${ROLE_ARN}\n`, "blanks"],
    ["blanks around a name", " api ", "name"],
    ["quotes around a role", `"${ROLE_ARN}"`, "quotes"],
    ["quotes with blanks within", `' ${ROLE_ARN} '`, "quotes"],
    ["a name", "api-irsa", "name"],
    ["words", "the role of the API", "malformed"],
    ["a name of one of words", "api irsa", "malformed"],
    ["a user", "arn:aws:iam::111122223333:user/api", "other-arn"],
    ["a policy", "arn:aws:iam::111122223333:policy/role/api", "other-arn"],
    ["a resource whose name begins with role", "arn:aws:iam::111122223333:role-x/api", "other-arn"],
    ["a role of another service", "arn:aws:sts::111122223333:role/api", "other-arn"],
    ["a region", "arn:aws:iam:eu-west-1:111122223333:role/api", "region"],
    ["no account", "arn:aws:iam:::role/api", "account-id"],
    ["an account with a letter before it", "arn:aws:iam::a111122223333:role/api", "account-id"],
    ["an account with a digit too many", "arn:aws:iam::1111222233334:role/api", "account-id"],
    ["no name", "arn:aws:iam::111122223333:role/", "path"],
    ["a name after a colon", "arn:aws:iam::111122223333:role:api", "path"],
  ])("%s", (_, text, expected) => {
    expect(roleTextFault(text)).toBe(expected);
  });

  test("is told of the beginning of a very long text", () => {
    expect([roleTextFault("x".repeat(4097)), roleTextFault(`${"x".repeat(4096)} and more`)]).toEqual(["name", "name"]);
  });
});

describe("the role that a faulty text means", () => {
  const meant = (text: string, changes: Wiring = {}): string =>
    meantRole(text, buildModel(wired({ plus: [roleOf("orders", trust())], ...changes })))?.title ?? "none";

  test.each<[string, string, string]>([
    ["its name", "orders", 'role "orders"'],
    ["its name in quotes and blanks", ' "orders" ', 'role "orders"'],
    ["nearly its name", "order", 'role "orders"'],
    ["its name in an ARN of no account", "arn:aws:iam:::role/orders", 'role "orders"'],
    ["its name after a colon", "arn:aws:iam::111122223333:role:orders", 'role "orders"'],
    ["its name after a path", "arn:aws:iam:::role/team/orders", 'role "orders"'],
    ["a name that is not near", "warehouse", "none"],
    ["nothing", "", "none"],
    ["an ARN without a name", "arn:aws:iam:::role/", "none"],
  ])("%s", (_, text, expected) => {
    expect(meant(text)).toBe(expected);
  });

  test("is none whose name is not known yet", () => {
    expect([
      meant("api-irsa", { role: { name: UNKNOWN }, plus: [] }),
      meant("undefined", { role: { name: UNKNOWN }, plus: [] }),
    ]).toEqual(["none", "none"]);
  });

  test("is told of the beginning of a very long text", () => {
    expect(meant(`orders${" ".repeat(4096)}web`)).toBe('role "orders"');
  });
});
