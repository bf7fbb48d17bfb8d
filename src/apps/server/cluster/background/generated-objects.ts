// SPDX-License-Identifier: Apache-2.0
// Generated objects go with the policy or the trigger that wanted them, and copies with what they are copies of, where the rule keeps them (`synchronize`). Looks at objects that bear the marks of this
// program's own work and at no others; what cannot be looked up is not gone. A loss must last a while, since policies are also replaced. Without the permission to act
// it is only told.
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import type { Clock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import { KubeError } from '../../../../io/kube/outcome.ts';
import type { Logger } from '../../../../io/log.ts';
import { messageOf } from '../../../../model/error.ts';
import type { SetOutcome } from '../../../../policy/policy-set.ts';
import { ToldOnce } from '../told-once.ts';
import type { GeneratedFrom, ObjectPlace } from './generated-marks.ts';
import { marksOf, placeOf, policyLabel } from './generated-marks.ts';
import { GeneratedSecrets, isSecret } from './generated-secrets.ts';
import { GeneratedWatches } from './generated-watches.ts';
import type { KnownPolicies } from './known-policies.ts';
import { policyLoss } from './known-policies.ts';
import { absenceOf, describePlace } from './object-absence.ts';
import { RepeatGuard } from './repeat-guard.ts';
import type { ScannedObject } from './scan-results.ts';
import { nameOf, scannedKinds } from './scanned-kinds.ts';
import type { ToldDeletion } from './told-deletion.ts';
import { toldRefusal } from './told-refusal.ts';

/** What came of judging it. */
export type JudgedTrigger = Pick<SetOutcome, 'writes' | 'decisions'>;

export interface GeneratedObjectsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly acts: boolean;
  readonly isLeader: () => boolean;
  /** Nothing is deleted there. */
  readonly exemptNamespaces: ReadonlySet<string>;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Undefined: not all policies are known now, and nothing is gone. */
  readonly policies: () => KnownPolicies | undefined;
  /** What was generated for this object is to be looked at again: it was changed or deleted, or what it is a copy of was changed. */
  readonly touched?: (trigger: ObjectPlace) => void;
  /** Something was deleted. */
  readonly told?: (deletion: ToldDeletion) => void;
  /** Milliseconds between two looks whether there is something to do, and for which something must be gone before anything follows from it. */
  readonly every?: number;
  readonly grace?: number;
  readonly sweepEvery?: number;
}

const usualEvery = 2_000;
const usualGrace = 10_000;
/** Milliseconds between looks at all kinds and all triggers: what nobody told. */
const usualSweep = 1_800_000;
/** Milliseconds between two questions for triggers and sources. */
const betweenQuestions = 10;
const mostDeletions = 500;
/** Milliseconds between two deletions. */
const between = 200;
const mostRemembered = 20_000;
/** So often may one object be deleted in so many milliseconds: somebody else makes it again. */
const guard = { times: 5, within: 600_000 };

interface Found {
  readonly kind: KubeResource;
  readonly place: ObjectPlace;
  readonly metadata: JsonObject;
  readonly from: GeneratedFrom;
  readonly why: string;
}

/** What is asked in one round. */
interface Questions {
  readonly served: readonly KubeResource[];
  /** What was looked for, by its place: why it is gone. */
  readonly asked: Map<string, Promise<string | undefined>>;
}

export class GeneratedObjects {
  readonly #options: GeneratedObjectsOptions;
  readonly #told: ToldOnce;
  /** Since when something has been lost, by the uid of what was generated. */
  #lost = new Map<string, number>();
  readonly #guard: RepeatGuard;
  readonly #closing = new AbortController();
  /** Kinds that bear marks, as far as is known. */
  readonly #kinds = new Set<string>();
  readonly #gone = new Set<string>();
  /** What a rule made and wants no more though its trigger is there, by uid. */
  readonly #unwanted = new Map<string, { readonly why: string; readonly trigger: ObjectPlace }>();
  #isDue = false;
  #lookedAt: number | undefined;
  #sweptAt: number | undefined;
  #deleted = 0;
  readonly #watches: GeneratedWatches | undefined;
  readonly #secrets = new GeneratedSecrets();
  #running: Promise<void>;

  constructor(options: GeneratedObjectsOptions) {
    this.#options = options;
    this.#told = new ToldOnce(options.log);
    this.#guard = new RepeatGuard(options.clock, guard);
    const { client, clock, log, acts, touched = () => undefined } = options;
    // Whoever only tells has time.
    this.#watches = acts
      ? new GeneratedWatches({
          client,
          clock,
          log,
          touched,
          gone: (source) => this.gone(source),
          unlisted: () => this.#secrets.all(),
        })
      : undefined;
    this.#running = this.#run();
  }

  /** Objects that were deleted. */
  get deleted(): number {
    return this.#deleted;
  }

  /** Policies have changed. What those before did not want any more is judged once more. */
  look(): void {
    for (const { trigger } of this.#unwanted.values()) this.#options.touched?.(trigger);
    this.#unwanted.clear();
    this.#isDue = true;
  }

  /** An object is gone, which may have been a trigger, or the source of a copy. */
  gone(object: ObjectPlace): void {
    if (this.#gone.size >= mostRemembered) this.#sweptAt = undefined;
    else this.#gone.add(describePlace(object));
    this.#isDue = true;
  }

  /**
   * A trigger was judged after a change, and nothing that policies looked up stayed without an answer. What was made for it and no rule wants any more is to go, as in
   * Kyverno; where a policy could not judge, did not, or was excepted nothing follows. `policies`: those that judged (`policyKeyOf`).
   */
  judged(trigger: ScannedObject, { writes, decisions }: JudgedTrigger, policies: ReadonlySet<string>): void {
    const { apiVersion, kind, namespace = '', name, uid } = trigger;
    const place = { apiVersion, kind, namespace, name };
    const made = this.#watches?.madeFor({ ...place, uid }) ?? [];
    if (made.length === 0 || decisions.some(({ engine }) => engine === 'landwaiter')) return;
    const open = new Set(
      decisions.flatMap(({ policy, outcome, exceptions }) =>
        outcome === 'error' || exceptions !== undefined ? [policy] : [],
      ),
    );
    const wanted = new Set(writes.map(({ policy, rule, object }) => wishOf(policy, rule, placeOf(object))));
    for (const { uid: madeUid, place: madeAt, policy, rule } of made) {
      if (!policies.has(`${policy.kind} ${policy.name}`) || open.has(policy.name)) this.#unwanted.delete(madeUid);
      else if (wanted.has(wishOf(policy.name, rule, madeAt))) this.#unwanted.delete(madeUid);
      else if (this.#unwanted.size < mostRemembered) {
        const who = rule === '' ? policy.name : `${policy.name}/${rule}`;
        this.#unwanted.set(madeUid, { why: `${who} no longer wants it for ${describePlace(place)}`, trigger: place });
        this.#isDue = true;
      }
    }
  }

  /** An object of this kind is about to be made for somebody. */
  mayBear(object: JsonObject, from?: GeneratedFrom): void {
    const kind = { apiVersion: asString(object['apiVersion']) ?? '', kind: asString(object['kind']) ?? '' };
    this.#kinds.add(kindKey(kind));
    this.#watches?.add(kind);
    if (from === undefined || !isSecret(kind)) return;
    this.#secrets.note(object, from);
    if (from.source !== undefined) this.#watches?.noteSource(from.source);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    this.#watches?.close();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { clock, log, isLeader, pause, every = usualEvery, grace = usualGrace } = this.#options;
    const { sweepEvery = usualSweep } = this.#options;
    while (!this.#closing.signal.aborted) {
      await pause(every);
      if (this.#closing.signal.aborted) return;
      if (!isLeader()) {
        this.#lost.clear();
        this.#unwanted.clear();
        this.#secrets.clear();
        this.#watches?.follow([]);
        this.#sweptAt = undefined;
        continue;
      }
      const now = clock.elapsed();
      if (this.#lookedAt !== undefined && now - this.#lookedAt < grace) continue;
      const isSweep = this.#sweptAt === undefined || now - this.#sweptAt >= sweepEvery;
      if ((!this.#isDue && !isSweep) || this.#options.policies() === undefined) continue;
      this.#isDue = false;
      this.#lookedAt = now;
      if (isSweep) this.#sweptAt = now;
      try {
        await this.#round(isSweep);
      } catch (error) {
        this.#sweptAt = undefined;
        log.error(`generated objects: ${messageOf(error)}`);
      }
    }
  }

  async #round(isSweep: boolean): Promise<void> {
    const { client, grace = usualGrace, clock } = this.#options;
    const gone = new Set(this.#gone);
    this.#gone.clear();
    // Where nobody may watch them, nor the source, this is when they are kept as they are to be.
    if (isSweep)
      for (const { trigger } of this.#secrets.all()) if (trigger !== 'several') this.#options.touched?.(trigger);
    const unwanted = [...this.#unwanted.keys()];
    const resources = await client.resources();
    if (resources.kind !== 'found') throw new Error('the kinds of the server cannot be asked');
    const served = resources.value.resources;
    const questions = { served, asked: new Map<string, Promise<string | undefined>>() };
    const lossOf = (from: GeneratedFrom, uid: string): Promise<string | undefined> => {
      const isSuspect = isSweep || this.#lost.has(uid);
      return this.#loss(from, { ...questions, uid, isAsked: (object) => isSuspect || gone.has(describePlace(object)) });
    };
    const lost = new Map<string, number>();
    let left = mostDeletions;
    let isWhole = true;
    const all = [{ groups: ['*'], resources: ['*'], operations: ['*'] }];
    const { kinds } = scannedKinds(all, served, Number.POSITIVE_INFINITY);
    const deletable = kinds.filter(({ verbs }) => verbs?.includes('delete') === true);
    for (const kind of deletable) {
      if (!isSweep && !this.#kinds.has(kindKey(kind))) continue;
      const looked = await this.#lostOf(kind, lossOf);
      isWhole &&= looked.isWhole;
      for (const found of looked.found) {
        const uid = asString(found.metadata['uid']) ?? '';
        const now = clock.elapsed();
        const since = this.#lost.get(uid) ?? now;
        if (now - since >= grace && (await this.#delete(found, { served, isAllowed: left > 0 }))) left -= 1;
        else if (lost.size < mostRemembered) lost.set(uid, since);
      }
    }
    this.#lost = lost;
    // What was deleted, or is not there any more, where everything was looked at.
    for (const uid of isWhole ? unwanted : []) if (!lost.has(uid)) this.#unwanted.delete(uid);
    if (this.#unwanted.size > 0) this.#isDue = true;
    // Also those of which something was made meanwhile.
    this.#watches?.follow(deletable.filter((kind) => this.#kinds.has(kindKey(kind))));
    if (lost.size > 0) this.#isDue = true;
  }

  /** Objects of one kind that lost what they were generated for. Kinds that this account may not list have none. */
  async #lostOf(
    kind: KubeResource,
    lossOf: (from: GeneratedFrom, uid: string) => Promise<string | undefined>,
  ): Promise<{ readonly found: readonly Found[]; readonly isWhole: boolean }> {
    const { client, exemptNamespaces } = this.#options;
    const found: Found[] = [];
    const consider = async (object: JsonObject): Promise<void> => {
      const metadata = asObject(object['metadata']) ?? {};
      const [name, namespace] = [asString(metadata['name']) ?? '', asString(metadata['namespace']) ?? ''];
      const place = { apiVersion: kind.apiVersion, kind: kind.kind, namespace, name };
      if (metadata['deletionTimestamp'] !== undefined || found.length >= mostRemembered) return;
      if (exemptNamespaces.has(namespace || (kind.resource === 'namespaces' ? name : ''))) return;
      this.#kinds.add(kindKey(kind));
      const from = marksOf(object, kind);
      if (from === undefined) {
        this.#told.tell(
          `${describePlace(place)} bears labels of generated objects that were not made for it: it is left alone`,
        );
        return;
      }
      const why = await lossOf(from, asString(metadata['uid']) ?? '');
      if (why !== undefined) found.push({ kind, place, metadata, from, why });
    };
    const failed = (why: string): void =>
      this.#told.tell(`generated objects: ${nameOf(kind)} could not be read: ${why}`);
    try {
      for await (const object of client.list(kind, { labelSelector: policyLabel, parts: 'metadata' }))
        await consider(object);
    } catch (error) {
      const isForbidden = error instanceof KubeError && error.unknown.fault === 'forbidden';
      if (!isForbidden) failed(messageOf(error));
      if (isForbidden && isSecret(kind))
        for await (const object of this.#secrets.lost(client, { kind, lossOf, failed })) await consider(object);
      return { found, isWhole: isForbidden };
    }
    return { found, isWhole: true };
  }

  /**
   * Why the object is to go; undefined: it stays. Kyverno deletes copies that it keeps when their source is deleted
   * (pkg/background/generate/cleanup.go, deleteDownstreamForClone).
   */
  async #loss(
    from: GeneratedFrom,
    {
      uid,
      isAsked,
      ...questions
    }: Questions & { readonly uid: string; readonly isAsked: (object: ObjectPlace) => boolean },
  ): Promise<string | undefined> {
    const policies = this.#options.policies();
    const loss = policies === undefined ? 'unknown' : policyLoss(from, policies);
    if (loss === 'lost') return `${from.policy.kind} ${from.policy.name} no longer wants it (${from.rule})`;
    if (loss !== 'none') return undefined;
    const unwanted = this.#unwanted.get(uid);
    if (unwanted !== undefined) return unwanted.why;
    const { trigger, source } = from;
    for (const needed of [...(trigger === 'several' ? [] : [trigger]), ...(source === undefined ? [] : [source])]) {
      if (!isAsked(needed)) continue;
      const why = await this.#absence(needed, questions);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** Why it is not there; undefined: it is, or nobody can tell, which is told. */
  #absence(object: ObjectPlace & { readonly uid?: string }, { served, asked }: Questions): Promise<string | undefined> {
    const ask = async (): Promise<string | undefined> => {
      await this.#options.pause(betweenQuestions);
      const absence = await absenceOf(this.#options.client, object, served);
      if (absence.kind === 'unknown') this.#told.tell(`generated objects: ${absence.why}`);
      return absence.kind === 'gone' ? absence.why : undefined;
    };
    const name = JSON.stringify(object);
    const known = asked.get(name) ?? ask();
    asked.set(name, known);
    return known;
  }

  /** Whether it is deleted. */
  async #delete(
    found: Found,
    { served, isAllowed }: { readonly served: readonly KubeResource[]; readonly isAllowed: boolean },
  ): Promise<boolean> {
    const { kind, place, metadata, from } = found;
    const { client, log, acts, isLeader, pause } = this.#options;
    const what = describePlace(place);
    if (!acts) this.#told.tell(`${what} was generated, and ${found.why}; it is not deleted (--act)`);
    else if (!isAllowed)
      this.#told.tell(
        `more than ${mostDeletions} generated objects are to go at once; the rest stays for the next round`,
      );
    if (!acts || !isAllowed) return false;
    // A round takes minutes where there is much to ask and to delete: what was lost when it began may be back.
    const uid = asString(metadata['uid']) ?? '';
    const why = await this.#loss(from, { served, asked: new Map(), uid, isAsked: () => true });
    if (why === undefined || !isLeader() || this.#closing.signal.aborted || !this.#mayDelete(what)) return false;
    this.#watches?.deleting(uid);
    const change = await client.delete(kind, place.name, {
      ...(place.namespace === '' ? {} : { namespace: place.namespace }),
      preconditions: {
        uid,
        resourceVersion: asString(metadata['resourceVersion']) ?? '',
      },
    });
    await pause(between);
    if (change.kind === 'done') {
      this.#deleted += 1;
      log.info(`${what} was generated and has been deleted: ${why}`);
      const { apiVersion, kind: ofKind } = kind;
      this.#options.told?.({ policy: from.policy, object: { apiVersion, kind: ofKind, metadata }, why });
      return true;
    }
    // It was changed meanwhile: the next round looks at what it is then.
    if (change.kind === 'refused' && (change.reason === 'Conflict' || change.reason === 'NotFound')) return false;
    this.#told.tell(
      `${what} is not deleted: ${change.kind === 'refused' ? toldRefusal(kind.kind, change) : change.reason}`,
    );
    return false;
  }

  #mayDelete(what: string): boolean {
    if (this.#guard.mayAct(what)) return true;
    this.#told.tell(
      `${what} was deleted ${guard.times} times in ${guard.within / 60_000} minutes and is left alone; who makes it again?`,
    );
    return false;
  }
}

/** What a rule wants, or wanted. `policy`: its name. */
function wishOf(policy: string, rule: string, place: ObjectPlace): string {
  return `${policy} ${rule} ${kindKey(place)} ${place.namespace}/${place.name}`;
}

/** Versions may be others the next time. */
function kindKey({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return `${apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''} ${kind}`;
}
