/** IAM resources of the chain, after terraform-provider-aws `internal/service/iam`. */
import { alphanumeric, digits } from "../hash";
import type { CheckFailure } from "../stand-in";
import { isSet, isUnknown, items, plain, text, type Value, type ValueMap } from "../values";
import { createdAt, iamArn, type Making, type ResourceType, textOf } from "./resource-type";

const nameInputs = ["name", "namePrefix"];

/** A name that is made at creation: the prefix and Terraform's 26 digits of time and counter. */
const named = ({ urn, inputs }: Making): Value =>
  isSet(inputs.name) ? inputs.name : textOf`${inputs.namePrefix ?? "terraform-"}${digits(26, "name", urn)}`;

const role: ResourceType = {
  autoname: { property: "name", maxLength: 64 },
  required: ["assumeRolePolicy"],
  defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  policies: ["assumeRolePolicy"],
  forceNew: [...nameInputs, "path"],
  validate: (inputs) => {
    const seconds = inputs.maxSessionDuration;
    return typeof seconds === "number" && (seconds < 3600 || seconds > 43200)
      ? [fault("maxSessionDuration", `expected max_session_duration to be in the range (3600 - 43200), got ${seconds}`)]
      : [];
  },
  id: named,
  computed: (making) => ({
    name: named(making),
    namePrefix: making.inputs.namePrefix ?? "",
    arn: iamArn(making, "role", making.inputs.path, named(making)),
    uniqueId: `AROA${alphanumeric(17, making.urn)}`,
    createDate: createdAt,
    managedPolicyArns: [],
  }),
};

const openIdConnectProvider: ResourceType = {
  required: ["url", "clientIdLists"],
  forceNew: ["url"],
  validate: (inputs) => [
    ...urlFaults(inputs.url),
    ...lengthFaults(inputs, "clientIdLists", "client_id_list", 1, 255),
    ...lengthFaults(inputs, "thumbprintLists", "thumbprint_list", 40, 40),
  ],
  id: (making) => providerArn(making),
  computed: (making) => ({
    arn: providerArn(making),
    thumbprintLists: [],
  }),
  // IAM returns the URL without its scheme, and the provider stores what IAM returns.
  readBack: ({ url }) => ({ url: text(url)?.replace(/^https:\/\//, "") }),
};

function providerArn(making: Making): Value {
  const { url } = making.inputs;
  const issuer = typeof url === "string" && !isUnknown(url) ? url.trim().replace(/^https:\/\//, "") : url;
  return iamArn(making, "oidc-provider", "/", issuer);
}

/** The provider takes a URL without a scheme for https since its version 6 (normalizeOpenIDURL). */
function urlFaults(url: Value | undefined): readonly CheckFailure[] {
  const known = text(url)?.trim();
  if (known === undefined) return [];
  const candidate = known.includes("://") ? known : `https://${known}`;
  if (!URL.canParse(candidate)) return [fault("url", `"url" has to be a valid URL`)];
  const { protocol, search } = new URL(candidate);
  if (protocol !== "https:") return [fault("url", `"url" has to use HTTPS scheme (i.e. begin with https://)`)];
  return search === "" ? [] : [fault("url", `"url" cannot contain query parameters per the OIDC standard`)];
}

function lengthFaults(
  inputs: ValueMap,
  property: string,
  argument: string,
  least: number,
  most: number,
): readonly CheckFailure[] {
  return items(inputs[property]).flatMap((item, index) => {
    const known = text(item);
    if (known === undefined || (known.length >= least && known.length <= most)) return [];
    const reason = `expected length of ${argument}.${index} to be in the range (${least} - ${most}), got ${known}`;
    return [fault(`${property}[${index}]`, reason)];
  });
}

const policy: ResourceType = {
  autoname: { property: "name", maxLength: 128 },
  required: ["policy"],
  defaults: { path: "/" },
  policies: ["policy"],
  forceNew: [...nameInputs, "path", "description"],
  id: (making) => iamArn(making, "policy", making.inputs.path, named(making)),
  computed: (making) => ({
    name: named(making),
    namePrefix: making.inputs.namePrefix ?? "",
    arn: iamArn(making, "policy", making.inputs.path, named(making)),
    policyId: `ANPA${alphanumeric(17, making.urn)}`,
    attachmentCount: 0,
  }),
};

/** An inline policy of a role, user or group: same schema, other owner. */
const inlinePolicy = (owner: string): ResourceType => ({
  autoname: { property: "name", maxLength: 128 },
  required: ["policy", owner],
  policies: ["policy"],
  forceNew: [...nameInputs, owner],
  id: (making) => textOf`${making.inputs[owner]}:${named(making)}`,
  computed: (making) => ({ name: named(making), namePrefix: making.inputs.namePrefix ?? "" }),
});

const attachment = (owner: string): ResourceType => ({
  required: ["policyArn", owner],
  forceNew: ["policyArn", owner],
  validate: (inputs) => arnFaults(inputs, "policyArn", "policy_arn"),
  id: ({ inputs }) => textOf`${inputs[owner]}/${inputs.policyArn}`,
  computed: () => ({}),
});

/** verify.ValidARN, as far as it concerns a value that is no ARN at all. */
export function arnFaults(inputs: ValueMap, property: string, argument: string): readonly CheckFailure[] {
  const known = text(plain(inputs[property] ?? null));
  if (known === undefined || known === "" || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:/.test(known)) return [];
  const why = known.startsWith("arn:") ? "not enough sections" : "invalid prefix";
  return [fault(property, `"${argument}" (${known}) is an invalid ARN: arn: ${why}`)];
}

const fault = (property: string, reason: string): CheckFailure => ({ property, reason });

const principal = (kind: string, idPrefix: string): ResourceType => ({
  autoname: { property: "name", maxLength: kind === "instance-profile" ? 128 : 64 },
  defaults: { path: "/" },
  forceNew: kind === "instance-profile" ? [...nameInputs, "path"] : [],
  id: named,
  computed: (making) => ({
    name: named(making),
    arn: iamArn(making, kind, making.inputs.path, named(making)),
    uniqueId: `${idPrefix}${alphanumeric(17, making.urn)}`,
    createDate: kind === "instance-profile" ? createdAt : undefined,
  }),
});

export const iamTypes: Readonly<Record<string, ResourceType>> = {
  "aws:iam/role:Role": role,
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": openIdConnectProvider,
  "aws:iam/policy:Policy": policy,
  "aws:iam/rolePolicy:RolePolicy": inlinePolicy("role"),
  "aws:iam/userPolicy:UserPolicy": inlinePolicy("user"),
  "aws:iam/groupPolicy:GroupPolicy": inlinePolicy("group"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attachment("role"),
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": attachment("user"),
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": attachment("group"),
  "aws:iam/policyAttachment:PolicyAttachment": {
    autoname: { property: "name", maxLength: 128 },
    required: ["policyArn"],
    forceNew: ["name", "policyArn"],
    validate: (inputs) => arnFaults(inputs, "policyArn", "policy_arn"),
    id: named,
    computed: () => ({}),
  },
  "aws:iam/instanceProfile:InstanceProfile": principal("instance-profile", "AIPA"),
  "aws:iam/user:User": principal("user", "AIDA"),
  "aws:iam/group:Group": principal("group", "AGPA"),
};
