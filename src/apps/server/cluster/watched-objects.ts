// SPDX-License-Identifier: Apache-2.0
// Objects that installed policies name: params, ConfigMaps, Secrets. Each wish is one watch, as narrow as the API server can make it; wishes that are gone end
// theirs. What is not known is never taken for absent.
import type { JsonObject } from '../../../formats/document.ts';
import { asObject, asString } from '../../../formats/document.ts';
import type { KubeClient } from '../../../io/kube/client.ts';
import type { KubeUnknown } from '../../../io/kube/outcome.ts';
import { bareObject } from './bare-object.ts';
import type { WantedObjects } from './needed-objects.ts';
import { wantedKey } from './needed-objects.ts';
import type { SettledWatch } from './settled-watch.ts';
import { settledWatch } from './settled-watch.ts';

/** Each is a connection; policies that name more are answered one question at a time. */
const mostWatches = 200;

export type WatchedAnswer =
  | { readonly kind: 'found'; readonly value: JsonObject }
  | { readonly kind: 'absent' }
  /** Nobody watches it, or not all of it is known yet. */
  | { readonly kind: 'unwatched' };

interface Watched extends SettledWatch<JsonObject> {
  readonly wanted: WantedObjects;
  isComplete: boolean;
}

export class WatchedObjects {
  readonly #client: KubeClient;
  readonly #failed: (unknown: KubeUnknown) => void;
  readonly #watched = new Map<string, Watched>();

  constructor(client: KubeClient, failed: (unknown: KubeUnknown) => void) {
    this.#client = client;
    this.#failed = failed;
  }

  /** Resolves when all that is wished for now is known, or the server has said that it cannot be. */
  follow(wishes: readonly WantedObjects[]): Promise<void> {
    const kept = new Set(wishes.slice(0, mostWatches).map(wantedKey));
    for (const [key, { watch }] of this.#watched) {
      if (kept.has(key)) continue;
      watch.close();
      this.#watched.delete(key);
    }
    for (const wanted of wishes) {
      const key = wantedKey(wanted);
      if (kept.has(key) && !this.#watched.has(key)) this.#watched.set(key, this.#start(wanted));
    }
    return Promise.all([...this.#watched.values()].map(({ settled }) => settled)).then(() => undefined);
  }

  #start(wanted: WantedObjects): Watched {
    const { namespace, name, labelSelector } = wanted;
    const opened = settledWatch(this.#client, wanted, {
      handler: {
        project: bareObject,
        failed: (unknown) => {
          // Objects of a kind that the server does not have are none.
          if (unknown.status !== 404) this.#failed(unknown);
        },
      },
      options: {
        ...(namespace === undefined ? {} : { namespace }),
        ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }),
        ...(labelSelector === undefined ? {} : { labelSelector }),
      },
    });
    const watched: Watched = { wanted, ...opened, isComplete: false };
    void opened.complete.then(() => {
      watched.isComplete = true;
    });
    return watched;
  }

  /** Objects of a kind that somebody wished for, which need not be all that there are; undefined when nobody did, or when not all of them are known. */
  ofKind(apiVersion: string, kind: string): readonly JsonObject[] | undefined {
    const mine = [...this.#watched.values()].filter(
      ({ wanted }) => wanted.apiVersion === apiVersion && wanted.kind === kind,
    );
    if (mine.length === 0 || mine.some(({ isComplete }) => !isComplete)) return undefined;
    return [...new Map(mine.flatMap(({ watch }) => [...watch.objects])).values()];
  }

  /** All objects of a kind; undefined unless all of it are watched, and known. */
  allOfKind(apiVersion: string, kind: string): readonly JsonObject[] | undefined {
    const whole = this.#watched.get(wantedKey({ apiVersion, kind }));
    return whole?.isComplete === true ? [...whole.watch.objects.values()] : undefined;
  }

  /** One object by its name. */
  one({ apiVersion, kind, namespace, name }: Required<Omit<WantedObjects, 'labelSelector'>>): WatchedAnswer {
    const exact = this.#watched.get(wantedKey({ apiVersion, kind, namespace, name }));
    const watched = exact ?? this.#watched.get(wantedKey({ apiVersion, kind, name }));
    if (watched === undefined || !watched.isComplete) return { kind: 'unwatched' };
    for (const object of watched.watch.objects.values()) {
      const metadata = asObject(object['metadata']);
      if (metadata?.['name'] === name && (asString(metadata['namespace']) ?? '') === namespace)
        return { kind: 'found', value: object };
    }
    return { kind: 'absent' };
  }

  /** Watches whose objects may be old. */
  get behind(): number {
    return [...this.#watched.values()].filter(({ watch }) => watch.state.phase !== 'live').length;
  }

  close(): void {
    for (const { watch } of this.#watched.values()) watch.close();
    this.#watched.clear();
  }
}
