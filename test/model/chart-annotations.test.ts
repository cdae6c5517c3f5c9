import {
  chartAnnotations,
  isRoleGiven,
  mayGiveRole,
  misspeltChartKeys,
  type ChartAnnotation,
} from "../../policy-pack/src/model/chart-annotations";
import type { Value } from "../../policy-pack/src/facts/value";
import { chartIn, nested, releaseOf, ROLE_KEY, withRoleArn, type ReleaseOptions, type Values } from "../support/charts";
import { ROLE_ARN, trust, UNKNOWN, urns } from "../support/stack";
import { roleOf, urnIn } from "../support/trust-stacks";

/** `account team=a at values.serviceAccount.annotations.team`. */
const describeAnnotation = ({ on, key, value, path }: ChartAnnotation): string =>
  `${on} ${key}=${value.is === "known" ? value.value : value.is} at ${path}`;
const inFiles: ReleaseOptions = { inputs: { valueYamlFiles: ["values.yaml"] } };

describe("the annotations in the values of a chart", () => {
  const annotationsIn = (values: Values): string =>
    chartAnnotations(chartIn([releaseOf(values)]).model)
      .map(describeAnnotation)
      .join("; ");
  const team = { team: "a" };
  const account = "account team=a at values.serviceAccount.annotations.team";

  test.each<[string, Values, string]>([
    ["those of an account", { serviceAccount: { annotations: team } }, account],
    [
      "one that is not known",
      { serviceAccount: { annotations: { team: UNKNOWN } } },
      "account team=unknown at values.serviceAccount.annotations.team",
    ],
    [
      "one that the chart is to fill in",
      { serviceAccount: { annotations: { ...team, role: "{{ .Values.role }}" } } },
      account,
    ],
    [
      "those of an account of a part",
      { rbac: { serviceAccounts: { annotations: team } } },
      "account team=a at values.rbac.serviceAccounts.annotations.team",
    ],
    [
      "those under a key of their own",
      { serviceAccountAnnotations: team },
      "account team=a at values.serviceAccountAnnotations.team",
    ],
    [
      "those under a key that begins with a part's name",
      { serverServiceAccountAnnotations: team },
      "account team=a at values.serverServiceAccountAnnotations.team",
    ],
    ["a key that only begins like theirs", { serviceAccountAnnotationsTemplate: team }, ""],
    ["the labels of an account", { serviceAccount: { labels: team } }, ""],
    ["the annotations of another object", { ingress: { annotations: team } }, ""],
    ["those of the pods", { podAnnotations: team }, "pod team=a at values.podAnnotations.team"],
    [
      "those of the pods of a part",
      { server: { podAnnotations: team } },
      "pod team=a at values.server.podAnnotations.team",
    ],
    ["those of some pods, by another key", { extraPodAnnotations: team }, ""],
    ["what is set for the annotations of the pods", { podAnnotationsConfig: team }, ""],
    ["a text where the annotations should be", { podAnnotations: "team=a" }, ""],
    ["a list of annotations", { podAnnotations: ["team=a"] }, ""],
    ["annotations that are set to nothing", { podAnnotations: null }, ""],
    [
      "those of a pod template that is handed on",
      { template: { metadata: { annotations: team } } },
      "pod team=a at values.template.metadata.annotations.team",
    ],
    [
      "those of one with the pod in its name",
      { podTemplate: { metadata: { annotations: team } } },
      "pod team=a at values.podTemplate.metadata.annotations.team",
    ],
    ["the labels of a pod template", { template: { metadata: { labels: team } } }, ""],
    ["another part of a pod template with annotations", { template: { spec: { annotations: team } } }, ""],
    ["another part of a pod template", { template: { spec: { nodeSelector: team } } }, ""],
    ["the template of another object", { jobTemplate: { metadata: { annotations: team } } }, ""],
    ["templates of several objects", { templates: { metadata: { annotations: team } } }, ""],
    [
      "ten keys above the account",
      nested(10, { serviceAccount: { annotations: team } }),
      `account team=a at values${".part".repeat(10)}.serviceAccount.annotations.team`,
    ],
    ["more keys above it than any chart has", nested(11, { serviceAccount: { annotations: team } }), ""],
  ])("%s", (_, values, expected) => {
    expect(annotationsIn(values)).toBe(expected);
  });
});

describe("the values of a chart give a role to some account", () => {
  test.each<[string, Values, Values, boolean]>([
    ["under the key that the webhook reads", { serviceAccount: withRoleArn() }, {}, true],
    ["beside other annotations", { serviceAccount: { annotations: { team: "a", [ROLE_KEY]: ROLE_ARN } } }, {}, true],
    ["not under another key", { serviceAccount: { annotations: { "iam.amazonaws.com/role": ROLE_ARN } } }, {}, false],
    ["not on the pods", { podAnnotations: { [ROLE_KEY]: ROLE_ARN } }, {}, false],
    ["not by the values of another chart", {}, { serviceAccount: withRoleArn() }, false],
    ["not where they say nothing", {}, {}, false],
  ])("%s", (_, values, others, expected) => {
    const { model, source } = chartIn([releaseOf(values, { name: "a" }), releaseOf(others, { name: "b" })]);
    expect(isRoleGiven(source, chartAnnotations(model), model)).toBe(expected);
  });
});

describe("the values of a chart may give a role yet", () => {
  test.each<[string, Values, boolean, ReleaseOptions?]>([
    ["while the account is not known", { serviceAccount: UNKNOWN }, true],
    ["while its annotations are not known", { serviceAccount: { annotations: UNKNOWN } }, true],
    ["while annotations under a key of their own are not known", { serviceAccountAnnotations: UNKNOWN }, true],
    ["not while another part is not known", { image: UNKNOWN }, false],
    ["not while other annotations are not known", { ingress: { annotations: UNKNOWN } }, false],
    ["not while the name of the account is not known", { serviceAccount: { name: UNKNOWN } }, false],
    ["not where everything is known", { serviceAccount: { name: "api", annotations: {} } }, false],
    ["where files may say more", {}, true, inFiles],
    ["below twelve keys", nested(12, { serviceAccount: UNKNOWN }), true],
    ["not below more keys than any chart has", nested(13, { serviceAccount: UNKNOWN }), false],
  ])("%s", (...[, values, expected, options]) => {
    expect(mayGiveRole(chartIn([releaseOf(values, options)]).source)).toBe(expected);
  });
});

describe("misspelt keys of a role in the values of a chart", () => {
  const misspeltIn = (values: Values, options: ReleaseOptions = {}): string =>
    misspeltChartKeys(chartIn([releaseOf(values, options), roleOf("second", trust())]).model)
      .map(describeAnnotation)
      .join("; ");
  const key = "eks.amazonaws.com/role_arn";
  const slip = (value: Value, more: Values = {}): Values => ({
    serviceAccount: { annotations: { [key]: value, ...more } },
  });
  const found = (value: string): string => `account ${key}=${value} at values.serviceAccount.annotations["${key}"]`;

  test.each<[string, Values, string, ReleaseOptions?]>([
    ["with the ARN of a role", slip(ROLE_ARN), found(ROLE_ARN)],
    ["with the name of a role", slip("api-irsa"), found("api-irsa")],
    ["with a text that is no role", slip("reader"), ""],
    ["with a text that is no role, in values that came from one", slip("reader"), "", { from: [urns.role] }],
    ["with an object in place of the text", slip({ arn: ROLE_ARN }), ""],
    [
      "with a value that is not known and came from one of the roles",
      slip(UNKNOWN),
      found("unknown"),
      { from: [urnIn.role("second")] },
    ],
    ["with a value that is not known and came from elsewhere", slip(UNKNOWN), ""],
    ["on the pods", { podAnnotations: { [key]: ROLE_ARN } }, ""],
    ["beside the right one", slip(ROLE_ARN, { [ROLE_KEY]: ROLE_ARN }), ""],
    ["beside values of files", slip(ROLE_ARN), "", inFiles],
    [
      "under another key of the webhook",
      { serviceAccount: { annotations: { "eks.amazonaws.com/audience": ROLE_ARN } } },
      "",
    ],
  ])("%s", (...[, values, expected, options]) => {
    expect(misspeltIn(values, options)).toBe(expected);
  });
});
