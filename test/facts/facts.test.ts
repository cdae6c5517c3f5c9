import { runtime } from "@pulumi/pulumi";
import { parseArn, parseOidcProviderArn, parseRoleArn } from "../../policy-pack/src/facts/arn";
import { nearest } from "../../policy-pack/src/facts/did-you-mean";
import {
  absent,
  at,
  known,
  knownValue,
  knownValueOr,
  knownValues,
  listAt,
  textAt,
  textOf,
  unknown,
} from "../../policy-pack/src/facts/fact";
import {
  claimsEks,
  dnsSuffixOf,
  issuerOfEndpoint,
  isUnfilled,
  normaliseIssuer,
  parseEksIssuer,
  parseSoundEksIssuer,
} from "../../policy-pack/src/facts/issuer";
import { listIn, texts } from "../../policy-pack/src/facts/lists";
import { namesAccount, parseSubject } from "../../policy-pack/src/facts/subject";
import { parseUrn, stackOf } from "../../policy-pack/src/facts/urn";
import { UNKNOWN } from "../../policy-pack/src/facts/value";
import { SECRET, SENTINELS, SIGNATURE, UNKNOWN_STRING } from "../../policy-pack/src/facts/wire";
import { enumerate, leaveThumbprintsOut, quote } from "../../policy-pack/src/facts/words";

const ID = "EXAMPLED539D4633E53DE1B71EXAMPLE".slice(0, 32);

describe("ARNs", () => {
  test("the resource is all that follows the fifth colon", () => {
    expect(parseArn("arn:aws:sqs:eu-west-1:111122223333:a:b")).toEqual({
      partition: "aws",
      service: "sqs",
      region: "eu-west-1",
      accountId: "111122223333",
      resource: "a:b",
    });
    expect(parseArn("arn:aws:s3:::data")).toEqual({
      partition: "aws",
      service: "s3",
      region: "",
      accountId: "",
      resource: "data",
    });
  });

  test.each(["", "arn", "arn:aws:s3", "arn::s3:::data", "arn:aws::::data", "urn:aws:s3:::data"])(
    "%j is none",
    (text) => {
      expect(parseArn(text)).toBeUndefined();
    },
  );

  test("a role's path keeps both of its slashes, and is one slash without a path", () => {
    const arn = "arn:aws-cn:iam::111122223333:role";
    expect(parseRoleArn(`${arn}/team/x/api`)).toEqual({
      partition: "aws-cn",
      accountId: "111122223333",
      path: "/team/x/",
      name: "api",
    });
    expect(parseRoleArn(`${arn}/api`)).toMatchObject({ path: "/", name: "api" });
    expect(parseRoleArn(`${arn}/team/`)).toBeUndefined();
  });

  test("an OIDC provider's ARN ends in its issuer", () => {
    expect(parseOidcProviderArn("arn:aws:iam::111122223333:oidc-provider/example.com/id/x")).toEqual({
      partition: "aws",
      accountId: "111122223333",
      issuer: "example.com/id/x",
    });
    expect(parseOidcProviderArn("arn:aws:iam::111122223333:role/api")).toBeUndefined();
  });

  test("an OIDC provider's ARN is the whole text, on one line", () => {
    const arn = "arn:aws:iam::111122223333:oidc-provider/example.com";
    expect([`x${arn}`, `${arn}\nx`, ` ${arn}`].map(parseOidcProviderArn)).toEqual([undefined, undefined, undefined]);
  });

  test("a text as long as AWS allows is one still", () => {
    const filled = (start: string): string => start.padEnd(2048, "x");
    expect(parseArn(filled("arn:aws:s3:::"))).toBeDefined();
    expect(parseRoleArn(filled("arn:aws:iam::111122223333:role/"))).toBeDefined();
    expect(parseOidcProviderArn(filled("arn:aws:iam::111122223333:oidc-provider/"))).toBeDefined();
  });

  test("a text longer than AWS allows is none of them", () => {
    const long = "x".repeat(2048);
    expect(parseArn(`arn:aws:s3:::${long}`)).toBeUndefined();
    expect(parseRoleArn(`arn:aws:iam::111122223333:role/${long}`)).toBeUndefined();
    expect(parseOidcProviderArn(`arn:aws:iam::111122223333:oidc-provider/${long}`)).toBeUndefined();
  });
});

describe("guesses at what was meant", () => {
  test.each([
    ["clouster-autoscaler", ["cluster-autoscaler", "api"], "cluster-autoscaler"],
    ["aip", ["api", "web"], undefined],
    ["ap", ["api"], "api"],
    ["apii", ["api", "apiary"], "api"],
    ["API", ["api"], "api"],
    ["external-dsn", ["external-dns", "external-secrets"], "external-dns"],
    ["payments", ["kube-system"], undefined],
    ["api", ["api"], undefined],
    ["a", ["b", "c"], "b"],
    ["a", ["c", "b"], "b"],
    ["web-api", ["web-apa"], "web-apa"],
    ["", ["x"], "x"],
    ["api", [], undefined],
  ])("%j among %j is %j", (text, candidates, expected) => {
    expect(nearest(text, candidates)).toBe(expected);
  });

  test("letters count by what it takes to change one text into the other", () => {
    // Two changes of ten letters are a slip, five are another word.
    expect(nearest("abcdefghij", ["abXdefghiY"])).toBe("abXdefghiY");
    expect(nearest("abcdefghij", ["bcdefghijk"])).toBe("bcdefghijk");
    expect(nearest("abcdefghij", ["VWXYZfghij"])).toBeUndefined();
  });

  test("of long texts only the beginning counts", () => {
    const [start, end] = ["x".repeat(256), "y".repeat(200)];
    expect(nearest(start + end, [start + "z".repeat(200)])).toBe(start + "z".repeat(200));
    expect(nearest("y".repeat(256) + end, [start + end])).toBeUndefined();
  });
});

describe("issuers", () => {
  test("of EKS tell their region, suffix and id, with a scheme or without", () => {
    const parts = { region: "eu-west-1", suffix: "amazonaws.com", id: ID };
    expect(parseEksIssuer(`oidc.eks.eu-west-1.amazonaws.com/id/${ID}`)).toEqual(parts);
    expect(parseEksIssuer(`https://oidc.eks.eu-west-1.amazonaws.com/id/${ID}`)).toEqual(parts);
    expect(parseEksIssuer("token.actions.githubusercontent.com")).toBeUndefined();
    expect(parseEksIssuer(`x.oidc.eks.eu-west-1.amazonaws.com/id/${ID}`)).toBeUndefined();
  });

  test("lose a scheme only at their beginning", () => {
    expect(normaliseIssuer(" HTTPS://example.com ")).toBe("example.com");
    expect(normaliseIssuer("example.com/http://x")).toBe("example.com/http://x");
  });

  test("of partitions that nobody knows have no suffix", () => {
    expect([dnsSuffixOf("aws-cn"), dnsSuffixOf("aws-moon")]).toEqual(["amazonaws.com.cn", undefined]);
  });

  test("are unfilled where a placeholder stands near their beginning", () => {
    expect(isUnfilled("https://${cluster.issuer}")).toBe(true);
    expect(isUnfilled("https://${}")).toBe(false);
    expect(isUnfilled(`${"x".repeat(2048)}\${cluster.issuer}`)).toBe(false);
  });

  test("are sound where region and suffix are of one partition", () => {
    expect(parseSoundEksIssuer(`oidc.eks.cn-north-1.amazonaws.com.cn/id/${ID}`)?.region).toBe("cn-north-1");
    expect(parseSoundEksIssuer(`oidc.eks.cn-north-1.amazonaws.com/id/${ID}`)).toBeUndefined();
    expect(parseSoundEksIssuer(`oidc.eks.somewhere.amazonaws.com/id/${ID}`)).toBeUndefined();
  });

  test("are found behind the endpoint of the API server", () => {
    const id = "0123456789ABCDEF0123456789ABCDEF";
    expect(issuerOfEndpoint(`https://${id.toLowerCase()}.gr7.eu-west-1.eks.amazonaws.com/`)).toBe(
      `oidc.eks.eu-west-1.amazonaws.com/id/${id}`,
    );
    expect(issuerOfEndpoint(`https://${id}.gr7.somewhere.eks.amazonaws.com`)).toBeUndefined();
    expect(issuerOfEndpoint("https://example.com")).toBeUndefined();
    expect(issuerOfEndpoint(`https://api.${id}.gr7.eu-west-1.eks.amazonaws.com`)).toBeUndefined();
    expect(issuerOfEndpoint(`https://x${id}.gr7.eu-west-1.eks.amazonaws.com`)).toBeUndefined();
  });

  test("claim to be of EKS by their host, whatever its port", () => {
    expect(claimsEks("https://oidc.eks.eu-west-1.amazonaws.com:443/id/x")).toBe(true);
    expect(claimsEks("oidc-eks.eu-west-1.api.aws")).toBe(true);
    expect(claimsEks("oidc.eks.eu-west-1.api.aws:8443")).toBe(true);
    expect(claimsEks("oidc.eks.eu-west-1.api.aws:x")).toBe(false);
    expect(claimsEks("eks-oidc.eu-west-1.amazonaws.com")).toBe(false);
    expect(claimsEks("oidc-shop-eks.eu-west-1.amazonaws.com")).toBe(true);
    expect(claimsEks("oidc.weeks.eu-west-1.amazonaws.com")).toBe(false);
    expect(claimsEks("oidc.eks.eu-west-1.amazonaws:1.com")).toBe(false);
    expect(claimsEks("example.com/oidc.eks.eu-west-1.amazonaws.com")).toBe(false);
    expect(claimsEks("")).toBe(false);
  });
});

describe("facts", () => {
  test("only a known value is taken for one", () => {
    expect([known("x"), absent, unknown(["urn"])].map(knownValue)).toEqual(["x", undefined, undefined]);
    expect([known("x"), absent, unknown()].map((fact) => knownValueOr(fact, "?"))).toEqual(["x", "?", "?"]);
    expect([known("x"), absent, unknown()].map(knownValues)).toEqual([["x"], [], []]);
    expect(knownValue(known<string | undefined>(undefined))).toBeUndefined();
  });

  test("wait for nobody where nobody is named", () => {
    expect([unknown(), at(UNKNOWN, []), textAt(UNKNOWN, []), listAt(UNKNOWN, []), textOf(UNKNOWN)]).toEqual(
      Array.from({ length: 5 }, () => ({ is: "unknown", waitsFor: [] })),
    );
  });

  test("as text are what is no object and no list", () => {
    expect([1, true, "x", { a: 1 }, ["x"]].map((value) => textOf(value))).toEqual([
      known("1"),
      known("true"),
      known("x"),
      absent,
      absent,
    ]);
  });
});

describe("subjects", () => {
  test.each([
    ["system:serviceaccount:shop:api", { namespace: "shop", name: "api" }],
    ["x:system:serviceaccount:shop:api", undefined],
    ["system:serviceaccount:shop:api:x", undefined],
    ["system:serviceaccount:shop", undefined],
  ])("the account of %j is %j", (text, account) => {
    expect(parseSubject(text)).toEqual(account);
  });

  test("are meant by what begins like one", () => {
    const texts = ["system:serviceaccount:shop:api", "  System:ServiceAccount", "system:serviceaccounts", "user:x"];
    expect(texts.map(namesAccount)).toEqual([true, true, true, false]);
    expect(namesAccount("arn:system:serviceaccount:shop:api")).toBe(false);
  });
});

describe("URNs", () => {
  const urn = "urn:pulumi:dev::shop::eks-irsa:index:IrsaBinding$aws:iam/role:Role::a::b";

  test("tell type and name of the resource, without its parents", () => {
    expect(parseUrn(urn)).toEqual({ type: "aws:iam/role:Role", name: "a::b" });
    expect(parseUrn("api")).toEqual({ type: "", name: "" });
  });

  test("of one stack begin alike", () => {
    expect(stackOf(urn)).toBe("urn:pulumi:dev::shop");
  });
});

describe("lists", () => {
  test("a map has nothing under a key that it does not hold", () => {
    const map = new Map([["a", [1, 2]]]);
    expect([listIn(map, "a"), listIn(map, "b")]).toEqual([[1, 2], []]);
  });

  test("what a match has not caught is no text", () => {
    const [whole, first, second, third] = texts(/^(a)(b)?/.exec("ac"));
    expect([whole, first, second, third]).toEqual(["a", "a", "", ""]);
    expect(texts(null)).toEqual(["", "", "", "", "", ""]);
    expect(texts(undefined)[0]).toBe("");
  });
});

describe("the wire", () => {
  test("is spelt as Pulumi's own runtime spells it", () => {
    expect([UNKNOWN_STRING, SIGNATURE, SECRET]).toEqual([
      runtime.unknownValue,
      runtime.specialSigKey,
      runtime.specialSecretSig,
    ]);
  });

  test("has one text for each type of unknown", () => {
    expect(SENTINELS).toContain(UNKNOWN_STRING);
    expect(new Set(SENTINELS).size).toBe(7);
    expect(SENTINELS.filter((text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))).toHaveLength(7);
  });
});

describe("words", () => {
  test("lists are told as one says them", () => {
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]].map((items) => enumerate(items))).toEqual([
      "",
      "a",
      "a and b",
      "a, b and c",
      "a, b and 2 more",
    ]);
  });

  test("long texts are cut, and line breaks stay visible", () => {
    expect(quote("a\nb")).toBe('"a\\nb"');
    expect(quote("x".repeat(500))).toHaveLength(122);
    expect(quote("x".repeat(120))).toBe(`"${"x".repeat(120)}"`);
  });

  test("only the bridged provider's property depends on its version", () => {
    expect(leaveThumbprintsOut("thumbprintLists")).toContain("6.65");
    expect(leaveThumbprintsOut("thumbprintList")).toBe("Leave thumbprintList out: an EKS issuer needs none.");
  });
});
