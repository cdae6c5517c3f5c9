import type { Fact, Urn } from "../facts/fact";
import type { Value } from "../facts/value";
import type { Decision } from "../iam/decision";
import type { Leaf, PolicyDocument } from "../iam/document";
import type { ContextConfig } from "./config";
import type { Entry, ObjectMeta, Pod } from "./pod-types";

export type * from "./pod-types";

/**
 * How one noun was found from another.
 * by value: the text says it. by wiring: the value is unknown, but Pulumi recorded that it came from the other's resource.
 * by construction: both are parts of one IrsaBinding. unresolved: the text names nothing of this stack ("elsewhere"), is not
 * there ("absent"), is not known and has no dependency that would tell ("unknown"), or fits several ("ambiguous").
 */
export type Join<T> =
  | { readonly how: "by value" | "by wiring" | "by construction"; readonly to: T }
  | {
      readonly how: "unresolved";
      readonly because: "absent" | "elsewhere" | "unknown" | "ambiguous";
      readonly waitsFor: readonly Urn[];
    };

/** A resource that a finding can point at. */
export interface Subject {
  readonly urn: Urn;
  /** Kind and name as a person would say it: `role "api-irsa"`, `ServiceAccount "shop/api"`. */
  readonly title: string;
}

/** An AWS account and region as one AWS provider resource of the program reaches it. */
export interface AwsScope {
  /** URN of the provider resource; undefined when Pulumi did not say. */
  readonly provider: Urn | undefined;
  readonly accountId: Fact<string>;
  readonly region: Fact<string>;
  readonly partition: Fact<string>;
}

export interface Cluster extends Subject {
  /** False for a cluster that only the configuration names; its urn is then empty. */
  readonly declared: boolean;
  /** Every URN that means this cluster: the aws resource, the eks component around it. */
  readonly urns: readonly Urn[];
  /** EKS name of the cluster. */
  readonly name: Fact<string>;
  /** Host and path, without a scheme. */
  readonly issuer: Fact<string>;
  /** API server endpoint. */
  readonly endpoint: Fact<string>;
  /** For example `1.33`. */
  readonly version: Fact<string>;
  readonly scope: AwsScope;
  /** True when this update makes the cluster: its provider does not know the id yet. */
  readonly isNew: boolean;
  /** True for a local cluster on Outposts. */
  readonly onOutposts: boolean;
  /** For eks:index:Cluster: whether it makes the IAM OIDC provider. Absent for other clusters. */
  readonly createsOidcProvider: Fact<boolean>;
  /** The private-network facts that rules need: subnets' VPC, endpoint access. */
  readonly properties: Value;
}

export interface OidcProvider extends Subject {
  /** As written. */
  readonly url: Fact<string>;
  /** Host and path, without a scheme. */
  readonly issuer: Fact<string>;
  readonly arn: Fact<string>;
  /** Each with its path: `clientIdLists[0]`. */
  readonly clientIds: Fact<readonly Leaf[]>;
  /** Those that the program wrote; IAM adds one of its own where there are none. */
  readonly thumbprints: Fact<readonly Leaf[]>;
  /** Those that IAM keeps, when Pulumi knows them. */
  readonly keptThumbprints: Fact<readonly string[]>;
  /** The resources that the written thumbprints came from. */
  readonly thumbprintsFrom: readonly Urn[];
  /** The eks:index:Cluster that made this provider, so that nobody can edit it. */
  readonly madeBy: Urn | undefined;
  /** The property names of this resource kind (bridged and native differ). */
  readonly paths: { readonly url: string; readonly clientIds: string; readonly thumbprints: string };
  readonly scope: AwsScope;
  /** The cluster whose issuer this provider has. */
  readonly cluster: Join<Cluster>;
  /** The clusters from which Pulumi says the url came, whatever its value. */
  readonly wiredClusters: readonly Cluster[];
  readonly urlFrom: readonly Urn[];
  readonly construction: Construction | undefined;
}

export interface Role extends Subject {
  readonly name: Fact<string>;
  /** `/` unless set. */
  readonly path: Fact<string>;
  /** As IAM reports it, or put together from account, path and name where those are known. */
  readonly arn: Fact<string>;
  readonly scope: AwsScope;
  /** `assumeRolePolicy`, or `assumeRolePolicyDocument` for aws-native. */
  readonly trustPath: string;
  /** `name`, or `roleName` for aws-native. */
  readonly namePath: string;
  readonly trust: Fact<PolicyDocument>;
  /** The resources that the trust policy came from. */
  readonly trustFrom: readonly Urn[];
  /** The providers and clusters among `trustFrom`. */
  readonly wiredProviders: readonly OidcProvider[];
  readonly wiredClusters: readonly Cluster[];
  /** True when all of `trustFrom` is understood, so that an unknown trust policy cannot name anything else of this stack. */
  readonly wiringComplete: boolean;
  readonly permissions: Permissions;
  readonly permissionsBoundary: Fact<string>;
  /** The document of the boundary where this stack declares it; unknown for one that lives elsewhere, absent without a boundary. */
  readonly boundaryDocument: Fact<PolicyDocument>;
  readonly maxSessionDuration: Fact<number>;
  /** True when the role is meant for pods: a ServiceAccount uses it, or it trusts an EKS issuer or a provider or cluster of this stack. */
  readonly forPods: boolean;
  readonly construction: Construction | undefined;
}

export interface Permissions {
  readonly attachments: readonly Attachment[];
  /** Attachments of which nobody can say yet whether they are for this role. */
  readonly possible: readonly Attachment[];
  /** True when IAM reports policies on the role that the role itself does not write: also those of other stacks. */
  readonly reported: boolean;
}

export interface Attachment extends Subject {
  readonly kind: "managed" | "inline";
  /** Where the policy stands: `policyArn`, `managedPolicyArns[0]`, `inlinePolicies[0].policy`. */
  readonly path: string;
  /** The resource type's manner: takes every other attachment away, or adds one. */
  readonly manner: "single" | "exclusive-for-role" | "exclusive-for-policy";
  /** Where the role is named (`role`, `roles[0]`, `roleName`); undefined when it stands on the role itself. */
  readonly rolePath: string | undefined;
  readonly role: Fact<string>;
  readonly roleFrom: readonly Urn[];
  readonly policyArn: Fact<string>;
  /** The name of an inline policy; absent for managed ones. */
  readonly policyName: Fact<string>;
  /** The inline document, or that of the customer-managed policy when this stack declares it; absent otherwise. */
  readonly document: Fact<PolicyDocument>;
  /** Where that document stands. */
  readonly documentAt: { readonly urn: Urn; readonly path: string } | undefined;
  readonly scope: AwsScope;
}

/** What an IrsaBinding says of its own children; literal, hence known at the first preview. */
export interface Construction {
  readonly urn: Urn;
  readonly name: string;
  readonly namespace: Fact<string>;
  readonly serviceAccountName: Fact<string>;
  /** Every `system:serviceaccount:<namespace>:<name>` that the role admits. */
  readonly subjects: Fact<readonly string[]>;
  /** True when the program says that the role's permissions are attached elsewhere, or may say so. */
  readonly allowsNoPermissions: boolean;
  readonly audience: Fact<string>;
}

/** Where a Kubernetes object lives. */
export interface KubernetesScope {
  /** URN of the provider resource; undefined when Pulumi did not say. */
  readonly provider: Urn | undefined;
  readonly cluster: Join<Cluster>;
}

export interface ServiceAccount extends Subject {
  /** resource: owned by this stack. patch: adds to an object owned by others. expected: only the configuration names it; its urn is then empty. */
  readonly form: "resource" | "patch" | "expected";
  /** Path of the object in its resource: empty, or `items[2]` in a List. */
  readonly root: string;
  readonly name: Fact<string>;
  /** Set where a chart makes the name up: `default` is the name that the chart gives as far as anyone knows, `unknown` none. */
  readonly chartName?: "default" | "unknown";
  /** True when no name is given, so that Pulumi makes one with a random suffix. */
  readonly autonamed: boolean;
  readonly namespace: Fact<string>;
  /** True when the namespace is not written on the object. */
  readonly namespaceImplicit: boolean;
  readonly scope: KubernetesScope;
  readonly annotations: Fact<readonly Entry[]>;
  readonly labels: Fact<readonly Entry[]>;
  /** The value of `<prefix>/role-arn`; known and empty when it is written and empty. */
  readonly roleArn: Fact<string>;
  readonly roleArnPath: string;
  readonly role: Join<Role>;
  /** What the annotation or the metadata came from. */
  readonly metadataFrom: readonly Urn[];
  readonly dependencies: readonly Urn[];
  /** The audience of the tokens of its pods. */
  readonly audience: Fact<string>;
  readonly construction: Construction | undefined;
}

export interface Workload extends Subject {
  /** `Deployment`, `CronJob`, `Pod`, … */
  readonly kind: string;
  readonly patch: boolean;
  readonly root: string;
  readonly name: Fact<string>;
  readonly namespace: Fact<string>;
  readonly namespaceImplicit: boolean;
  readonly scope: KubernetesScope;
  readonly metadata: ObjectMeta;
  /** `spec.updateStrategy.type` or `spec.strategy.type`. */
  readonly updateStrategy: Fact<string>;
  readonly updateStrategyPath: string;
  /** `spec.serviceAccountName` beside the pod template, where Kubernetes does not read it. */
  readonly strayAccountName: Fact<string>;
  readonly pod: Pod;
  readonly dependencies: readonly Urn[];
  /** What the pod template came from. */
  readonly specFrom: readonly Urn[];
  /** The account that the pods run as; `default` when the template names none. */
  readonly serviceAccount: Join<ServiceAccount>;
}

export interface Namespace extends Subject {
  readonly name: Fact<string>;
  readonly scope: KubernetesScope;
  readonly metadata: ObjectMeta;
}

/** Something that makes Kubernetes objects which the pack cannot see: a Helm release, a chart, a YAML directory, a List of accounts that is not known yet. */
export interface OpaqueSource extends Subject {
  readonly type: string;
  readonly scope: KubernetesScope;
  readonly namespace: Fact<string>;
  /** The chart's name without its repository; undefined where it is not known, and for what is no chart. */
  readonly chart: string | undefined;
  readonly values: Value;
  readonly valuesFrom: readonly Urn[];
  /** True where files hold values too (`valueYamlFiles`) that are not among those above. */
  readonly hasUnseenValues: boolean;
}

/** A custom resource that tells a controller which role to assume by sts:AssumeRole, on top of the identity that it has. */
export interface RoleRequest extends Subject {
  /** Where the role stands: `spec.provider.aws.role`. */
  readonly path: string;
  readonly arn: Fact<string>;
  readonly role: Join<Role>;
  /** The account from whose annotation the controller takes its first role, where the resource names one. */
  readonly account:
    | {
        readonly path: string;
        readonly name: Fact<string>;
        readonly namespace: Fact<string>;
        readonly scope: KubernetesScope;
      }
    | undefined;
}

/** A class of secrets of AWS that the Secrets Store CSI driver fetches with the role of the account of the pod that mounts it. */
export interface SecretProviderClass extends Subject {
  readonly name: Fact<string>;
  readonly namespace: Fact<string>;
  readonly scope: KubernetesScope;
}

export interface PodIdentityAssociation extends Subject {
  readonly clusterName: Fact<string>;
  readonly clusterFrom: readonly Urn[];
  readonly cluster: Join<Cluster>;
  readonly namespace: Fact<string>;
  readonly serviceAccount: Fact<string>;
  readonly role: Join<Role>;
}

export interface Addon extends Subject {
  readonly addonName: Fact<string>;
  readonly cluster: Join<Cluster>;
  readonly roleArn: Fact<string>;
  readonly role: Join<Role>;
  /** True when it gets a role in another way, or may do so: by Pod Identity, or by its own configuration values. */
  readonly suppliedOtherwise: boolean;
  readonly scope: AwsScope;
}

/** Any other resource that a rule of the chain looks at, as it stands. */
export interface OtherResource extends Subject {
  readonly type: string;
  readonly properties: Value;
  readonly propertyFrom: Readonly<Record<string, readonly Urn[]>>;
  readonly scope: AwsScope | undefined;
}

/** One ServiceAccount that carries (or is expected to carry) a role, with everything that hangs on it. */
export interface Binding {
  readonly serviceAccount: ServiceAccount;
  readonly role: Join<Role>;
  readonly workloads: readonly Workload[];
  readonly cluster: Join<Cluster>;
  /** The claims of the pods' tokens. `issuer` is that of the account's cluster, when known. */
  readonly token: { readonly subject: Fact<string>; readonly audience: Fact<string>; readonly issuer: Fact<string> };
  /** What STS would say to that token by the role's trust policy; undefined when no role of this stack was found or its trust is absent. */
  readonly decision: Decision | undefined;
}

export interface IrsaModel {
  readonly config: ContextConfig;
  readonly today: string;
  readonly clusters: readonly Cluster[];
  readonly providers: readonly OidcProvider[];
  readonly roles: readonly Role[];
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly workloads: readonly Workload[];
  readonly namespaces: readonly Namespace[];
  readonly opaqueSources: readonly OpaqueSource[];
  readonly roleRequests: readonly RoleRequest[];
  readonly secretClasses: readonly SecretProviderClass[];
  readonly associations: readonly PodIdentityAssociation[];
  readonly addons: readonly Addon[];
  readonly others: readonly OtherResource[];
  readonly bindings: readonly Binding[];
  readonly bindingsByRole: ReadonlyMap<Role, readonly Binding[]>;
  /** The roles that trust each provider, by value or, while the trust policy is unknown, by wiring. */
  readonly rolesByProvider: ReadonlyMap<OidcProvider, readonly Role[]>;
  readonly bindingByServiceAccount: ReadonlyMap<ServiceAccount, Binding>;
  readonly workloadsByServiceAccount: ReadonlyMap<ServiceAccount, readonly Workload[]>;
  /** Attachments whose role is named by text that fits no role of this stack. */
  readonly strayAttachments: readonly Attachment[];
  /** Resources of which nothing is known: `--target` or `--exclude` leaves them out, and they do not exist yet. */
  readonly leftOut: ReadonlySet<Urn>;
}
