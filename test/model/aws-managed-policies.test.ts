import { managedArnFault } from "../../policy-pack/src/model/aws-managed-arns";
import { awsManagedName, awsManagedPolicy } from "../../policy-pack/src/model/aws-managed-policies";

const arnOf = (name: string) => `arn:aws:iam::aws:policy/${name}`;

describe("the name of a policy that AWS manages", () => {
  test.each<[string, string, string | undefined]>([
    ["is that of its ARN", arnOf("ReadOnlyAccess"), "ReadOnlyAccess"],
    ["has its path", arnOf("service-role/AWSLambdaRole"), "service-role/AWSLambdaRole"],
    ["is the same in China", "arn:aws-cn:iam::aws:policy/ReadOnlyAccess", "ReadOnlyAccess"],
    ["is the same for the government", "arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess", "ReadOnlyAccess"],
    ["is none of an account's policy", "arn:aws:iam::111122223333:policy/ReadOnlyAccess", undefined],
    ["is none after a blank", ` ${arnOf("ReadOnlyAccess")}`, undefined],
    ["is none before a line break", `${arnOf("ReadOnlyAccess")}\n`, undefined],
    ["is none where it is empty", arnOf(""), undefined],
  ])("%s", (_, arn, expected) => {
    expect(awsManagedName(arn)).toBe(expected);
  });
});

describe("what such a name tells", () => {
  test.each<[string, string, string]>([
    ["is all of the policy", "AmazonSQSFullAccess", "sqs:* on *, all"],
    ["is a part of the policy", "CloudWatchFullAccess", "cloudwatch:* and logs:* on *, a part"],
    ["is nothing where it is no promise", "AmazonEKS_CNI_Policy", "nothing"],
    ["is nothing under a path", "service-role/AmazonSQSFullAccess", "nothing"],
    ["is nothing where every object has it", "constructor", "nothing"],
  ])("%s", (_, name, expected) => {
    const found = awsManagedPolicy(arnOf(name));
    const lines = found?.document.statements.map(({ actions, resources }) => {
      const [what, on] = [actions, resources].map((leaves) =>
        leaves.is === "known" ? leaves.value.map(({ value }) => (value.is === "known" ? value.value : "?")) : [],
      );
      return `${what?.join(" and ") ?? ""} on ${on?.join(" and ") ?? ""}, ${found.whole ? "all" : "a part"}`;
    });
    expect(lines?.join("; ") ?? "nothing").toBe(expected);
  });

  test("is a document without a fault", () => {
    const document = awsManagedPolicy(arnOf("AdministratorAccess"))?.document;
    expect([document?.version, document?.flaws.length, document?.complete]).toEqual([
      { is: "known", value: "2012-10-17" },
      0,
      true,
    ]);
  });

  test("is nothing for another ARN", () => {
    expect(awsManagedPolicy("arn:aws:iam::111122223333:policy/AmazonSQSFullAccess")).toBeUndefined();
  });
});

describe("the fault of an ARN", () => {
  test.each<[string, string, string]>([
    ["is none", "AmazonS3FullAccess", "none"],
    ["is none under its path", "service-role/AmazonEBSCSIDriverPolicy", "none"],
    ["is none of a policy that nobody here knows", "AmazonBraketFullAccess", "none"],
    ["is a path that is missing", "AmazonEBSCSIDriverPolicy", "path: service-role/AmazonEBSCSIDriverPolicy"],
    ["is a path too much", "service-role/AmazonS3FullAccess", "path: AmazonS3FullAccess"],
    [
      "is a policy that one makes oneself",
      "AWSLoadBalancerControllerIAMPolicy",
      "customer: AWSLoadBalancerControllerIAMPolicy",
    ],
    ["is a case", "amazons3fullaccess", "spelling: AmazonS3FullAccess"],
    ["is punctuation", "Amazon-S3-Full-Access", "spelling: AmazonS3FullAccess"],
    ["is punctuation that is missing", "AmazonEKSCNIPolicy", "spelling: AmazonEKS_CNI_Policy"],
    ["is a word that is missing at the beginning", "EKSWorkerNodePolicy", "spelling: AmazonEKSWorkerNodePolicy"],
    ["is a word that is missing at the end", "AmazonEKSWorkerNode", "spelling: AmazonEKSWorkerNodePolicy"],
    ["is no word in the middle", "SecretsManagerAWSReadWrite", "none"],
    ["is no word at another place", "AmazonS3AccessFull", "none"],
    ["is a letter that is missing", "AmazonSQSFulAccess", "spelling: AmazonSQSFullAccess"],
    ["is a letter too much", "AmazonSQSFulllAccess", "spelling: AmazonSQSFullAccess"],
    ["is no letter that is missing near the beginning", "AmazonS3ullAccess", "none"],
    ["is a letter that is missing a little later", "AmazonSQSullAccess", "spelling: AmazonSQSFullAccess"],
    ["is two letters that are exchanged", "AmazonSQSFullAcecss", "spelling: AmazonSQSFullAccess"],
    ["is the last two letters exchanged", "service-role/AWSLambdaRoel", "spelling: service-role/AWSLambdaRole"],
    ["is no last letter that is another", "service-role/AWSLambdaRolx", "none"],
    ["is no letter that is another", "AmazonSQSFullAccexs", "none"],
    ["is no two letters that are missing", "AmazonSQSFullAces", "none"],
    ["is no other word that is longer by a letter", "AmazonSQSFullControl", "none"],
    ["is no name beyond all length", `AmazonS3FullAccess${"s".repeat(200)}`, "none"],
  ])("%s: %s", (_, name, expected) => {
    const found = managedArnFault(arnOf(name));
    expect(found ? `${found.fault}: ${found.needed}` : "none").toBe(expected);
  });

  test("is none of another ARN", () => {
    expect(managedArnFault("arn:aws:iam::111122223333:policy/AmazonEBSCSIDriverPolicy")).toBeUndefined();
  });
});
