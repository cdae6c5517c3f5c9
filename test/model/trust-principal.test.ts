import { principalFaults, type PrincipalFault } from "../../policy-pack/src/model/trust-principal";
import { podStatements } from "../../policy-pack/src/model/trust-statement";
import type { Snapshot } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { ACCOUNT, ISSUER, OTHER_ISSUER, PROVIDER_ARN, resource, UNKNOWN, urnOf, urns, wired } from "../support/stack";
import type { Change, Wiring } from "../support/stack";
import { arnOf, GITHUB, policyOf, providerFor, statementOf, withRole } from "../support/trust-parts";
import { clusterOf, identities, newCluster, roleOf, ROLE, withOutputs } from "../support/trust-stacks";

const OTHER_ARN = arnOf(OTHER_ISSUER);
const DUAL_STACK = OTHER_ISSUER.replace("oidc.eks.eu-west-1.amazonaws.com", "oidc-eks.eu-west-1.api.aws");
const CHINA = "oidc.eks.cn-north-1.amazonaws.com.cn/id/0123456789ABCDEF0123456789ABCDEF";

/** `slash → arn:…`, with the host or partition that is wanted, and a question mark where the ARN may still be right. */
function describeFault({ fault, needed, wanted, doubtful }: PrincipalFault): string {
  const mark = doubtful ? "?" : "";
  return `${fault}${mark} → ${needed ?? "nothing to write"}${wanted === undefined ? "" : ` (${wanted})`}`;
}

/** The faults of the one statement of a role with this Principal. */
function faultsIn(stack: Snapshot, urn: string = urns.role): string {
  const { model, role } = withRole(stack, urn);
  const found = podStatements(role, model).flatMap((pod) => principalFaults(pod, model));
  return found.map(describeFault).join(", ") || "nothing";
}

const trusting = (principal: Value): Change => ({
  assumeRolePolicy: policyOf(statementOf({ Principal: principal })),
});
const faultsOf = (principal: Value, changes: Wiring = {}): string =>
  faultsIn(wired({ ...changes, role: trusting(principal) }));
const faultsOfArn = (arn: string, changes: Wiring = {}): string => faultsOf({ Federated: arn }, changes);

/** A role of which neither account, region nor partition can be told. */
const UNPLACED = urnOf(ROLE, "unplaced");
function faultsUnplaced(arn: string): string {
  const inputs = { name: "unplaced", assumeRolePolicy: policyOf(statementOf({ Principal: { Federated: arn } })) };
  return faultsIn(wired({ plus: [resource(ROLE, "unplaced", inputs, { provider: undefined })] }), UNPLACED);
}

describe("a principal that no token can have", () => {
  test.each<[string, Value, string]>([
    ["is none that is not known yet", UNKNOWN, "nothing"],
    ["is none whose ARN is not known yet", { Federated: UNKNOWN }, "nothing"],
    ["is no sound ARN", { Federated: PROVIDER_ARN }, "nothing"],
    ["is no wildcard, which is another matter", { Federated: "*" }, "nothing"],
    [
      "is no principal of a kind that pods never have",
      { CanonicalUser: "79a59df900b949e55d96a1e698fbaced" },
      "nothing",
    ],
    ["is an ARN that stands as a principal of AWS", { AWS: PROVIDER_ARN }, `type → ${PROVIDER_ARN}`],
    ["is an ARN that stands as a service", { Service: PROVIDER_ARN }, `type → ${PROVIDER_ARN}`],
    ["is no account that may assume the role beside", { AWS: `arn:aws:iam::${ACCOUNT}:root` }, "nothing"],
  ])("%s", (_, principal, expected) => {
    expect(faultsOf(principal)).toBe(expected);
  });

  test("is none of a provider whose own url is the fault", () => {
    const plus = [providerFor(`${OTHER_ISSUER}/`)];
    expect(faultsOfArn(`${OTHER_ARN}/`, { plus })).toBe("nothing");
  });
});

describe("the issuer in a provider's ARN", () => {
  test.each<[string, string, string]>([
    ["has a scheme too many", arnOf(`https://${OTHER_ISSUER}`), `scheme → ${OTHER_ARN}`],
    ["has a scheme of plain HTTP", arnOf(`http://${OTHER_ISSUER}`), `scheme → ${OTHER_ARN}`],
    ["is a url after something else", arnOf(`oidc-provider/https://${ISSUER}`), `no-provider → ${PROVIDER_ARN}`],
    ["is a whole ARN once more", arnOf(PROVIDER_ARN), `no-provider → ${PROVIDER_ARN}`],
    ["was not filled in", arnOf("${cluster.issuer}"), `no-provider → ${PROVIDER_ARN}`],
    ["is another's, whose path may hold anything", arnOf("login.example.com/arn:aws:x"), "nothing"],
    ["ends in slashes", arnOf(`${OTHER_ISSUER}//`), `slash → ${OTHER_ARN}`],
    ["is GitHub's, of which a partition says nothing", arnOf(GITHUB).replace("aws", "aws-cn"), "nothing"],
    [
      "has the host of a dual-stack endpoint",
      arnOf(DUAL_STACK),
      `host → ${OTHER_ARN} (oidc.eks.eu-west-1.amazonaws.com)`,
    ],
    [
      "has a region and a service the wrong way round",
      arnOf(OTHER_ISSUER.replace("oidc.eks.eu-west-1", "oidc.eu-west-1.eks")),
      `host → ${OTHER_ARN} (oidc.eks.eu-west-1.amazonaws.com)`,
    ],
    [
      "has a host with more before what would be turned round",
      arnOf("oidc-old.oidc.eu-west-1.eks.amazonaws.com/id/A"),
      "nothing",
    ],
    ["has a host with more before a dual-stack one", arnOf("oidc-old.oidc.eks.eu-west-1.api.aws/x"), "nothing"],
    ["has a dual-stack host of no region of AWS", arnOf("oidc-eks.mars.api.aws/id/A"), "nothing"],
  ])("%s", (_, arn, expected) => {
    expect(faultsOfArn(arn)).toBe(expected);
  });

  describe("of a dual-stack host", () => {
    const right = `host → ${OTHER_ARN} (oidc.eks.eu-west-1.amazonaws.com)`;
    const reports = clusterOf("second", `https://${DUAL_STACK}`);
    const hiding = (outputs: { readonly [key: string]: Value }) =>
      faultsIn(withOutputs(wired({ role: trusting({ Federated: arnOf(DUAL_STACK) }) }), urns.cluster, outputs));

    test.each<[string, () => string, string]>([
      [
        "is right where EKS reports it for one of the clusters",
        () => faultsOfArn(arnOf(DUAL_STACK), { plus: [reports] }),
        "nothing",
      ],
      [
        "is wrong where the configuration alone has it for a cluster",
        () => faultsOfArn(arnOf(DUAL_STACK), { config: { clusters: [{ name: "far", issuer: DUAL_STACK }] } }),
        right,
      ],
      ["may be right while a cluster's issuer is hidden", () => hiding({ identities: identities(UNKNOWN) }), "nothing"],
      [
        "is wrong for a cluster that is yet to be made",
        () => faultsOfArn(arnOf(DUAL_STACK), { plus: [newCluster("new")] }),
        right,
      ],
    ])("%s", (_, found, expected) => {
      expect(found()).toBe(expected);
    });
  });
});

describe("the partition of a provider's ARN", () => {
  test.each<[string, () => string, string]>([
    ["is not the role's", () => faultsOfArn(OTHER_ARN.replace("aws", "aws-cn")), `partition → ${OTHER_ARN} (aws)`],
    [
      "is the role's, and not the one of the issuer's region",
      () => faultsOfArn(arnOf(CHINA)),
      `partition? → ${arnOf(CHINA).replace("aws", "aws-cn")} (aws-cn)`,
    ],
    ["is that of the issuer's region", () => faultsUnplaced(arnOf(CHINA).replace("aws", "aws-cn")), "nothing"],
    [
      "is not that of the issuer's region, while the role's is not known",
      () => faultsUnplaced(arnOf(CHINA)),
      `partition? → ${arnOf(CHINA).replace("aws", "aws-cn")} (aws-cn)`,
    ],
    ["may be any while neither is known", () => faultsUnplaced(arnOf("oidc.eks.mars-1.amazonaws.com/id/A")), "nothing"],
  ])("%s", (_, found, expected) => {
    expect(found()).toBe(expected);
  });
});

describe("text that is no provider's ARN", () => {
  const none = `no-provider → ${PROVIDER_ARN}`;
  const third = resource("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "third", {
    url: `https://${OTHER_ISSUER}`,
    arn: OTHER_ARN,
  });

  test.each<[string, string, string]>([
    ["the issuer alone", OTHER_ISSUER, `issuer → ${OTHER_ARN}`],
    ["the url of the issuer", `https://${OTHER_ISSUER}/`, `issuer → ${OTHER_ARN}`],
    ["the end of the ARN alone", `oidc-provider/${OTHER_ISSUER}`, `issuer → ${OTHER_ARN}`],
    ["the issuer of another partition", CHINA, `issuer → ${arnOf(CHINA).replace("aws", "aws-cn")}`],
    ["an issuer of no region of AWS", "oidc.eks.mars-1.amazonaws.com/id/A", "issuer → nothing to write"],
    ["the url of another issuer", "https://gitlab.example.com", `issuer → ${arnOf("gitlab.example.com")}`],
    ["its url of plain HTTP", "http://gitlab.example.com", `issuer → ${arnOf("gitlab.example.com")}`],
    ["a sentence with a url", "see https://gitlab.example.com", none],
    ["an ARN whose account is too short", OTHER_ARN.replace(ACCOUNT, "1111"), `no-provider → ${OTHER_ARN}`],
    ["an ARN with a blank before it", ` ${OTHER_ARN}`, none],
    ["an ARN of a role", `arn:aws:iam::${ACCOUNT}:role/api`, none],
    ["the name of the provider", "shop", none],
    ["a provider of SAML", `arn:aws:iam::${ACCOUNT}:saml-provider/corp`, "nothing"],
    ["one of another partition", `arn:aws-us-gov:iam::${ACCOUNT}:saml-provider/corp`, "nothing"],
    ["one with a blank before it", ` arn:aws:iam::${ACCOUNT}:saml-provider/corp`, none],
    ["a provider that IAM knows by its domain", "cognito-identity.amazonaws.com", "nothing"],
    ["such a domain after other words", "of accounts.google.com", none],
    ["such a domain and a path", "accounts.google.com/x", none],
  ])("%s", (_, text, expected) => {
    expect(faultsOfArn(text)).toBe(expected);
  });

  test("an issuer in a role whose account is not known", () => {
    expect(faultsUnplaced(OTHER_ISSUER)).toBe("issuer → nothing to write");
  });

  test.each<[string, Wiring, string]>([
    ["the provider from which the policy comes, of two", { plus: [providerFor(OTHER_ISSUER)] }, none],
    ["the only one, where the policy comes from none", { edges: { "role.assumeRolePolicy": [] } }, none],
    [
      "none of two, where the policy comes from none",
      { plus: [third], edges: { "role.assumeRolePolicy": [] } },
      "no-provider → nothing to write",
    ],
    ["none where there is none", { oidcProvider: null }, "no-provider → nothing to write"],
    ["none whose ARN is not known yet", { oidcProvider: { url: UNKNOWN } }, "no-provider → nothing to write"],
  ])("is to be %s", (_, changes, expected) => {
    expect(faultsOfArn("shop", changes)).toBe(expected);
  });
});

describe("an empty ARN", () => {
  const COMPONENT = "eks:index:Cluster";
  const component = resource(COMPONENT, "blue", { createOidcProvider: false }, { provider: undefined });
  const empty = statementOf({ Principal: { Federated: "" } });
  const fault = `empty → ${PROVIDER_ARN}`;
  const second = (from: readonly string[]) => roleOf("second", policyOf(empty), from);
  const faultsOfSecond = (stack: Snapshot): string => faultsIn(stack, second([]).urn);

  test("is a fault of the policy", () => {
    expect(faultsOfArn("")).toBe(fault);
  });
  test("is that of a component that makes no provider, which is reported for itself", () => {
    expect(faultsOfSecond(wired({ plus: [component, second([component.urn])] }))).toBe("nothing");
  });
  test("is a fault of the policy that came from elsewhere, while that is reported for another role", () => {
    const third = roleOf("third", policyOf(empty), [component.urn]);
    expect(faultsOfSecond(wired({ plus: [component, second([]), third] }))).toBe(fault);
  });
  test("is a fault of the policy while a missing provider is reported for the issuer beside it", () => {
    const role = { assumeRolePolicy: policyOf(statementOf({}), empty) };
    expect(faultsIn(wired({ role, oidcProvider: null }))).toBe("empty → nothing to write");
  });
});
