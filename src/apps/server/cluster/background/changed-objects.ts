// SPDX-License-Identifier: Apache-2.0
// Which objects of the scanned kinds have changed: watches of metadata only, so that a hundred thousand objects take little. Status alone is no change where the server
// counts generations. Each object waits once, however often it changes.
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import type { Logger } from '../../../../io/log.ts';
import type { SettledWatch } from '../settled-watch.ts';
import { settledWatch } from '../settled-watch.ts';
import type { ObjectPlace } from './generated-marks.ts';
import { groupOf, nameOf } from './scanned-kinds.ts';

export interface ChangedObject {
  readonly kind: KubeResource;
  /** As results are kept under. */
  readonly key: string;
  /** Empty: it has none. */
  readonly namespace: string;
  readonly name: string;
}

interface OpenWatch extends SettledWatch<string> {
  readonly kind: KubeResource;
}

/** More wait for a scan of everything. */
const mostWaiting = 20_000;
/** Milliseconds for all watches to begin. */
const patience = 60_000;

export class ChangedObjects {
  readonly #client: KubeClient;
  readonly #log: Logger;
  readonly #open = new Map<string, OpenWatch>();
  readonly #waiting = new Map<string, ChangedObject>();
  #hasOverflown = false;

  constructor(client: KubeClient, log: Logger) {
    this.#client = client;
    this.#log = log;
  }

  /** These kinds and no others from now on. Resolves when all are watched, with what could not be. */
  async follow(kinds: readonly KubeResource[]): Promise<readonly string[]> {
    const wanted = new Map(kinds.map((kind) => [`${kind.apiVersion} ${kind.resource}`, kind]));
    for (const [key, { watch }] of this.#open) {
      if (wanted.has(key)) continue;
      watch.close();
      this.#open.delete(key);
    }
    if (wanted.size === 0) this.#waiting.clear();
    for (const [key, kind] of wanted) if (!this.#open.has(key)) this.#open.set(key, this.#start(kind));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    const outcomes = await Promise.all(
      [...this.#open.values()].map(async ({ kind, watch, settled }): Promise<readonly string[]> => {
        await Promise.race([settled, late]);
        const { phase, lastFailure } = watch.state;
        if (phase === 'live' || phase === 'behind') return [];
        return [`${nameOf(kind)} cannot be watched: ${lastFailure?.reason ?? 'no answer in time'}`];
      }),
    );
    clearTimeout(timer);
    return outcomes.flat();
  }

  /** The one that waits longest; undefined: none. */
  take(): ChangedObject | undefined {
    for (const [key, changed] of this.#waiting) {
      this.#waiting.delete(key);
      return changed;
    }
    return undefined;
  }

  /** Something that has not changed is to be looked at again. Of kinds that are not followed there is nothing to look at. */
  note({ apiVersion, kind, namespace, name }: ObjectPlace): void {
    const group = groupOf({ apiVersion });
    const open = [...this.#open.values()].find((each) => each.kind.kind === kind && groupOf(each.kind) === group);
    if (open !== undefined) this.#changed(open.kind, namespace === '' ? name : `${namespace}/${name}`);
  }

  /** It could not be looked at. */
  again(changed: ChangedObject): void {
    this.#waiting.set(changed.key, changed);
  }

  /** True: more changed than are remembered, so that only a scan of everything finds them. */
  takeOverflow(): boolean {
    const has = this.#hasOverflown;
    this.#hasOverflown = false;
    return has;
  }

  close(): void {
    for (const { watch } of this.#open.values()) watch.close();
    this.#open.clear();
    this.#waiting.clear();
  }

  #start(kind: KubeResource): OpenWatch {
    let isComplete = false;
    let told = '';
    const opened = settledWatch<string>(this.#client, kind, {
      handler: {
        project: fingerprint,
        isSame: (before, after) => before === after,
        changed: ({ key }) => {
          // All that is there at the beginning is scanned anyway.
          if (isComplete) this.#changed(kind, key);
        },
        synced: () => {
          isComplete = true;
        },
        failed: ({ fault, reason }) => {
          if (fault === 'expired' || fault === 'ended' || told === reason) return;
          told = reason;
          this.#log.warn(reason);
        },
      },
      options: { parts: 'metadata' },
    });
    return { kind, ...opened };
  }

  #changed(kind: KubeResource, place: string): void {
    const slash = place.indexOf('/');
    const [namespace, name] = slash === -1 ? ['', place] : [place.slice(0, slash), place.slice(slash + 1)];
    const key = `${nameOf(kind)} ${namespace}/${name}`;
    if (this.#waiting.size >= mostWaiting && !this.#waiting.has(key)) this.#hasOverflown = true;
    else this.#waiting.set(key, { kind, key, namespace, name });
  }
}

/** Where the server counts no generations every change counts. */
export function fingerprint(object: JsonObject): string {
  const { uid, generation, resourceVersion, labels, annotations, deletionTimestamp } =
    asObject(object['metadata']) ?? {};
  const version = typeof generation === 'number' ? String(generation) : (asString(resourceVersion) ?? '');
  return `${String(uid)} ${version} ${hashOf(JSON.stringify([labels, annotations, deletionTimestamp]))}`;
}

/** FNV-1a: enough to see a change, and small. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
