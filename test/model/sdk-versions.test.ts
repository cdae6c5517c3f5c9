import { findImage, isBroken, parseImage } from "../../policy-pack/src/model/image-versions";
import { compareVersions, isVersion, parseDeclaredSdks } from "../../policy-pack/src/model/sdk-versions";

test.each([
  ["1.9.0", "1.9.220", -1],
  ["1.9.220", "1.9.220", 0],
  ["v1.10", "1.9.220", 1],
  ["2.10.11-alpine", "2.10.11", 0],
  ["3.3.659", "3.3.659.1", 1],
  ["1.18", "1.19", -1],
])("version %s against %s", (version, than, sign) => {
  expect(Math.sign(compareVersions(version, than))).toBe(sign);
});

test.each([
  ["1.15.3", true],
  ["v0.5.17", true],
  ["2.15.0_amd64", true],
  ["latest", false],
  ["0a1b2c3", false],
  ["", false],
])("%s is a version: %s", (text, expected) => {
  expect(isVersion(text)).toBe(expected);
});

test.each([
  ["amazon/aws-cli:1.16.100", { repository: "amazon/aws-cli", tag: "1.16.100", digest: undefined }],
  ["localhost:5000/aws-cli", { repository: "localhost:5000/aws-cli", tag: undefined, digest: undefined }],
  ["velero@sha256:00", { repository: "velero", tag: undefined, digest: "sha256:00" }],
  ["k8s.gcr.io/velero:v1.1.0@sha256:00", { repository: "k8s.gcr.io/velero", tag: "v1.1.0", digest: "sha256:00" }],
  ["", { repository: "", tag: undefined, digest: undefined }],
])("image %s", (text, parts) => {
  expect(parseImage(text)).toEqual(parts);
});

test.each([
  ["v1.14.5", true],
  ["v1.14.6", false],
  ["v1.15.0", true],
  ["v1.15.5", true],
  ["v1.15.6", false],
  ["v1.15", false],
  ["v1.16.0", false],
  ["nightly", false],
])("cluster-autoscaler %s is broken: %s", (tag, broken) => {
  const image = findImage("registry.example.com/mirror/cluster-autoscaler");
  expect(image && isBroken(image, tag)).toBe(broken);
});

test("declared SDKs: names of package managers, any case, blanks and empty entries", () => {
  const declared = parseDeclaredSdks(" Boto3@1.9.0 ,, @aws-sdk/client-sts@3.27.0, aws-cli, rust@1.0.0");
  expect(declared.map(({ text, sdk, version }) => [text, sdk?.name, version])).toEqual([
    ["Boto3@1.9.0", "boto3", "1.9.0"],
    ["@aws-sdk/client-sts@3.27.0", "aws-sdk-js-v3", "3.27.0"],
    ["aws-cli", "aws-cli", undefined],
    ["rust@1.0.0", undefined, "1.0.0"],
  ]);
});
