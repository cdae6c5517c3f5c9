import { unreadChartRoles } from "../../policy-pack/src/model/chart-unread-roles";
import type { SnapshotResource } from "../../policy-pack/src/model/snapshot";
import type { Value } from "../../policy-pack/src/facts/value";
import { chartIn, nested, releaseOf, ROLE_KEY, withRoleArn, type ReleaseOptions, type Values } from "../support/charts";
import { ROLE_ARN, UNKNOWN } from "../support/stack";

const IN_KEY = `["${ROLE_KEY}"]`;

/** `split api-irsa at <path>: <needed>`, the key of the annotation and the role shortened. */
const unreadIn = (...plus: readonly SnapshotResource[]): string =>
  unreadChartRoles(chartIn(plus).model)
    .map(({ form, path, seen, needed, value, source }) =>
      [
        `${source.title}: ${form} ${value.is === "known" ? value.value : value.is}`,
        `at ${path}`,
        `seen as ${seen}`,
        `for ${needed}`,
      ].join(" "),
    )
    .join("; ")
    .replaceAll(IN_KEY, "[KEY]")
    .replaceAll(ROLE_ARN, "ARN");
const chart = (name: string): ReleaseOptions => ({ inputs: { chart: name } });
const account = { serviceAccount: withRoleArn() };

describe("a role in a block that the chart does not read", () => {
  const autoscaler = chart("cluster-autoscaler");
  const found =
    'Release "dns": block ARN at values.serviceAccount.annotations[KEY] seen as values.serviceAccount.annotations for values.rbac.serviceAccount.annotations[KEY]';
  const metadata = { annotations: { [ROLE_KEY]: ROLE_ARN } };

  test.each<[string, readonly SnapshotResource[], string]>([
    ["the account at the top", [releaseOf(account, autoscaler)], found],
    ["of a chart that nobody knows", [releaseOf(account)], ""],
    ["in the block that it reads", [releaseOf({ rbac: account }, autoscaler)], ""],
    ["beside the block that it reads", [releaseOf({ ...account, rbac: account }, autoscaler)], ""],
    [
      "beside a right block of another chart",
      [releaseOf(account, autoscaler), releaseOf(account, { name: "web" })],
      found,
    ],
    ["beside the same key on its pods", [releaseOf({ ...account, template: { metadata } }, autoscaler)], found],
    ["while the block that it reads is not known", [releaseOf({ ...account, rbac: UNKNOWN }, autoscaler)], ""],
    [
      "while the annotations that it reads are not known",
      [releaseOf({ ...account, rbac: { serviceAccount: { annotations: UNKNOWN } } }, autoscaler)],
      "",
    ],
    [
      "where files may say more",
      [releaseOf(account, { inputs: { chart: "cluster-autoscaler", valueYamlFiles: ["a.yaml"] } })],
      "",
    ],
  ])("%s", (_, plus, expected) => {
    expect(unreadIn(...plus)).toBe(expected);
  });
});

describe("a path that stands as one key", () => {
  const place = "serviceAccount.annotations";
  const flat = (name: string, value: Value = ROLE_ARN): Values => ({ [name]: value });
  const found = (key: string, value = "ARN"): string =>
    `Release "dns": flat ${value} at values["${key}"] seen as ${key} for values.${place}[KEY]`;
  const key = `${place}.${ROLE_KEY}`;
  const escaped = `${place}.eks\\.amazonaws\\.com/role-arn`;
  const part = `${"a".repeat(511 - key.length - 1)}.${place}`;

  test.each<[string, Values, string]>([
    ["as for helm --set", flat(key), found(key)],
    [
      "as for helm --set, with its backslashes",
      flat(escaped),
      `Release "dns": flat ARN at values[${JSON.stringify(escaped)}] seen as ${escaped} for values.${place}[KEY]`,
    ],
    ["with a value that is not known yet", flat(key, UNKNOWN), found(key, "unknown")],
    [
      "within a part of the values",
      { server: flat(key) },
      `Release "dns": flat ARN at values.server["${key}"] seen as ${key} for values.server.${place}[KEY]`,
    ],
    [
      "of an account of a part",
      flat(`server.${key}`),
      `Release "dns": flat ARN at values["server.${key}"] seen as server.${key} for values.server.${place}[KEY]`,
    ],
    ["beside a role at the right place", { ...account, ...flat(key) }, ""],
    ["while a role may be at the right place", { serviceAccount: UNKNOWN, ...flat(key) }, ""],
    ["of another annotation", flat(`${place}.team`), ""],
    ["of another object", flat(`ingress.annotations.${ROLE_KEY}`), ""],
    ["of an object whose name only begins like an account", flat(`serviceAccountToken.annotations.${ROLE_KEY}`), ""],
    ["of an object whose name only ends like an account", flat(`extraServiceAccount.annotations.${ROLE_KEY}`), ""],
    ["of a part with a blank in its name", flat(`my values.${key}`), ""],
    ["without a place", flat(`.annotations.${ROLE_KEY}`), ""],
    [
      "of 511 characters",
      flat(`${part}.${ROLE_KEY}`),
      `Release "dns": flat ARN at values["${part}.${ROLE_KEY}"] seen as ${part}.${ROLE_KEY} for values.${part}[KEY]`,
    ],
    ["longer than anybody writes", flat(`a${part}.${ROLE_KEY}`), ""],
    [
      "below eleven keys",
      nested(11, flat(key)),
      `Release "dns": flat ARN at values${".part".repeat(11)}["${key}"] seen as ${key} for values${".part".repeat(11)}.${place}[KEY]`,
    ],
    ["below more keys than any chart has", nested(12, flat(key)), ""],
  ])("%s", (_, values, expected) => {
    expect(unreadIn(releaseOf(values))).toBe(expected);
  });
});

describe("the key of the annotation, taken apart at its dots", () => {
  const apart = (value: Value, block = "serviceAccount"): Values => ({
    [block]: { annotations: { eks: { amazonaws: { "com/role-arn": value } } } },
  });
  const found = (value: string): string => {
    const path = 'values.serviceAccount.annotations.eks.amazonaws["com/role-arn"]';
    return `Release "dns": split ${value} at ${path} seen as ${path} for values.serviceAccount.annotations[KEY]`;
  };

  test.each<[string, Values, string]>([
    ["with a role", apart(ROLE_ARN), found("ARN")],
    ["with a role that is not known yet", apart(UNKNOWN), found("unknown")],
    ["with a part of it that is not known", { serviceAccount: { annotations: { eks: { amazonaws: UNKNOWN } } } }, ""],
    ["with another text", { serviceAccount: { annotations: { eks: { amazonaws: { com: "x" } } } } }, ""],
    ["in the annotations of another object", apart(ROLE_ARN, "ingress"), ""],
    ["in those of an object whose name begins like an account", apart(ROLE_ARN, "serviceAccountToken"), ""],
  ])("%s", (_, values, expected) => {
    expect(unreadIn(releaseOf(values))).toBe(expected);
  });
});

describe("the annotation at another place", () => {
  const written = { [ROLE_KEY]: ROLE_ARN };
  const found = (place: string, right = "serviceAccount"): string =>
    `Release "dns": misplaced ARN at values.${place}[KEY] seen as values.${place} for values.${right}.annotations[KEY]`;

  test.each<[string, Values, string]>([
    ["beside the annotations of the account", { serviceAccount: written }, found("serviceAccount")],
    ["below a key that begins like the account's", { serviceAccountToken: written }, ""],
    [
      "in the annotation of the account",
      { serviceAccount: { annotation: written } },
      found("serviceAccount.annotation"),
    ],
    [
      "in the labels of the account",
      { rbac: { serviceAccount: { labels: written } } },
      found("rbac.serviceAccount.labels", "rbac.serviceAccount"),
    ],
    ["in the labels of another object", { ingress: { labels: written } }, ""],
    ["in the labels of an object whose name begins like an account", { serviceAccountToken: { labels: written } }, ""],
    ["in some labels of the account, by another key", { serviceAccount: { extraLabels: written } }, ""],
    ["in what is set for the labels of the account", { serviceAccount: { labelsFrom: written } }, ""],
    ["with the annotations of the Deployment", { deploymentAnnotations: written }, found("deploymentAnnotations")],
    [
      "with the labels of a part's StatefulSet",
      { server: { statefulSetLabels: written } },
      found("server.statefulSetLabels", "server.serviceAccount"),
    ],
    ["with the labels of the pods", { podLabels: written }, found("podLabels")],
    ["with the annotations of some Deployment, by another key", { extraDeploymentAnnotations: written }, ""],
    ["in what is set for the annotations of the Deployment", { deploymentAnnotationsFrom: written }, ""],
    ["with the labels of some pods, by another key", { extraPodLabels: written }, ""],
    ["in what is set for the labels of the pods", { podLabelsFrom: written }, ""],
    ["at the top of the values", written, ""],
  ])("%s", (_, values, expected) => {
    expect(unreadIn(releaseOf(values))).toBe(expected);
  });
});
