// SPDX-License-Identifier: Apache-2.0
// Registry clients of a server: one for each set of credentials, as many as fit, over connections and gates that all of them share. A client is made anew
// after some minutes, so that credentials and configurations of this machine that changed are taken up.
import type { Reference } from '../../../../formats/oci/reference.ts';
import type { RegistryClient } from '../../../../io/registry/client.ts';
import { registryStore } from '../../../../io/registry/client.ts';
import type { ImageStore } from '../../../../io/registry/image-store.ts';
import type { Outcome } from '../../../../io/registry/outcome.ts';
import { nameOfCredentials } from './question-names.ts';

export interface RegistryPoolOptions {
  /** A client over shared connections: it is dropped without being closed. */
  readonly open: (credentials: readonly string[]) => RegistryClient;
  /** Milliseconds that only grow. */
  readonly elapsed: () => number;
  /** Clients that are kept. */
  readonly most?: number;
  /** Milliseconds for which one is used. */
  readonly age?: number;
}

function isShutOut(outcome: Outcome<unknown>): boolean {
  return outcome.kind === 'unknown' && outcome.code === 'REGISTRY_UNAUTHORIZED';
}

export class RegistryPool {
  readonly #options: RegistryPoolOptions;
  readonly #clients = new Map<string, { readonly client: RegistryClient; readonly since: number }>();

  constructor(options: RegistryPoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Where several configurations know a registry, each is tried until one is let in, as kubelets do. */
  store(reference: Reference, credentials: readonly string[]): ImageStore {
    const store = registryStore(this.#clientFor(credentials), reference);
    if (credentials.length < 2) return store;
    const others = credentials.slice(1).map((one) => () => registryStore(this.#clientFor([one]), reference));
    const tried = async <T>(ask: (from: ImageStore) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
      const outcome = await ask(store);
      if (!isShutOut(outcome)) return outcome;
      for (const open of others) {
        const next = await ask(open());
        if (!isShutOut(next)) return next;
      }
      return outcome;
    };
    return {
      ...store,
      manifest: (name) => tried((from) => from.manifest(name)),
      blob: (wish) => tried((from) => from.blob(wish)),
      referrers: (digest) => tried((from) => from.referrers(digest)),
    };
  }

  #clientFor(credentials: readonly string[]): RegistryClient {
    const { open, elapsed, most = 64, age = 300_000 } = this.#options;
    const name = nameOfCredentials(credentials);
    const now = elapsed();
    const known = this.#clients.get(name);
    const kept = known !== undefined && now - known.since < age ? known : { client: open(credentials), since: now };
    this.#clients.delete(name);
    this.#clients.set(name, kept);
    const oldest = this.#clients.size > most ? this.#clients.keys().next().value : undefined;
    if (oldest !== undefined) this.#clients.delete(oldest);
    return kept.client;
  }
}
