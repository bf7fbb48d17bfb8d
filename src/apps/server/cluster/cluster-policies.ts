// SPDX-License-Identifier: Apache-2.0
// Keeps the policies in force equal to what is installed and what lies in files: waits until changes have calmed down, compiles, waits for what the new policies look
// up, and puts the set in the place of the old one at once. As long as not all installed policies are known nothing is taken: half of them would be a hole.
import type { JsonObject } from '../../../formats/document.ts';
import type { KubeClient } from '../../../io/kube/client.ts';
import type { Logger } from '../../../io/log.ts';
import { messageOf } from '../../../model/error.ts';
import { formatLocation } from '../../../model/location.ts';
import type { Problem } from '../../../model/problem.ts';
import type { CompileOptions, EngineDocument } from '../../../policy/engine.ts';
import type { PolicySet } from '../../../policy/policy-set.ts';
import type { PolicyHolder } from '../admission/policy-holder.ts';
import type { ClusterData } from './cluster-data.ts';
import type { Compilation } from './policy-compilation.ts';
import { PolicyCompilation } from './policy-compilation.ts';
import type { PolicyOrigin } from './policy-kinds.ts';
import type { InstalledPolicy, PolicyWatchesOptions } from './policy-watches.ts';
import { PolicyWatches } from './policy-watches.ts';
import { ToldOnce } from './told-once.ts';

export interface PolicyFiles {
  readonly documents: readonly EngineDocument[];
  readonly problems: readonly Problem[];
}

export interface ClusterPoliciesOptions {
  readonly client: KubeClient;
  readonly origins: ReadonlySet<PolicyOrigin>;
  readonly exceptionNamespaces: ReadonlySet<string>;
  readonly holder: PolicyHolder;
  readonly data: ClusterData;
  readonly log: Logger;
  readonly compileOptions: Omit<CompileOptions, 'unbound'>;
  /** Asked for each compilation. Undefined: they could not be read yet, and nothing is taken without them. */
  readonly files: () => PolicyFiles | undefined;
  /** After a set came into force. */
  readonly compiled?: (compilation: Compilation, installed: readonly InstalledPolicy[]) => void;
  readonly settings?: PolicyWatchesOptions['settings'];
  readonly discoverEvery?: number;
  /** Milliseconds without a change before policies are compiled, and the longest that changes may put it off. */
  readonly calm?: number;
}

const usualCalm = 250;
/** Milliseconds for what new policies look up: what is not known then is an error of its rule. */
const patience = 20_000;

export class ClusterPolicies {
  readonly #options: ClusterPoliciesOptions;
  readonly #watches: PolicyWatches;
  readonly #compilation = new PolicyCompilation();
  /** What policies in force look up. */
  #followed: readonly JsonObject[] = [];
  #timer: NodeJS.Timeout | undefined;
  #firstChange: number | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;
  readonly #told: ToldOnce;

  constructor(options: ClusterPoliciesOptions) {
    this.#options = options;
    this.#told = new ToldOnce(options.log);
    const { client, origins, log, settings, discoverEvery } = options;
    this.#watches = new PolicyWatches({
      client,
      origins,
      log,
      changed: () => this.changed(),
      ...(settings === undefined ? {} : { settings }),
      ...(discoverEvery === undefined ? {} : { discoverEvery }),
    });
  }

  /** Something is different, in files or in the cluster. */
  changed(): void {
    if (this.#isClosed) return;
    const { calm = usualCalm } = this.#options;
    const now = performance.now();
    this.#firstChange ??= now;
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(calm, this.#firstChange + 4 * calm - now));
    this.#timer = setTimeout(() => {
      this.#firstChange = undefined;
      this.#running = this.#running.then(() => this.#take());
    }, wait);
  }

  /** Why no complete set can be made; undefined: one can. */
  get missing(): string | undefined {
    return (
      this.#watches.missing ?? (this.#options.files() === undefined ? 'policies of files are not read' : undefined)
    );
  }

  /** Kinds of policies that the server has. */
  get kinds(): ReadonlySet<string> {
    return this.#watches.kinds;
  }

  /** Watches whose objects may be old. */
  get behind(): number {
    return this.#watches.behind;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#watches.close();
    await this.#running;
  }

  /** Never rejects: whatever happens, the policies in force stay. */
  async #take(): Promise<void> {
    if (this.#isClosed) return;
    const { log } = this.#options;
    const { missing } = this;
    const read = this.#options.files();
    if (missing !== undefined || read === undefined) {
      this.#told.tell(`policies wait until all are known: ${missing ?? ''}`);
      return;
    }
    try {
      const installed = this.#watches.policies;
      const { documents: files, problems } = read;
      const { exceptionNamespaces, compileOptions: options } = this.#options;
      const compilation = this.#compilation.compile({ files, installed, exceptionNamespaces, options });
      if (await this.#offer({ ...compilation, problems: [...problems, ...compilation.problems] }))
        this.#options.compiled?.(compilation, installed);
    } catch (error) {
      log.error(`policies were not taken: ${messageOf(error)}`);
    }
  }

  /** Whether it came into force. */
  async #offer(compilation: Compilation): Promise<boolean> {
    const { holder, data, log } = this.#options;
    const { set, problems, refused, ignored, others } = compilation;
    for (const key of ignored)
      this.#told.tell(`${key} is no exception here: its namespace is not one that exceptions are taken from`);
    for (const [key, { message, instead }] of refused)
      this.#told.tell(`${key} is refused, in force is ${instead}: ${message}`, 'error');
    const next = documentsIn(set);
    // Policies in force must not lose what they look up while the next ones wait for theirs.
    if (!(await data.follow([...this.#followed, ...next], patience)))
      log.warn('not everything that policies look up is known; rules that ask for it fail until it is');
    const isTaken = holder.offer(set, problems, refused.size);
    if (isTaken) {
      this.#followed = next;
      data.setBeside(others.map(({ object }) => object));
      for (const { location, message, hidesFindings } of problems)
        if (!hidesFindings) this.#told.tell(`${formatLocation(location)}: ${message}`);
      log.info(`${holder.status.policies} policies are in force (generation ${holder.status.generation})`);
    } else log.error(`policies were not taken: ${holder.status.refused ?? ''}`);
    await data.follow(this.#followed, 0);
    return isTaken;
  }
}

export function documentsIn(set: PolicySet): readonly JsonObject[] {
  return set.engines.flatMap(({ documents }) => documents.map(({ object }) => object));
}
