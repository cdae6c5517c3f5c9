import type { Snapshot } from "../../../policy-pack/src/model/snapshot";
import rule from "../../../policy-pack/src/rules/service-account/service-account-role-arn-invalid";
import { cases, none } from "../../support/cases";
import { firstPreview, resource, ROLE_ARN, UNKNOWN, urnOf, urns, wired } from "../../support/stack";

const KEY = "eks.amazonaws.com/role-arn";
const annotated = (value: string) => ({ serviceAccount: { metadata: { annotations: { [KEY]: value } } } });
const regions = {
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: "api",
            image: "example.com/shop/api:1.4.2",
            env: [
              { name: "AWS_REGION", value: "cn-north-1" },
              { name: "AWS_DEFAULT_REGION", value: "cn-north-1" },
            ],
          },
        ],
      },
    },
  },
};

/** The same stack in AWS China, but for one text. */
function inChina(stack: Snapshot, kept: string): Snapshot {
  const text = JSON.stringify(stack)
    .replaceAll(kept, "#")
    .replaceAll("arn:aws:", "arn:aws-cn:")
    .replaceAll("eu-west-1.amazonaws.com", "cn-north-1.amazonaws.com.cn")
    .replaceAll("eu-west-1", "cn-north-1")
    .replaceAll("#", kept);
  return JSON.parse(text) as Snapshot;
}

const RELEASE = "urn:pulumi:dev::shop::kubernetes:helm.sh/v3:Release::api";
/** A chart whose values give its account a text for the role, in place of the program's own account and pods. */
const charted = (text: string) => ({
  serviceAccount: null,
  deployment: null,
  plus: [
    resource(
      "kubernetes:helm.sh/v3:Release",
      "api",
      { chart: "api", namespace: "shop", values: { serviceAccount: { create: true, annotations: { [KEY]: text } } } },
      { from: { values: [urns.role] } },
    ),
  ],
});

export default cases(rule, {
  invalid: [
    {
      name: "a newline after the ARN, in the values of a chart",
      covers: ["sa-annotation-whitespace"],
      stack: wired(charted(`${ROLE_ARN}\n`)),
      finds: [
        {
          at: { urn: RELEASE, path: 'values.serviceAccount.annotations["eks.amazonaws.com/role-arn"]' },
          says: `The ServiceAccount in the values of Release "api" has ${JSON.stringify(`${ROLE_ARN}\n`)} where the ARN of its role must stand: there are blanks around it, which nobody trims.`,
          fix: `Set values.serviceAccount.annotations["eks.amazonaws.com/role-arn"] to "${ROLE_ARN}".`,
        },
      ],
    },
    {
      name: "the ARN of a policy, in the values of a chart",
      covers: ["sa-annotation-not-role-arn"],
      stack: wired(charted("arn:aws:iam::111122223333:policy/api-irsa")),
      finds: [
        {
          at: { urn: RELEASE, path: 'values.serviceAccount.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'The ServiceAccount in the values of Release "api" has "arn:aws:iam::111122223333:policy/api-irsa" where the ARN of its role must stand: it is the ARN of something else; a role\'s has "iam" and "role/" in it.',
          fix: `Set values.serviceAccount.annotations["eks.amazonaws.com/role-arn"] to "${ROLE_ARN}".`,
        },
      ],
    },
    {
      name: "the name of the role",
      covers: ["sa-annotation-not-role-arn"],
      stack: wired(annotated("api-irsa")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "api-irsa" where the ARN of its role must stand: it is a name; an ARN has the form "arn:aws:iam::<account>:role/<path><name>".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "the name of the role, at the first preview",
      stack: firstPreview(annotated("api-irsa")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "api-irsa" where the ARN of its role must stand: it is a name; an ARN has the form "arn:aws:iam::<account>:role/<path><name>".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to the arn of role "api-irsa".',
        },
      ],
    },
    {
      name: "the ARN of a policy",
      stack: wired(annotated("arn:aws:iam::111122223333:policy/api")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "arn:aws:iam::111122223333:policy/api" where the ARN of its role must stand: it is the ARN of something else; a role\'s has "iam" and "role/" in it.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "the ARN of the instance profile",
      stack: wired(annotated("arn:aws:iam::111122223333:instance-profile/api-irsa")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "arn:aws:iam::111122223333:instance-profile/api-irsa" where the ARN of its role must stand: it is the ARN of something else; a role\'s has "iam" and "role/" in it.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "the ARN of a session",
      stack: wired(annotated("arn:aws:sts::111122223333:assumed-role/api-irsa/web")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "arn:aws:sts::111122223333:assumed-role/api-irsa/web" where the ARN of its role must stand: it is the ARN of something else; a role\'s has "iam" and "role/" in it.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "an account id that lost digits",
      stack: wired(annotated("arn:aws:iam::11112222:role/api-irsa")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "arn:aws:iam::11112222:role/api-irsa" where the ARN of its role must stand: its account id does not have 12 digits.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "a region in the ARN",
      stack: wired(annotated("arn:aws:iam:eu-west-1:111122223333:role/api-irsa")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "arn:aws:iam:eu-west-1:111122223333:role/api-irsa" where the ARN of its role must stand: an IAM ARN has no region.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "no name",
      stack: wired(annotated("arn:aws:iam::111122223333:role/")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "arn:aws:iam::111122223333:role/" where the ARN of its role must stand: after "role/" stands no name that a role can have.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "no ARN at all",
      stack: wired(annotated("arn:aws:iam/api irsa")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "arn:aws:iam/api irsa" where the ARN of its role must stand: an ARN has the form "arn:aws:iam::<account>:role/<path><name>".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "a line break at the end",
      covers: ["sa-annotation-whitespace"],
      stack: wired(annotated(`${ROLE_ARN}\n`)),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "arn:aws:iam::111122223333:role/api-irsa\\n" where the ARN of its role must stand: there are blanks around it, which nobody trims.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "quotes around it",
      stack: wired(annotated(`"${ROLE_ARN}"`)),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "\\"arn:aws:iam::111122223333:role/api-irsa\\"" where the ARN of its role must stand: there are quotes around it.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "an Output made text",
      covers: ["sa-annotation-output-string"],
      stack: wired(annotated("Calling [toString] on an [Output<T>] is not supported.")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "Calling [toString] on an [Output<T>] is not supported." where the ARN of its role must stand: it is the text of a value that the program did not wait for.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa" as an Output (pulumi.interpolate, apply or Output.format), not joined as text.',
        },
      ],
    },
    {
      name: "an undefined account id",
      stack: wired(annotated("arn:aws:iam::undefined:role/api-irsa")),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "arn:aws:iam::undefined:role/api-irsa" where the ARN of its role must stand: it is the text of a value that the program did not wait for.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws:iam::111122223333:role/api-irsa" as an Output (pulumi.interpolate, apply or Output.format), not joined as text.',
        },
      ],
    },
    {
      name: "arn:aws for a role of AWS China",
      covers: ["sa-annotation-partition-mismatch"],
      stack: inChina(wired(annotated(ROLE_ARN)), ROLE_ARN),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has the role ARN "arn:aws:iam::111122223333:role/api-irsa", but role "api-irsa" is in the partition "aws-cn".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws-cn:iam::111122223333:role/api-irsa".',
        },
      ],
    },
    {
      name: "arn:aws on a cluster in AWS China, the role made elsewhere",
      stack: inChina(
        wired({
          ...annotated("arn:aws:iam::111122223333:role/elsewhere"),
          role: null,
          attachment: null,

          config: { roles: ["arn:aws:iam::111122223333:role/elsewhere"] },
        }),
        "arn:aws:iam::111122223333:role/elsewhere",
      ),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has the role ARN "arn:aws:iam::111122223333:role/elsewhere", but EKS cluster "shop" is in the partition "aws-cn".',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to "arn:aws-cn:iam::111122223333:role/elsewhere".',
          level: "advisory",
        },
      ],
    },

    {
      name: "a service-linked role",
      stack: wired({
        serviceAccount: {
          metadata: {
            annotations: {
              "eks.amazonaws.com/role-arn":
                "arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS",
            },
          },
        },
        role: null,
        attachment: null,
      }),
      finds: [
        {
          at: { urn: urns.serviceAccount, path: 'metadata.annotations["eks.amazonaws.com/role-arn"]' },
          says: 'ServiceAccount "shop/api" has "arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS" where the ARN of its role must stand: it is a role that AWS keeps for itself, which pods cannot assume, and whose trust policy nobody can change.',
          fix: 'Set metadata.annotations["eks.amazonaws.com/role-arn"] to the arn of the role.',
        },
      ],
    },
    {
      name: "an add-on is given a policy's ARN",
      stack: wired({
        plus: [
          resource("aws:eks/addon:Addon", "ebs", {
            clusterName: "shop",
            addonName: "aws-ebs-csi-driver",
            serviceAccountRoleArn: "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
          }),
        ],
      }),
      finds: [
        {
          at: { urn: urnOf("aws:eks/addon:Addon", "ebs"), path: "serviceAccountRoleArn" },
          says: 'Add-on "aws-ebs-csi-driver" has "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy" where the ARN of its role must stand: it is the ARN of something else; a role\'s has "iam" and "role/" in it.',
          fix: "Set serviceAccountRoleArn to the arn of the role.",
        },
      ],
    },
  ],
  valid: [
    { name: "the ARN of the role, in the values of a chart", stack: wired(charted(ROLE_ARN)) },
    {
      name: "a text that the chart is to fill in itself",
      stack: wired(charted("arn:aws:iam::{{ .Values.global.accountId }}:role/api-irsa")),
    },
    {
      name: "a role with a path",
      stack: wired({
        role: { path: "/team/shop/" },
        ...annotated("arn:aws:iam::111122223333:role/team/shop/api-irsa"),
      }),
    },
    {
      name: "all characters that a role's name may have",
      stack: wired({
        role: { name: "api_irsa+=,.@-1" },
        attachment: { role: "api_irsa+=,.@-1" },
        ...annotated("arn:aws:iam::111122223333:role/api_irsa+=,.@-1"),
      }),
    },
    { name: "a whole stack in AWS China", stack: inChina(wired({ deployment: regions }), "never") },
    {
      name: "not known yet",
      stack: firstPreview({ serviceAccount: { metadata: { annotations: { [KEY]: UNKNOWN } } } }),
    },
  ],
  unverified: none("a text that is not known yet is judged when it is; the role that it came from is judged meanwhile"),
});
