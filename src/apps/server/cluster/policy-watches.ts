// SPDX-License-Identifier: Apache-2.0
// The policies that are installed in a cluster, kept up to date: which kinds there are is asked again and again, since their definitions come and go. Tells that
// something changed, not what; status alone is no change.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import type { KubeClient, Watch, WatchHandler } from '../../../io/kube/client.ts';
import type { KubeUnknown } from '../../../io/kube/outcome.ts';
import type { Logger } from '../../../io/log.ts';
import { bareObject } from './bare-object.ts';
import type { InstalledKind, PolicyOrigin } from './policy-kinds.ts';
import { installedKinds, policyKinds, settingsKind } from './policy-kinds.ts';

export interface InstalledPolicy {
  /** `kyverno.io/ClusterPolicy/name`, `kyverno.io/Policy/namespace/name`: for people, and as its place in messages. */
  readonly key: string;
  /** Without status, managed fields and versions. */
  readonly object: JsonObject;
  /** `object` as text: the same text, the same policy. */
  readonly text: string;
  readonly generation: number | undefined;
  /** As the server has them. */
  readonly conditions: readonly JsonObject[];
  readonly from: InstalledKind;
}

export interface PolicyWatchesOptions {
  readonly client: KubeClient;
  readonly origins: ReadonlySet<PolicyOrigin>;
  readonly log: Logger;
  readonly changed: () => void;
  /** Where policy-controller's ConfigMap lies. It is read where image policies are installed; `required`: always, and it must be there. */
  readonly settings?: { readonly namespace: string; readonly presence: 'required' | 'optional' };
  /** Milliseconds between questions which kinds there are. */
  readonly discoverEvery?: number;
}

interface OpenWatch {
  readonly installed: InstalledKind;
  readonly watch: Watch<InstalledPolicy>;
  isComplete: boolean;
}

const usualEvery = 15_000;

export class PolicyWatches {
  readonly #options: PolicyWatchesOptions;
  readonly #open = new Map<string, OpenWatch>();
  readonly #closing = new AbortController();
  #isDiscovered = false;
  #unread = '';
  #failure: string | undefined;
  /** A version of a group of policies that nobody could list the kinds of, and that nothing of is watched. */
  #unlisted: string | undefined;

  constructor(options: PolicyWatchesOptions) {
    this.#options = options;
    void this.#keepDiscovering();
  }

  /** Why not all policies are known; undefined: they are. */
  get missing(): string | undefined {
    if (!this.#isDiscovered) return this.#failure ?? 'which policies there are is still being asked';
    if (this.#unlisted !== undefined) return `which kinds ${this.#unlisted} has could not be asked`;
    for (const { installed, watch, isComplete } of this.#open.values()) {
      const { resource, only } = installed;
      if (!isComplete) return watch.state.lastFailure?.reason ?? `${resource.resource} are still being read`;
      if (only !== undefined && watch.objects.size === 0 && this.#options.settings?.presence === 'required')
        return `${resource.kind} ${only.namespace}/${only.name} is not there`;
    }
    return undefined;
  }

  /** In the order of their keys. */
  get policies(): readonly InstalledPolicy[] {
    return [...this.#open.values()]
      .flatMap(({ watch }) => [...watch.objects.values()])
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  /** Kinds of policies that the server has. */
  get kinds(): ReadonlySet<string> {
    return new Set([...this.#open.values()].map(({ installed }) => installed.kind.kind));
  }

  /** Watches whose objects may be old. */
  get behind(): number {
    return [...this.#open.values()].filter(({ watch }) => watch.state.phase !== 'live').length;
  }

  close(): void {
    this.#closing.abort();
    for (const { watch } of this.#open.values()) watch.close();
  }

  async #keepDiscovering(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#discover();
      const every = this.#options.discoverEvery ?? usualEvery;
      await pause(this.#isDiscovered ? every : Math.min(every, 2_000), signal);
    }
  }

  async #discover(): Promise<void> {
    const { client, origins, log, changed } = this.#options;
    const found = await client.resources();
    if (this.#closing.signal.aborted) return;
    if (found.kind !== 'found') {
      this.#failure = found.kind === 'unknown' ? found.reason : 'the server has no kinds';
      log.warn(`which policies are installed cannot be asked: ${this.#failure}`);
      return;
    }
    const { installed, unread } = installedKinds(found.value.resources, origins);
    if (unread.join() !== this.#unread) {
      this.#unread = unread.join();
      if (unread.length > 0) log.error(`policies of versions that are not read judge nothing: ${unread.join('; ')}`);
    }
    const { settings } = this.#options;
    const hasImagePolicies = installed.some(({ kind }) => kind.kind === 'ClusterImagePolicy');
    const wantsSettings = settings !== undefined && (settings.presence === 'required' || hasImagePolicies);
    const read = wantsSettings ? [...installed, settingsKind(settings.namespace)] : installed;
    const wanted = new Map(read.map((each) => [`${each.resource.apiVersion} ${each.resource.kind}`, each]));
    let isChanged = !this.#isDiscovered;
    for (const [key, { watch, installed: own }] of this.#open) {
      // What cannot be asked for now is not gone.
      if (wanted.has(key) || isUnsure(own, found.value.unknown)) continue;
      watch.close();
      this.#open.delete(key);
      isChanged = true;
    }
    for (const [key, each] of wanted) if (!this.#open.has(key)) this.#open.set(key, this.#watch(each));
    const watched = new Set([...this.#open.values()].map(({ installed: own }) => own.resource.apiVersion));
    const unlisted = found.value.unknown.find(
      (version) =>
        !watched.has(version) &&
        policyKinds.some((kind) => origins.has(kind.origin) && version.startsWith(`${kind.group}/`)),
    );
    isChanged ||= unlisted !== this.#unlisted;
    this.#unlisted = unlisted;
    this.#isDiscovered = true;
    this.#failure = undefined;
    if (isChanged) changed();
  }

  #watch(installed: InstalledKind): OpenWatch {
    const { client, changed, log } = this.#options;
    let told = '';
    const { resource, only } = installed;
    const narrow = only === undefined ? {} : { namespace: only.namespace, fieldSelector: `metadata.name=${only.name}` };
    const handler: WatchHandler<InstalledPolicy> = {
      project: (object) => installedPolicy(object, installed),
      changed: (change) => {
        if (open.isComplete && (change.type !== 'changed' || change.value.text !== change.before.text)) changed();
      },
      failed: ({ fault, reason }: KubeUnknown) => {
        if (fault === 'expired' || fault === 'ended' || told === reason) return;
        told = reason;
        log.warn(reason);
      },
    };
    const open: OpenWatch = { installed, isComplete: false, watch: client.watch(resource, handler, narrow) };
    open.watch.synced.then(
      () => {
        open.isComplete = true;
        changed();
      },
      () => undefined,
    );
    return open;
  }
}

/** The settings follow the image policies: while it is not known whether there are any, they are kept. */
function isUnsure({ resource, only }: InstalledKind, unknown: readonly string[]): boolean {
  if (only === undefined) return unknown.includes(resource.apiVersion);
  return unknown.some((version) => version.startsWith('policy.sigstore.dev/'));
}

function installedPolicy(whole: JsonObject, from: InstalledKind): InstalledPolicy {
  const { status, metadata, ...rest } = bareObject(whole);
  const { resourceVersion: _version, generation, ...kept } = asObject(metadata) ?? {};
  const object = { ...rest, metadata: kept };
  const namespace = asString(kept['namespace']);
  const name = asString(kept['name']) ?? '';
  return {
    key: [from.kind.group || 'v1', from.kind.kind, ...(namespace === undefined ? [] : [namespace]), name].join('/'),
    object,
    text: JSON.stringify(object),
    generation: typeof generation === 'number' ? generation : undefined,
    conditions: conditionsIn(asObject(status), from.kind.conditions),
    from,
  };
}

function conditionsIn(status: JsonObject | undefined, path: readonly string[] | undefined): readonly JsonObject[] {
  if (path === undefined) return [];
  let value: unknown = status;
  for (const member of path) value = asObject(value)?.[member];
  return asArray(value).flatMap((item): readonly JsonObject[] => {
    const condition = asObject(item);
    return condition === undefined ? [] : [condition];
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}
