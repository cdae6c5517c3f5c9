import type { Fact } from "../facts/fact";
import type { Request } from "./decision";
import type { Principal, Statement } from "./document";
import { and, not, some, type Truth } from "./truth";

type Caller = NonNullable<Request["principal"]>;

/** Whether the statement is about this caller: named by Principal, or not named by NotPrincipal; with neither, it is about nobody. */
export function matchPrincipals(statement: Statement, caller: Caller): Truth {
  const { principals, notPrincipals } = statement;
  if (principals.is === "absent" && notPrincipals.is === "absent") return false;
  return and(
    principals.is === "absent" ? true : named(principals, caller),
    notPrincipals.is === "absent" ? true : not(named(notPrincipals, caller)),
  );
}

function named(principals: Fact<readonly Principal[]>, caller: Caller): Truth {
  return principals.is === "known"
    ? some(principals.value, (principal) => matchPrincipal(principal, caller))
    : undefined;
}

function matchPrincipal(principal: Principal, caller: Caller): Truth {
  const { type, value } = principal;
  if (type === "*") return true;
  if (type !== caller.type) {
    // `{"AWS": "*"}` is documented as another spelling of "everyone"; whether STS reads it so for a web identity is not.
    return type === "AWS" && (value.is !== "known" || value.value === "*") ? undefined : false;
  }
  if (value.is !== "known") return undefined;
  if (value.value === "*") return true;
  if (caller.value.is === "absent") return false;
  if (caller.value.is === "unknown") return caller.canBe?.(value.value) === false ? false : undefined;
  return value.value === caller.value.value || (type === "AWS" && isAccountOf(value.value, caller.value.value));
}

/** An account, as twelve digits or as its root ARN, stands for every principal in it. */
function isAccountOf(principal: string, caller: string): boolean {
  const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
  return account !== undefined && caller.split(":")[4] === account;
}
