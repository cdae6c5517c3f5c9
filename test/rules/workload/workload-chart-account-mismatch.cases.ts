import rule from "../../../policy-pack/src/rules/workload/workload-chart-account-mismatch";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const release = (serviceAccount: Value, namespace = "shop") =>
  resource("kubernetes:helm.sh/v3:Release", "api", { chart: "api", namespace, values: { serviceAccount } });
const KEY = "eks.amazonaws.com/role-arn";
/** A chart that makes its account, with the role of the stack. */
const making = (name: string, namespace = "shop", arn: Value = ROLE_ARN) =>
  resource(
    "kubernetes:helm.sh/v3:Release",
    "api",
    { chart: "api", namespace, values: { serviceAccount: { create: true, name, annotations: { [KEY]: arn } } } },
    { from: { values: [urns.role] } },
  );
const alone = (release_: ReturnType<typeof release>) =>
  ({ serviceAccount: null, deployment: null, plus: [release_] }) as const;
const finds = [
  {
    at: { urn: urnOf("kubernetes:helm.sh/v3:Release", "api"), path: "values.serviceAccount.name" },
    says: 'Release "api" is told to use the existing ServiceAccount "apl", which this stack does not declare, while no pod here uses ServiceAccount "shop/api". Did you mean "api"?',
    fix: 'Set values.serviceAccount.name to "api".',
  },
];

export default cases(rule, {
  invalid: [
    {
      name: "a slip of the keyboard in a chart's values",
      covers: ["workload-outside-stack"],
      stack: wired({ deployment: null, plus: [release({ create: false, name: "apl" })] }),
      finds,
    },
    {
      name: "a slip of the keyboard in a chart's values, at the first preview",
      covers: ["workload-outside-stack"],
      stack: firstPreview({ deployment: null, plus: [release({ create: false, name: "apl" })] }),
      finds,
    },
    {
      name: "the role is made for the chart's account, and the chart is not told of it",
      stack: wired(alone(release({ create: true, name: "api" }))),
      finds: [
        {
          at: { urn: urnOf("kubernetes:helm.sh/v3:Release", "api"), path: "values.serviceAccount.annotations" },
          says: 'Role "api-irsa" trusts "system:serviceaccount:shop:api", and Release "api" is told to make ServiceAccount "shop/api" without the annotation "eks.amazonaws.com/role-arn".',
          fix: `Set values.serviceAccount.annotations["eks.amazonaws.com/role-arn"] to "${ROLE_ARN}".`,
        },
      ],
    },
  ],
  valid: [
    {
      name: "a file of values may annotate the account",
      stack: wired(
        alone(
          resource("kubernetes:helm.sh/v3:Release", "api", {
            chart: "api",
            namespace: "shop",
            values: { serviceAccount: { create: true, name: "api" } },
            valueYamlFiles: [null],
          }),
        ),
      ),
    },
    { name: "the chart makes and annotates the account that the role trusts", stack: wired(alone(making("api"))) },
    {
      name: "the chart is not told of its role, which nobody can see at the first preview",
      stack: firstPreview(alone(release({ create: true, name: "api" }))),
    },
    {
      name: "the values take the name of the role under a key of the chart's own",
      stack: wired(
        alone(
          resource("kubernetes:helm.sh/v3:Release", "api", {
            chart: "api",
            namespace: "shop",
            values: { serviceAccount: { name: "api" }, aws: { iamRole: "api-irsa" } },
          }),
        ),
      ),
    },
    {
      name: "the chart makes the account, and the role goes to it under another key of the values",
      stack: wired(
        alone(
          resource("kubernetes:helm.sh/v3:Release", "api", {
            chart: "keda",
            namespace: "shop",
            values: {
              serviceAccount: { operator: { create: true, name: "api" } },
              podIdentity: { aws: { irsa: { enabled: true, roleArn: ROLE_ARN } } },
            },
          }),
        ),
      ),
    },
    {
      name: "a Patch annotates the account that the chart makes",
      stack: wired({
        serviceAccount: null,
        deployment: null,
        plus: [
          release({ create: true, name: "api" }),
          resource(
            "kubernetes:core/v1:ServiceAccountPatch",
            "annotate",
            { metadata: { name: "api", namespace: "shop", annotations: { [KEY]: ROLE_ARN } } },
            { from: { metadata: [urns.role] } },
          ),
        ],
      }),
    },
    {
      name: "the account is the chart's",
      stack: wired({ deployment: null, plus: [release({ create: false, name: "api" })] }),
    },
    {
      name: "the chart makes its own",
      stack: wired({ deployment: null, plus: [release({ create: true, name: "apl" })] }),
    },
    {
      name: "a chart in another namespace",
      stack: wired({ deployment: null, plus: [release({ create: false, name: "apl" }, "web")] }),
    },
    {
      name: "the account with the role has pods of its own",
      stack: wired({ plus: [release({ create: false, name: "apl" })] }),
    },
    {
      name: "a name that is not known yet",
      stack: wired({ deployment: null, plus: [release({ create: false, name: UNKNOWN })] }),
    },
  ],
  unverified: none("what a chart renders is never seen; a name that is not known is no evidence"),
});
