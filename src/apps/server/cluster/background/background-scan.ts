// SPDX-License-Identifier: Apache-2.0
// Judges what is in the cluster by the policies in force: everything when policies changed and from time to time, and single objects when they change. One object after
// the other with pauses, by the leader only, so that it takes little from anybody. What could not be read is a gap that reports tell, never silence.
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import type { Clock } from '../../../../io/clock.ts';
import type { KubeClient, KubeResource } from '../../../../io/kube/client.ts';
import type { Logger } from '../../../../io/log.ts';
import { messageOf } from '../../../../model/error.ts';
import type { AdmissionRequest } from '../../../../policy/admission-policy/request.ts';
import type { EngineData, PolicyWrite } from '../../../../policy/engine.ts';
import type { PolicySet, SetOutcome } from '../../../../policy/policy-set.ts';
import type { Asking } from '../../admission/asking/asking.ts';
import { bareObject } from '../bare-object.ts';
import type { ChangedObject } from './changed-objects.ts';
import { ChangedObjects } from './changed-objects.ts';
import type { ObjectPlace } from './generated-marks.ts';
import { noticingFailures } from './noticed-failures.ts';
import type { WriteIntent } from './policy-intents.ts';
import { byPolicyName, intentOf, policyKeyOf } from './policy-intents.ts';
import type { ScanReports } from './scan-reports.ts';
import type { ScannedObject, ScanResults } from './scan-results.ts';
import { groupOf, interestsOf, nameOf, scannedKinds } from './scanned-kinds.ts';
import { requestOf, scannedObject } from './scanned-request.ts';

export interface BackgroundScanOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly asking: Asking;
  /** What policies may look up, asked for each object. */
  readonly data: () => EngineData;
  readonly results: ScanResults;
  readonly reports: ScanReports;
  readonly isLeader: () => boolean;
  /** Objects of these are not judged, as requests about them are not. */
  readonly exemptNamespaces: ReadonlySet<string>;
  /** Milliseconds between scans of everything. */
  readonly every: number;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly objectsPerSecond?: number;
  /** Milliseconds after a change of the policies before everything is judged again: several often come together. */
  readonly calm?: number;
  /** Other objects as policies want them, because of this object. */
  readonly wants?: (write: PolicyWrite, intent: WriteIntent, because: ScannedObject) => void;
  /** An object was judged because it changed, or because somebody asked for it, and every question of the policies was answered. `policies`: those that judged (`policyKeyOf`). */
  readonly judged?: (object: ScannedObject, outcome: SetOutcome, policies: ReadonlySet<string>) => void;
  /** An object is not there any more. */
  readonly gone?: (object: ChangedObject) => void;
  /** An object breaks other rules than before. */
  readonly found?: (request: AdmissionRequest, outcome: SetOutcome) => void;
}

/** Policies for scans, and their documents. */
export interface ScanPolicies {
  readonly set: PolicySet;
  readonly documents: readonly JsonObject[];
}

/** `isWhole`: nothing that policies looked up stayed without an answer. */
interface Judgement extends SetOutcome {
  readonly isWhole: boolean;
}

const usualRate = 200;
const batch = 20;
/** Milliseconds for what one object's rules look up. */
const lookingTime = 15_000;
const usualCalm = 1_000;
const tick = 500;
const afterFailure = 60_000;

export class BackgroundScan {
  readonly #options: BackgroundScanOptions;
  readonly #changes: ChangedObjects;
  #policies: ScanPolicies | undefined;
  /** Counts up with every change of the policies. */
  #generation = 0;
  #changedAt = 0;
  #scanned = -1;
  #scannedAt: number | undefined;
  #retryAt = 0;
  #judged = 0;
  #gaps: readonly string[] = [];
  #isClosed = false;
  #running: Promise<void>;

  constructor(options: BackgroundScanOptions) {
    this.#options = options;
    this.#changes = new ChangedObjects(options.client, options.log);
    this.#running = this.#run();
  }

  /** What the last scan could not look at. */
  get gaps(): readonly string[] {
    return this.#gaps;
  }

  /** Milliseconds since everything was last scanned; undefined: never yet. */
  get age(): number | undefined {
    return this.#scannedAt === undefined ? undefined : this.#options.clock.elapsed() - this.#scannedAt;
  }

  setPolicies(policies: ScanPolicies): void {
    this.#policies = policies;
    this.#generation += 1;
    this.#changedAt = this.#options.clock.elapsed();
  }

  /** An object is to be judged once more, though it has not changed. */
  again(place: ObjectPlace): void {
    this.#changes.note(place);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#changes.close();
    await this.#running;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { isLeader, pause, clock, log, results, reports, every } = this.#options;
    let wasLeader = false;
    while (!this.#isClosed) {
      await pause(tick);
      if (this.#isClosed) return;
      if (!isLeader() || this.#policies === undefined) {
        if (wasLeader) {
          // Another replica knows better now.
          void this.#changes.follow([]);
          results.clear();
          results.takeChanged();
          reports.forget();
          this.#scanned = -1;
        }
        wasLeader = false;
        continue;
      }
      wasLeader = true;
      try {
        const now = clock.elapsed();
        const isDue = this.#scanned !== this.#generation || (this.age ?? Number.POSITIVE_INFINITY) >= every;
        const isCalm = now - this.#changedAt >= (this.#options.calm ?? usualCalm);
        if (isDue && isCalm && now >= this.#retryAt) await this.#scanAll();
        else await this.#judgeChanges();
      } catch (error) {
        this.#retryAt = clock.elapsed() + afterFailure;
        log.error(`the scan: ${messageOf(error)}`);
      }
    }
  }

  /** True: it was given up, since something else is more urgent. */
  #isOver(generation: number): boolean {
    return this.#isClosed || generation !== this.#generation || !this.#options.isLeader();
  }

  async #scanAll(): Promise<void> {
    const { client, clock, log, results, reports } = this.#options;
    const generation = this.#generation;
    const started = clock.elapsed();
    const resources = await client.resources();
    if (resources.kind !== 'found')
      throw new Error(resources.kind === 'unknown' ? resources.reason : 'the server has no kinds');
    const interests = this.#policies === undefined ? [] : interestsOf(this.#policies.set);
    const { kinds, left } = scannedKinds(interests, resources.value.resources);
    const gaps =
      left.length === 0
        ? []
        : [`${left.length} kinds are not scanned, there are too many: ${left.slice(0, 20).join(', ')}`];
    gaps.push(...resources.value.unknown.map((version) => `${version}: which kinds it has could not be asked`));
    // First the watches: what changes while everything is read is judged again afterwards.
    gaps.push(...(await this.#changes.follow(kinds)));
    const seen = new Set<string>();
    const before = this.#judged;
    for (const kind of kinds) {
      if (this.#isOver(generation)) return;
      gaps.push(...(await this.#scanKind(kind, { seen, generation })));
    }
    if (this.#isOver(generation)) return;
    const unread = gaps.map((gap) => gap.split(' ', 1)[0] ?? '');
    results.retain((key) => seen.has(key) || unread.some((name) => key.startsWith(`${name} `)));
    this.#gaps = gaps;
    this.#scanned = generation;
    this.#scannedAt = clock.elapsed();
    for (const gap of gaps) log.warn(`not scanned: ${gap}`);
    const { fail, warn, error } = results.summary();
    log.info(
      `scanned ${this.#judged - before} objects of ${kinds.length} kinds in ${Math.round((clock.elapsed() - started) / 1_000)} s: ${fail} breaches, ${warn} warnings, ${error} errors`,
    );
    await reports.write('scan');
  }

  /** Why it could not be read to its end. */
  async #scanKind(
    kind: KubeResource,
    { seen, generation }: { readonly seen: Set<string>; readonly generation: number },
  ): Promise<readonly string[]> {
    const { client } = this.#options;
    try {
      for await (const whole of client.list(kind)) {
        if (this.#isOver(generation)) return [];
        const key = await this.#judge(kind, whole, 'scan');
        if (key !== undefined) seen.add(key);
      }
      return [];
    } catch (error) {
      return [`${nameOf(kind)} could not be read: ${messageOf(error)}`];
    }
  }

  async #judgeChanges(): Promise<void> {
    const { client, results, reports } = this.#options;
    const generation = this.#generation;
    let count = 0;
    for (let next = this.#changes.take(); next !== undefined; next = this.#changes.take()) {
      const { kind, key, namespace, name } = next;
      count += 1;
      const found = await client.get(kind, name, namespace === '' ? {} : { namespace });
      if (found.kind === 'found') await this.#judge(kind, found.value, 'change');
      else if (found.kind === 'none') {
        results.remove(key, namespace);
        this.#options.gone?.(next);
      } else {
        this.#changes.again(next);
        break;
      }
      if (this.#isOver(generation)) return;
    }
    if (this.#changes.takeOverflow()) this.#scanned = -1;
    if (count > 0) await reports.write('change');
  }

  /** The key under which its results are kept; undefined: it is not judged. */
  async #judge(kind: KubeResource, whole: JsonObject, origin: 'scan' | 'change'): Promise<string | undefined> {
    const { results, exemptNamespaces, found } = this.#options;
    const object = bareObject(whole);
    const scanned = scannedObject(object);
    const own = kind.resource === 'namespaces' && groupOf(kind) === '' ? scanned.name : (scanned.namespace ?? '');
    if (exemptNamespaces.has(own)) return undefined;
    const key = `${nameOf(kind)} ${scanned.namespace ?? ''}/${scanned.name}`;
    const request = requestOf(kind, object);
    const outcome = await this.#outcomeOf(request);
    this.#judged += 1;
    const isNew = results.put(key, scanned, outcome.decisions);
    if (isNew) found?.(request, outcome);
    await this.#tellWrites(request, outcome, origin);
    if (this.#judged % batch === 0)
      await this.#options.pause((batch / (this.#options.objectsPerSecond ?? usualRate)) * 1_000);
    return key;
  }

  async #outcomeOf(request: AdmissionRequest): Promise<Judgement> {
    try {
      return await this.#ask(request, 'validate');
    } catch (error) {
      const decision = {
        policy: 'landwaiter',
        rule: 'lookup',
        outcome: 'error',
        effect: 'audit',
        message: messageOf(error),
        engine: 'landwaiter',
      } as const;
      const nothing = { patch: [], object: request.object, auditAnnotations: {}, writes: [] };
      return { decisions: [decision], ...nothing, isWhole: false };
    }
  }

  async #ask(request: AdmissionRequest, phase: 'validate' | 'mutate'): Promise<Judgement> {
    const { asking, clock } = this.#options;
    const data = this.#options.data();
    const { set } = this.#policies ?? {};
    if (set === undefined) throw new Error('no policies are loaded');
    const judge = (): Judgement => {
      let isWhole = true;
      const provider = noticingFailures(data.provider, () => {
        isWhole = false;
      });
      const outcome = set.judge(request, { ...data, provider, phase, writes: 'wanted' });
      return { ...outcome, isWhole };
    };
    return asking.judge(judge, { time: clock.now(), milliseconds: lookingTime });
  }

  /** Objects that policies make are told with the judgement; those that they change, when they are asked what they change. */
  async #tellWrites(request: AdmissionRequest, outcome: Judgement, origin: 'scan' | 'change'): Promise<void> {
    const { wants, judged } = this.#options;
    const { writes: made } = outcome;
    if (wants === undefined) return;
    const policies = this.#policies?.documents ?? [];
    const documents = byPolicyName(policies);
    const changes = [...documents.values()].some(hasTargets) ? (await this.#ask(request, 'mutate')).writes : [];
    const metadata = asObject(request.object?.['metadata']);
    const created = Date.parse(asString(metadata?.['creationTimestamp']) ?? '');
    const because = scannedObject(request.object ?? {});
    for (const write of [...made, ...changes]) {
      const intent = intentOf(write, documents);
      const isYounger = intent.since !== undefined && created >= intent.since;
      if (origin === 'change' || intent.forExisting || isYounger) wants(write, intent, because);
    }
    if (origin === 'change' && outcome.isWhole) judged?.(because, outcome, new Set(policies.map(policyKeyOf)));
  }
}

function hasTargets(document: JsonObject): boolean {
  return JSON.stringify(document['spec'] ?? {}).includes('"targets":');
}
