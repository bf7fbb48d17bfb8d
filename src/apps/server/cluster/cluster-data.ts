// SPDX-License-Identifier: Apache-2.0
// What policies may look up in a cluster: namespaces always, everything else only as far as installed policies name it. One for the process; each review gets its
// own view of it (cluster-lookups.ts).
import type { JsonObject } from '../../../formats/document.ts';
import type { Clock } from '../../../io/clock.ts';
import type { KubeClient } from '../../../io/kube/client.ts';
import type { KubeUnknown } from '../../../io/kube/outcome.ts';
import type { Logger } from '../../../io/log.ts';
import type { EngineSurroundings } from '../../../policy/engine.ts';
import type { Ask, ClusterLookups, LookupSources } from './cluster-lookups.ts';
import { clusterLookups } from './cluster-lookups.ts';
import { makeGate } from './gate.ts';
import { GlobalContext } from './global-context.ts';
import { needsOf } from './needed-objects.ts';
import { RoleBindings } from './role-bindings.ts';
import type { WatchedNamespaces } from './watched-namespaces.ts';
import { watchNamespaces } from './watched-namespaces.ts';
import { WatchedObjects } from './watched-objects.ts';

export interface ClusterDataOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly surroundings: EngineSurroundings;
  /** Milliseconds that one question of a review may take; API servers wait 10 s for a webhook unless told otherwise. */
  readonly questionTime?: number;
}

const atOnce = 16;
/** The same failure of a watch is told again after so many milliseconds. */
const tellAgain = 300_000;

export class ClusterData {
  readonly #options: ClusterDataOptions;
  readonly #namespaces: WatchedNamespaces;
  readonly #objects: WatchedObjects;
  readonly #globalContext: GlobalContext;
  readonly #gate = makeGate(atOnce);
  readonly #told = new Map<string, number>();
  #roles: RoleBindings | undefined;
  #beside: readonly JsonObject[] = [];

  constructor(options: ClusterDataOptions) {
    this.#options = options;
    const { client, surroundings } = options;
    const failed = (unknown: KubeUnknown): void => this.#tell(unknown);
    this.#namespaces = watchNamespaces(client, failed);
    this.#objects = new WatchedObjects(client, failed);
    this.#globalContext = new GlobalContext({ client, surroundings, failed });
  }

  /**
   * From now on these policies are in force, or about to be: what they name is watched, what no policy names any more is not. Resolves when all of it is known or
   * the server has said that it cannot be, or after `patience` milliseconds (false). What is not known then is an error of the rules that ask for it.
   */
  async follow(documents: readonly JsonObject[], patience: number): Promise<boolean> {
    const needs = needsOf(documents);
    if (needs.roles) this.#roles ??= new RoleBindings(this.#options.client, (unknown) => this.#tell(unknown));
    else {
      this.#roles?.close();
      this.#roles = undefined;
    }
    const known = Promise.all([
      this.#namespaces.settled,
      this.#objects.follow(needs.objects),
      this.#globalContext.follow(needs.entries),
      this.#roles?.settled,
    ]);
    return settledWithin(known, patience);
  }

  /** Params and the like that lie in files beside policies; they count as if they were in the cluster. */
  setBeside(objects: readonly JsonObject[]): void {
    this.#beside = objects;
  }

  /** What may be asked now, where `ask` keeps the questions and answers of each review. Made anew for each review: policies come and go. */
  lookups(ask: Ask, purpose: 'admission' | 'background' = 'admission'): ClusterLookups {
    return clusterLookups(this.#sources(), purpose, ask);
  }

  /** Labels of a namespace as far as they are known. */
  namespace(name: string): JsonObject | undefined {
    return this.#namespaces.get(name);
  }

  /** Watches whose objects may be old. */
  get behind(): number {
    return this.#objects.behind + (this.#namespaces.watch.state.phase === 'live' ? 0 : 1);
  }

  close(): void {
    this.#namespaces.watch.close();
    this.#objects.close();
    this.#globalContext.close();
    this.#roles?.close();
  }

  #sources(): LookupSources {
    const { client, questionTime = 4_000 } = this.#options;
    return {
      client,
      namespaces: this.#namespaces,
      objects: this.#objects,
      beside: this.#beside,
      roles: this.#roles,
      globalContext: this.#globalContext,
      gate: this.#gate,
      time: questionTime,
    };
  }

  #tell({ fault, reason }: KubeUnknown): void {
    // Streams that end are everyday life; they are taken up again.
    if (fault === 'expired' || fault === 'ended') return;
    const now = this.#options.clock.elapsed();
    const told = this.#told.get(reason);
    if (told !== undefined && now - told < tellAgain) return;
    if (this.#told.size > 1_000) this.#told.clear();
    this.#told.set(reason, now);
    this.#options.log.warn(reason);
  }
}

/** False when it takes longer, or fails. */
async function settledWithin(known: Promise<unknown>, patience: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patience);
  });
  const done = known.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
