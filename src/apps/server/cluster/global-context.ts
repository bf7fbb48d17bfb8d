// SPDX-License-Identifier: Apache-2.0
// Kyverno's global context (GlobalContextEntry, kyverno.io): objects of one resource that are watched, or an answer of the API server that is asked for again and
// again, with projections that are worked out once for each state. Only what installed entries name is kept, and no more than a limit for all of them.
// Not here: entries that ask other services.
import type { JsonObject } from '../../../formats/document.ts';
import { asArray, asObject, asString } from '../../../formats/document.ts';
import { parseGoDuration } from '../../../formats/go-duration.ts';
import type { KubeClient, KubeResource } from '../../../io/kube/client.ts';
import type { KubeUnknown } from '../../../io/kube/outcome.ts';
import { messageOf } from '../../../model/error.ts';
import { defaultLimits } from '../../../model/limits.ts';
import { kindOfResource } from '../../../policy/admission-policy/rest-mapping.ts';
import type { Lookup } from '../../../policy/data-provider.ts';
import type { EngineSurroundings } from '../../../policy/engine.ts';
import { JmespathFault } from '../../../policy/jmespath/fault.ts';
import { Queries } from '../../../policy/kyverno/queries.ts';
import { askApiServer } from './api-answers.ts';
import { bareObject } from './bare-object.ts';
import { settledWatch } from './settled-watch.ts';

export interface GlobalContextOptions {
  readonly client: KubeClient;
  /** For expressions of projections. */
  readonly surroundings: EngineSurroundings;
  readonly failed: (unknown: KubeUnknown) => void;
  /** Characters that all entries may keep. */
  readonly most?: number;
}

/** Where the value of an entry comes from. */
interface Source {
  /** Changes with the value. */
  readonly version: number;
  /** Characters of what is kept. */
  readonly size: number;
  readonly ready: Promise<void>;
  value(): Lookup<unknown>;
  close(): void;
}

interface Entry {
  readonly text: string;
  readonly source: Source;
  /** Expression by the name of a projection. */
  readonly projections: ReadonlyMap<string, string>;
  readonly projected: Map<string, { readonly version: number; readonly value: Lookup<unknown> }>;
}

const usualRefresh = 600_000;
const leastRefresh = 10_000;
const mostRefresh = 86_400_000;

export class GlobalContext {
  readonly #options: GlobalContextOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #queries: Queries;

  constructor(options: GlobalContextOptions) {
    this.#options = options;
    const { surroundings } = options;
    this.#queries = new Queries({ now: () => surroundings.now(), random: (below) => surroundings.random(below) });
  }

  /** Resolves when all entries have a value, or the server has said that they will have none. */
  follow(objects: readonly JsonObject[]): Promise<void> {
    const wanted = new Map(objects.map((object) => [nameOf(object), object]));
    for (const [name, entry] of this.#entries) {
      const object = wanted.get(name);
      if (object !== undefined && JSON.stringify(object['spec']) === entry.text) continue;
      entry.source.close();
      this.#entries.delete(name);
    }
    for (const [name, object] of wanted) if (!this.#entries.has(name)) this.#entries.set(name, this.#open(object));
    return Promise.all([...this.#entries.values()].map(({ source }) => source.ready)).then(() => undefined);
  }

  /** The value of an entry, or one of its projections. */
  lookup(name: string, projection: string | undefined): Lookup<unknown> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return { kind: 'absent' };
    const kept = [...this.#entries.values()].reduce((sum, { source }) => sum + source.size, 0);
    if (kept > (this.#options.most ?? defaultLimits.globalContextBytes))
      return { kind: 'failed', message: `the global context holds ${kept} characters, which is more than is kept` };
    if (projection === undefined) {
      if (entry.source.size > defaultLimits.policyContextLength)
        return {
          kind: 'failed',
          message: `global context entry ${name} holds ${entry.source.size} characters, more than a context takes; use a projection`,
        };
      return entry.source.value();
    }
    const { version } = entry.source;
    // Names that requests make up are not kept.
    if (!entry.projections.has(projection)) return this.#project(name, projection, entry);
    const known = entry.projected.get(projection);
    if (known?.version === version) return known.value;
    const value = this.#project(name, projection, entry);
    entry.projected.set(projection, { version, value });
    return value;
  }

  close(): void {
    for (const { source } of this.#entries.values()) source.close();
    this.#entries.clear();
  }

  #project(name: string, projection: string, { source, projections }: Entry): Lookup<unknown> {
    const expression = projections.get(projection);
    if (expression === undefined)
      return { kind: 'failed', message: `global context entry ${name} has no projection ${projection}` };
    const whole = source.value();
    if (whole.kind !== 'found') return whole;
    const found = this.#queries.search(expression, whole.value);
    if (found instanceof JmespathFault)
      return { kind: 'failed', message: `global context entry ${name}.${projection}: ${found.message}` };
    return { kind: 'found', value: found };
  }

  #open(object: JsonObject): Entry {
    const spec = asObject(object['spec']) ?? {};
    const projections = asArray(spec['projections']).flatMap((item): [string, string][] => {
      const { name, jmesPath } = asObject(item) ?? {};
      return typeof name === 'string' && typeof jmesPath === 'string' ? [[name, jmesPath]] : [];
    });
    return {
      text: JSON.stringify(object['spec']),
      source: this.#sourceOf(nameOf(object), spec),
      projections: new Map(projections),
      projected: new Map(),
    };
  }

  #sourceOf(name: string, spec: JsonObject): Source {
    const resource = asObject(spec['kubernetesResource']);
    if (resource !== undefined) return watchedSource(resource, this.#options);
    const call = asObject(spec['apiCall']);
    const urlPath = asString(call?.['urlPath']);
    if (call === undefined || urlPath === undefined || urlPath === '')
      return failedSource(`global context entry ${name}: only resources and paths of the API server are asked`);
    return polledSource(call, urlPath, this.#options.client);
  }
}

function failedSource(message: string): Source {
  return {
    version: 0,
    size: 0,
    ready: Promise.resolve(),
    value: () => ({ kind: 'failed', message }),
    close: () => undefined,
  };
}

/** Objects with the characters they take, so that the limit need not count again. */
interface Kept {
  readonly object: JsonObject;
  readonly size: number;
}

function watchedSource(wanted: JsonObject, { client, failed }: GlobalContextOptions): Source {
  const text = (key: string): string => asString(wanted[key]) ?? '';
  const [group, version, plural, namespace] = ['group', 'version', 'resource', 'namespace'].map(text);
  const resource: KubeResource = {
    apiVersion: group === '' ? (version ?? '') : `${group}/${version}`,
    // The API server is asked by the plural; the name of a custom kind is not known here, and then left out of its objects.
    kind: kindOfResource(group ?? '', plural ?? '') ?? plural ?? '',
    resource: plural ?? '',
    namespaced: namespace !== '',
  };
  const state = { version: 0, size: 0, failure: undefined as string | undefined, isComplete: false };
  const count = (before: number, after: number): void => {
    state.version += 1;
    state.size += after - before;
  };
  const { watch, complete, settled } = settledWatch<Kept>(client, resource, {
    handler: {
      project: (object) => {
        const { kind, ...bare } = bareObject(object);
        const kept = kind === plural ? bare : { kind, ...bare };
        return { object: kept, size: JSON.stringify(kept).length };
      },
      changed: (change) =>
        count(change.type === 'added' ? 0 : change.before.size, change.type === 'deleted' ? 0 : change.value.size),
      failed: (unknown) => {
        state.failure = unknown.reason;
        failed(unknown);
      },
    },
    options: namespace === undefined || namespace === '' ? {} : { namespace },
  });
  void complete.then(() => {
    state.isComplete = true;
  });
  let list: { readonly version: number; readonly objects: readonly JsonObject[] } | undefined;
  return {
    get version() {
      return state.version;
    },
    get size() {
      return state.size;
    },
    ready: settled,
    value: () => {
      if (!state.isComplete)
        return { kind: 'failed', message: `${plural} are not known: ${state.failure ?? 'they are still being read'}` };
      if (list?.version !== state.version)
        list = { version: state.version, objects: [...watch.objects.values()].map(({ object }) => object) };
      return { kind: 'found', value: list.objects };
    },
    close: () => watch.close(),
  };
}

/** Asked again after `refreshInterval`; an answer that cannot be had takes the place of the one before, since nobody can tell what holds now. */
function polledSource(call: JsonObject, urlPath: string, client: KubeClient): Source {
  const stated = parseGoDuration(asString(call['refreshInterval']) ?? '');
  const interval = Math.min(
    mostRefresh,
    Math.max(leastRefresh, stated === undefined ? usualRefresh : Number(stated / 1_000_000n)),
  );
  const state = { version: 0, size: 0, isClosed: false };
  let answer: Lookup<unknown> = { kind: 'failed', message: `${urlPath} is still being asked` };
  let timer: NodeJS.Timeout | undefined;
  const ask = async (): Promise<void> => {
    try {
      answer = await askApiServer(client, { method: 'GET', urlPath });
    } catch (error) {
      answer = { kind: 'failed', message: messageOf(error) };
    }
    state.version += 1;
    state.size = answer.kind === 'found' ? JSON.stringify(answer.value).length : 0;
    if (state.isClosed) return;
    timer = setTimeout(() => void ask(), answer.kind === 'failed' ? leastRefresh : interval);
    timer.unref();
  };
  const ready = ask();
  return {
    get version() {
      return state.version;
    },
    get size() {
      return state.size;
    },
    ready,
    value: () => answer,
    close: () => {
      state.isClosed = true;
      clearTimeout(timer);
    },
  };
}

function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])?.['name']) ?? '';
}
