// SPDX-License-Identifier: Apache-2.0
// Watches one judgement: which parts of the request it reads, what it asks of the world, and whether it does anything that nobody can watch. The judgement is given
// stand-ins (proxies) that note each access. Policies decide by what they read and are told, and by nothing else: whoever reads the same gets the same verdict.
import type { AdmissionRequest } from '../admission-policy/request.ts';
import { watched } from '../admission-policy/seen-request.ts';
import type { EngineData } from '../engine.ts';
import { ReadPaths } from './read-paths.ts';
import type { ToldAnswer } from './told-answer.ts';
import { isLookup, isToldAgain, toldAnswer } from './told-answer.ts';

/** A question to the world and what it answered. The same question may be put again: if the very same answer comes, nothing has changed. */
export interface Call {
  readonly source: 'cluster' | 'provider';
  readonly name: string;
  /** Undefined: only whether there is such a function was asked. */
  readonly input: readonly unknown[] | undefined;
  readonly answer: ToldAnswer;
}

type Source = Readonly<Record<string, unknown>>;

/** Whether the world still says what it said. */
export function stillHolds({ source, name, input, answer }: Call, data: EngineData): boolean {
  const owner = data[source] as unknown as Source;
  const member = owner[name];
  const told: unknown =
    input === undefined ? typeof member : typeof member === 'function' && Reflect.apply(member, owner, input);
  return isToldAgain(told, answer);
}

/** Questions about how things stand, which may be put again. Everything else that is asked spoils. */
const repeatable: ReadonlySet<string> = new Set([
  'configMap',
  'globalContext',
  'imageConfigs',
  'imageData',
  'imageDigest',
  'imageSignature',
  'objects',
  'pullCredentials',
]);

/** What every DataProvider and every AdmissionData has. */
const always: ReadonlySet<string> = new Set([
  'cluster objects',
  'cluster namespace',
  'provider configMap',
  'provider apiCall',
  'provider imageData',
  'provider globalContext',
  'provider addressesOf',
]);

/** More of one judgement are not worth repeating. */
const mostCalls = 100;

export class Observation {
  readonly paths = new ReadPaths().read();
  readonly calls: Call[] = [];
  readonly request: AdmissionRequest;
  readonly cluster: EngineData['cluster'];
  readonly provider: EngineData['provider'];
  #isSpoiled = false;
  readonly #standIns = new WeakMap<object, { readonly standIn: object; readonly paths: ReadPaths }>();
  readonly #isStandIn = new WeakSet();
  readonly #unchangeable = unchangeable(() => this.spoil());

  constructor(request: AdmissionRequest, { cluster, provider }: EngineData) {
    this.request = this.#observed(request, this.paths.member('request').read(), 0) as AdmissionRequest;
    this.cluster = this.#source('cluster', cluster, (name, input) =>
      // The namespace of the request is read like the request itself.
      name === 'namespace' && input.length === 1 && input[0] === request.namespace
        ? { value: this.#namespace(() => cluster.namespace(request.namespace ?? '')) }
        : undefined,
    );
    this.provider = this.#source('provider', provider, () => undefined);
  }

  /** Whether something was done that the next judgement might find changed although everything that was noted is the same. */
  get isSpoiled(): boolean {
    return this.#isSpoiled;
  }

  spoil(): void {
    this.#isSpoiled = true;
  }

  #observed(value: unknown, paths: ReadPaths, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return value;
    // Stand-ins take more of the stack: whoever goes down far enough could run out of it here and nowhere else.
    if (depth > mostDepth) this.spoil();
    const known = this.#standIns.get(value);
    if (known !== undefined) {
      // The same object in two places: what is read of it would be noted of the first one alone.
      if (known.paths !== paths) this.spoil();
      return known.standIn;
    }
    const standIn = new Proxy(
      value,
      Array.isArray(value) ? this.#ofList(paths, depth + 1) : this.#ofMap(paths, depth + 1),
    );
    this.#standIns.set(value, { standIn, paths });
    this.#isStandIn.add(standIn);
    return standIn;
  }

  #ofMap(paths: ReadPaths, depth: number): ProxyHandler<object> {
    const read = (target: object, name: string): unknown =>
      this.#observed(Reflect.get(target, name) as unknown, paths.member(name).read(), depth);
    return {
      ...this.#unchangeable,
      get: (target, name) => {
        if (name === watched) return true;
        if (typeof name === 'symbol') return Reflect.get(target, name) as unknown;
        // It is not there; what all objects inherit in its place is the same for all.
        if (Object.hasOwn(target, name)) return read(target, name);
        paths.member(name);
        return Reflect.get(target, name) as unknown;
      },
      has: (target, name) => {
        if (typeof name === 'string') paths.member(name);
        return Reflect.has(target, name);
      },
      ownKeys: (target) => {
        paths.list();
        return Reflect.ownKeys(target);
      },
      // Whoever lists names asks for the descriptor of each, and seldom for its value: that is noted when it is asked for.
      getOwnPropertyDescriptor: (target, name) => {
        if (typeof name === 'symbol') return Reflect.getOwnPropertyDescriptor(target, name);
        if (!paths.isListed) paths.member(name);
        if (!Object.hasOwn(target, name)) return undefined;
        return { configurable: true, enumerable: true, get: () => read(target, name) };
      },
    };
  }

  /** The length of a list is always compared, so there is nothing to note but its items. */
  #ofList(paths: ReadPaths, depth: number): ProxyHandler<object> {
    const isItem = (name: string | symbol): name is string => typeof name === 'string' && /^\d+$/.test(name);
    const read = (target: object, name: string): unknown =>
      this.#observed(Reflect.get(target, name) as unknown, paths.items().read(), depth);
    return {
      ...this.#unchangeable,
      get: (target, name) =>
        isItem(name) && Object.hasOwn(target, name) ? read(target, name) : (Reflect.get(target, name) as unknown),
      getOwnPropertyDescriptor: (target, name) =>
        isItem(name) && Object.hasOwn(target, name)
          ? { configurable: true, enumerable: true, get: () => read(target, name) }
          : Reflect.getOwnPropertyDescriptor(target, name),
    };
  }

  #source<T extends object>(
    source: Call['source'],
    target: T,
    known: (name: string, input: readonly unknown[]) => { readonly value: unknown } | undefined,
  ): T {
    return new Proxy<T>(target, {
      ...this.#unchangeable,
      get: (owner: T, name) => {
        const member = Reflect.get(owner, name) as unknown;
        if (typeof name === 'symbol') return member;
        // Those that everybody has need no note.
        if (!always.has(`${source} ${name}`))
          this.#note({ source, name, input: undefined, answer: toldAnswer(typeof member) });
        if (typeof member !== 'function') {
          if (member !== undefined) this.spoil();
          return member;
        }
        return (...input: readonly unknown[]): unknown => {
          const own = known(name, input);
          if (own !== undefined) return own.value;
          const answer = this.#asked(() => Reflect.apply(member, owner, input) as unknown);
          if (!repeatable.has(name) || isOpen(answer) || input.some((item) => this.#holdsStandIn(item, 0)))
            this.spoil();
          this.#note({ source, name, input, answer: toldAnswer(answer) });
          return answer;
        };
      },
      ownKeys: (owner) => {
        this.spoil();
        return Reflect.ownKeys(owner);
      },
      has: (owner, name) => {
        this.spoil();
        return Reflect.has(owner, name);
      },
    });
  }

  #namespace(ask: () => unknown): unknown {
    return this.#observed(this.#asked(ask), this.paths.member('namespace').read(), 0);
  }

  /** What somebody throws is no answer, whatever a judgement makes of it. */
  #asked<T>(ask: () => T): T {
    try {
      return ask();
    } catch (error) {
      this.spoil();
      throw error;
    }
  }

  #note(call: Call): void {
    const isKnown = this.calls.some(
      ({ source, name, input }) =>
        call.input === undefined && input === undefined && source === call.source && name === call.name,
    );
    if (isKnown) return;
    if (this.calls.length >= mostCalls) this.spoil();
    else this.calls.push(call);
  }

  /** A question that holds a part of the request would be put again with that part of an older one. */
  #holdsStandIn(value: unknown, depth: number): boolean {
    if (typeof value !== 'object' || value === null) return false;
    if (this.#isStandIn.has(value) || depth > mostAskedDepth) return true;
    return Object.values(value).some((member) => this.#holdsStandIn(member, depth + 1));
  }
}

/** Of what is asked. */
const mostAskedDepth = 20;
/** Of a request: no object of Kubernetes is as deep. */
const mostDepth = 200;

/** Requests are read, never written; a judgement that tries meets an error which others do not meet, whatever it makes of that. */
function unchangeable(spoil: () => void): ProxyHandler<object> {
  const refuse = (): false => {
    spoil();
    return false;
  };
  return {
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    setPrototypeOf: refuse,
    preventExtensions: refuse,
  };
}

/** Not known yet, or nobody could tell: the next look may find more. */
function isOpen(answer: unknown): boolean {
  return isLookup(answer) && (answer.kind === 'pending' || answer.kind === 'failed');
}
