// SPDX-License-Identifier: Apache-2.0
// A small API server on loopback for tests of the cluster client: objects with versions, pages, watches with bookmarks and initial events, and every way
// in which a real one fails: forgotten moments (410), throttling, cut connections, silence, slow bodies, nonsense.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { KubeResource } from '../../src/io/kube/client.ts';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly [name: string]: unknown;
  };
  readonly [name: string]: unknown;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What happens to a request instead of an answer; undefined: it is answered. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
    }
  | { readonly kind: 'text'; readonly text: string }
  /** The connection ends before, or in the middle of, the answer. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'cut-body' }
  | { readonly kind: 'silence' };

interface Happening {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

interface Watcher {
  readonly response: ServerResponse;
  readonly prefix: string;
  readonly resource: KubeResource;
  readonly fits: (object: KubeObject) => boolean;
}

export class KubeServer {
  readonly requests: SeenRequest[] = [];
  /** Asked first for each request. */
  fault: (request: SeenRequest) => Fault | undefined = () => undefined;
  /** Whether it knows sendInitialEvents. */
  initialEvents: 'answered' | 'refused' | 'ignored' = 'refused';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #resources: readonly KubeResource[];
  readonly #objects = new Map<string, KubeObject>();
  #history: Happening[] = [];
  #compacted = 0;
  #version = 100;
  readonly #watchers = new Set<Watcher>();
  readonly #snapshots = new Map<number, readonly KubeObject[]>();

  constructor(resources: readonly KubeResource[]) {
    this.#resources = resources;
    this.#server = createServer((message, response) => {
      const parts: Buffer[] = [];
      message.on('data', (part: Buffer) => parts.push(part));
      message.on('end', () => this.#answer(message, response, Buffer.concat(parts).toString('utf8')));
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  put(object: KubeObject): KubeObject {
    const resource = this.#resources.find(({ kind }) => kind === object.kind);
    if (resource === undefined) throw new Error(`no ${object.kind}`);
    const path = pathOf(resource, object.metadata.namespace, object.metadata.name);
    this.#version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    this.#happened(path, {
      type: this.#objects.has(path) ? 'MODIFIED' : 'ADDED',
      version: this.#version,
      object: stored,
    });
    this.#objects.set(path, stored);
    return stored;
  }

  /** What is stored under a name; undefined: nothing. */
  find(resource: KubeResource, name: string, namespace?: string): KubeObject | undefined {
    return this.#objects.get(pathOf(resource, namespace, name));
  }

  remove(object: KubeObject): void {
    const resource = this.#resources.find(({ kind }) => kind === object.kind);
    if (resource === undefined) throw new Error(`no ${object.kind}`);
    const path = pathOf(resource, object.metadata.namespace, object.metadata.name);
    if (!this.#objects.delete(path)) return;
    this.#version += 1;
    const gone = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    this.#happened(path, { type: 'DELETED', version: this.#version, object: gone });
  }

  /** Forgets all that happened until now: watches from before are answered 410, and so are lists that are not finished. */
  compact(): void {
    this.#version += 1;
    this.#compacted = this.#version;
    this.#history = [];
    this.#snapshots.clear();
  }

  bookmark(): void {
    for (const watcher of this.#watchers) send(watcher, 'BOOKMARK', bookmarkOf(watcher.resource, this.#version));
  }

  /** A line as it is, for what no API server would say. */
  say(line: string): void {
    for (const { response } of this.#watchers) response.write(line);
  }

  /** Ends watches in good order, or cuts all connections. */
  endWatches(): void {
    for (const { response } of this.#watchers) response.end();
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #happened(path: string, happening: Happening): void {
    this.#history.push(happening);
    const { type, object } = happening;
    for (const watcher of this.#watchers)
      if (path.startsWith(watcher.prefix) && watcher.resource.kind === object.kind && watcher.fits(object))
        send(watcher, type, object);
  }

  #answer(message: IncomingMessage, response: ServerResponse, body: string): void {
    const url = new URL(message.url ?? '/', 'http://server');
    const { headers, method = 'GET' } = message;
    const request = { method, path: url.pathname, query: url.searchParams, headers, body };
    this.requests.push(request);
    const fault = this.fault(request);
    if (fault !== undefined) {
      fail(response, fault);
      return;
    }
    const list = this.#discovery(url.pathname);
    if (list !== undefined) {
      json(response, 200, list);
      return;
    }
    const collection = this.#resources.find((resource) => collectionOf(resource, url.pathname));
    if (collection !== undefined) {
      if (method === 'POST') json(response, 201, this.put(JSON.parse(body) as KubeObject));
      else if (url.searchParams.has('watch')) this.#watch(response, collection, request);
      else this.#list(response, collection, request);
      return;
    }
    if (url.pathname.endsWith('/status') && method === 'PATCH') {
      const parent = this.#objects.get(url.pathname.slice(0, -'/status'.length));
      const { status: written } = JSON.parse(body) as KubeObject;
      // Status makes no objects.
      if (parent === undefined) status(response, 404, 'NotFound', `${url.pathname} not found`);
      else json(response, 200, this.put({ ...parent, status: written }));
      return;
    }
    const stored = this.#objects.get(url.pathname);
    if (stored === undefined && method !== 'PATCH') status(response, 404, 'NotFound', `${url.pathname} not found`);
    else if (method === 'GET') json(response, 200, stored);
    else if (method === 'DELETE' && stored !== undefined) {
      this.remove(stored);
      json(response, 200, stored);
    } else this.#write(response, JSON.parse(body) as KubeObject, stored);
  }

  #write(response: ServerResponse, object: KubeObject, stored: KubeObject | undefined): void {
    const wanted = object.metadata.resourceVersion;
    if (wanted !== undefined && wanted !== stored?.metadata.resourceVersion)
      status(response, 409, 'Conflict', 'the object has been modified');
    else json(response, 200, this.put(object));
  }

  #discovery(path: string): unknown {
    const all = [...new Set(this.#resources.map(({ apiVersion }) => apiVersion))];
    if (path === '/api') return { kind: 'APIVersions', versions: all.filter((version) => !version.includes('/')) };
    if (path === '/apis')
      return {
        kind: 'APIGroupList',
        groups: all
          .filter((version) => version.includes('/'))
          .map((groupVersion) => ({ name: groupVersion.split('/')[0], versions: [{ groupVersion }] })),
      };
    const groupVersion = path.replace(/^\/apis?\//, '');
    const resources = this.#resources.filter(({ apiVersion }) => apiVersion === groupVersion);
    if (resources.length === 0) return undefined;
    return {
      kind: 'APIResourceList',
      groupVersion,
      resources: resources.flatMap(({ kind, resource, namespaced, verbs = [], subresources = [] }) =>
        ['', ...subresources.map((name) => `/${name}`)].map((below) => ({
          kind,
          name: `${resource}${below}`,
          namespaced,
          verbs,
        })),
      ),
    };
  }

  #list(response: ServerResponse, resource: KubeResource, { path, query }: SeenRequest): void {
    const [version = this.#version, offset = 0] = (query.get('continue') ?? '').split('.').filter(Boolean).map(Number);
    const fits = selectorOf(query);
    const items = query.has('continue') ? this.#snapshots.get(version) : this.#select(path).filter(fits);
    if (items === undefined) {
      const fresh = this.#select(path).filter(fits);
      this.#snapshots.set(this.#version, fresh);
      status(response, 410, 'Expired', 'too old', { metadata: { continue: `${this.#version}.${offset}` } });
      return;
    }
    this.#snapshots.set(version, items);
    const end = offset + Number(query.get('limit') ?? items.length);
    json(response, 200, {
      kind: `${resource.kind}List`,
      apiVersion: resource.apiVersion,
      metadata: { resourceVersion: String(version), ...(end < items.length ? { continue: `${version}.${end}` } : {}) },
      // As real servers have it for built-in kinds: the items do not say what they are.
      items: items.slice(offset, end).map(({ kind: _kind, apiVersion: _version, ...rest }) => rest),
    });
  }

  #select(path: string): readonly KubeObject[] {
    const collection = this.#resources.find((resource) => collectionOf(resource, path));
    return [...this.#objects]
      .filter(
        ([at, { kind }]) => kind === collection?.kind && (at.startsWith(`${path}/`) || isEverywhere(path, collection)),
      )
      .map(([, object]) => object);
  }

  #watch(response: ServerResponse, resource: KubeResource, { path, query }: SeenRequest): void {
    const isInitial = query.get('sendInitialEvents') === 'true';
    if (isInitial && this.initialEvents === 'refused') {
      status(response, 422, 'Invalid', 'sendInitialEvents is forbidden');
      return;
    }
    const from = Number(query.get('resourceVersion') ?? this.#version);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const prefix = isEverywhere(path, resource) ? path.slice(0, path.lastIndexOf('/')) : `${path}/`;
    const fits = selectorOf(query);
    const watcher = { response, prefix, resource, fits };
    if (from < this.#compacted) {
      const object = { kind: 'Status', code: 410, reason: 'Expired', message: `too old resource version: ${from}` };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    if (isInitial && this.initialEvents === 'answered') {
      for (const object of this.#select(path).filter(fits)) send(watcher, 'ADDED', object);
      const mark = bookmarkOf(resource, this.#version);
      send(watcher, 'BOOKMARK', {
        ...mark,
        metadata: { ...mark.metadata, annotations: { 'k8s.io/initial-events-end': 'true' } },
      });
    } else {
      for (const { version, type, object } of this.#history)
        if (version > from && object.kind === resource.kind && fits(object)) send(watcher, type, object);
    }
    this.#watchers.add(watcher);
    response.once('close', () => this.#watchers.delete(watcher));
  }
}

function base({ apiVersion }: KubeResource): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function pathOf(resource: KubeResource, namespace: string | undefined, name: string): string {
  const within = resource.namespaced ? `/namespaces/${namespace ?? 'default'}` : '';
  return `${base(resource)}${within}/${resource.resource}/${name}`;
}

function collectionOf(resource: KubeResource, path: string): boolean {
  if (isEverywhere(path, resource)) return true;
  const [namespaces, , plural, ...rest] = path.slice(base(resource).length + 1).split('/');
  const isInside = path.startsWith(`${base(resource)}/`) && namespaces === 'namespaces' && rest.length === 0;
  return resource.namespaced && isInside && plural === resource.resource;
}

function isEverywhere(path: string, resource: KubeResource | undefined): boolean {
  return resource !== undefined && path === `${base(resource)}/${resource.resource}`;
}

/** `metadata.name=a` and labels that must be equal. */
function selectorOf(query: URLSearchParams): (object: KubeObject) => boolean {
  const name = /^metadata\.name=(.+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
  const labels = (query.get('labelSelector') ?? '').split(',').filter(Boolean);
  return ({ metadata }) => {
    const own = (metadata['labels'] ?? {}) as Readonly<Record<string, string>>;
    return (
      (name === undefined || metadata.name === name) &&
      labels.every((text) => {
        const [key = '', value] = text.split('=');
        return value === undefined ? own[key] !== undefined : own[key] === value;
      })
    );
  };
}

function bookmarkOf({ apiVersion, kind }: KubeResource, version: number): KubeObject {
  return { apiVersion, kind, metadata: { name: '', resourceVersion: String(version) } };
}

function send({ response }: Watcher, type: string, object: KubeObject): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}

function json(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function status(response: ServerResponse, code: number, reason: string, message: string, more: object = {}): void {
  json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, ...more });
}

function fail(response: ServerResponse, fault: Fault): void {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      response.end(typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {}));
      break;
    case 'text':
      response.end(fault.text);
      break;
    case 'cut':
      response.destroy();
      break;
    case 'cut-body':
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('{"kind":', () => response.destroy());
      break;
    case 'silence':
      break;
  }
}
