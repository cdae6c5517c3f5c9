import type { Value } from "../../../policy-pack/src/facts/value";
import type { Properties } from "../../../policy-pack/src/model/snapshot";
import {
  firstPreview,
  OTHER_ISSUER,
  resource,
  ROLE_ARN,
  SUBJECT,
  trust,
  trustStatement,
  UNKNOWN,
  urnOf,
  urns,
  wired,
} from "../../support/stack";
import type { Details } from "../../support/judgements";

const KEY = "eks.amazonaws.com/role-arn";
const ROLE = "aws:iam/role:Role";
const ACCOUNT_TYPE = "kubernetes:core/v1:ServiceAccount";
const annotated = (annotations: { readonly [key: string]: Value }) => ({
  serviceAccount: { metadata: { annotations } },
});
const names = (arn: Value) => annotated({ [KEY]: arn });
const asks = (audience: Value) => annotated({ "eks.amazonaws.com/audience": audience });
const account = (name: string, annotations: Properties = {}) =>
  resource(ACCOUNT_TYPE, name, { metadata: { name, namespace: "shop", annotations } });
const role = (name: string, inputs: Properties = {}, from: readonly string[] = [urns.oidcProvider]) =>
  resource(
    ROLE,
    name,
    { name, assumeRolePolicy: trust({ sub: `system:serviceaccount:shop:${name}` }), ...inputs },
    { from: { assumeRolePolicy: from } },
  );

const FOR_INSTANCES = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** A role of this stack in another AWS account, and nobody who uses it. */
const roleElsewhere = (name: string, inputs: Properties = {}, from?: readonly string[]) => ({
  ...role(name, inputs, from),
  provider: {
    urn: urnOf("pulumi:providers:aws", "elsewhere"),
    type: "pulumi:providers:aws",
    name: "elsewhere",
    inputs: { region: "eu-west-1", allowedAccountIds: ["444455556666"] },
  },
});

/** Audiences. */
const provider = (clientIdLists: Value | undefined, aud?: Value) => ({
  oidcProvider: { clientIdLists },
  ...(aud === undefined ? {} : { role: { assumeRolePolicy: trust({ aud }) } }),
});
const secondProvider = (url: string, clientIdLists: Value) =>
  resource("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "second", { url: `https://${url}`, clientIdLists });

const details: Details = {
  "service-account-audience-mismatch": {
    "the annotation is null": wired({ ...asks(null), ...provider(["vault"]) }),
    "the default, which the provider lacks": wired({ ...asks("sts.amazonaws.com"), ...provider(["vault"], "vault") }),
    "annotations that are not known": wired(annotated(UNKNOWN)),
    "the provider's list is not known": wired({ ...asks("vault"), ...provider(UNKNOWN, "vault") }),
    "one of the provider's client ids is not known": wired({
      ...asks("vault"),
      ...provider(["sts.amazonaws.com", UNKNOWN], "vault"),
    }),
    "one is not known and another is the audience": wired({
      ...asks("vault"),
      ...provider(["sts.amazonaws.com", UNKNOWN, "vault"], "vault"),
    }),
    "the provider lists none": wired({ ...asks("vault"), ...provider([], "vault") }),
    "the provider has no list": wired({ ...asks("vault"), ...provider(undefined, "vault") }),
    "the provider lists another, and no role asks for any": firstPreview({ ...asks("vault"), ...provider([]) }),
    "the role asks for no audience": wired({
      ...asks("vault"),
      role: { assumeRolePolicy: trust({ aud: null }) },
    }),
    "the role has the audience among its subjects": wired({
      ...asks("vault"),
      role: { assumeRolePolicy: trust({ aud: null, sub: [SUBJECT, "vault"] }) },
    }),
    "the role asks for another, and the provider takes the account's": wired({
      ...asks("vault"),
      ...provider(["sts.amazonaws.com", "vault"]),
    }),
    "the role asks for two others": wired({ ...asks("vault"), ...provider(["a", "b"], ["a", "b"]) }),
    "the role trusts another subject": wired({
      ...asks("vault"),
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
    }),
    "two roles, and one account of each asks for another": wired({
      ...asks("vault"),
      plus: [
        role("web"),
        account("web", { [KEY]: "arn:aws:iam::111122223333:role/web", "eks.amazonaws.com/audience": "consul" }),
      ],
    }),
    "a role from elsewhere, and an audience that is like none": wired({
      role: null,
      ...annotated({ [KEY]: "arn:aws:iam::444455556666:role/dns", "eks.amazonaws.com/audience": "vault" }),
    }),
    "a provider of another cluster lacks the audience": wired({
      ...asks("vault"),
      oidcProvider: { clientIdLists: ["vault"] },
      role: {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [trustStatement({ aud: "vault" }), trustStatement({ issuer: OTHER_ISSUER })],
        }),
      },
      plus: [secondProvider(OTHER_ISSUER, ["sts.amazonaws.com"])],
    }),
    "a provider of another cluster, of no cluster known, waits": wired({
      ...asks("vault"),
      oidcProvider: { clientIdLists: ["vault"] },
      role: {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [trustStatement({ aud: "vault" }), trustStatement({ issuer: OTHER_ISSUER })],
        }),
      },
      plus: [secondProvider(OTHER_ISSUER, UNKNOWN)],
    }),
    "two providers lack the audience": wired({
      ...asks("vault"),
      role: {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [trustStatement({ aud: "vault" }), trustStatement({ issuer: OTHER_ISSUER })],
        }),
      },
      plus: [secondProvider(OTHER_ISSUER, UNKNOWN)],
    }),
    "the account's cluster is not known": wired({
      ...asks("vault"),
      kubernetes: { kubeconfig: "{}" },
      edges: { "kubernetes.kubeconfig": [] },
      role: { assumeRolePolicy: trust({ aud: "vault" }) },
    }),
    "the provider's cluster is not known": wired({
      ...asks("vault"),
      cluster: null,
      role: { assumeRolePolicy: trust({ aud: "vault" }) },
    }),
    "another provider that no role trusts lacks it": wired({
      ...asks("vault"),
      ...provider(["vault"], "vault"),
      plus: [secondProvider(OTHER_ISSUER, UNKNOWN)],
    }),
    "the default, which the provider alone lacks": wired({ ...asks("sts.amazonaws.com"), ...provider(["vault"]) }),
    "nearly the default, as role and provider have it": wired({
      ...asks("sts.amazonaws.co"),
      ...provider(["sts.amazonaws.co"], "sts.amazonaws.co"),
    }),
    "the role has no conditions": wired({
      ...asks("vault"),
      role: { assumeRolePolicy: trust({ aud: null, sub: null }) },
    }),
    "another provider that no role trusts takes it": wired({
      ...asks("vault"),
      ...provider(["sts.amazonaws.com"], "vault"),
      plus: [secondProvider(OTHER_ISSUER, ["vault"])],
    }),
  },
  "service-account-role-mismatch": {
    "the configuration expects the account": wired({
      serviceAccount: null,
      deployment: null,
      config: { serviceAccounts: ["shop/api"] },
    }),
    "no role annotation, and annotations that came from nowhere": wired({
      serviceAccount: { metadata: { annotations: UNKNOWN } },
      edges: { "serviceAccount.metadata": [] },
    }),
    "annotations that are not known, of one of two roles": wired({
      serviceAccount: { metadata: { annotations: UNKNOWN } },
      plus: [role("web")],
    }),
    "a text that is no ARN": wired(names("api-irsa")),
    "the path lacks its last slash: a fault of the role's own": wired({
      role: { path: "/team" },
      ...names("arn:aws:iam::111122223333:role/api-irsa"),
    }),
    "the path lacks its first slash": wired({ role: { path: "team/" }, ...names(ROLE_ARN) }),
    "the role's path is not known, and its name is another": wired({
      role: { path: UNKNOWN },
      ...names("arn:aws:iam::111122223333:role/api-isra"),
    }),
    "the role's path is not known, in another account": wired({
      role: { path: UNKNOWN },
      ...names("arn:aws:iam::444455556666:role/api-irsa"),
    }),
    "another account and another path": wired({
      role: { path: "/team/" },
      ...names("arn:aws:iam::444455556666:role/api-irsa"),
    }),
    "the role's name is not known": wired({
      role: { name: UNKNOWN },
      ...names("arn:aws:iam::111122223333:role/x/api-irsa"),
    }),
    "the role of the same name at another path trusts another account": wired({
      role: { path: "/team/", assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
      ...names(ROLE_ARN),
    }),
    "at the first preview, the same, in an account that is not known": firstPreview({
      role: { path: "/team/", assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
      ...names(ROLE_ARN),
    }),
    "at the first preview, the role trusts the account": firstPreview({
      role: { path: "/team/", assumeRolePolicy: trust() },
      ...names(ROLE_ARN),
    }),
    "the role of the same name in another account has an account of its own": wired({
      role: { assumeRolePolicy: trust({ sub: "system:serviceaccount:shop:web" }) },
      ...names("arn:aws:iam::444455556666:role/api-irsa"),
      plus: [account("web", { [KEY]: ROLE_ARN })],
    }),
    "a role of nearly that name trusts the account and has another account as well": wired({
      role: { assumeRolePolicy: trust({ sub: [SUBJECT, "system:serviceaccount:shop:web"] }) },
      ...names("arn:aws:iam::111122223333:role/api-isra"),
      plus: [account("web", { [KEY]: ROLE_ARN })],
    }),
    "a role of nearly that name in another account": wired(names("arn:aws:iam::444455556666:role/api-isra")),
    "a role of nearly that name that is none for pods": wired({
      role: { assumeRolePolicy: FOR_INSTANCES },
      ...names("arn:aws:iam::111122223333:role/api-isra"),
      edges: { "role.assumeRolePolicy": [] },
    }),
    "two roles, the first of another name": wired({
      role: { name: "dns" },
      ...names("arn:aws:iam::111122223333:role/wbe-irsa"),
      plus: [role("web-irsa")],
    }),
    "roles of nearly that name, one in another account and one at home": wired({
      ...names("arn:aws:iam::111122223333:role/queue-irsa"),
      plus: [roleElsewhere("queue-irsb"), role("queue-irs2b")],
    }),
    "two roles of the name in another account, the first of which is none for pods": wired({
      ...names("arn:aws:iam::111122223333:role/web-irsa"),
      plus: [
        roleElsewhere("a", { name: "web-irsa", assumeRolePolicy: FOR_INSTANCES }, []),
        roleElsewhere("b", { name: "web-irsa" }),
      ],
    }),
    "two roles of the name, the first of which is at the path that is named": wired({
      ...names("arn:aws:iam::444455556666:role/api-irsa"),
      plus: [role("api-irsa", { path: "/team/" })],
    }),
    "two roles, the second has the name at another path": wired({
      role: { name: "dns" },
      ...names("arn:aws:iam::111122223333:role/web"),
      plus: [role("web", { path: "/team/" })],
    }),
    "a role whose value waits for another": wired({
      serviceAccount: { metadata: { annotations: { [KEY]: UNKNOWN } } },
      edges: { "serviceAccount.metadata": [urnOf("aws:ssm/parameter:Parameter", "arn")] },
      plus: [resource("aws:ssm/parameter:Parameter", "arn", { name: "arn" })],
    }),
    "the annotations of a chart's account are not known": wired({
      serviceAccount: null,
      deployment: null,
      plus: [
        resource("kubernetes:helm.sh/v3:Release", "api", {
          chart: "api",
          namespace: "shop",
          values: { serviceAccount: { create: true, name: "api", annotations: { [KEY]: UNKNOWN } } },
        }),
      ],
    }),
  },
};

export default details;
