// SPDX-License-Identifier: Apache-2.0
// Watches what was generated, and what copies are copies of, so that a loss or a change is known at once and not only when everything is looked at: objects of kinds that
// bear marks (their metadata, by the label of the marks), and sources. Says for which trigger something is to be judged again, and which source is gone. Without the
// right to watch nothing is lost but time.
import type { JsonObject } from '../../../../formats/document.ts';
import { asObject, asString } from '../../../../formats/document.ts';
import type { Clock } from '../../../../io/clock.ts';
import type { KindName, KubeClient, Watch, WatchHandler } from '../../../../io/kube/client.ts';
import type { Logger } from '../../../../io/log.ts';
import { ToldOnce } from '../told-once.ts';
import { fingerprint } from './changed-objects.ts';
import type { GeneratedFrom, ObjectPlace } from './generated-marks.ts';
import { marksOf, placeOf, policyLabel } from './generated-marks.ts';
import { RepeatGuard } from './repeat-guard.ts';
import { groupOf } from './scanned-kinds.ts';

export interface GeneratedWatchesOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** What was generated for this object, or what it is a copy of, is not as it was. */
  readonly touched: (trigger: ObjectPlace) => void;
  /** The source of a copy is not there any more. */
  readonly gone: (source: ObjectPlace) => void;
  /** What was made and cannot be watched, because its kind may not be listed. */
  readonly unlisted?: () => Iterable<GeneratedFrom>;
}

interface Generated {
  /** Undefined: several, or nobody knows. */
  readonly trigger: (ObjectPlace & { readonly uid: string }) | undefined;
  readonly source: ObjectPlace | undefined;
  readonly print: string;
  readonly uid: string;
  readonly place: ObjectPlace;
  readonly policy: GeneratedFrom['policy'];
  readonly rule: string;
}

/** Something that was made for one trigger. */
type MadeObject = Pick<Generated, 'uid' | 'place' | 'policy' | 'rule'>;

interface OpenSources {
  readonly watch: Watch<string>;
  /** Those that are watched for. One alone is watched by its name, several with all others of their kind and namespace. */
  readonly names: Set<string>;
  readonly place: Omit<ObjectPlace, 'name'>;
}

/** More are looked for only when everything is looked at. */
const mostKinds = 50;
const mostSources = 50;
const mostOwn = 5_000;
/** So often in so many milliseconds is a trigger judged again because something of it was deleted here: a rule that makes up names would never end. */
const guard = { times: 5, within: 600_000 };

export class GeneratedWatches {
  readonly #options: GeneratedWatchesOptions;
  readonly #told: ToldOnce;
  readonly #generated = new Map<string, { readonly watch: Watch<Generated> }>();
  readonly #sources = new Map<string, OpenSources>();
  #isDue = false;
  /** By uid: what was deleted here and has not been heard of since. */
  readonly #own = new Set<string>();
  readonly #guard: RepeatGuard;

  constructor(options: GeneratedWatchesOptions) {
    this.#options = options;
    this.#told = new ToldOnce(options.log);
    this.#guard = new RepeatGuard(options.clock, guard);
  }

  /** Kinds that bear marks, and no others from now on. */
  follow(kinds: readonly KindName[]): void {
    closeOthers(this.#generated, new Map(kinds.map((kind) => [nameIn(kind), kind])));
    for (const kind of kinds) this.add(kind);
    this.#followSources();
  }

  /** This kind too. */
  add(kind: KindName): void {
    const name = nameIn(kind);
    if (this.#generated.has(name)) return;
    if (this.#generated.size < mostKinds) this.#generated.set(name, { watch: this.#watch(kind) });
    else this.#told.tell(`more than ${mostKinds} kinds are generated; changes of the others are noticed later`);
  }

  /** What is known to be there that was made for this very object, and for no other besides. */
  madeFor(trigger: ObjectPlace & { readonly uid: string }): readonly MadeObject[] {
    return [...this.#generated.values()].flatMap(({ watch }) =>
      [...watch.objects.values()].filter(
        (made) => made.trigger?.uid === trigger.uid && made.trigger.name === trigger.name,
      ),
    );
  }

  /** It is about to be deleted here, and by nobody else. */
  deleting(uid: string): void {
    if (this.#own.size >= mostOwn) this.#own.clear();
    this.#own.add(uid);
  }

  close(): void {
    closeOthers(this.#generated, new Map());
    closeOthers(this.#sources, new Map());
  }

  #watch(kind: KindName): Watch<Generated> {
    let isComplete = false;
    const handler: WatchHandler<Generated> = {
      project: (object) => generatedIn(object, kind),
      isSame: (before, after) => before.print === after.print,
      changed: (change) => {
        if (change.type !== 'deleted' && change.value.source !== undefined) this.noteSource(change.value.source);
        // One that has just come was made for somebody who has just been judged.
        if (!isComplete || change.type === 'added') return;
        const { trigger, uid, policy, rule } = change.before;
        const isOwn = change.type === 'deleted' && this.#own.delete(uid);
        if (trigger === undefined || (isOwn && !this.#guard.mayAct(`${policy.name} ${rule} ${trigger.uid}`))) return;
        this.#options.touched(trigger);
      },
      synced: () => {
        isComplete = true;
      },
      failed: ({ fault, reason }) => {
        if (fault !== 'expired' && fault !== 'ended') this.#told.tell(`changes are noticed later: ${reason}`);
      },
    };
    return this.#options.client.watch(kind, handler, { labelSelector: policyLabel, parts: 'metadata' });
  }

  /** Together with others that come at the same time. */
  noteSource(source: ObjectPlace): void {
    if (this.#sources.get(keyOf(source))?.names.has(source.name) === true || this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => this.#followSources());
  }

  /** One watch for the sources of a kind in a namespace. */
  #followSources(): void {
    this.#isDue = false;
    const wanted = new Map<string, Set<string>>();
    const places = new Map<string, ObjectPlace>();
    for (const { source } of this.#copies()) {
      const key = keyOf(source);
      const known = wanted.get(key);
      if (known !== undefined) known.add(source.name);
      else if (wanted.size < mostSources) {
        wanted.set(key, new Set([source.name]));
        places.set(key, source);
      } else
        this.#told.tell(
          `more than ${mostSources} places have sources of copies; changes of the others are noticed later`,
        );
    }
    closeOthers(this.#sources, wanted);
    for (const [key, place] of places) {
      const names = wanted.get(key) ?? new Set();
      const open = this.#sources.get(key);
      const added = [...names].filter((name) => open?.names.has(name) !== true);
      if (open !== undefined && added.length === 0) continue;
      if (open === undefined || open.names.size === 1) {
        open?.watch.close();
        this.#sources.set(key, this.#watchSources(place, names));
      } else {
        for (const name of added) open.names.add(name);
        if (open.watch.state.phase !== 'starting') this.#catchUp(open, added);
      }
    }
  }

  #watchSources({ apiVersion, kind, namespace }: ObjectPlace, names: Set<string>): OpenSources {
    let isComplete = false;
    const [only] = names;
    const place = { apiVersion, kind, namespace };
    const handler: WatchHandler<string> = {
      project: fingerprint,
      isSame: (before, after) => before === after,
      changed: ({ type, key }) => {
        const name = key.slice(key.indexOf('/') + 1);
        if (!isComplete || !names.has(name)) return;
        if (type === 'deleted') this.#options.gone({ ...place, name });
        else this.#touchCopies({ ...place, name });
      },
      synced: () => {
        if (!isComplete) this.#catchUp(open, [...names]);
        isComplete = true;
      },
      failed: ({ fault, reason }) => {
        if (fault !== 'expired' && fault !== 'ended')
          this.#told.tell(`changes of sources are noticed later: ${reason}`);
      },
    };
    const watch = this.#options.client.watch({ apiVersion, kind }, handler, {
      parts: 'metadata',
      ...(namespace === '' ? {} : { namespace }),
      ...(names.size === 1 && only !== undefined ? { fieldSelector: `metadata.name=${only}` } : {}),
    });
    const open: OpenSources = { watch, names, place };
    return open;
  }

  /** Sources went, or were changed after they had been copied, before anybody watched them. */
  #catchUp({ watch, place }: OpenSources, names: readonly string[]): void {
    for (const name of names) {
      const key = place.namespace === '' ? name : `${place.namespace}/${name}`;
      if (watch.objects.has(key)) this.#touchCopies({ ...place, name });
      else this.#options.gone({ ...place, name });
    }
  }

  #touchCopies(place: ObjectPlace): void {
    for (const { source, trigger } of this.#copies())
      if (trigger !== undefined && isSame(source, place)) this.#options.touched(trigger);
  }

  *#copies(): Iterable<{ readonly source: ObjectPlace; readonly trigger: Generated['trigger'] }> {
    for (const { watch } of this.#generated.values())
      for (const { source, trigger } of watch.objects.values()) if (source !== undefined) yield { source, trigger };
    for (const { source, trigger } of this.#options.unlisted?.() ?? [])
      if (source !== undefined) yield { source, trigger: trigger === 'several' ? undefined : trigger };
  }
}

const nobody = { kind: '', name: '' };

function generatedIn(object: JsonObject, kind: KindName): Generated {
  const from = marksOf(object, kind);
  return {
    trigger: from === undefined || from.trigger === 'several' ? undefined : from.trigger,
    source: from?.source,
    print: fingerprint(object),
    uid: asString(asObject(object['metadata'])?.['uid']) ?? '',
    place: { ...placeOf(object), apiVersion: kind.apiVersion, kind: kind.kind },
    policy: from?.policy ?? nobody,
    rule: from?.rule ?? '',
  };
}

/** The version may be another the next time. */
function nameIn(kind: KindName): string {
  return `${groupOf(kind)} ${kind.kind}`;
}

/** Secrets are watched by name alone: the right to watch others besides is the right to read them. */
function keyOf({ apiVersion, kind, namespace, name }: ObjectPlace): string {
  return `${apiVersion} ${kind} ${namespace}${kind === 'Secret' ? ` ${name}` : ''}`;
}

function isSame(a: ObjectPlace, b: ObjectPlace): boolean {
  return a.name === b.name && keyOf(a) === keyOf(b);
}

function closeOthers<T>(open: Map<string, { readonly watch: Watch<T> }>, wanted: ReadonlyMap<string, unknown>): void {
  for (const [key, { watch }] of open) {
    if (wanted.has(key)) continue;
    watch.close();
    open.delete(key);
  }
}
