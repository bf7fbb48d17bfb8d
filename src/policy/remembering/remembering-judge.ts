// SPDX-License-Identifier: Apache-2.0
// Judges a request by the parts of a policy set that cannot be told to pass it from an earlier one. Pods of one workload differ in what hardly any policy looks at
// (names, uids, times), and a cluster sees thousands of them: what passed once without a word passes again when everything that was read is the same, and every
// answer that was given. What fails, warns or annotates is judged each time, so that what is told is always of this request.
//
// Sound because judgements are functions of what they read and are told (observation.ts): with the same values at all places that they read then, they read the same
// places again, one after the other, and come to the same end.
import type { AdmissionRequest } from '../admission-policy/request.ts';
import type { EngineData, EngineOutcome, EngineSurroundings } from '../engine.ts';
import { Observation, stillHolds } from './observation.ts';
import type { AskingPart, PartPlace, PassMemoryLimits, Remembered } from './pass-memory.ts';
import { PassMemory } from './pass-memory.ts';
import { Reading, ReadPaths } from './read-paths.ts';

/** Something of which parts can be judged alone. */
export interface SeparableJudge {
  /** How many parts there are; those that must be judged in any case are not `separable`. */
  readonly parts: readonly { readonly separable: boolean }[];
  /** Without `only` all parts. */
  judge(request: AdmissionRequest, data: EngineData, only?: ReadonlySet<number>): EngineOutcome;
}

/** By member: which parts are judged; undefined: none of it. */
export type Chosen = readonly (ReadonlySet<number> | undefined)[];

export interface RememberingState {
  readonly entries: number;
  /** Requests of which an earlier one was remembered, and others. */
  readonly known: number;
  readonly unknown: number;
  /** Judgements that were watched. */
  readonly watched: number;
  /** Watched judgements that came to another end than the unwatched one: nothing is remembered any more. */
  readonly contradictions: number;
}

export interface RememberingLimits extends PassMemoryLimits {
  /** Values of one request that are compared. */
  readonly values: number;
}

/** Places that policies may read in all; a set that goes beyond reads names that requests make up. */
const mostPlaces = 5_000;
/** Watching takes some thirty times as long as judging: it is done for one request in so many at most, but for the first ones. */
const watchEvery = 64;
const watchAtFirst = 32;
/** Requests that were seen once. */
const mostSeen = 8_192;

/** Clock and chance for policies: a judgement that asks them is not remembered. */
export class SurroundingsWatch {
  observation: Observation | undefined;
  /** What policies are compiled with; undefined: there is none. */
  readonly seen: EngineSurroundings | undefined;

  constructor(surroundings: EngineSurroundings | undefined) {
    if (surroundings === undefined) return;
    this.seen = {
      now: () => {
        this.observation?.spoil();
        return surroundings.now();
      },
      random: (below) => {
        this.observation?.spoil();
        return surroundings.random(below);
      },
    };
  }
}

export class RememberingJudge {
  readonly #members: readonly SeparableJudge[];
  readonly #memory: PassMemory;
  readonly #reading: Reading;
  /** What all parts together read, that are ever remembered. */
  #paths = alwaysRead();
  readonly #seen = new Set<number>();
  #watches = watchAtFirst;
  readonly #surroundings: SurroundingsWatch;
  #known = 0;
  #unknown = 0;
  #watched = 0;
  #contradictions = 0;

  /** `watch`: of the surroundings with which the members were compiled. */
  constructor(
    members: readonly SeparableJudge[],
    { limits, watch }: { readonly limits: RememberingLimits; readonly watch: SurroundingsWatch },
  ) {
    this.#members = members;
    this.#surroundings = watch;
    this.#memory = new PassMemory(limits);
    this.#reading = new Reading(limits.values);
  }

  get state(): RememberingState {
    return {
      entries: this.#memory.size,
      known: this.#known,
      unknown: this.#unknown,
      watched: this.#watched,
      contradictions: this.#contradictions,
    };
  }

  /** The parts that have something to say of a request, or may have; undefined: nothing is remembered of it, all are asked. Never throws. */
  recall(request: AdmissionRequest, data: EngineData): Chosen | undefined {
    this.#watches = Math.min(watchAtFirst, this.#watches + 1 / watchEvery);
    const remembered = this.#read(request, data) ? this.#memory.get(this.#reading) : undefined;
    if (remembered === undefined) {
      this.#unknown += 1;
      return undefined;
    }
    const chosen = chosenOf(remembered, data);
    // Something in the world has changed since: it is watched anew when such a request comes again.
    if (chosen !== remembered.open) this.#memory.delete(this.#reading);
    if (chosen === undefined) this.#unknown += 1;
    else this.#known += 1;
    return chosen;
  }

  /** After a request of which nothing was remembered has been judged: watches the parts when such requests come again and again. Never throws. */
  consider(request: AdmissionRequest, data: EngineData): void {
    if (this.#contradictions > 0 || !this.#read(request, data)) return;
    const { hash } = this.#reading;
    if (!this.#seen.has(hash)) {
      if (this.#seen.size >= mostSeen) this.#seen.clear();
      this.#seen.add(hash);
    } else if (this.#watches >= 1) {
      this.#watches -= 1;
      this.#watch(request, data);
    }
  }

  /** False when it holds more than is compared, or when not all of it is known. */
  #read(request: AdmissionRequest, { cluster }: EngineData): boolean {
    try {
      const asksNamespace = this.#paths.names.includes('namespace') && request.namespace !== undefined;
      const namespace = asksNamespace ? cluster.namespace(request.namespace) : undefined;
      return this.#reading.read(this.#paths, { request, namespace });
    } catch {
      return false;
    }
  }

  #watch(request: AdmissionRequest, data: EngineData): void {
    this.#watched += 1;
    const passing: Passing[] = [];
    for (const [member, { parts }] of this.#members.entries())
      for (const [part, { separable }] of parts.entries()) {
        const passed = separable ? this.#passes({ member, part }, request, data) : undefined;
        if (passed !== undefined) passing.push({ member, part, ...passed });
      }
    const passed = this.#members.map((_, member) => setOf(passing.filter((place) => place.member === member)));
    if (!this.#isQuiet(passed, request, data)) {
      this.#contradictions += 1;
      this.#memory.clear();
      return;
    }
    let isNew = false;
    for (const { paths } of passing) isNew = this.#paths.add(paths) || isNew;
    if (isNew) this.#memory.clear();
    if (this.#paths.size > mostPlaces) {
      this.#paths = alwaysRead();
      this.#memory.clear();
      return;
    }
    if (!this.#read(request, data)) return;
    const open = this.#members.map(({ parts }, member) => {
      const rest = [...parts.keys()].filter((part) => passed[member]?.has(part) !== true);
      return rest.length === 0 ? undefined : new Set(rest);
    });
    const calls = passing.map(({ calls: own }) => own);
    const presence = new Map(
      calls.flat().flatMap((call) => (call.input === undefined ? [[`${call.source} ${call.name}`, call]] : [])),
    );
    const asking = passing.flatMap(({ member, part, calls: own }): AskingPart[] => {
      const questions = own.filter(({ input }) => input !== undefined);
      return questions.length === 0 ? [] : [{ member, part, calls: questions }];
    });
    this.#memory.put(this.#reading, { open, asking, presence: [...presence.values()] });
  }

  /** Undefined: it has something to say, or what it does cannot be remembered. */
  #passes({ member, part }: PartPlace, request: AdmissionRequest, data: EngineData): Watched | undefined {
    const observation = new Observation(request, data);
    this.#surroundings.observation = observation;
    try {
      const { cluster, provider } = observation;
      const seen = this.#members[member]?.judge(observation.request, { ...data, cluster, provider }, new Set([part]));
      if (seen === undefined || !isQuiet(seen) || observation.isSpoiled) return undefined;
    } catch {
      return undefined;
    } finally {
      this.#surroundings.observation = undefined;
    }
    const { paths, calls } = observation;
    return differsEachTime(paths) || paths.size > mostPlaces / 10 ? undefined : { paths, calls };
  }

  /** Whether parts that passed while they were watched have nothing to say when they are not. */
  #isQuiet(chosen: Chosen, request: AdmissionRequest, data: EngineData): boolean {
    return chosen.every((only, member) => {
      const judge = this.#members[member];
      return only === undefined || judge === undefined || isQuiet(judge.judge(request, data, only));
    });
  }
}

interface Watched {
  readonly paths: ReadPaths;
  readonly calls: Observation['calls'];
}

interface Passing extends PartPlace, Watched {}

function setOf(places: readonly PartPlace[]): ReadonlySet<number> | undefined {
  return places.length === 0 ? undefined : new Set(places.map(({ part }) => part));
}

/** The remembered choice itself when nothing has changed; undefined when it does not count at all. */
function chosenOf({ open, asking, presence }: Remembered, data: EngineData): Chosen | undefined {
  let chosen: (ReadonlySet<number> | undefined)[] | undefined;
  try {
    for (const call of presence) if (!stillHolds(call, data)) return undefined;
    for (const { member, part, calls } of asking) {
      if (calls.every((call) => stillHolds(call, data))) continue;
      chosen ??= [...open];
      chosen[member] = new Set([...(chosen[member] ?? []), part]);
    }
  } catch {
    return undefined;
  }
  return chosen ?? open;
}

/** Callers who remember ask for breaches alone: what passes or is skipped may be left out. */
function isQuiet({ decisions, patch, object, auditAnnotations = {}, writes = [] }: EngineOutcome): boolean {
  return (
    object === undefined &&
    patch.length === 0 &&
    writes.length === 0 &&
    Object.keys(auditAnnotations).length === 0 &&
    decisions.every(({ outcome }) => outcome === 'pass' || outcome === 'skip')
  );
}

/** Which policies are asked at all hangs on these. */
function alwaysRead(): ReadPaths {
  const paths = new ReadPaths().read();
  const request = paths.member('request').read();
  for (const name of ['operation', 'subResource']) request.member(name).read();
  const [kind, resource] = [request.member('kind').read(), request.member('resource').read()];
  for (const name of ['group', 'version', 'kind']) kind.member(name).read();
  for (const name of ['group', 'version', 'resource']) resource.member(name).read();
  return paths;
}

const mark = 'differs each time';
const marked = {
  metadata: { name: mark, uid: mark, resourceVersion: mark, creationTimestamp: mark, managedFields: mark },
};
const sample = { request: { uid: mark, name: mark, object: marked, oldObject: marked } };

/** Whether somebody reads what is different in each request: such a part is judged each time, or else nobody's pass would be remembered. */
function differsEachTime(paths: ReadPaths): boolean {
  const reading = new Reading(10_000);
  return !reading.read(paths, sample) || reading.values.includes(mark);
}
