import { actions, allow, forEach, type Preset } from "./preset";

/** cert-manager, DNS-01 challenges with Route 53. */
export const certManager: Preset = {
  needs: ["hostedZoneArns"],
  statements: ({ partition, hostedZoneArns }) => [
    allow(["route53:GetChange"], `arn:${partition}:route53:::change/*`),
    allow(actions("route53", "ChangeResourceRecordSets ListResourceRecordSets"), hostedZoneArns),
    allow(["route53:ListHostedZonesByName"], "*"),
  ],
};

/** external-dns with Route 53. */
export const externalDns: Preset = {
  needs: ["hostedZoneArns"],
  statements: ({ hostedZoneArns }) => [
    allow(["route53:ChangeResourceRecordSets"], hostedZoneArns),
    allow(actions("route53", "ListHostedZones ListResourceRecordSets ListTagsForResource ListTagsForResources"), "*"),
  ],
};

/** external-secrets, reading Secrets Manager, SSM parameters or both. */
export const externalSecrets: Preset = {
  needs: [["secretArns", "parameterArns"]],
  takes: ["kmsKeyArns"],
  statements: ({ secretArns, parameterArns, kmsKeyArns }) => [
    ...forEach(secretArns, (arns) => [
      allow(actions("secretsmanager", "GetResourcePolicy GetSecretValue DescribeSecret ListSecretVersionIds"), arns),
      allow(actions("secretsmanager", "ListSecrets BatchGetSecretValue"), "*"),
    ]),
    ...forEach(parameterArns, (arns) => [
      allow(
        actions("ssm", "GetParameter GetParameters GetParametersByPath GetParameterHistory ListTagsForResource"),
        arns,
      ),
      allow(["ssm:DescribeParameters"], "*"),
    ]),
    ...forEach(kmsKeyArns, (arns) => [allow(["kms:Decrypt"], arns)]),
  ],
};
