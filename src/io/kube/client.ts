// SPDX-License-Identifier: Apache-2.0
// What this program can ask of a Kubernetes API server, and what it keeps of the answers. Only interfaces: open-client.ts makes one, and tests may
// hand in their own.
import type { JsonObject } from '../../formats/document.ts';
import type { KubeChange, KubeOutcome, KubeUnknown } from './outcome.ts';

/** A kind as a manifest names it: `{ apiVersion: 'apps/v1', kind: 'Deployment' }`. The client asks the server for the rest (discovery). */
export interface KindName {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Where the objects of a kind live. Handing this in instead of a `KindName` saves the question. */
export interface KubeResource extends KindName {
  /** Plural: `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** What the server can do with it; absent when nobody asked. */
  readonly verbs?: readonly string[];
  /** `status`, `scale`; absent when nobody asked. */
  readonly subresources?: readonly string[];
}

/** What a server says that it serves. */
export interface ServedKinds {
  /** In their preferred and other versions. */
  readonly resources: readonly KubeResource[];
  /** Group versions of extension servers that could not be asked: what they serve is not among `resources`. */
  readonly unknown: readonly string[];
}

export interface CallOptions {
  /** Gives up the call; its outcome is then `unknown` with the fault `ended`. */
  readonly signal?: AbortSignal;
  /** Milliseconds in all, repetitions included. */
  readonly time?: number;
}

export interface ListOptions extends CallOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects of one page; 500 unless told. */
  readonly page?: number;
  /** Only apiVersion, kind and metadata, which is much less for large objects. */
  readonly parts?: 'whole' | 'metadata';
}

/** `name` of the manager of server-side apply, and how the server treats fields that it does not know. */
export interface ChangeOptions extends CallOptions {
  readonly namespace?: string;
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  /** `status`, `scale`, `ephemeralcontainers`, `eviction`. */
  readonly subresource?: string;
}

export interface ApplyOptions extends ChangeOptions {
  readonly fieldManager: string;
  /** Takes over fields that others manage; otherwise a conflict is refused. */
  readonly force?: boolean;
}

export interface DeleteOptions extends CallOptions {
  readonly namespace?: string;
  readonly dryRun?: boolean;
  /** The object is deleted only when it is still this one. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagation?: 'Orphan' | 'Background' | 'Foreground';
  readonly gracePeriodSeconds?: number;
}

/** One patch and how it is meant (RFC 7396, RFC 6902, or Kubernetes' own strategic merge for built-in kinds). */
export type KubePatch =
  | { readonly type: 'merge'; readonly value: JsonObject }
  | { readonly type: 'strategic'; readonly value: JsonObject }
  | { readonly type: 'json'; readonly value: readonly JsonObject[] };

export interface AccessQuestion {
  readonly verb: string;
  readonly group?: string;
  /** Plural; `*` for all. */
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** What is kept of each object. Called once for each object that comes; what it returns must not hold parts of `object` that are not needed. */
export type Projection<T> = (object: JsonObject, intern: (text: string) => string) => T;

export interface WatchHandler<T> {
  readonly project: Projection<T>;
  /** One object is new, different or gone. Also called, object by object, for what a new list shows to have changed meanwhile. */
  readonly changed?: (change: WatchChange<T>) => void;
  /** All objects of one moment are known, for the first time or after the watch had to begin again. */
  readonly synced?: () => void;
  /** The watch broke off and is taken up again: for logs and metrics. */
  readonly failed?: (unknown: KubeUnknown) => void;
  /** True: the new projection means the same as the old one, and `changed` is not called. */
  readonly isSame?: (before: T, after: T) => boolean;
}

export type WatchChange<T> =
  | { readonly type: 'added'; readonly key: string; readonly value: T }
  | { readonly type: 'changed'; readonly key: string; readonly value: T; readonly before: T }
  | { readonly type: 'deleted'; readonly key: string; readonly before: T };

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly page?: number;
  readonly parts?: 'whole' | 'metadata';
  /** `auto`: one stream where the server can (WatchList), else pages. */
  readonly initial?: 'auto' | 'pages';
  readonly signal?: AbortSignal;
}

/** Objects of one kind, kept up to date until it is closed. Takes itself up again after every failure. */
export interface Watch<T> {
  /** By `namespace/name`, or `name` for cluster-scoped kinds. */
  readonly objects: ReadonlyMap<string, T>;
  /** Resolves when all objects are known for the first time; rejects only when the watch is closed before. */
  readonly synced: Promise<void>;
  readonly state: WatchState;
  close(): void;
}

export interface WatchState {
  /** `starting`: not all objects are known yet. `live`: up to date. `behind`: known objects may be old. */
  readonly phase: 'starting' | 'live' | 'behind' | 'closed';
  /** Milliseconds since 1970 of the last word of the server. */
  readonly heardAt: number | undefined;
  readonly resourceVersion: string | undefined;
  /** Why it is behind. */
  readonly lastFailure: KubeUnknown | undefined;
  /** How often all objects were fetched, and how often the stream was taken up again without. */
  readonly lists: number;
  readonly resumptions: number;
}

/** A request that none of the other methods makes: `/version`, `/readyz`, `/logs`. */
export interface RawRequest extends CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/v1/namespaces?limit=1`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Bytes of the answer; a larger one is unknown (`limit`). Those of a page of a list unless told. */
  readonly maximum?: number;
}

export interface RawAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly warnings: readonly string[];
  header(name: string): string | undefined;
}

export interface ServerVersion {
  readonly major: number;
  readonly minor: number;
  readonly gitVersion: string;
}

/** A connection to one API server as one account. No method throws for what a server or network does, except where it says so. */
export interface KubeClient {
  /** For messages: `https://10.0.0.1`. */
  readonly server: string;
  /** Of the context or of the pod; `default` when none is stated. */
  readonly namespace: string;

  /** `none`: the server has no such kind, or no such object. */
  get(
    kind: KindName | KubeResource,
    name: string,
    options?: CallOptions & { readonly namespace?: string; readonly subresource?: string },
  ): Promise<KubeOutcome<JsonObject>>;
  /**
   * Objects page by page; few are in memory at once. A list that takes longer than the server remembers its beginning goes on with what is newer, so
   * objects may be of two moments. Throws KubeError when it cannot be read to its end (`fault` `invalid` when there is no such kind).
   */
  list(kind: KindName | KubeResource, options?: ListOptions): AsyncIterable<JsonObject>;
  watch<T>(kind: KindName | KubeResource, handler: WatchHandler<T>, options?: WatchOptions): Watch<T>;

  create(object: JsonObject, options?: ChangeOptions): Promise<KubeChange<JsonObject>>;
  /** Replaces; `metadata.resourceVersion` of the object is the precondition, where it is set. */
  update(object: JsonObject, options?: ChangeOptions): Promise<KubeChange<JsonObject>>;
  /** Server-side apply. `managedFields` and `resourceVersion` of the object are left out. */
  apply(object: JsonObject, options: ApplyOptions): Promise<KubeChange<JsonObject>>;
  patch(
    kind: KindName | KubeResource,
    name: string,
    patch: KubePatch,
    options?: ChangeOptions,
  ): Promise<KubeChange<JsonObject>>;
  /** `refused` with the reason `NotFound` when it is not there. */
  delete(kind: KindName | KubeResource, name: string, options?: DeleteOptions): Promise<KubeChange<JsonObject>>;

  /** Whether this account may (SelfSubjectAccessReview). */
  mayI(question: AccessQuestion): Promise<KubeOutcome<boolean>>;
  /** `none`: the server has no such kind now. */
  resourceOf(kind: KindName): Promise<KubeOutcome<KubeResource>>;
  resources(): Promise<KubeOutcome<ServedKinds>>;
  version(): Promise<KubeOutcome<ServerVersion>>;
  raw(request: RawRequest): Promise<RawAnswer | KubeUnknown>;
  /** Ends watches and connections. */
  close(): void;
}
