// SPDX-License-Identifier: Apache-2.0
// Deletes what cleanup policies and DeletingPolicies say when their time has come, and objects whose label `cleanup.kyverno.io/ttl` has run out. Looks each minute, reads
// only kinds that a policy is about whose schedule has fired, and deletes one object after the other, only when it is still the one that was judged. Without the
// permission to act it is only told.
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import type { Clock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import { KubeError } from '../../../../io/kube/outcome.ts';
import type { Logger } from '../../../../io/log.ts';
import { messageOf } from '../../../../model/error.ts';
import type { EngineData, EngineDocument, PolicyInterest } from '../../../../policy/engine.ts';
import { isDeletingPolicy } from '../../../../policy/kyverno/cel/deleting-policy.ts';
import { compileCelException, isCelException } from '../../../../policy/kyverno/cel/exceptions.ts';
import { isCleanupPolicy } from '../../../../policy/kyverno/cleanup-policy.ts';
import type { Deletions } from '../../../../policy/kyverno/deletions.ts';
import { plannedDeletions } from '../../../../policy/kyverno/deletions.ts';
import { interestsOfConstraints, interestsOfRules } from '../../../../policy/kyverno/interests.ts';
import { nextTime, parseSchedule } from '../../../../policy/kyverno/schedule.ts';
import type { Asking } from '../../admission/asking/asking.ts';
import { bareObject } from '../bare-object.ts';
import { ToldOnce } from '../told-once.ts';
import { noticingFailures } from './noticed-failures.ts';
import { nameOf, scannedKinds } from './scanned-kinds.ts';
import type { ToldDeletion } from './told-deletion.ts';

export interface DeletionOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly asking: Asking;
  readonly data: () => EngineData;
  readonly acts: boolean;
  readonly isLeader: () => boolean;
  /** Nothing is deleted there. */
  readonly exemptNamespaces: ReadonlySet<string>;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Something was deleted because a policy said so. */
  readonly told?: (deletion: ToldDeletion) => void;
  /** Milliseconds between two rounds, and how many rounds pass between two looks for labels. */
  readonly every?: number;
  readonly labelRounds?: number;
}

const usualEvery = 60_000;
const usualLabelRounds = 5;
const ttlLabel = 'cleanup.kyverno.io/ttl';
/** Of one round: a policy that suddenly wants more is looked at by somebody first. */
const mostDeletions = 500;
/** Milliseconds between two deletions. */
const between = 200;
const lookingTime = 15_000;
const page = 100;

export class DeletionRounds {
  readonly #options: DeletionOptions;
  #documents: readonly EngineDocument[] = [];
  #since: number;
  #rounds = 0;
  #deleted = 0;
  readonly #told: ToldOnce;
  readonly #closing: AbortController = new AbortController();
  #running: Promise<void>;

  constructor(options: DeletionOptions) {
    this.#options = options;
    this.#told = new ToldOnce(options.log);
    this.#since = options.clock.now();
    this.#running = this.#run();
  }

  /** Objects that were deleted. */
  get deleted(): number {
    return this.#deleted;
  }

  setPolicies(documents: readonly EngineDocument[]): void {
    this.#documents = documents;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { clock, log, isLeader, every = usualEvery, labelRounds = usualLabelRounds } = this.#options;
    while (!this.#closing.signal.aborted) {
      await this.#wait(every);
      if (this.#closing.signal.aborted) return;
      const now = clock.now();
      const since = this.#since;
      this.#since = now;
      // Times that passed while another replica led were that one's.
      if (!isLeader()) continue;
      this.#rounds += 1;
      try {
        await this.#policies(since, now);
        if (this.#rounds % labelRounds === 0) await this.#labels(now);
      } catch (error) {
        log.error(`cleaning up: ${messageOf(error)}`);
      }
    }
  }

  #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#closing;
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

  async #policies(since: number, now: number): Promise<void> {
    const due = this.#documents.filter(({ object }) => isDue(object, since, now));
    if (due.length === 0) return;
    const resources = await this.#options.client.resources();
    if (resources.kind !== 'found') throw new Error('the kinds of the server cannot be asked');
    for (const version of resources.value.unknown)
      this.#told.tell(`cleaning up: which kinds ${version} has could not be asked`);
    let left = mostDeletions;
    for (const kind of scannedKinds(
      due.flatMap(({ object }) => interestsOf(object)),
      resources.value.resources,
      Number.POSITIVE_INFINITY,
    ).kinds)
      left -= await this.#deleteOf(kind, { due, now, left });
  }

  /** How many were deleted. */
  async #deleteOf(
    kind: KubeResource,
    round: { readonly due: readonly EngineDocument[]; readonly now: number; readonly left: number },
  ): Promise<number> {
    let count = 0;
    let objects: JsonObject[] = [];
    const judge = async (): Promise<void> => {
      const { deleted, errors } = await this.#planned(objects, round.due, round.now);
      objects = [];
      for (const error of errors) this.#told.tell(`cleaning up: ${error}`);
      for (const { object, because } of deleted)
        if (await this.#delete(kind, object, { because, isAllowed: count < round.left })) count += 1;
    };
    try {
      for await (const object of this.#options.client.list(kind)) {
        objects.push(bareObject(object));
        if (objects.length >= page) await judge();
      }
      await judge();
    } catch (error) {
      this.#told.tell(`cleaning up: ${nameOf(kind)} could not be read: ${messageOf(error)}`);
    }
    return count;
  }

  async #planned(objects: readonly JsonObject[], due: readonly EngineDocument[], now: number): Promise<Deletions> {
    const { asking, clock, data } = this.#options;
    const at = data();
    const namespaceLabels = (namespace: string): JsonObject =>
      asObject(asObject(at.cluster.namespace(namespace)?.['metadata'])?.['labels']) ?? {};
    const exceptions = this.#documents.flatMap(({ object }) => {
      const compiled = isCelException(object) ? compileCelException(object) : undefined;
      return compiled?.kind === 'exception' ? [compiled.exception] : [];
    });
    const plan = (): Deletions => {
      let isWhole = true;
      const provider = noticingFailures(at.provider, () => {
        isWhole = false;
      });
      const planned = plannedDeletions({ policies: due, objects, now, data: provider, namespaceLabels, exceptions });
      if (isWhole || planned.deleted.length === 0) return planned;
      const names = [...new Set(planned.deleted.map(({ because }) => because))].join(', ');
      return {
        deleted: [],
        errors: [...planned.errors, `${names}: a look-up failed, nothing is deleted in this round`],
      };
    };
    return asking.judge(plan, { time: clock.now(), milliseconds: lookingTime });
  }

  /** Objects with the label, of all kinds that may be listed and deleted. Kinds that this account may not list have none. */
  async #labels(now: number): Promise<void> {
    const { client } = this.#options;
    const resources = await client.resources();
    if (resources.kind !== 'found') throw new Error('the kinds of the server cannot be asked');
    for (const version of resources.value.unknown)
      this.#told.tell(`cleaning up: which kinds ${version} has could not be asked`);
    let left = mostDeletions;
    const all = [{ groups: ['*'], resources: ['*'], operations: ['*'] }];
    for (const kind of scannedKinds(all, resources.value.resources, Number.POSITIVE_INFINITY).kinds) {
      if (kind.verbs?.includes('delete') !== true || !this.#options.isLeader()) continue;
      try {
        for await (const object of client.list(kind, { labelSelector: ttlLabel, parts: 'metadata' })) {
          const { deleted } = await this.#planned([object], [], now);
          for (const { because } of deleted)
            if (await this.#delete(kind, object, { because, isAllowed: left > 0 })) left -= 1;
        }
      } catch (error) {
        if (error instanceof KubeError && error.unknown.fault === 'forbidden') continue;
        this.#told.tell(`cleaning up: ${nameOf(kind)} could not be read: ${messageOf(error)}`);
      }
    }
  }

  /** Whether it is deleted. */
  async #delete(
    kind: KubeResource,
    object: JsonObject,
    { because, isAllowed }: { readonly because: string; readonly isAllowed: boolean },
  ): Promise<boolean> {
    const { client, log, acts, exemptNamespaces, isLeader, pause } = this.#options;
    const metadata = asObject(object['metadata']) ?? {};
    const [name, namespace] = [asString(metadata['name']) ?? '', asString(metadata['namespace'])];
    const what = `${kind.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
    if (exemptNamespaces.has(namespace ?? (kind.resource === 'namespaces' ? name : ''))) return false;
    if (!acts) this.#told.tell(`${because} deletes ${what}; it is not deleted (--act)`);
    else if (!isAllowed)
      this.#told.tell(`${because}: more than ${mostDeletions} objects in one round; the rest stays for the next`);
    if (!acts || !isAllowed || !isLeader() || this.#closing.signal.aborted) return false;
    const { uid, resourceVersion } = metadata;
    const propagation = this.#propagationOf(because);
    const change = await client.delete(kind, name, {
      ...(namespace === undefined ? {} : { namespace }),
      preconditions: { uid: asString(uid) ?? '', resourceVersion: asString(resourceVersion) ?? '' },
      ...(propagation === undefined ? {} : { propagation }),
    });
    await pause(between);
    if (change.kind === 'done') {
      this.#deleted += 1;
      log.info(`${because} has deleted ${what}`);
      const policy = policyIn(because, namespace);
      if (policy !== undefined) this.#options.told?.({ policy, object, why: `the time of ${because} had come` });
      return true;
    }
    // It was changed meanwhile: the next round judges what it is then.
    if (change.kind === 'refused' && (change.reason === 'Conflict' || change.reason === 'NotFound')) return false;
    this.#told.tell(`${what} is not deleted: ${change.kind === 'refused' ? change.message : change.reason}`);
    return false;
  }

  /** `because`: `ClusterCleanupPolicy name`. */
  #propagationOf(because: string): 'Orphan' | 'Background' | 'Foreground' | undefined {
    const policy = this.#documents.find(
      ({ object }) => `${String(object['kind'])} ${String(asObject(object['metadata'])?.['name'])}` === because,
    );
    const word = asObject(policy?.object['spec'])?.['deletionPropagationPolicy'];
    return word === 'Orphan' || word === 'Background' || word === 'Foreground' ? word : undefined;
  }
}

/** Of `ClusterCleanupPolicy old`; policies of a namespace delete in no other. Undefined: no policy, but a label. */
function policyIn(because: string, namespace: string | undefined): ToldDeletion['policy'] | undefined {
  const [, kind, name] = /^(\w+Policy) (.+)$/.exec(because) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const isOfNamespace = kind === 'CleanupPolicy' || kind.startsWith('Namespaced');
  return { kind, name: isOfNamespace ? `${namespace ?? ''}/${name}` : name };
}

function isDue(object: JsonObject, since: number, now: number): boolean {
  if (!isCleanupPolicy(object) && !isDeletingPolicy(object)) return false;
  const schedule = parseSchedule(asString(asObject(object['spec'])?.['schedule']) ?? '');
  const next = schedule === undefined ? undefined : nextTime(schedule, since);
  return next !== undefined && next <= now;
}

/** Whatever operations are stated: what is there is what is cleaned up. */
function interestsOf(object: JsonObject): readonly PolicyInterest[] {
  const spec = asObject(object['spec']) ?? {};
  const stated = isCleanupPolicy(object) ? interestsOfRules([{ match: spec['match'] }]) : interestsOfConstraints(spec);
  return stated.map((interest) => ({ ...interest, operations: ['*'] }));
}
