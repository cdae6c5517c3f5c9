import { actions, allow, forEach, type Preset } from "./preset";

/** Amazon EBS CSI driver; own KMS keys come beside the policy of AWS. */
export const ebsCsiDriver: Preset = {
  managed: ["service-role/AmazonEBSCSIDriverPolicy"],
  takes: ["kmsKeyArns"],
  statements: ({ kmsKeyArns }) =>
    forEach(kmsKeyArns, (arns) => [
      allow(actions("kms", "CreateGrant ListGrants RevokeGrant"), arns, {
        Bool: { "kms:GrantIsForAWSResource": "true" },
      }),
      allow(actions("kms", "Encrypt Decrypt ReEncrypt* GenerateDataKey* DescribeKey"), arns),
    ]),
};

/** Amazon EFS CSI driver. */
export const efsCsiDriver: Preset = { managed: ["service-role/AmazonEFSCSIDriverPolicy"] };

/** Amazon FSx for Lustre CSI driver; the policy of its documentation. */
export const fsxLustreCsiDriver: Preset = {
  statements: ({ partition }) => [
    allow(
      actions("iam", "CreateServiceLinkedRole AttachRolePolicy PutRolePolicy"),
      `arn:${partition}:iam::*:role/aws-service-role/s3.data-source.lustre.fsx.amazonaws.com/*`,
    ),
    allow(["iam:CreateServiceLinkedRole"], "*", { StringLike: { "iam:AWSServiceName": "fsx.amazonaws.com" } }),
    allow(
      ["s3:ListBucket", ...actions("fsx", "CreateFileSystem DeleteFileSystem DescribeFileSystems TagResource")],
      "*",
    ),
  ],
};

/** Mountpoint for Amazon S3 CSI driver. */
export const mountpointS3CsiDriver: Preset = {
  needs: ["bucketArns"],
  takes: ["kmsKeyArns"],
  statements: ({ bucketArns, kmsKeyArns }) => [
    allow(["s3:ListBucket"], bucketArns),
    allow(
      actions("s3", "GetObject PutObject AbortMultipartUpload DeleteObject"),
      bucketArns.map((arn) => `${arn}/*`),
    ),
    ...forEach(kmsKeyArns, (arns) => [allow(actions("kms", "GenerateDataKey Decrypt"), arns)]),
  ],
};

/** Velero with its AWS plugin. */
export const velero: Preset = {
  needs: ["bucketArns"],
  takes: ["kmsKeyArns"],
  statements: ({ bucketArns, kmsKeyArns }) => [
    allow(
      actions("ec2", "DescribeVolumes DescribeSnapshots CreateTags CreateVolume CreateSnapshot DeleteSnapshot"),
      "*",
    ),
    allow(
      actions("s3", "GetObject DeleteObject PutObject PutObjectTagging AbortMultipartUpload ListMultipartUploadParts"),
      bucketArns.map((arn) => `${arn}/*`),
    ),
    allow(["s3:ListBucket"], bucketArns),
    ...forEach(kmsKeyArns, (arns) => [allow(actions("kms", "GenerateDataKey Decrypt"), arns)]),
  ],
};
