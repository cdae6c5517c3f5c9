import rule from "../../../policy-pack/src/rules/workload/workload-chart-account-mismatch";
import type { Value } from "../../../policy-pack/src/facts/value";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, UNKNOWN, urnOf, wired } from "../../support/stack";

const release = (serviceAccount: Value, namespace = "shop") =>
  resource("kubernetes:helm.sh/v3:Release", "api", { chart: "api", namespace, values: { serviceAccount } });
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
  ],
  valid: [
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
