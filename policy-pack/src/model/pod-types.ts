/** What pods are made of, as rules read it. */
import type { Fact, Urn } from "../facts/fact";

/** A key of a map of texts (annotations, labels, tags) with the path at which it stands. */
export interface Entry {
  readonly key: string;
  readonly path: string;
  readonly value: Fact<string>;
}

export interface ObjectMeta {
  readonly annotations: Fact<readonly Entry[]>;
  readonly labels: Fact<readonly Entry[]>;
}

export interface Pod {
  /** Path of the pod spec: `spec.template.spec`; of its metadata: `spec.template.metadata`. */
  readonly path: string;
  readonly metadata: ObjectMeta;
  readonly metadataPath: string;
  readonly serviceAccountName: Fact<string>;
  /** The deprecated alias `serviceAccount`. */
  readonly serviceAccountAlias: Fact<string>;
  readonly hostNetwork: Fact<boolean>;
  readonly nodeSelector: Fact<readonly Entry[]>;
  readonly osName: Fact<string>;
  /** True when a node affinity asks for Windows nodes. */
  readonly windowsAffinity: boolean;
  readonly securityContext: SecurityContext;
  readonly volumes: Fact<readonly Volume[]>;
  /** Containers, init containers and ephemeral containers, in that order; unknown when any of the lists is. */
  readonly containers: Fact<readonly Container[]>;
}

export interface SecurityContext {
  readonly path: string;
  readonly runAsUser: Fact<number>;
  readonly runAsNonRoot: Fact<boolean>;
  readonly fsGroup: Fact<number>;
}

export interface Volume {
  readonly path: string;
  readonly name: Fact<string>;
  /** `projected`, `secret`, `emptyDir`, …: the key beside `name`. */
  readonly source: Fact<string>;
  readonly secretName: Fact<string>;
  /** The class of a volume of the Secrets Store CSI driver; absent for others. */
  readonly secretProviderClass: Fact<string>;
  readonly defaultMode: Fact<number>;
  readonly tokens: Fact<readonly ProjectedToken[]>;
}

export interface ProjectedToken {
  readonly path: string;
  readonly audience: Fact<string>;
  readonly expirationSeconds: Fact<number>;
  readonly file: Fact<string>;
}

export interface Container {
  readonly path: string;
  readonly kind: "container" | "init container" | "ephemeral container";
  readonly name: Fact<string>;
  readonly image: Fact<string>;
  /** Env and envFrom; unknown when the list is. */
  readonly env: Fact<readonly EnvVar[]>;
  readonly envFrom: Fact<readonly EnvSource[]>;
  readonly mounts: Fact<readonly Mount[]>;
  readonly securityContext: SecurityContext;
}

export interface EnvVar {
  readonly path: string;
  readonly name: Fact<string>;
  /** The literal value; absent when it is taken from elsewhere (`valueFrom`) or not set. Only values of AWS_… names that are no secrets are kept. */
  readonly value: Fact<string>;
  readonly from: "value" | "valueFrom" | "nothing";
}

export interface EnvSource {
  readonly path: string;
  readonly kind: "secret" | "configMap";
  readonly name: Fact<string>;
  readonly prefix: Fact<string>;
  /** Key names of the object where this stack declares it; absent when it lives elsewhere. */
  readonly keys: Fact<readonly string[]>;
  /** URN of the object where this stack declares it. */
  readonly declaredBy: Urn | undefined;
}

export interface Mount {
  readonly path: string;
  readonly volume: Fact<string>;
  readonly mountPath: Fact<string>;
  readonly subPath: Fact<string>;
}
