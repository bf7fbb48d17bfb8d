// SPDX-License-Identifier: Apache-2.0
// An OCI distribution 1.1 registry in this process, for tests: everything in memory, every request remembered, and every way to go wrong.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { AccessRules } from './access.ts';
import { Access } from './access.ts';
import type { TestManifest } from './content.ts';
import type { Fault, Reply } from './faults.ts';
import { deliver, FaultList } from './faults.ts';
import { answerRequest } from './routes.ts';

export interface StoredManifest {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

export class TestRepository {
  readonly manifests = new Map<string, StoredManifest>();
  readonly blobs = new Map<string, Buffer>();
  /** Digest by tag. */
  readonly tags = new Map<string, string>();
  readonly uploads = new Map<string, Buffer>();
}

export interface TestRegistryOptions {
  readonly access?: AccessRules;
  /** `on` when absent. */
  readonly referrers?: 'on' | 'off';
  /** Tags or referrers of one page. */
  readonly pageSize?: number;
  readonly tls?: TlsOptions;
  /** Sent with every upload. */
  readonly chunkMinimum?: number;
}

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

export class TestRegistry {
  readonly options: TestRegistryOptions;
  readonly repositories = new Map<string, TestRepository>();
  readonly access: Access | undefined;
  readonly requests: SeenRequest[] = [];
  readonly #faults = new FaultList();
  readonly #server: Server;
  #busy = 0;
  /** Requests that were open at the same time, at most. */
  mostAtOnce = 0;

  constructor(
    options: TestRegistryOptions,
    server: (take: (request: IncomingMessage, response: ServerResponse) => void) => Server,
  ) {
    this.options = options;
    this.access = options.access === undefined ? undefined : new Access(options.access);
    this.#server = server((request, response) => void this.#take(request, response));
  }

  /** `127.0.0.1:PORT`, as it stands in references. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get origin(): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://${this.host}`;
  }

  repository(name: string): TestRepository {
    const repository = this.repositories.get(name) ?? new TestRepository();
    this.repositories.set(name, repository);
    return repository;
  }

  /** Puts an image with all its content into a repository. */
  put(name: string, manifest: TestManifest, tag?: string): void {
    const repository = this.repository(name);
    for (const blob of manifest.blobs) repository.blobs.set(blob.digest, blob.bytes);
    repository.manifests.set(manifest.digest, { bytes: manifest.bytes, mediaType: manifest.mediaType });
    if (tag !== undefined) repository.tags.set(tag, manifest.digest);
  }

  /** No more faults. */
  mend(): void {
    this.#faults.clear();
  }

  fail(fault: Fault): void {
    this.#faults.add(fault);
  }

  /** `METHOD /path` of each request below the API root. */
  asked(pattern = /./): string[] {
    return this.requests.map(({ method, url }) => `${method} ${url}`).filter((line) => pattern.test(line));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#busy += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#busy);
    response.once('close', () => {
      this.#busy -= 1;
    });
    this.requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    const effects = this.#faults.take(request);
    for (const effect of effects) if (effect.kind === 'meanwhile') await effect.run();
    const isReplaced = effects.some(({ kind }) => kind === 'answer');
    const body = await bodyOf(request);
    if (body === undefined) return;
    const reply: Reply = isReplaced ? { status: 500 } : answerRequest(this, request, body);
    await deliver(reply, response, effects);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Undefined when the client broke off. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const chunk of request) parts.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(parts);
}

/** Starts a registry on a free port of this machine. */
export async function startRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const { tls } = options;
  const registry = new TestRegistry(options, (take) =>
    tls === undefined ? createServer(take) : createTlsServer(tls, take),
  );
  await registry.listen();
  return registry;
}
