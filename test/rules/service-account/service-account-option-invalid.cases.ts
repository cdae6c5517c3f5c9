import rule from "../../../policy-pack/src/rules/service-account/service-account-option-invalid";
import { cases, none } from "../../support/cases";
import { type Change, firstPreview, UNKNOWN, urns, wired } from "../../support/stack";

const annotated = (annotations: Change) => ({ serviceAccount: { metadata: { annotations } } });
const lifetime = (value: string | typeof UNKNOWN) => annotated({ "eks.amazonaws.com/token-expiration": value });
const regional = (value: string) => annotated({ "eks.amazonaws.com/sts-regional-endpoints": value });

export default cases(rule, {
  invalid: [
    {
      name: "a duration with a unit",
      covers: ["sa-token-expiration-invalid"],
      stack: wired(lifetime("1h")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/token-expiration"]' },
          says: 'ServiceAccount "shop/api" has "1h" in "eks.amazonaws.com/token-expiration", which is no whole number of seconds.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/token-expiration"] to a number from "600" to "86400", digits only; "86400" is the default.',
        },
      ],
    },
    {
      name: "less than ten minutes, at the first preview",
      stack: firstPreview(lifetime("300")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/token-expiration"]' },
          says: 'ServiceAccount "shop/api" has "300" in "eks.amazonaws.com/token-expiration", but no token lives less than "600" seconds.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/token-expiration"] to a number from "600" to "86400".',
        },
      ],
    },
    {
      name: "a week",
      stack: wired(lifetime("604800")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/token-expiration"]' },
          says: 'ServiceAccount "shop/api" has "604800" in "eks.amazonaws.com/token-expiration", but EKS gives tokens for at most "86400" seconds.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/token-expiration"] to "86400" or less.',
        },
      ],
    },
    {
      name: "yes",
      covers: ["sa-sts-regional-invalid"],
      stack: wired(regional("yes")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/sts-regional-endpoints"]' },
          says: 'ServiceAccount "shop/api" has "yes" in "eks.amazonaws.com/sts-regional-endpoints", where the webhook takes only "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/sts-regional-endpoints"] to "true".',
        },
      ],
    },
    {
      name: "the global endpoint",
      covers: ["sa-sts-regional-global"],
      stack: wired(regional("false")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/sts-regional-endpoints"]' },
          says: 'ServiceAccount "shop/api" has "false" in "eks.amazonaws.com/sts-regional-endpoints", so SDKs that know no better ask the global STS endpoint, not the one of their region.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/sts-regional-endpoints"] to "true", or remove it: "true" is the default of EKS.',
        },
      ],
    },
  ],
  valid: [
    {
      name: "the shortest and what Go takes for true",
      stack: wired(
        annotated({ "eks.amazonaws.com/token-expiration": "600", "eks.amazonaws.com/sts-regional-endpoints": "T" }),
      ),
    },
    { name: "the longest", stack: wired(lifetime("86400")) },
    {
      name: "an account without a role",
      stack: wired({
        role: null,
        attachment: null,
        ...annotated({ "eks.amazonaws.com/role-arn": null, "eks.amazonaws.com/token-expiration": "1h" }),
      }),
    },
    { name: "not known yet", stack: firstPreview(lifetime(UNKNOWN)) },
  ],
  unverified: none("hints on a value wait until there is one"),
});
