/**
 * AWS types outside the chain. Programs build permission policies and pod environments from their names and ARNs, so
 * those of the usual services have the real form; what is not listed gets an ARN of the common form.
 */
import { hex, uuid } from "../hash";
import { isSet, own, scalar, unknown, type Value } from "../values";
import { type Making, type ResourceType, textOf } from "./resource-type";

interface Shape {
  /** The property that names the resource; it is generated when absent, unless `generated` is false. */
  readonly name?: string;
  readonly maxLength?: number;
  readonly generated?: false;
  /** After `arn:<partition>:`; `{scope}` is `<region>:<account>`, `{account}` the account, `{name}` the name. */
  readonly arn: string;
  readonly id?: "arn" | "url";
  /** Properties that hold a policy document. */
  readonly policies?: readonly string[];
}

const shapes: Readonly<Record<string, Shape>> = {
  "aws:s3/bucket:Bucket": { name: "bucket", maxLength: 63, arn: "s3:::{name}" },
  "aws:s3/bucketV2:BucketV2": { name: "bucket", maxLength: 63, arn: "s3:::{name}" },
  "aws:s3/bucketPolicy:BucketPolicy": { name: "bucket", generated: false, arn: "s3:::{name}", policies: ["policy"] },
  "aws:sqs/queue:Queue": { name: "name", maxLength: 80, arn: "sqs:{scope}:{name}", id: "url", policies: ["policy"] },
  "aws:sqs/queuePolicy:QueuePolicy": {
    name: "queueUrl",
    generated: false,
    arn: "sqs:{scope}:{name}",
    policies: ["policy"],
  },
  "aws:sns/topic:Topic": { name: "name", maxLength: 256, arn: "sns:{scope}:{name}", id: "arn", policies: ["policy"] },
  "aws:sns/topicPolicy:TopicPolicy": { name: "arn", generated: false, arn: "sns:{scope}:{name}", policies: ["policy"] },
  "aws:dynamodb/table:Table": { name: "name", maxLength: 255, arn: "dynamodb:{scope}:table/{name}" },
  "aws:lambda/function:Function": { name: "name", maxLength: 64, arn: "lambda:{scope}:function:{name}" },
  "aws:cloudwatch/logGroup:LogGroup": { name: "name", maxLength: 512, arn: "logs:{scope}:log-group:{name}" },
  "aws:ecr/repository:Repository": { name: "name", maxLength: 256, arn: "ecr:{scope}:repository/{name}" },
  "aws:secretsmanager/secret:Secret": {
    name: "name",
    maxLength: 512,
    arn: "secretsmanager:{scope}:secret:{name}-{suffix}",
    id: "arn",
    policies: ["policy"],
  },
  "aws:ssm/parameter:Parameter": { name: "name", maxLength: 2048, arn: "ssm:{scope}:parameter/{name}" },
  "aws:kms/key:Key": { arn: "kms:{scope}:key/{uuid}", policies: ["policy"] },
  "aws:kms/alias:Alias": { name: "name", maxLength: 256, arn: "kms:{scope}:{name}" },
  "aws:kinesis/stream:Stream": { name: "name", maxLength: 255, arn: "kinesis:{scope}:stream/{name}" },
  "aws:rds/instance:Instance": { name: "identifier", maxLength: 63, arn: "rds:{scope}:db:{name}" },
  "aws:ec2/securityGroup:SecurityGroup": { name: "name", maxLength: 255, arn: "ec2:{scope}:security-group/{id}" },
  "aws:efs/fileSystem:FileSystem": { arn: "elasticfilesystem:{scope}:file-system/{id}" },
};

/** Resource ids that begin with something else than the type's own name in kebab-case. */
const idPrefixes: Readonly<Record<string, string>> = {
  securityGroup: "sg",
  internetGateway: "igw",
  natGateway: "nat",
  routeTable: "rtb",
  fileSystem: "fs",
  instance: "i",
  launchTemplate: "lt",
  networkInterface: "eni",
  eip: "eipalloc",
};

/** A resource type that is in no table of the chain. */
export function otherType(type: string): ResourceType {
  const [, module = ""] = type.split(":");
  const [service = "", kind = ""] = module.split("/");
  const shape: Shape = own(shapes, type) ?? { arn: `${service}:{scope}:${kind}/{id}` };
  const { name, maxLength = 255 } = shape;
  const generatedId = ({ urn }: Making): string =>
    `${own(idPrefixes, kind) ?? kind.toLowerCase()}-${hex(17, "id", urn)}`;
  const arn = (making: Making): Value => fill(shape.arn, making, name, generatedId(making));
  const id = (making: Making): Value => {
    if (shape.id === "arn") return arn(making);
    if (shape.id === "url") return queueUrl(making);
    if (kind === "key") return uuid(making.urn);
    return name !== undefined && kind !== "securityGroup" ? (making.inputs[name] ?? unknown) : generatedId(making);
  };
  return {
    ...(name !== undefined && shape.generated !== false ? { autoname: { property: name, maxLength } } : {}),
    ...(shape.policies === undefined ? {} : { policies: shape.policies }),
    forceNew: name === undefined ? [] : [name],
    id,
    computed: (making) => ({ arn: arn(making), ...extras(service, kind, making) }),
  };
}

function fill(template: string, { urn, inputs, scope }: Making, name: string | undefined, id: string): Value {
  const given = name === undefined ? id : inputs[name];
  if (!isSet(given)) return textOf`${given}`;
  const known = textOf`${given}`;
  if (template.includes("{name}") && known === unknown) return unknown;
  const parts: Readonly<Record<string, string>> = {
    scope: `${scope.region}:${scope.accountId}`,
    account: scope.accountId,
    // Parameter names begin with a slash that their ARN does not repeat.
    name: scalar(known).replace(/^\//, ""),
    id,
    uuid: uuid(urn),
    suffix: hex(6, "suffix", urn),
  };
  return `arn:${scope.partition}:${template.replace(/\{(\w+)\}/g, (_, part: string) => parts[part] ?? "")}`;
}

const queueUrl = ({ inputs, scope }: Making): Value =>
  textOf`https://sqs.${scope.region}.${scope.dnsSuffix}/${scope.accountId}/${inputs.name}`;

function extras(service: string, kind: string, making: Making): Readonly<Record<string, Value | undefined>> {
  const { inputs, scope, urn } = making;
  if (service === "s3" && kind.startsWith("bucket") && kind !== "bucketPolicy") {
    return {
      bucketDomainName: textOf`${inputs.bucket}.s3.${scope.dnsSuffix}`,
      bucketRegionalDomainName: textOf`${inputs.bucket}.s3.${scope.region}.${scope.dnsSuffix}`,
    };
  }
  if (service === "sqs" && kind === "queue") return { url: queueUrl(making) };
  if (service === "kms" && kind === "key") return { keyId: uuid(urn) };
  if (service === "ecr" && kind === "repository") {
    const registry = `${scope.accountId}.dkr.ecr.${scope.region}.${scope.dnsSuffix}`;
    return { registryId: scope.accountId, repositoryUrl: textOf`${registry}/${inputs.name}` };
  }
  return {};
}
