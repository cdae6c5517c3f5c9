import rule from "../../../policy-pack/src/rules/service-account/service-account-annotation-key";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import { cases, none } from "../../support/cases";
import { type Change, firstPreview, resource, ROLE_ARN, UNKNOWN, urns, wired } from "../../support/stack";

const KEY = "eks.amazonaws.com/role-arn";
const annotated = (annotations: Change) => ({ serviceAccount: { metadata: { annotations } } });
const bare = { metadata: { annotations: { [KEY]: null } } };
const onPod = (annotations: Change) => ({ spec: { template: { metadata: { annotations } } } });
const association = resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "api", {
  clusterName: "shop",
  namespace: "shop",
  serviceAccount: "api",
  roleArn: "arn:aws:iam::111122223333:role/api-pod-identity",
});

const RELEASE = "urn:pulumi:dev::shop::kubernetes:helm.sh/v3:Release::api";
/** A chart in place of the program's own account and pods. */
const charted = (values: Properties, chart = "api") => ({
  serviceAccount: null,
  deployment: null,
  plus: [
    resource(
      "kubernetes:helm.sh/v3:Release",
      "api",
      { chart, namespace: "shop", values },
      { from: { values: [urns.role] } },
    ),
  ],
});

export default cases(rule, {
  invalid: [
    {
      name: "the values of a chart annotate the template of its pods",
      stack: wired(charted({ template: { metadata: { annotations: { [KEY]: ROLE_ARN } }, spec: {} } })),
      finds: [
        {
          at: { urn: RELEASE, path: 'values.template.metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'The pod template that Release "api" renders has "eks.amazonaws.com/role-arn" among its annotations, where the webhook does not look: it reads annotations of the chart\'s ServiceAccount.',
          fix: `Give the chart's ServiceAccount the annotation "eks.amazonaws.com/role-arn": "${ROLE_ARN}" where it is made, and remove it here.`,
          level: "advisory",
        },
      ],
    },
    {
      name: "a block of the values that Tempo's chart does not read",
      stack: wired(charted({ tempo: { serviceAccount: { annotations: { [KEY]: ROLE_ARN } } } }, "tempo")),
      finds: [
        {
          at: { urn: RELEASE, path: 'values.tempo.serviceAccount.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'Release "api" has the role in values.tempo.serviceAccount.annotations, from which this chart takes nothing.',
          fix: `Set values.serviceAccount.annotations["eks.amazonaws.com/role-arn"] to "${ROLE_ARN}".`,
          level: "advisory",
        },
      ],
    },
    {
      name: "an underscore for the hyphen, in the values of a chart",
      covers: ["sa-annotation-key-typo"],
      stack: wired(
        charted({ controller: { serviceAccount: { annotations: { "eks.amazonaws.com/role_arn": ROLE_ARN } } } }),
      ),
      finds: [
        {
          at: {
            urn: RELEASE,
            path: 'values.controller.serviceAccount.annotations["eks.amazonaws.com/role_arn"]',
          },
          says: 'The ServiceAccount in the values of Release "api" has the role in the annotation "eks.amazonaws.com/role_arn", where the webhook reads only "eks.amazonaws.com/role-arn".',
          fix: 'Rename the annotation to "eks.amazonaws.com/role-arn".',
          level: "advisory",
        },
      ],
    },
    {
      name: "the pods of a chart get the annotation, at the first preview",
      covers: ["sa-annotation-wrong-object"],
      stack: firstPreview(
        charted({ podAnnotations: { [KEY]: UNKNOWN }, serviceAccount: { create: true, name: "api" } }),
      ),
      finds: [
        {
          at: { urn: RELEASE, path: 'values.podAnnotations["eks.amazonaws.com/role-arn"]' },
          says: 'The pod template that Release "api" renders has "eks.amazonaws.com/role-arn" among its annotations, where the webhook does not look: it reads annotations of the chart\'s ServiceAccount.',
          fix: 'Give the chart\'s ServiceAccount the annotation "eks.amazonaws.com/role-arn": the ARN of the role where it is made, and remove it here.',
          level: "advisory",
        },
      ],
    },
    {
      name: "an underscore for the hyphen",
      covers: ["sa-annotation-key-typo"],
      stack: wired(annotated({ [KEY]: null, "eks.amazonaws.com/role_arn": ROLE_ARN })),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role_arn"]' },
          says: 'ServiceAccount "shop/api" has the role in the annotation "eks.amazonaws.com/role_arn", where the webhook reads only "eks.amazonaws.com/role-arn".',
          fix: 'Rename the annotation to "eks.amazonaws.com/role-arn".',
        },
      ],
    },
    {
      name: "camel case, at the first preview",
      stack: firstPreview(annotated({ [KEY]: null, "eks.amazonaws.com/roleArn": UNKNOWN })),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/roleArn"]' },
          says: 'ServiceAccount "shop/api" has the role in the annotation "eks.amazonaws.com/roleArn", where the webhook reads only "eks.amazonaws.com/role-arn".',
          fix: 'Rename the annotation to "eks.amazonaws.com/role-arn".',
        },
      ],
    },
    {
      name: "the key of kube2iam, which was read on pods",
      stack: wired(annotated({ [KEY]: null, "iam.amazonaws.com/role": ROLE_ARN })),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["iam.amazonaws.com/role"]' },
          says: 'ServiceAccount "shop/api" has the role in the annotation "iam.amazonaws.com/role", where the webhook reads only "eks.amazonaws.com/role-arn".',
          fix: 'Rename the annotation to "eks.amazonaws.com/role-arn".',
        },
      ],
    },
    {
      name: "the domain of AWS China, which the webhook does not use",
      stack: wired(annotated({ [KEY]: null, "eks.amazonaws.com.cn/role-arn": ROLE_ARN })),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com.cn/role-arn"]' },
          says: 'ServiceAccount "shop/api" has the role in the annotation "eks.amazonaws.com.cn/role-arn", where the webhook reads only "eks.amazonaws.com/role-arn".',
          fix: 'Rename the annotation to "eks.amazonaws.com/role-arn".',
        },
      ],
    },
    {
      name: "no prefix",
      stack: wired(annotated({ [KEY]: null, "role-arn": ROLE_ARN })),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["role-arn"]' },
          says: 'ServiceAccount "shop/api" has the role in the annotation "role-arn", where the webhook reads only "eks.amazonaws.com/role-arn".',
          fix: 'Rename the annotation to "eks.amazonaws.com/role-arn".',
        },
      ],
    },
    {
      name: "the key of kube2iam, with a role that is made elsewhere",
      stack: wired({
        role: null,
        attachment: null,
        ...annotated({ [KEY]: null, "iam.amazonaws.com/role": "arn:aws:iam::444455556666:role/dns" }),
      }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["iam.amazonaws.com/role"]' },
          says: 'ServiceAccount "shop/api" has the role in the annotation "iam.amazonaws.com/role", where the webhook reads only "eks.amazonaws.com/role-arn".',
          fix: 'Rename the annotation to "eks.amazonaws.com/role-arn".',
          level: "advisory",
        },
      ],
    },
    {
      name: "on the pod template",
      covers: ["sa-annotation-wrong-object"],
      stack: wired({ serviceAccount: bare, deployment: onPod({ [KEY]: ROLE_ARN }) }),
      finds: [
        {
          at: { urn: urns.deployment, path: 'spec.template.metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'The pod template of Deployment "shop/api" has "eks.amazonaws.com/role-arn" among its annotations, where the webhook does not look: it reads annotations of ServiceAccount "shop/api".',
          fix: 'Move it to metadata.annotations of ServiceAccount "shop/api", as "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "on the pod template, at the first preview",
      stack: firstPreview({ serviceAccount: bare, deployment: onPod({ [KEY]: UNKNOWN }) }),
      finds: [
        {
          at: { urn: urns.deployment, path: 'spec.template.metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'The pod template of Deployment "shop/api" has "eks.amazonaws.com/role-arn" among its annotations, where the webhook does not look: it reads annotations of ServiceAccount "shop/api".',
          fix: 'Move it to metadata.annotations of ServiceAccount "shop/api", as "eks.amazonaws.com/role-arn": the ARN of the role.',
        },
      ],
    },
    {
      name: "on the pod template of a workload whose namespace is not known yet; advisory, since its account may be another",
      stack: wired({
        serviceAccount: bare,
        deployment: { metadata: { namespace: UNKNOWN }, ...onPod({ [KEY]: ROLE_ARN }) },
      }),
      finds: [
        {
          at: { urn: urns.deployment, path: 'spec.template.metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'The pod template of Deployment "api" has "eks.amazonaws.com/role-arn" among its annotations, where the webhook does not look: it reads annotations of its ServiceAccount "api".',
          fix: 'Give its ServiceAccount "api" the annotation "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/api-irsa" where it is made, and remove it here.',
          level: "advisory",
        },
      ],
      companions: {
        "service-account-role-missing": "the account that the role trusts is without it, whoever turns out to use it",
      },
    },
    {
      name: "on a Deployment whose pods run as default",
      stack: wired({
        serviceAccount: null,
        deployment: {
          metadata: { annotations: { [KEY]: ROLE_ARN } },
          spec: { template: { spec: { serviceAccountName: null } } },
        },
      }),
      finds: [
        {
          at: { urn: urns.deployment, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'Deployment "shop/api" has "eks.amazonaws.com/role-arn" among its annotations, where the webhook does not look: it reads annotations of its ServiceAccount "default".',
          fix: 'Create a ServiceAccount with the annotation "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/api-irsa", name it in serviceAccountName, and remove the annotation here.',
        },
      ],
    },
    {
      name: "on a Deployment whose account another stack makes",
      stack: wired({
        namespace: null,
        serviceAccount: null,
        deployment: { metadata: { annotations: { [KEY]: ROLE_ARN } } },
      }),
      finds: [
        {
          at: { urn: urns.deployment, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'Deployment "shop/api" has "eks.amazonaws.com/role-arn" among its annotations, where the webhook does not look: it reads annotations of its ServiceAccount "api".',
          fix: 'Give its ServiceAccount "api" the annotation "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/api-irsa" where it is made, and remove it here.',
          level: "advisory",
        },
      ],
    },
    {
      name: "on the Namespace",
      stack: wired({ serviceAccount: bare, namespace: { metadata: { annotations: { [KEY]: ROLE_ARN } } } }),
      finds: [
        {
          at: { urn: urns.namespace, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'Namespace "shop" has "eks.amazonaws.com/role-arn" among its annotations, where the webhook does not look: it reads annotations of ServiceAccount "shop/api".',
          fix: 'Move it to metadata.annotations of ServiceAccount "shop/api", as "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "among the labels",
      stack: wired({ serviceAccount: { metadata: { annotations: { [KEY]: null }, labels: { [KEY]: ROLE_ARN } } } }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.labels["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "eks.amazonaws.com/role-arn" among its labels, where the webhook does not look: it reads annotations of the account.',
          fix: 'Move it to metadata.annotations of ServiceAccount "shop/api", as "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "another role on the pod than on the account",
      stack: wired({ deployment: onPod({ [KEY]: "arn:aws:iam::111122223333:role/api-writer" }) }),
      finds: [
        {
          at: { urn: urns.deployment, path: 'spec.template.metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'The pod template of Deployment "shop/api" asks for "arn:aws:iam::111122223333:role/api-writer" in "eks.amazonaws.com/role-arn", where the webhook does not look; its pods get "arn:aws:iam::111122223333:role/api-irsa" of ServiceAccount "shop/api".',
          fix: 'Remove the annotation here; if that role is meant, make an account for it, annotate it with "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/api-writer", and name it in serviceAccountName.',
          level: "advisory",
        },
      ],
    },
    {
      name: "an annotation that was proposed and never came",
      covers: ["sa-unknown-annotation"],
      stack: wired(annotated({ "eks.amazonaws.com/fs-group": "1000" })),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/fs-group"]' },
          says: 'ServiceAccount "shop/api" has the annotation "eks.amazonaws.com/fs-group", which the webhook does not know; on a ServiceAccount it reads "eks.amazonaws.com/role-arn", "eks.amazonaws.com/audience", "eks.amazonaws.com/sts-regional-endpoints" and "eks.amazonaws.com/token-expiration".',
          fix: 'Remove "eks.amazonaws.com/fs-group". Set securityContext.fsGroup in the pod template instead.',
          level: "advisory",
        },
      ],
    },
    {
      name: "another option misspelt",
      stack: wired(annotated({ "eks.amazonaws.com/sts-regional-endpoint": "true" })),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/sts-regional-endpoint"]' },
          says: 'ServiceAccount "shop/api" has the annotation "eks.amazonaws.com/sts-regional-endpoint", which the webhook does not know; on a ServiceAccount it reads "eks.amazonaws.com/role-arn", "eks.amazonaws.com/audience", "eks.amazonaws.com/sts-regional-endpoints" and "eks.amazonaws.com/token-expiration".',
          fix: 'Rename it to "eks.amazonaws.com/sts-regional-endpoints".',
          level: "advisory",
        },
      ],
    },
    {
      name: "an option of pods on the account",
      stack: wired(annotated({ "eks.amazonaws.com/skip-containers": "proxy" })),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/skip-containers"]' },
          says: 'ServiceAccount "shop/api" has the annotation "eks.amazonaws.com/skip-containers", which the webhook does not know; on a ServiceAccount it reads "eks.amazonaws.com/role-arn", "eks.amazonaws.com/audience", "eks.amazonaws.com/sts-regional-endpoints" and "eks.amazonaws.com/token-expiration".',
          fix: 'Move "eks.amazonaws.com/skip-containers" to the metadata of the pod template, where the webhook reads it.',
          level: "advisory",
        },
      ],
    },

    {
      name: "a block that the autoscaler's chart does not read",
      covers: ["sa-annotation-wrong-object"],
      stack: wired(
        charted({ serviceAccount: { create: true, annotations: { [KEY]: ROLE_ARN } } }, "cluster-autoscaler"),
      ),
      finds: [
        {
          at: { urn: RELEASE, path: 'values.serviceAccount.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'Release "api" has the role in values.serviceAccount.annotations, from which this chart takes nothing.',
          fix: `Set values.rbac.serviceAccount.annotations["eks.amazonaws.com/role-arn"] to "${ROLE_ARN}".`,
          level: "advisory",
        },
      ],
    },
    {
      name: "a path of helm --set as one key, at the first preview",
      stack: firstPreview(charted({ "serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn": UNKNOWN })),
      finds: [
        {
          at: {
            urn: RELEASE,
            path: 'values["serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"]',
          },
          says: 'Release "api" has the role under the one key "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn", which is the form of helm --set: charts look for nested values.',
          fix: 'Set values.serviceAccount.annotations["eks.amazonaws.com/role-arn"] to the ARN of the role.',
          level: "advisory",
        },
      ],
    },
    {
      name: "the key taken apart at its dots",
      stack: wired(charted({ serviceAccount: { annotations: { eks: { amazonaws: { "com/role-arn": ROLE_ARN } } } } })),
      finds: [
        {
          at: { urn: RELEASE, path: 'values.serviceAccount.annotations.eks.amazonaws["com/role-arn"]' },
          says: 'Release "api" has the role in values.serviceAccount.annotations.eks.amazonaws["com/role-arn"], where the key of the annotation was taken apart at its dots.',
          fix: `Set values.serviceAccount.annotations["eks.amazonaws.com/role-arn"] to "${ROLE_ARN}".`,
          level: "advisory",
        },
      ],
    },
    {
      name: "beside create and name, in the values of a chart",
      covers: ["sa-annotation-wrong-object"],
      stack: wired(charted({ serviceAccount: { create: true, name: "api", [KEY]: ROLE_ARN } })),
      finds: [
        {
          at: { urn: RELEASE, path: 'values.serviceAccount["eks.amazonaws.com/role-arn"]' },
          says: 'Release "api" has the role in values.serviceAccount, which are no annotations of a ServiceAccount.',
          fix: `Set values.serviceAccount.annotations["eks.amazonaws.com/role-arn"] to "${ROLE_ARN}".`,
          level: "advisory",
        },
      ],
    },
    {
      name: "among the annotations of a chart's Deployment",
      stack: wired(charted({ serviceAccount: { name: "api" }, deploymentAnnotations: { [KEY]: ROLE_ARN } })),
      finds: [
        {
          at: { urn: RELEASE, path: 'values.deploymentAnnotations["eks.amazonaws.com/role-arn"]' },
          says: 'Release "api" has the role in values.deploymentAnnotations, which are no annotations of a ServiceAccount.',
          fix: `Set values.serviceAccount.annotations["eks.amazonaws.com/role-arn"] to "${ROLE_ARN}".`,
          level: "advisory",
        },
      ],
    },
  ],
  valid: [
    {
      name: "the values annotate the pods of a chart, and a file of values may annotate its account",
      stack: wired({
        ...charted({}),
        plus: [
          resource(
            "kubernetes:helm.sh/v3:Release",
            "api",
            {
              chart: "velero",
              namespace: "shop",
              values: { podAnnotations: { [KEY]: ROLE_ARN }, serviceAccount: { annotations: { [KEY]: ROLE_ARN } } },
              valueYamlFiles: [null],
            },
            { from: { values: [urns.role] } },
          ),
        ],
      }),
    },
    {
      name: "among annotations that a chart gives to all its objects",
      stack: wired(charted({ commonAnnotations: { [KEY]: ROLE_ARN } })),
    },
    {
      name: "the block that the autoscaler's chart reads, beside one that it does not",
      stack: wired(
        charted(
          {
            rbac: { serviceAccount: { name: "api", annotations: { [KEY]: ROLE_ARN } } },
            serviceAccount: { annotations: { [KEY]: ROLE_ARN } },
          },
          "cluster-autoscaler",
        ),
      ),
    },
    {
      name: "a chart that gives the role to its account, and the same text to its pods",
      stack: wired(
        charted({
          podAnnotations: { [KEY]: ROLE_ARN },
          serviceAccount: { create: true, name: "api", annotations: { [KEY]: ROLE_ARN } },
        }),
      ),
    },
    {
      name: "a chart whose account has values that are not known yet",
      stack: wired(charted({ podAnnotations: { [KEY]: ROLE_ARN }, serviceAccount: UNKNOWN })),
    },
    {
      name: "a block that the autoscaler's chart does not read, while the one that it reads is not known yet",
      stack: wired(
        charted(
          {
            rbac: { serviceAccount: { name: "api", annotations: UNKNOWN } },
            serviceAccount: { annotations: { [KEY]: ROLE_ARN } },
          },
          "cluster-autoscaler",
        ),
      ),
    },
    {
      name: "a first part of a key that was taken apart, of which the rest is not known yet",
      stack: wired(charted({ serviceAccount: { name: "api", annotations: { eks: UNKNOWN } } })),
    },
    {
      name: "the key of kube2iam with a text that is not known yet and came from no role",
      stack: wired({
        role: null,
        attachment: null,
        ...annotated({ [KEY]: null, "iam.amazonaws.com/role": UNKNOWN }),
      }),
    },
    {
      name: "a chart whose pods have another tool's key",
      stack: wired(
        charted({
          podAnnotations: { "iam.amazonaws.com/role": "api-irsa" },
          serviceAccount: { name: "api", annotations: { [KEY]: ROLE_ARN } },
        }),
      ),
    },
    {
      name: "the key of kube2iam beside the right one, during a migration",
      stack: wired(annotated({ "iam.amazonaws.com/role": ROLE_ARN })),
    },
    {
      name: "the key of kube2iam on the pod",
      stack: wired({ deployment: onPod({ "iam.amazonaws.com/role": "api-irsa" }) }),
    },
    { name: "the same annotation on the pod as well", stack: wired({ deployment: onPod({ [KEY]: ROLE_ARN }) }) },
    {
      name: "an annotation of another tool whose value is the role",
      stack: wired(annotated({ "example.com/role": ROLE_ARN })),
    },
    {
      name: "another prefix, as the configuration says",
      stack: wired({
        ...annotated({ [KEY]: null, "irsa.example.com/role-arn": ROLE_ARN }),
        config: { annotationPrefix: "irsa.example.com" },
      }),
    },
    {
      name: "Pod Identity gives the role, and the pod's annotation is left over",
      stack: wired({ serviceAccount: bare, deployment: onPod({ [KEY]: ROLE_ARN }), plus: [association] }),
    },
    {
      name: "all options of the webhook",
      stack: wired(
        annotated({
          "eks.amazonaws.com/audience": "sts.amazonaws.com",
          "eks.amazonaws.com/sts-regional-endpoints": "true",
          "eks.amazonaws.com/token-expiration": "3600",
        }),
      ),
    },
  ],
  unverified: none("keys are literal; annotations that are unknown as a whole say nothing of their keys"),
});
