/** Stand-in for the Cloud Control provider (pulumi-aws-native): other property names, the same chain. */
import { clusterFacts } from "./aws/eks-types";
import { textOf } from "./aws/resource-type";
import { type AwsDefaults, type AwsScope, providerScope } from "./aws/scope";
import { changes } from "./diff";
import { alphanumeric, hex } from "./hash";
import type { CheckRequest, MakeRequest, Note, RehearsalMode, StandIn } from "./stand-in";
import {
  compact,
  isSet,
  isUnknown,
  items,
  own,
  plain,
  reveal,
  text,
  unknown,
  type Value,
  type ValueMap,
} from "./values";

interface NativeType {
  /** Property that gets `<name>-<7 hex>` when absent. */
  readonly name?: string;
  readonly createOnly: readonly string[];
  readonly id: (inputs: ValueMap, scope: AwsScope, urn: string) => Value;
  readonly computed: (inputs: ValueMap, scope: AwsScope, urn: string) => Readonly<Record<string, Value | undefined>>;
}

const roleArn = (inputs: ValueMap, scope: AwsScope): Value =>
  textOf`arn:${scope.partition}:iam::${scope.accountId}:role${inputs.path ?? "/"}${inputs.roleName}`;

function providerArn({ url }: ValueMap, scope: AwsScope): Value {
  const issuer = typeof url === "string" && !isUnknown(url) ? url.replace(/^https:\/\//, "") : unknown;
  return textOf`arn:${scope.partition}:iam::${scope.accountId}:oidc-provider/${issuer}`;
}

const types: Readonly<Record<string, NativeType>> = {
  "aws-native:iam:Role": {
    name: "roleName",
    createOnly: ["roleName", "path"],
    id: ({ roleName }) => roleName ?? unknown,
    computed: (inputs, scope, urn) => ({ arn: roleArn(inputs, scope), roleId: `AROA${alphanumeric(17, urn)}` }),
  },
  "aws-native:iam:OidcProvider": {
    createOnly: ["url"],
    id: providerArn,
    computed: (inputs, scope) => ({ arn: providerArn(inputs, scope) }),
  },
  "aws-native:eks:Cluster": {
    name: "name",
    createOnly: ["name", "roleArn"],
    id: ({ name }) => name ?? unknown,
    computed: ({ name }, scope, urn) => {
      const { arn, endpoint, identities, certificateAuthority } = clusterFacts(scope, name);
      return {
        arn,
        endpoint,
        openIdConnectIssuerUrl: issuerOf(identities),
        certificateAuthorityData: (certificateAuthority as ValueMap).data,
        clusterSecurityGroupId: `sg-${hex(17, "cluster-security-group", urn)}`,
      };
    },
  },
};

/** identities[0].oidcs[0].issuer of the bridged provider's shape. */
function issuerOf(identities: Value | undefined): Value | undefined {
  const [identity] = items(identities) as readonly ValueMap[];
  const [oidc] = items(identity?.oidcs) as readonly ValueMap[];
  return oidc?.issuer;
}

const otherNative = (type: string): NativeType => {
  const [, service = "", kind = ""] = type.split(":");
  const id = (urn: string): string => hex(17, "id", urn);
  return {
    createOnly: [],
    id: (_, __, urn) => id(urn),
    computed: (_, scope, urn) => ({
      arn: `arn:${scope.partition}:${service}:${scope.region}:${scope.accountId}:${kind.toLowerCase()}/${id(urn)}`,
    }),
  };
};

const typeOf = (type: string): NativeType => own(types, type) ?? otherNative(type);

export function awsNativeStandIn(mode: RehearsalMode, defaults: AwsDefaults, note: Note): StandIn {
  return {
    packageName: "aws-native",
    check: (request) => ({ inputs: { ...request.news, ...generatedName(request) }, failures: [] }),
    diff: ({ type, oldInputs, news, ignoreChanges }) => {
      const changed = changes(oldInputs, news).filter((property) => !ignoreChanges.includes(property));
      const replaces = changed.filter((property) => typeOf(type).createOnly.includes(property));
      return { changed, replaces, deleteBeforeReplace: false };
    },
    make: (request) => make(request, mode, providerScope(request.config, defaults)),
    read: ({ type, urn, id, inputs, state, config }) => {
      const native = typeOf(type);
      const known = { ...(native.name === undefined ? {} : { [native.name]: id }), ...inputs, ...state };
      const computed = compact(native.computed(plain(known) as ValueMap, providerScope(config, defaults), urn));
      const settled = Object.entries(computed).filter(([, value]) => !isUnknown(value));
      const arn = id.startsWith("arn:") ? { arn: id } : {};
      return { outputs: { ...Object.fromEntries(settled), ...arn, ...known, id }, inputs };
    },
    invoke: ({ token, args, config }) => {
      const { accountId, region, partition, dnsSuffix } = providerScope(config, defaults);
      if (token === "aws-native:index:getAccountId") return { result: { accountId } };
      if (token === "aws-native:index:getRegion") return { result: { region } };
      if (token === "aws-native:index:getPartition") return { result: { partition, dnsSuffix } };
      note(token, "the answer of this function is known to AWS alone; it was given its own arguments back");
      return { result: args };
    },
  };
}

function generatedName({ type, urn, name, olds, news, autonaming }: CheckRequest): ValueMap {
  const property = typeOf(type).name;
  if (property === undefined || isSet(news[property]) || autonaming.is === "disabled") return {};
  const earlier = reveal(olds?.[property]);
  if (isSet(earlier)) return { [property]: earlier };
  return { [property]: autonaming.is === "proposed" ? autonaming.name : `${name}-${hex(7, "name", urn)}` };
}

function make(
  request: MakeRequest,
  mode: RehearsalMode,
  scope: AwsScope,
): { id: string | undefined; outputs: ValueMap } {
  const native = typeOf(request.type);
  const inputs = plain(request.inputs) as ValueMap;
  const hidden = mode === "unknown" && request.preview;
  const computed = Object.entries(compact(native.computed(inputs, scope, request.urn))).map(
    ([property, value]): [string, Value] => [property, request.olds[property] ?? (hidden ? unknown : value)],
  );
  const id = request.id ?? (hidden ? undefined : text(native.id(inputs, scope, request.urn)));
  return { id, outputs: { ...Object.fromEntries(computed), ...request.inputs } };
}
