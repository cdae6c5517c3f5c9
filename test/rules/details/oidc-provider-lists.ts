import type { Value } from "../../../policy-pack/src/facts/value";
import type { Snapshot } from "../../../policy-pack/src/model/snapshot";
import {
  firstPreview,
  ISSUER,
  OTHER_ISSUER,
  PROVIDER_ARN,
  resource,
  ROLE_ARN,
  trust,
  UNKNOWN,
  urns,
  wired,
  type Wiring,
} from "../../support/stack";
import type { Details } from "../../support/judgements";

const url = (text: string, changes: Wiring = {}) => wired({ oidcProvider: { url: text }, ...changes });

/** The url of a provider for a cluster that is neither of this stack nor of its wiring. */
const elsewhere = (text: string, changes: Wiring = {}) =>
  url(text, { cluster: null, kubernetes: null, serviceAccount: null, deployment: null, ...changes });

const ids = (clientIdLists: Value, changes: Wiring = {}) => wired({ oidcProvider: { clientIdLists }, ...changes });
const nobody: Wiring = { serviceAccount: null, deployment: null };
const asks = (audience: Value) => ({
  serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/audience": audience } } },
});

/** Pods of a cluster that nobody here knows. */
const away: Wiring = {
  cluster: null,
  kubernetes: { kubeconfig: "" },
  edges: { "oidcProvider.url": [], "kubernetes.kubeconfig": [] },
};

/** An issuer that is not EKS's, in a stack without a cluster. */
const foreign = (clientIdLists: Value, aud: Value, issuer = "token.example.com"): Snapshot =>
  wired({
    ...away,
    oidcProvider: { url: `https://${issuer}`, clientIdLists },
    role: { assumeRolePolicy: trust({ issuer, aud }) },
  });

const PIN = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280";

const details: Details = {
  "oidc-provider-audience-missing": {
    "no client id": ids([]),
    "client ids that are not known": ids(UNKNOWN),
    "one of two client ids is not known": ids(["vault", UNKNOWN]),
    "one of two client ids is not known, the other right": ids(["sts.amazonaws.com", UNKNOWN]),
    "one of two client ids is not known, and nobody is seen": ids(["vault", UNKNOWN], {
      ...nobody,
      role: null,
      attachment: null,
    }),
    "a slip after another client id": ids(["vault", "sts.amazon.com"]),
    "a slip, and nobody is seen": ids(["sts.amazon.com"], { ...nobody, role: null, attachment: null }),
    "an audience of the account's own": ids(["vault"], asks("vault")),
    "an audience of the account's own that is not known": ids(["vault"], asks(UNKNOWN)),
    "nobody but the role, which asks for the audience": ids(["vault"], nobody),
    "nobody but the role, which asks for one of two": ids(["vault"], {
      ...nobody,
      role: { assumeRolePolicy: trust({ aud: ["vault", "sts.amazonaws.com"] }) },
    }),
    "nobody but the role, which asks for another": ids(["vault"], {
      ...nobody,
      role: { assumeRolePolicy: trust({ aud: "vault" }) },
    }),
    "nobody but the role, whose policy is not known": ids(["vault"], {
      ...nobody,
      role: { assumeRolePolicy: UNKNOWN },
    }),
    "nobody but the role, whose second statement asks for it": ids(["vault"], {
      ...nobody,
      role: {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
            ...(JSON.parse(trust()) as { readonly Statement: readonly Value[] }).Statement,
          ],
        }),
      },
    }),
    "an account that uses no role of this provider": ids(["vault"], {
      role: null,
      attachment: null,
      deployment: null,
      serviceAccount: { metadata: { annotations: { "eks.amazonaws.com/role-arn": undefined } } },
    }),
    "an account that uses no role of this provider and has another audience": ids(["vault"], {
      role: null,
      attachment: null,
      deployment: null,
      serviceAccount: {
        metadata: {
          annotations: { "eks.amazonaws.com/role-arn": undefined, "eks.amazonaws.com/audience": "vault" },
        },
      },
    }),
    "an account that uses no role of this provider and has an audience that is not known": ids(["vault"], {
      role: null,
      attachment: null,
      deployment: null,
      serviceAccount: {
        metadata: {
          annotations: { "eks.amazonaws.com/role-arn": undefined, "eks.amazonaws.com/audience": UNKNOWN },
        },
      },
    }),
    "another maker's issuer, no client id": foreign([], "vault"),
    "another maker's issuer with an audience of its own": foreign(["vault"], "vault"),
    "another maker's issuer, for the audience of AWS": foreign(["vault"], "sts.amazonaws.com"),
    "another maker's issuer that came from the cluster": wired({
      ...nobody,
      oidcProvider: { url: "https://token.example.com", clientIdLists: ["vault"] },
      role: { assumeRolePolicy: trust({ issuer: "token.example.com", aud: "vault" }) },
    }),
    "an issuer of EKS elsewhere": foreign(["vault"], "vault", OTHER_ISSUER),
    "the first preview": firstPreview({ oidcProvider: { clientIdLists: ["vault"] } }),
    "the first preview, with client ids that are not known": firstPreview({ oidcProvider: { clientIdLists: UNKNOWN } }),
    "the account in the values of a chart": wired({
      ...nobody,
      oidcProvider: { clientIdLists: ["vault"] },
      plus: [
        resource(
          "kubernetes:helm.sh/v3:Release",
          "shop",
          {
            chart: "api",
            namespace: "shop",
            values: {
              serviceAccount: {
                name: "api",
                annotations: { "eks.amazonaws.com/role-arn": ROLE_ARN },
              },
            },
          },
          { from: { values: [urns.role] } },
        ),
      ],
    }),
  },
  "oidc-provider-audience-unused": {
    "two that are not used, and one that is": ids(["vault", "sts.amazonaws.com", "consul", "argo"], {
      role: { assumeRolePolicy: trust({ aud: ["sts.amazonaws.com", "argo"] }) },
    }),
    "without the usual audience": ids(["vault", "consul"]),
    "without the usual audience, one not known": ids(["vault", UNKNOWN]),
    "one that is not known": ids(["sts.amazonaws.com", UNKNOWN, "vault"]),
    "the audience of an account is not known": ids(["sts.amazonaws.com", "vault"], asks(UNKNOWN)),
    "the audience of an account is known": ids(["sts.amazonaws.com", "vault"], asks("vault")),
    "a condition of which not all is known": ids(["sts.amazonaws.com", "vault"], {
      role: { assumeRolePolicy: { Version: "2012-10-17", Statement: [withConditions(UNKNOWN)] } },
    }),
    "the values of a condition are not known": ids(["sts.amazonaws.com", "vault"], {
      role: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [withConditions({ StringEquals: { [`${ISSUER}:aud`]: UNKNOWN } })],
        },
      },
    }),
    "one value of a condition is not known": ids(["sts.amazonaws.com", "vault"], {
      role: {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [withConditions({ StringEquals: { [`${ISSUER}:aud`]: ["sts.amazonaws.com", UNKNOWN] } })],
        },
      },
    }),
    "the policy of the role is not known": ids(["sts.amazonaws.com", "vault"], { role: { assumeRolePolicy: UNKNOWN } }),
    "the first preview": firstPreview({ oidcProvider: { clientIdLists: ["sts.amazonaws.com", "vault"] } }),
    "the first preview, with a policy that is known": firstPreview({
      oidcProvider: { clientIdLists: ["sts.amazonaws.com", "vault"] },
      role: { assumeRolePolicy: trust() },
    }),
    "a projected token of another audience": ids(["sts.amazonaws.com", "vault", "consul"], projected("vault")),
    "a projected token of an audience that is not known": ids(["sts.amazonaws.com", "vault"], projected(UNKNOWN)),
    "projected tokens that are not known": ids(["sts.amazonaws.com", "vault"], {
      deployment: { spec: { template: { spec: { volumes: [{ name: "token", projected: { sources: UNKNOWN } }] } } } },
    }),
    "an audience beside a token that has none": wired({
      oidcProvider: { clientIdLists: ["sts.amazonaws.com", "vault"] },
      deployment: {
        spec: {
          template: {
            spec: { volumes: [{ name: "api", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }] },
          },
        },
      },
    }),
  },
  "oidc-provider-thumbprint-invalid": {
    six: pins(Array.from({ length: 6 }, () => PIN)),
    five: pins(Array.from({ length: 5 }, () => PIN)),
    "six, of another maker's issuer": pinsElsewhere(Array.from({ length: 6 }, () => PIN)),
    "colons, of another maker's issuer": pinsElsewhere([PIN.replace(/(..)(?=.)/g, "$1:").toUpperCase()]),
    "a digit too many, of another maker's issuer": pinsElsewhere([`${PIN}0`]),
    "an x before it, of another maker's issuer": pinsElsewhere([`x${PIN}`]),
    "an x after it, of another maker's issuer": pinsElsewhere([`${PIN}x`]),
    "a SHA-256, of another maker's issuer": pinsElsewhere(["ab".repeat(32)]),
    "nothing, of another maker's issuer": pinsElsewhere([""]),
    "one that is not known": pins([UNKNOWN, "x"]),
    "an issuer that is not known, of nobody's cluster": wired({
      cluster: null,
      oidcProvider: { url: UNKNOWN, thumbprintLists: ["x"] },
    }),
    "an issuer that is not known, of this cluster": firstPreview({ oidcProvider: { thumbprintLists: ["x"] } }),
    "a short one, for an issuer of EKS that no cluster gave": wired({
      oidcProvider: { thumbprintLists: ["9e99a48a"] },
      edges: { "oidcProvider.url": [] },
    }),
    "a short one, for another issuer that no cluster gave": wired({
      ...away,
      oidcProvider: { url: "https://token.example.com", thumbprintLists: ["9e99a48a"] },
      role: { assumeRolePolicy: trust({ issuer: "token.example.com" }) },
    }),
  },
  "oidc-provider-thumbprint-pinned": {
    zeros: pins(["0".repeat(40)]),
    "zeros and ones": pins(["01".repeat(20)]),
    "three letters": pins(["012".repeat(13) + "0"]),
    "digits in their order": pins(["1234567890".repeat(4)]),
    "digits in their order, after another": pins(["a" + "1234567890".repeat(4).slice(1)]),
    "digits in their order, once": pins([`1234567890${PIN.slice(10)}`]),
    deadbeef: pins(["deadbeef".repeat(5)]),
    "GitHub's": pins(["6938fd4d98bab03faadb97b34396831e3780aea1"]),
    "GitLab's in capitals, of another maker's issuer": pinsElsewhere(["B3DD7606D2B5A8B4A13771DBECC9EE1CECAFA38A"]),
    "zeros, of another maker's issuer": pinsElsewhere(["0".repeat(40)]),
    "zeros, at the first preview": firstPreview({ oidcProvider: { thumbprintLists: ["0".repeat(40)] } }),
    "zeros, of an issuer of EKS elsewhere": elsewhere(`https://${ISSUER}`, {
      oidcProvider: { url: `https://${ISSUER}`, thumbprintLists: ["0".repeat(40)] },
    }),
    "one that is not known, and one that is": pins([UNKNOWN, "0".repeat(40)]),
    "one that is too short": pins(["0".repeat(39)]),
    "none, and one is kept": kept([], [PIN]),
    "none, and none is kept": kept([], []),
    "one, and another is kept": kept([PIN], ["0".repeat(40)]),
    "one that is not known, and another is kept": kept(UNKNOWN, [PIN]),
  },
};

/** Conditions of a statement that is right otherwise. */
function withConditions(Condition: Value): Value {
  return {
    Effect: "Allow",
    Principal: { Federated: PROVIDER_ARN },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition,
  };
}

function projected(audience: Value): Wiring {
  const volume = { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token", audience } }] } };
  return { deployment: { spec: { template: { spec: { volumes: [volume] } } } } };
}

function pins(thumbprintLists: Value): Snapshot {
  return wired({ oidcProvider: { thumbprintLists } });
}

/** The same of an issuer that is not EKS's, whose role is for pods. */
function pinsElsewhere(thumbprintLists: Value): Snapshot {
  return wired({
    ...away,
    oidcProvider: { url: "https://token.example.com", thumbprintLists },
    role: { assumeRolePolicy: trust({ issuer: "token.example.com" }) },
  });
}

/** Thumbprints that are written, and those that IAM has. */
function kept(thumbprintLists: Value, has: readonly string[]): Snapshot {
  const stack = pins(thumbprintLists);
  return {
    ...stack,
    resources: stack.resources.map((each) =>
      each.urn === urns.oidcProvider ? { ...each, outputs: { ...each.outputs, thumbprintLists: has } } : each,
    ),
  };
}

export default details;
