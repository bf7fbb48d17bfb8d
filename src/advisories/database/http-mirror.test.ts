// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAfterEach, testClient } from '../../../test/support/registry/client.ts';
import { sampleDatabase, testNow, testTrust } from '../../../test/support/sample-database.ts';
import { memoryFolder } from '../../io/memory-folder.ts';
import { httpMirror } from './http-mirror.ts';
import { openDatabase } from './open.ts';
import { openMirror } from './open-mirror.ts';
import { updateDatabase } from './update.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(handler: Handler): Promise<URL> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/database/`);
}

const folder = sampleDatabase();
const options = { fetch, stall: 2_000 };
const update = { trust: testTrust, pause: async () => {} };

/** A well-behaved server of static files. */
const files: Handler = (request, response) => {
  const bytes = folder.files.get((request.url ?? '').replace('/database/', ''));
  if (bytes === undefined) {
    response.writeHead(404).end();
    return;
  }
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start > 0) response.writeHead(206, { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` });
  response.end(bytes.subarray(start));
};

const isShard = (request: IncomingMessage): boolean => request.url?.includes('/shards/') === true;

async function install(base: URL, parts: Partial<typeof options> = {}): Promise<readonly string[]> {
  const root = memoryFolder('installed');
  await updateDatabase(root, httpMirror(base, { ...options, ...parts }), update);
  const database = openDatabase([{ kind: 'installation', folder: root }], { now: testNow, trust: testTrust });
  return database.find('npm', 'left-pad').map((entry) => entry.advisory.id);
}

describe('a mirror behind HTTP', () => {
  it('installs a database', async () => {
    expect(await install(await serve(files))).toEqual(['GHSA-aaaa-bbbb-0001']);
  });

  it('that cuts connections is asked for the rest', async () => {
    const ranges: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      if (!isShard(request)) return files(request, response);
      ranges.push(request.headers.range);
      const bytes = folder.files.get((request.url ?? '').replace('/database/', '')) ?? new Uint8Array(0);
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(start > 0 ? 206 : 200, {
        'content-length': bytes.length - start,
        ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
      });
      response.write(bytes.subarray(start, start + 400), () =>
        start + 400 >= bytes.length ? response.end() : response.destroy(),
      );
    });

    expect(await install(base)).toEqual(['GHSA-aaaa-bbbb-0001']);
    expect(ranges).toContain('bytes=400-');
  });

  it('that knows no ranges sends the file from the start', async () => {
    let cuts = 2;
    const base = await serve((request, response) => {
      const bytes = folder.files.get((request.url ?? '').replace('/database/', '')) ?? new Uint8Array(0);
      if (isShard(request) && cuts > 0) {
        cuts -= 1;
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 100), () => response.destroy());
      } else response.end(bytes);
    });

    expect(await install(base)).toEqual(['GHSA-aaaa-bbbb-0001']);
  });

  it('that answers a range with another one is not believed', async () => {
    const base = await serve((request, response) => {
      if (request.headers.range === undefined) response.end('0123456789');
      else response.writeHead(206, { 'content-range': 'bytes 2-9/10' }).end('23456789');
    });

    await expect(httpMirror(base, options).stream('x', 5)).rejects.toThrow(/another range/);
  });

  it('that sends wrong bytes is refused', async () => {
    const base = await serve((request, response) => {
      if (!isShard(request)) return files(request, response);
      const bytes = folder.files.get((request.url ?? '').replace('/database/', '')) ?? new Uint8Array(0);
      response.end(Buffer.from(bytes).fill(0, 100, 200));
    });

    await expect(install(base)).rejects.toThrow(expect.objectContaining({ code: 'DATABASE_INVALID' }));
  });

  it('that stops sending is given up', async () => {
    const base = await serve((request, response) => {
      if (!isShard(request)) return files(request, response);
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('x');
    });

    await expect(install(base, { stall: 50 })).rejects.toThrow(/no byte came for too long/);
  });

  it('that says "later" is asked again, one that says "no" is not', async () => {
    let asked = 0;
    const busy = await serve((request, response) => {
      asked += 1;
      if (isShard(request) && asked < 5) response.writeHead(503).end();
      else files(request, response);
    });
    const refusals: string[] = [];
    const missing = await serve((request, response) => {
      if (!isShard(request)) return files(request, response);
      refusals.push(request.url ?? '');
      response.writeHead(404).end();
    });

    expect(await install(busy)).toEqual(['GHSA-aaaa-bbbb-0001']);
    await expect(install(missing)).rejects.toThrow(/answered 404/);
    expect(refusals).toHaveLength(1);
  });

  it('that sends an endless index is stopped', async () => {
    const base = await serve((_request, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(65_536), () => setImmediate(more));
      };
      more();
    });

    await expect(httpMirror(base, options).read('index.json', 100_000)).rejects.toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });

  it('may redirect a few times, but not for ever and not to something else', async () => {
    const target = await serve(files);
    const once = await serve((request, response) => {
      response.writeHead(302, { location: new URL((request.url ?? '').replace('/database/', ''), target).href }).end();
    });
    const loop = await serve((request, response) => response.writeHead(302, { location: request.url ?? '' }).end());
    const elsewhere = await serve((_request, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );

    expect(await install(once)).toEqual(['GHSA-aaaa-bbbb-0001']);
    await expect(httpMirror(loop, options).read('x', 10)).rejects.toThrow(/more than 5 redirects/);
    await expect(httpMirror(elsewhere, options).read('x', 10)).rejects.toThrow(/not followed/);
  });

  it('never redirects from https to http', async () => {
    const redirecting = async () =>
      new Response(undefined, { status: 301, headers: { location: 'http://mirror.example/x' } });

    const read = httpMirror(new URL('https://mirror.example/'), { ...options, fetch: redirecting }).read('x', 10);

    await expect(read).rejects.toThrow(/redirects to http:/);
  });

  it('gets credentials, the place it redirects to does not', async () => {
    const seen: (string | undefined)[] = [];
    const target = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end('ok');
    });
    const base = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(307, { location: target.href }).end();
    });

    await httpMirror(base, { ...options, headers: { authorization: 'Bearer test' } }).read('x', 10);

    expect(seen).toEqual(['Bearer test', undefined]);
  });

  it('that cannot be reached is NETWORK_FAILED with the reason', async () => {
    const base = await serve(files);
    servers.splice(0).forEach((server) => server.close());

    await expect(httpMirror(base, options).read('index.json', 10)).rejects.toThrow(/ECONNREFUSED/);
  });
});

closeAfterEach();

describe('openMirror', () => {
  const all = { ...options, registry: testClient };

  it('tells servers, registries, folders and what is not read apart', () => {
    expect(openMirror('https://mirror.example/db', all).name).toBe('https://mirror.example/db/');
    expect(openMirror('/srv/advisories', all).name).toBe('/srv/advisories');
    expect(openMirror('oci://registry.example/db:v1', all).name).toBe('oci://registry.example/db:v1');
    expect(() => openMirror('ftp://mirror.example/db', all)).toThrow(
      expect.objectContaining({ code: 'TARGET_UNSUPPORTED' }),
    );
    expect(() => openMirror('http://[', all)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it('guesses no registry', () => {
    for (const address of ['oci://db', 'oci://team/db:v1', 'oci://registry.example/DB', 'oci://'])
      expect(() => openMirror(address, all)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
