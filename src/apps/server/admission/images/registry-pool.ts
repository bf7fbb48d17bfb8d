// SPDX-License-Identifier: Apache-2.0
// Registry clients of a server: one for each set of credentials, as many as fit, over connections and gates that all of them share. A client is made anew
// after some minutes, so that credentials and configurations of this machine that changed are taken up.
import type { Reference } from '../../../../formats/oci/reference.ts';
import type { RegistryClient } from '../../../../io/registry/client.ts';
import { registryStore } from '../../../../io/registry/client.ts';
import type { ImageStore } from '../../../../io/registry/image-store.ts';
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

export class RegistryPool {
  readonly #options: RegistryPoolOptions;
  readonly #clients = new Map<string, { readonly client: RegistryClient; readonly since: number }>();

  constructor(options: RegistryPoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#clients.size;
  }

  store(reference: Reference, credentials: readonly string[]): ImageStore {
    return registryStore(this.#clientFor(credentials), reference);
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
