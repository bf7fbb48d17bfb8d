// SPDX-License-Identifier: Apache-2.0
// What policies may ask of the world: objects of the cluster, HTTP services, registries, the global context, names of hosts. Evaluation is
// synchronous and pure, so answers must be at hand; what is not yet is `pending`: the caller looks it up and evaluates again.
import type { JsonObject } from '../formats/document.ts';
import type { BlobDemand } from './blob-demand.ts';
import type { SignatureDemand } from './image-policy/demand.ts';
import type { AuthorityAnswer } from './image-policy/evaluate.ts';

export type Lookup<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'absent' }
  /** Nobody here can look such things up. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'pending' };

/** A call of the API server (`urlPath`) or of a service (`url`). */
export interface ApiCall {
  readonly urlPath?: string;
  readonly url?: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly caBundle?: string;
}

/** Where kubelets find credentials for the images of a Pod: Secrets that it names itself, else those that its service account names. */
export interface PullSecretNames {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly secrets: readonly string[];
}

export interface DataProvider {
  configMap(namespace: string, name: string): Lookup<JsonObject>;
  apiCall(call: ApiCall): Lookup<unknown>;
  /** Manifest, configuration and resolved names of an image, as Kyverno's imageRegistry context gives them. */
  imageData(reference: string): Lookup<JsonObject>;
  globalContext(name: string, projection: string | undefined): Lookup<unknown>;
  addressesOf(host: string): readonly string[] | undefined;
  /**
   * All objects of a kind, for rules that change others than the request's, and for copies of many. `named`: those will do that installed policies name (params, keys),
   * which is all that there may be of Secrets.
   */
  objects?(apiVersion: string, kind: string, extent?: 'named'): Lookup<readonly JsonObject[]>;
  /** One object by its name, for copies of it; namespace '': its kind has none. Absent: whoever asks looks for it among `objects`. */
  object?(place: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  }): Lookup<JsonObject>;
  /** What a user's bindings give: names of ClusterRoles, and of Roles as `namespace:name`. Without it nobody has any. */
  rolesOf?(userInfo: JsonObject): { readonly roles: readonly string[]; readonly clusterRoles: readonly string[] };
  /** Whether an image has the signature or the attestations that an image policy demands. Absent: nobody here can say. */
  imageSignature?(demand: SignatureDemand): Lookup<AuthorityAnswer>;
  /** Whether bytes at hand have the signature that a policy demands. Absent: nobody here can say. */
  blobSignature?(demand: BlobDemand): Lookup<AuthorityAnswer>;
  /** Digest of what an image's name stands for now. `credentials`: Docker configurations (JSON). */
  imageDigest?(image: string, credentials: readonly string[]): Lookup<string>;
  /** Configurations of an image by platform (`linux/arm64/v8`). `credentials`: Docker configurations (JSON). */
  imageConfigs?(reference: string, credentials?: readonly string[]): Lookup<JsonObject>;
  /** Docker configurations (JSON) of the pull Secrets of a workload, the same list for the same answer. Absent: nobody here reads Secrets of workloads. */
  pullCredentials?(names: PullSecretNames): Lookup<readonly string[]>;
}

/** A provider that has nothing: context entries that need it stay undefined. */
export const noData: DataProvider = {
  configMap: () => ({ kind: 'unavailable' }),
  apiCall: () => ({ kind: 'unavailable' }),
  imageData: () => ({ kind: 'unavailable' }),
  globalContext: () => ({ kind: 'unavailable' }),
  addressesOf: () => undefined,
};
