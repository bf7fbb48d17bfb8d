// SPDX-License-Identifier: Apache-2.0
// One of several replicas leads: a Lease (coordination.k8s.io/v1) as client-go's leaderelection uses it. Clocks of other machines are not believed: a lease
// counts as held until it was seen unchanged for its whole duration on this clock.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { KubeClient } from './client.ts';
import type { KubePace } from './pace.ts';
import { systemPace } from './pace.ts';

export interface ElectionOptions {
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Unique to this replica: the name of its Pod. */
  readonly identity: string;
  /** Who does not renew for so long has lost (seconds; 15). */
  readonly leaseSeconds?: number;
  /** The leader itself gives up when it could not renew for so long; less than `leaseSeconds` (10). */
  readonly renewSeconds?: number;
  /** Between attempts (2). */
  readonly retrySeconds?: number;
  readonly acquired: () => void;
  readonly lost: () => void;
  readonly pace?: KubePace;
}

export interface Election {
  readonly isLeader: boolean;
  /** Who leads, as far as this replica has seen. */
  readonly leader: string | undefined;
  /** Gives the lease up, so that another need not wait for its end. */
  close(): Promise<void>;
}

const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', resource: 'leases', namespaced: true } as const;

export function electLeader(client: KubeClient, options: ElectionOptions): Election {
  const election = new LeaseElection(client, options);
  void election.run();
  return election;
}

class LeaseElection implements Election {
  readonly #client: KubeClient;
  readonly #options: ElectionOptions;
  readonly #pace: KubePace;
  readonly #closing = new AbortController();
  #finished: Promise<void> = Promise.resolve();
  /** The record as it was last seen, and since when it is so on this clock (milliseconds). */
  #seen: { readonly version: string; readonly since: number } | undefined;
  #leader: string | undefined;
  #isLeader = false;
  #renewedAt = 0;

  constructor(client: KubeClient, options: ElectionOptions) {
    this.#client = client;
    this.#options = options;
    this.#pace = options.pace ?? systemPace;
  }

  get isLeader(): boolean {
    // Whoever was held up (a paused process) must not believe that it still leads.
    return this.#isLeader && this.#pace.now() - this.#renewedAt < this.#leaseMilliseconds;
  }

  get leader(): string | undefined {
    return this.#leader;
  }

  get #leaseMilliseconds(): number {
    return (this.#options.leaseSeconds ?? 15) * 1_000;
  }

  run(): Promise<void> {
    this.#finished = this.#loop();
    return this.#finished;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#finished;
    if (!this.#isLeader) return;
    this.#setLeader(false);
    const found = await this.#client.get(lease, this.#options.name, {
      namespace: this.#options.namespace,
      time: 5_000,
    });
    if (found.kind !== 'found' || holderOf(found.value) !== this.#options.identity) return;
    const spec = { ...asObject(found.value['spec']), holderIdentity: '', leaseDurationSeconds: 1 };
    await this.#client.update({ ...found.value, spec }, { time: 5_000 });
  }

  async #loop(): Promise<void> {
    const { retrySeconds = 2, renewSeconds = 10 } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const asked = this.#pace.now();
      const isHeld = await this.#attempt();
      if (signal.aborted) return;
      if (isHeld) {
        // From before the question: the others count from when the server wrote it, which is later.
        this.#renewedAt = asked;
        this.#setLeader(true);
      } else if (
        this.#leader !== this.#options.identity ||
        this.#pace.now() - this.#renewedAt >= renewSeconds * 1_000
      ) {
        this.#setLeader(false);
      }
      // Up to 1.2 times the pause, as client-go has it, so that replicas do not ask together.
      await this.#pace.pause(retrySeconds * 1_000 * (1 + 0.2 * this.#pace.random()), signal);
    }
  }

  #setLeader(isLeader: boolean): void {
    if (this.#isLeader === isLeader) return;
    this.#isLeader = isLeader;
    if (isLeader) this.#options.acquired();
    else this.#options.lost();
  }

  /** Whether the lease is ours and was just renewed. */
  async #attempt(): Promise<boolean> {
    const { namespace, name, identity, leaseSeconds = 15, renewSeconds = 10 } = this.#options;
    const options = { namespace, time: renewSeconds * 1_000, signal: this.#closing.signal };
    const found = await this.#client.get(lease, name, options);
    if (found.kind === 'unknown') return false;
    const now = new Date(this.#pace.now()).toISOString().replace('Z', '000Z');
    const own = { holderIdentity: identity, leaseDurationSeconds: leaseSeconds, renewTime: now };
    if (found.kind === 'none') {
      const spec = { ...own, acquireTime: now, leaseTransitions: 0 };
      const created = await this.#client.create(
        { apiVersion: lease.apiVersion, kind: lease.kind, metadata: { name, namespace }, spec },
        options,
      );
      return this.#took(created.kind === 'done' ? created.value : undefined);
    }
    const holder = holderOf(found.value);
    this.#observe(found.value, holder);
    if (holder !== '' && holder !== identity && !this.#isOver(found.value)) return false;
    const before = asObject(found.value['spec']) ?? {};
    const transitions = typeof before['leaseTransitions'] === 'number' ? before['leaseTransitions'] : 0;
    const spec =
      holder === identity
        ? { ...before, ...own }
        : { ...before, ...own, acquireTime: now, leaseTransitions: transitions + 1 };
    // The version of what was read makes this safe: of several who try only one is taken.
    const updated = await this.#client.update({ ...found.value, spec }, options);
    return this.#took(updated.kind === 'done' ? updated.value : undefined);
  }

  #took(object: JsonObject | undefined): boolean {
    if (object === undefined) return false;
    this.#observe(object, this.#options.identity);
    return true;
  }

  #observe(object: JsonObject, holder: string): void {
    this.#leader = holder === '' ? undefined : holder;
    const version = asString(asObject(object['metadata'])?.['resourceVersion']) ?? '';
    if (this.#seen?.version !== version) this.#seen = { version, since: this.#pace.now() };
  }

  #isOver(object: JsonObject): boolean {
    const stated = asObject(object['spec'])?.['leaseDurationSeconds'];
    const duration = typeof stated === 'number' ? stated * 1_000 : this.#leaseMilliseconds;
    return this.#seen !== undefined && this.#pace.now() - this.#seen.since >= duration;
  }
}

function holderOf(object: JsonObject): string {
  return asString(asObject(object['spec'])?.['holderIdentity']) ?? '';
}
