// SPDX-License-Identifier: Apache-2.0
// What policies make and change in the background, one after the other with pauses. Without the permission to act it is only told. An object that is written again and
// again (two policies that disagree, a controller that puts back) is left alone after a few times.
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import type { Clock } from '../../../../io/clock.ts';
import type { KubeClient } from '../../../../io/kube/client.ts';
import type { KubeChange } from '../../../../io/kube/outcome.ts';
import type { Logger } from '../../../../io/log.ts';
import { messageOf } from '../../../../model/error.ts';
import type { PolicyWrite } from '../../../../policy/engine.ts';
import { ToldOnce } from '../told-once.ts';
import type { GeneratedFrom } from './generated-marks.ts';
import { isSameRule, marked, marksOf, unmarked, withTrigger } from './generated-marks.ts';
import { isPartOf } from './json-part.ts';
import { RepeatGuard } from './repeat-guard.ts';
import { toldRefusal } from './told-refusal.ts';

export interface WritesOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly acts: boolean;
  readonly isLeader: () => boolean;
  readonly exemptNamespaces: ReadonlySet<string>;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Something was written, or could not be. */
  readonly told?: (told: ToldWrite) => void;
}

export interface ToldWrite {
  readonly write: PolicyWrite;
  readonly policyKind: string | undefined;
  readonly outcome:
    | { readonly kind: 'written'; readonly object: JsonObject }
    | { readonly kind: 'failed'; readonly why: string };
}

const fieldManager = 'landwaiter-generate';
const madeBy = 'landwaiter.dev/made-by';
/** Milliseconds between two writes. */
const between = 100;
const mostOpen = 5_000;
const mostMade = 50_000;
/** So often may one object be written in so many milliseconds. */
const guard = { times: 5, within: 600_000 };

export interface WriteReason {
  readonly isKept: boolean;
  readonly afterOwn: boolean;
  readonly because: string;
  /** Whom an object that is made here is to go with; undefined: with nobody. */
  readonly from?: GeneratedFrom | undefined;
  /** Kind of the policy; absent where nobody knows it. */
  readonly policyKind?: string | undefined;
}

interface Open {
  readonly write: PolicyWrite;
  readonly isKept: boolean;
  readonly from: GeneratedFrom | undefined;
  readonly policyKind: string | undefined;
}

export class BackgroundWrites {
  readonly #options: WritesOptions;
  readonly #open = new Map<string, Open>();
  readonly #told: ToldOnce;
  /** By uid. */
  readonly #made = new Set<string>();
  readonly #guard: RepeatGuard;
  #running: Promise<void> | undefined;
  #done = 0;
  #failed = 0;
  #stopped = 0;

  constructor(options: WritesOptions) {
    this.#options = options;
    this.#told = new ToldOnce(options.log);
    this.#guard = new RepeatGuard(options.clock, guard);
  }

  /** Objects that were written, could not be, and are left alone because they were written too often. */
  get counts(): { readonly done: number; readonly failed: number; readonly stopped: number } {
    return { done: this.#done, failed: this.#failed, stopped: this.#stopped };
  }

  /**
   * Returns at once. `isKept`: what is there already is made as the policy says. `because`: uid of the object that makes the policy want it; one that was made here
   * is no reason, unless the policy says so (`afterOwn`), since rules that go on from what they made never end.
   */
  offer(write: PolicyWrite, { isKept, afterOwn, because, from, policyKind }: WriteReason): void {
    const { log, acts, exemptNamespaces } = this.#options;
    if (this.#made.has(because) && !afterOwn) return;
    const key = keyOf(write.object);
    const namespace = asString(asObject(write.object['metadata'])?.['namespace']) ?? '';
    if (exemptNamespaces.has(namespace)) {
      this.#told.tell(`${sentenceOf(write)}: nothing is written to this namespace`);
      return;
    }
    if (!acts) {
      this.#told.tell(`${sentenceOf(write)}; it is not written (--act)`);
      return;
    }
    if (this.#open.size >= mostOpen && !this.#open.has(key)) {
      this.#told.tell(`more than ${mostOpen} objects wait to be written; the next scan comes back to the rest`);
      return;
    }
    this.#open.set(key, { write, isKept, from, policyKind });
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    log.debug(sentenceOf(write));
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let [next] = this.#open; next !== undefined; [next] = this.#open) {
      const [key, open] = next;
      this.#open.delete(key);
      if (!this.#options.isLeader()) {
        this.#open.clear();
        return;
      }
      try {
        if (await this.#writeOne(key, open)) await this.#options.pause(between);
      } catch (error) {
        this.#fail(open, open.write, messageOf(error));
      }
    }
  }

  /** Whether the object was written. */
  async #writeOne(key: string, open: Open): Promise<boolean> {
    const { client, log, told } = this.#options;
    const { write: wanted, isKept, from, policyKind } = open;
    const { object } = wanted;
    const metadata = asObject(object['metadata']) ?? {};
    const [name, namespace] = [asString(metadata['name']) ?? '', asString(metadata['namespace'])];
    const place = namespace === undefined ? {} : { namespace };
    const kind = { apiVersion: asString(object['apiVersion']) ?? '', kind: asString(object['kind']) ?? '' };
    const existing = await client.get(kind, name, place);
    if (existing.kind === 'unknown') throw new Error(existing.reason);
    const write = wanted.kind === 'make' ? withMarks(wanted, from, existing) : wanted;
    if (write.kind === 'change' && existing.kind === 'none') return false;
    if (
      existing.kind === 'found' &&
      (write.kind === 'change' || isKept) &&
      isPartOf(wantedOf(write.object), existing.value)
    )
      return false;
    if (existing.kind === 'found' && write.kind === 'make' && !isKept) return false;
    if (!this.#mayWrite(key, write)) return false;
    const change = await this.#change(write, existing.kind === 'found', place);
    if (change.kind === 'done') {
      this.#done += 1;
      if (write.kind === 'make') this.#remember(change.value);
      log.info(`${sentenceOf(write)}: written`);
      told?.({ write, policyKind, outcome: { kind: 'written', object: change.value } });
    } else this.#fail(open, write, change.kind === 'refused' ? toldRefusal(kind.kind, change) : change.reason);
    return true;
  }

  #fail({ policyKind }: Open, write: PolicyWrite, why: string): void {
    this.#failed += 1;
    this.#told.tell(`${sentenceOf(write)}: ${why}`);
    this.#options.told?.({ write, policyKind, outcome: { kind: 'failed', why } });
  }

  #change(
    { kind, object, policy, rule }: PolicyWrite,
    isThere: boolean,
    place: { readonly namespace?: string },
  ): Promise<KubeChange<JsonObject>> {
    const { client } = this.#options;
    // The version that the policies saw is the precondition: what changed meanwhile is judged again first.
    if (kind === 'change') return client.update(object, { fieldManager, ...place });
    const metadata = asObject(object['metadata']) ?? {};
    const annotations = { ...asObject(metadata['annotations']), [madeBy]: `${policy}/${rule}` };
    const made = { ...object, metadata: { ...metadata, annotations } };
    if (isThere) return client.apply(made, { fieldManager, force: true, ...place });
    return client.create(made, { fieldManager, ...place });
  }

  #remember(made: JsonObject): void {
    const uid = asString(asObject(made['metadata'])?.['uid']);
    if (uid === undefined) return;
    // The oldest goes: what was made long ago has been judged long ago.
    const [oldest] = this.#made;
    if (this.#made.size >= mostMade && oldest !== undefined) this.#made.delete(oldest);
    this.#made.add(uid);
  }

  #mayWrite(key: string, write: PolicyWrite): boolean {
    if (this.#guard.mayAct(key)) return true;
    this.#stopped += 1;
    this.#told.tell(
      `${sentenceOf(write)}: it was written ${guard.times} times in ${guard.within / 60_000} minutes and is left alone; who else changes it?`,
    );
    return false;
  }
}

/** What was made here says for whom. What was there before is never marked: it goes with nobody. */
function withMarks(
  write: PolicyWrite,
  from: GeneratedFrom | undefined,
  existing: { readonly kind: 'none' } | { readonly kind: 'found'; readonly value: JsonObject },
): PolicyWrite {
  const object = unmarked(write.object);
  if (from === undefined) return { ...write, object };
  if (existing.kind === 'none') return { ...write, object: marked(object, from) };
  const before = marksOf(existing.value);
  if (before === undefined || !isSameRule(before, from)) return { ...write, object };
  return { ...write, object: marked(object, withTrigger(from, before)) };
}

/** What is to be there: versions and status are the server's. */
function wantedOf(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  const { name, namespace, labels = {}, annotations = {} } = asObject(metadata) ?? {};
  return { ...rest, metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels, annotations } };
}

function keyOf(object: JsonObject): string {
  const { name, namespace } = asObject(object['metadata']) ?? {};
  return JSON.stringify([object['apiVersion'], object['kind'], namespace, name]);
}

function sentenceOf({ policy, rule, kind, object }: PolicyWrite): string {
  const metadata = asObject(object['metadata']);
  const [name, namespace] = [asString(metadata?.['name']) ?? '', asString(metadata?.['namespace'])];
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  return `${policy}/${rule} ${kind === 'make' ? 'makes' : 'changes'} ${String(object['kind'])} ${place}`;
}
