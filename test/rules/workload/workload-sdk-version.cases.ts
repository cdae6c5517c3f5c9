import rule from "../../../policy-pack/src/rules/workload/workload-sdk-version";
import { cases, none } from "../../support/cases";
import { firstPreview, urns, wired, type Change } from "../../support/stack";

const image = (text: string): Change => ({
  spec: { template: { spec: { containers: [{ name: "api", image: text }] } } },
});
const sdk = (text: string): Change => ({
  spec: { template: { metadata: { annotations: { "eks-irsa.dev/sdk": text } } } },
});
const atImage = { urn: urns.deployment, path: "spec.template.spec.containers[0].image" };
const atSdk = { urn: urns.deployment, path: 'spec.template.metadata.annotations["eks-irsa.dev/sdk"]' };
const autoscaler = "1.14.6 or newer of the 1.14 line, or 1.16 and newer, of the cluster's own minor version";
const names =
  "boto3, botocore, aws-cli, aws-sdk-java, aws-sdk-java-v2, aws-sdk-go, aws-sdk-go-v2, aws-sdk-js, aws-sdk-js-v3, aws-sdk-ruby, aws-sdk-cpp, aws-sdk-net, aws-sdk-php";

export default cases(rule, {
  invalid: [
    {
      name: "an old AWS CLI",
      covers: ["image-cli-too-old"],
      stack: wired({ deployment: image("mesosphere/aws-cli:1.14.5") }),
      finds: [
        {
          at: atImage,
          says: 'Container "api" of Deployment "shop/api" runs image "mesosphere/aws-cli:1.14.5", which cannot use web identity; it takes 1.16.232 or newer, or any 2.x.',
          fix: "Use aws-cli 1.16.232 or newer, or any 2.x (https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts-minimum-sdk.html).",
        },
      ],
    },
    {
      name: "the cluster-autoscaler line that lost it again, at the first preview",
      covers: ["image-sdk-too-old"],
      stack: firstPreview({ deployment: image("k8s.gcr.io/cluster-autoscaler:v1.15.3") }),
      finds: [
        {
          at: atImage,
          says: `Container "api" of Deployment "shop/api" runs image "k8s.gcr.io/cluster-autoscaler:v1.15.3", which cannot use web identity; it takes ${autoscaler}.`,
          fix: `Use cluster-autoscaler ${autoscaler} (https://github.com/kubernetes/autoscaler/issues/2920).`,
        },
      ],
    },
    {
      name: "no tag",
      covers: ["image-tag-unpinned"],
      stack: wired({ deployment: image("registry.example.com:5000/mirror/external-dns") }),
      finds: [
        {
          at: atImage,
          says: 'Container "api" of Deployment "shop/api" runs image "registry.example.com:5000/mirror/external-dns", whose tag does not say a version; web identity takes v0.5.17 or newer.',
          fix: "Give external-dns the tag of a version: v0.5.17 or newer.",
        },
      ],
    },
    {
      name: "a declared SDK that is too old, beside one that is not",
      covers: ["image-sdk-too-old"],
      stack: wired({ deployment: sdk("boto3@1.9.0, aws-sdk-go-v2@1.0.0") }),
      finds: [
        {
          at: atSdk,
          says: 'Deployment "shop/api" declares "boto3@1.9.0", which cannot use web identity; it takes "1.9.220" or newer.',
          fix: 'Build the image with boto3 1.9.220 or newer, and write its version into the annotation "eks-irsa.dev/sdk".',
        },
      ],
    },
    {
      name: "a declaration of no SDK",
      stack: wired({ deployment: sdk("bot3@1.34.0") }),
      finds: [
        {
          at: atSdk,
          says: 'Deployment "shop/api" declares "bot3@1.34.0" in "eks-irsa.dev/sdk", which is no AWS SDK. Did you mean "boto3"?',
          fix: `Write <name>@<version>, with one of ${names}; for example "boto3@1.34.0".`,
        },
      ],
    },
  ],
  valid: [
    { name: "an image that nobody knows", stack: wired({ deployment: image("example.com/shop/api:0.0.1") }) },
    {
      name: "the first version that can",
      stack: wired({ deployment: sdk("boto3@1.9.220,@aws-sdk/client-sts@3.27.0") }),
    },
    {
      name: "a newer cluster-autoscaler",
      stack: wired({ deployment: image("registry.k8s.io/autoscaling/cluster-autoscaler:v1.33.0") }),
    },
    {
      name: "the old line with the repair",
      stack: wired({ deployment: image("k8s.gcr.io/cluster-autoscaler:v1.14.7") }),
    },
    {
      name: "the AWS CLI of the day, which is version 2",
      stack: wired({ deployment: image("public.ecr.aws/aws-cli/aws-cli") }),
    },
    {
      name: "a tag that follows the newest of its line",
      stack: wired({ deployment: image("example.com/mirror/aws-cli:1") }),
    },
    { name: "a tag that is a commit", stack: wired({ deployment: image("example.com/mirror/aws-cli:0a1b2c3") }) },
    {
      name: "an image by digest",
      stack: wired({
        deployment: image(
          "registry.k8s.io/external-dns/external-dns@sha256:4fd1d5b4a5d0d1c1f5e1d3d3fbd63c4dbd3ae6a5ef4e4a4e4c47e8f8e3a7d2b1",
        ),
      }),
    },
  ],
  unverified: none("images and annotations that are not known yet are no evidence of age"),
});
