/** The data sources that programs of this kind call. What no program can be told without a cloud is noted. */
import { alphanumeric, hex } from "../hash";
import type { Note } from "../stand-in";
import { isSet, items, own, plain, scalar, text, type Value, type ValueMap } from "../values";
import { clusterFacts, defaultKubernetesVersion } from "./eks-types";
import { policyDocument } from "./policy-document";
import { createdAt } from "./resource-type";
import { type AwsScope, resourceScope } from "./scope";

type DataSource = (args: ValueMap, scope: AwsScope) => ValueMap;

const zones = ["a", "b", "c"];

const dataSources: Readonly<Record<string, DataSource>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { accountId, partition }) => ({
    id: accountId,
    accountId,
    arn: `arn:${partition}:iam::${accountId}:user/rehearsal`,
    userId: `AIDA${alphanumeric(17, "caller", accountId)}`,
  }),
  "aws:index/getPartition:getPartition": (_, { partition, dnsSuffix }) => ({
    id: partition,
    partition,
    dnsSuffix,
    reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
  }),
  "aws:index/getRegion:getRegion": (_, { region, dnsSuffix }) => ({
    id: region,
    name: region,
    region,
    endpoint: `ec2.${region}.${dnsSuffix}`,
    description: region,
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, { region }) => ({
    id: region,
    region,
    names: zones.map((zone) => `${region}${zone}`),
    zoneIds: zones.map((_, index) => `${region}-az${index + 1}`),
    groupNames: [region],
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
  "aws:eks/getCluster:getCluster": ({ name = "" }, scope) => ({
    id: name,
    ...clusterFacts(scope, name),
    certificateAuthorities: [clusterFacts(scope, name).certificateAuthority ?? null],
    version: defaultKubernetesVersion,
    roleArn: `arn:${scope.partition}:iam::${scope.accountId}:role/${scalar(name)}`,
    region: scope.region,
  }),
  "aws:eks/getClusterAuth:getClusterAuth": ({ name = "" }) => ({
    id: name,
    token: `k8s-aws-v1.${hex(64, "cluster-token", scalar(name))}`,
  }),
  "aws:iam/getRole:getRole": ({ name = "" }, { partition, accountId }) => ({
    id: name,
    arn: `arn:${partition}:iam::${accountId}:role/${scalar(name)}`,
    path: "/",
    maxSessionDuration: 3600,
    createDate: createdAt,
    uniqueId: `AROA${alphanumeric(17, "role", accountId, scalar(name))}`,
  }),
  "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": (args, scope) => {
    const url = (text(args.url) ?? text(args.arn)?.split(":oidc-provider/")[1] ?? "").replace(/^https:\/\//, "");
    const arn = text(args.arn) ?? `arn:${scope.partition}:iam::${scope.accountId}:oidc-provider/${url}`;
    return { id: arn, arn, url, clientIdLists: ["sts.amazonaws.com"], thumbprintLists: [], tags: {} };
  },
  "aws:iam/getPolicy:getPolicy": (args, scope) => {
    const name = text(args.name) ?? text(args.arn)?.split("/").at(-1) ?? "";
    const path = text(args.pathPrefix) ?? "/";
    const arn = text(args.arn) ?? `arn:${scope.partition}:iam::${scope.accountId}:policy${path}${name}`;
    return { id: arn, arn, name, path, policyId: `ANPA${alphanumeric(17, arn)}`, attachmentCount: 0 };
  },
  "aws:ec2/getVpc:getVpc": (args, scope) => {
    const id = text(args.id) ?? `vpc-${hex(17, "vpc", scope.accountId, scope.region)}`;
    return { id, arn: ec2Arn(scope, "vpc", id), cidrBlock: "10.0.0.0/16", default: true, ownerId: scope.accountId };
  },
  "aws:ec2/getSubnets:getSubnets": (_, scope) => ({
    id: scope.region,
    ids: zones.map((zone) => `subnet-${hex(17, "subnet", scope.accountId, scope.region, zone)}`),
  }),
  "aws:ec2/getSubnet:getSubnet": (args, scope) => {
    const id = text(args.id) ?? `subnet-${hex(17, "subnet", scope.accountId, scope.region, "a")}`;
    return { id, arn: ec2Arn(scope, "subnet", id), availabilityZone: `${scope.region}a`, cidrBlock: "10.0.0.0/24" };
  },
  "aws:ssm/getParameter:getParameter": ({ name = "" }, scope) => ({
    id: name,
    arn: `arn:${scope.partition}:ssm:${scope.region}:${scope.accountId}:parameter/${scalar(name).replace(/^\//, "")}`,
    type: "String",
    value: `rehearsal-${hex(12, "parameter", scalar(name))}`,
    insecureValue: `rehearsal-${hex(12, "parameter", scalar(name))}`,
    version: 1,
  }),
};

const ec2Arn = ({ partition, region, accountId }: AwsScope, kind: string, id: string): string =>
  `arn:${partition}:ec2:${region}:${accountId}:${kind}/${id}`;

/** Lookups whose answer is made up as to its content: the findings that rest on it are only as good as the guess. */
const guesses: Readonly<Record<string, string>> = {
  "aws:ssm/getParameter:getParameter": "the parameter's value is known to AWS alone; a made-up text stands for it",
};

/** The data source's answer; an unknown one is given its own arguments back and noted. */
export function invoke(token: string, args: ValueMap, provider: AwsScope, note: Note): ValueMap {
  const scope = resourceScope(provider, args);
  const dataSource = own(dataSources, token);
  const given = plain(args) as ValueMap;
  const guess = own(guesses, token);
  if (guess !== undefined) note(token, guess);
  if (dataSource !== undefined) return { ...given, ...dataSource(given, scope) };
  note(token, "the answer of this data source is known to AWS alone; it was given its own arguments back");
  return { ...given, ...(isSet(given.id) ? {} : { id: firstText(given) ?? token }) };
}

const firstText = (args: ValueMap): Value | undefined =>
  Object.values(args).find((value) => typeof value === "string") ?? items(Object.values(args)[0])[0];
