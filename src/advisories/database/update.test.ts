// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  advisoryOf,
  affectedOf,
  makeKey,
  sampleAdvisories,
  sampleDatabase,
  testKey,
  testNow,
  testTrust,
} from '../../../test/support/sample-database.ts';
import type { MemoryFolder } from '../../io/memory-folder.ts';
import { memoryFolder } from '../../io/memory-folder.ts';
import { defaultLimits } from '../../model/limits.ts';
import { mirrorFailed } from './failures.ts';
import { folderMirror } from './folder-mirror.ts';
import { writeOwnKey } from './layout.ts';
import type { Mirror } from './mirror.ts';
import { openDatabase } from './open.ts';
import { signRotation } from './signature.ts';
import type { UpdateOptions } from './update.ts';
import { updateDatabase } from './update.ts';

const options: UpdateOptions = { trust: testTrust, pause: async () => {} };
const changedAdvisories = [
  ...sampleAdvisories.slice(1),
  advisoryOf('GHSA-new1-new1-new1', [affectedOf('npm', 'left-pad')]),
];
const code = (value: string) => expect.objectContaining({ code: value });

function idsOf(root: MemoryFolder, ecosystem = 'npm', name = 'left-pad'): string[] {
  const database = openDatabase([{ kind: 'installation', folder: root }], { now: testNow, trust: testTrust });
  return database.find(ecosystem, name).map((entry) => entry.advisory.id);
}

/** A mirror that counts what is fetched and may break streams. */
function watched(folder: MemoryFolder, breakAfter = Number.POSITIVE_INFINITY): Mirror & { readonly streams: string[] } {
  const inner = folderMirror(folder);
  const streams: string[] = [];
  return {
    ...inner,
    streams,
    stream: async (path, offset) => {
      streams.push(`${path.replace(/^shards\/(.*)-[0-9a-f]{16}\.shard$/, '$1')}@${offset}`);
      const { start, chunks } = await inner.stream(path, offset);
      return { start, chunks: broken(chunks, breakAfter) };
    },
  };
}

async function* broken(chunks: AsyncIterable<Uint8Array>, after: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk.subarray(0, after);
    if (chunk.length > after) throw mirrorFailed('the connection was cut');
  }
}

describe('updateDatabase', () => {
  it('installs everything a mirror has, and finds nothing to do the second time', async () => {
    const root = memoryFolder('installed');
    const mirror = folderMirror(sampleDatabase());

    const first = await updateDatabase(root, mirror, options);
    const second = await updateDatabase(root, mirror, options);

    expect(first).toMatchObject({ state: 'updated', fetchedShards: 4, keptShards: 0 });
    expect(second).toMatchObject({ state: 'unchanged', fetchedShards: 0, keptShards: 4 });
    expect(idsOf(root)).toEqual(['GHSA-aaaa-bbbb-0001']);
  });

  it('fetches only what is asked for, and the context', async () => {
    const root = memoryFolder('installed');
    const mirror = watched(sampleDatabase());

    const result = await updateDatabase(root, mirror, { ...options, ecosystems: ['debian', 'Cobol'] });

    expect(mirror.streams).toEqual(['debian-12@0', 'context@0']);
    expect(result.unknownEcosystems).toEqual(['Cobol']);
    expect(idsOf(root, 'Debian:12', 'openssl')).toEqual(['DSA-1-1']);
  });

  it('keeps what is installed up to date when more is asked for', async () => {
    const root = memoryFolder('installed');
    await updateDatabase(root, folderMirror(sampleDatabase()), { ...options, ecosystems: ['npm'] });

    await updateDatabase(root, folderMirror(sampleDatabase({ sequence: 2, advisories: changedAdvisories })), {
      ...options,
      ecosystems: ['PyPI'],
    });

    expect(idsOf(root)).toEqual(['GHSA-new1-new1-new1']);
    expect(idsOf(root, 'PyPI', 'requests')).toEqual(['PYSEC-2024-7']);
  });

  it('fetches of a new database only the shards that changed, and keeps the previous one whole', async () => {
    const root = memoryFolder('installed');
    await updateDatabase(root, folderMirror(sampleDatabase()), options);
    const mirror = watched(sampleDatabase({ sequence: 2, advisories: changedAdvisories }));

    const result = await updateDatabase(root, mirror, options);
    const between = root.list('shards').length;
    await updateDatabase(root, folderMirror(sampleDatabase({ sequence: 3, advisories: changedAdvisories })), options);

    expect(mirror.streams).toEqual(['npm@0']);
    expect(result).toMatchObject({ fetchedShards: 1, keptShards: 3 });
    expect(between).toBe(5);
    expect(root.list('shards')).toHaveLength(4);
    expect(root.list('indexes')).toHaveLength(2);
    expect(root.list('partial')).toEqual([]);
  });

  it('refuses an older database, and another one with the same number', async () => {
    const root = memoryFolder('installed');
    await updateDatabase(root, folderMirror(sampleDatabase({ sequence: 5 })), options);

    await expect(updateDatabase(root, folderMirror(sampleDatabase({ sequence: 4 })), options)).rejects.toThrow(
      /older than the installed 5/,
    );
    await expect(
      updateDatabase(root, folderMirror(sampleDatabase({ sequence: 5, advisories: changedAdvisories })), options),
    ).rejects.toThrow(code('DATABASE_SIGNATURE'));
    expect(idsOf(root)).toEqual(['GHSA-aaaa-bbbb-0001']);
  });

  it('refuses an index of an untrusted key and one that was changed', async () => {
    const root = memoryFolder('installed');
    const changed = sampleDatabase();
    changed.write('index.json', Buffer.concat([changed.files.get('index.json') ?? Buffer.alloc(0), Buffer.from(' ')]));

    await expect(
      updateDatabase(root, folderMirror(sampleDatabase({ privateKey: makeKey().privateKey })), options),
    ).rejects.toThrow(code('DATABASE_SIGNATURE'));
    await expect(updateDatabase(root, folderMirror(changed), options)).rejects.toThrow(code('DATABASE_SIGNATURE'));
    expect(root.files.size).toBe(0);
  });

  it('accepts the own key of a mirror that the owner of the installation trusts', async () => {
    const root = memoryFolder('installed');
    const key = makeKey('local');
    await updateDatabase(root, folderMirror(sampleDatabase({ sequence: 9 })), options);
    writeOwnKey(root, key.publicKey);

    // Its numbers have nothing to do with those of the project.
    await updateDatabase(
      root,
      folderMirror(sampleDatabase({ sequence: 1, advisories: changedAdvisories, privateKey: key.privateKey })),
      options,
    );

    expect(idsOf(root)).toEqual(['GHSA-new1-new1-new1']);
  });

  it('follows a rotation of the key and then refuses to forget it', async () => {
    const root = memoryFolder('installed');
    const next = makeKey();
    const rotations = [
      signRotation({ version: 1, add: [next.publicKey], remove: [testKey.publicKey.id] }, testKey.privateKey),
    ];
    await updateDatabase(root, folderMirror(sampleDatabase()), options);

    await updateDatabase(
      root,
      folderMirror(
        sampleDatabase({ sequence: 2, privateKey: next.privateKey, rotations, advisories: changedAdvisories }),
      ),
      options,
    );

    expect(idsOf(root)).toEqual(['GHSA-new1-new1-new1']);
    await expect(updateDatabase(root, folderMirror(sampleDatabase({ sequence: 3 })), options)).rejects.toThrow(
      /leaves out key rotation 1/,
    );
  });

  it('goes on where a download stopped', async () => {
    const root = memoryFolder('installed');
    const mirror = watched(sampleDatabase(), 300);

    const result = await updateDatabase(root, mirror, { ...options, ecosystems: ['PyPI'] });

    expect(result.state).toBe('updated');
    expect(mirror.streams.slice(0, 2)).toEqual(['pypi@0', 'pypi@300']);
    expect(idsOf(root, 'PyPI', 'requests')).toEqual(['PYSEC-2024-7']);
  });

  it('gives up when attempts bring nothing, and leaves the installed database in use', async () => {
    const root = memoryFolder('installed');
    await updateDatabase(root, folderMirror(sampleDatabase()), options);
    const pauses: number[] = [];
    const mirror = watched(sampleDatabase({ sequence: 2, advisories: changedAdvisories }), 0);

    const update = updateDatabase(root, mirror, {
      ...options,
      pause: async (milliseconds) => void pauses.push(milliseconds),
    });

    await expect(update).rejects.toThrow(code('NETWORK_FAILED'));
    expect(pauses).toEqual([500, 1000, 2000]);
    expect(idsOf(root)).toEqual(['GHSA-aaaa-bbbb-0001']);
  });

  it('starts over once when what was left from before does not fit', async () => {
    const root = memoryFolder('installed');
    const folder = sampleDatabase();
    const listing = JSON.parse(Buffer.from(folder.files.get('index.json') ?? []).toString()).shards.find(
      (shard: { ecosystem: string }) => shard.ecosystem === 'npm',
    );
    root.write(`partial/${listing.sha256}.part`, Buffer.from('something else'));

    await updateDatabase(root, folderMirror(folder), options);

    expect(idsOf(root)).toEqual(['GHSA-aaaa-bbbb-0001']);
  });

  it('refuses wrong bytes, too many bytes and too large shards', async () => {
    const wrong = sampleDatabase();
    const path = [...wrong.files.keys()].find((key) => key.startsWith('shards/npm')) ?? '';
    const bytes = wrong.files.get(path) ?? new Uint8Array(0);
    wrong.write(path, Buffer.from(bytes).fill(7));
    const long = sampleDatabase();
    long.append(path, Buffer.from('x'));

    await expect(updateDatabase(memoryFolder(), folderMirror(wrong), options)).rejects.toThrow(
      /does not have the digest/,
    );
    await expect(updateDatabase(memoryFolder(), folderMirror(long), options)).rejects.toThrow(
      /longer than the index says/,
    );
    await expect(
      updateDatabase(memoryFolder(), folderMirror(sampleDatabase()), {
        ...options,
        limits: { ...defaultLimits, shardBytes: 10 },
      }),
    ).rejects.toThrow(code('LIMIT_EXCEEDED'));
  });

  it('tells how far it is', async () => {
    const seen: number[] = [];

    const result = await updateDatabase(memoryFolder(), folderMirror(sampleDatabase()), {
      ...options,
      onProgress: ({ bytes, totalBytes }) => seen.push(bytes / totalBytes),
    });

    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(result.fetchedBytes).toBeGreaterThan(0);
  });

  it('takes another installation as a mirror: the way over an air gap', async () => {
    const [connected, isolated] = [memoryFolder('connected'), memoryFolder('isolated')];
    await updateDatabase(connected, folderMirror(sampleDatabase()), options);

    await updateDatabase(isolated, folderMirror(connected), options);

    expect(idsOf(isolated)).toEqual(['GHSA-aaaa-bbbb-0001']);
  });

  it('refuses a damaged pointer', async () => {
    const root = memoryFolder('installed');
    root.write('current.json', Buffer.from('{"folder":"../elsewhere","sequence":1,"rotation":0}'));

    await expect(updateDatabase(root, folderMirror(sampleDatabase()), options)).rejects.toThrow(
      code('DATABASE_INVALID'),
    );
  });
});
