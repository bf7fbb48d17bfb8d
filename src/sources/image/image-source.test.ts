// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { BuiltLayer } from '../../../test/support/image-builder.ts';
import { buildImage, buildLayer, imageInputOf, packLayer } from '../../../test/support/image-builder.ts';
import type { TarMemberInput } from '../../../test/support/tar-writer.ts';
import { writeTar } from '../../../test/support/tar-writer.ts';
import type { Coverage } from '../../model/coverage.ts';
import type { Limits } from '../../model/limits.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { ImageInput } from './image-input.ts';
import { imageSource } from './image-source.ts';

interface Seen {
  /** `path` -> `content @ number of the layer`. */
  readonly files: Record<string, string>;
  readonly coverage: Coverage;
}

async function visit(image: ImageInput, wanted = /./, limits: Limits = defaultLimits): Promise<Seen> {
  const files: Record<string, string> = {};
  const coverage = await imageSource(image, limits).visit({
    wants: (path) => wanted.test(path),
    take: ({ path, bytes, layer }) => {
      const number = image.layers.findIndex((item) => item.digest === layer);
      files[path] = `${Buffer.from(bytes).toString()} @ ${number}`;
    },
  });
  return { files, coverage };
}

function imageOf(...layers: readonly (readonly TarMemberInput[])[]): ImageInput {
  return imageInputOf(buildImage(layers.map((members) => buildLayer(members))));
}

describe('an image of one layer', () => {
  it.each(['none', 'gzip', 'zstd'] as const)(
    'hands out wanted files in path order when packed with %s',
    async (packing) => {
      const layer = buildLayer(
        [{ path: './b', content: '1' }, { path: '/a/c', content: '2' }, { path: 'no' }],
        packing,
      );

      const { files, coverage } = await visit(imageInputOf(buildImage([layer])), /^(?:a|b)/);

      expect(Object.entries(files)).toEqual([
        ['a/c', '2 @ 0'],
        ['b', '1 @ 0'],
      ]);
      expect(coverage).toMatchObject({ filesSeen: 3, filesRead: 2, bytesRead: 2, problems: [] });
    },
  );

  it('counts links and devices as skipped', async () => {
    const { coverage } = await visit(
      imageOf([
        { path: 'l', type: '2', link: 'x' },
        { path: 'd', type: '3' },
      ]),
    );

    expect(coverage.skipped).toMatchObject([
      { reason: 'symlink', examples: ['l'] },
      { reason: 'special', examples: ['d'] },
    ]);
  });

  it('gives hard links the content of their file, also when that was passed over', async () => {
    const image = imageOf([
      { path: 'store/aa', content: 'A' },
      { path: 'node_modules/x/package.json', type: '1', link: 'store/aa' },
      { path: 'p/package.json', content: 'P' },
      { path: 'q/package.json', type: '1', link: './p/package.json' },
    ]);

    const { files } = await visit(image, /package\.json$/);

    expect(files).toEqual({
      'node_modules/x/package.json': 'A @ 0',
      'p/package.json': 'P @ 0',
      'q/package.json': 'P @ 0',
    });
  });
});

describe('executables', () => {
  it('are taken by their first bytes, also through hard links and beyond the limit of other files', async () => {
    const elf = `\x7fELF${'.'.repeat(100)}`;
    const image = imageOf([
      { path: 'bin/program', content: elf, mode: 0o755 },
      { path: 'bin/script', content: '#!/bin/sh', mode: 0o755 },
      { path: 'share/data', content: elf },
      { path: 'bin/same', type: '1', link: 'bin/program', mode: 0o755 },
      { path: 'repo/ab12.file', content: `${elf}2`, mode: 0o755 },
      { path: 'bin/linked', type: '1', link: 'repo/ab12.file', mode: 0o755 },
      { path: 'repo/cd34.file', content: 'text', mode: 0o755 },
      { path: 'bin/text', type: '1', link: 'repo/cd34.file', mode: 0o755 },
    ]);
    const taken: string[] = [];

    const coverage = await imageSource(image, { ...defaultLimits, manifestBytes: 10 }).visit({
      wants: () => false,
      wantsExecutable: () => true,
      take: (file) => void taken.push(`${file.path} ${file.bytes.length}`),
    });

    expect(taken).toEqual(['bin/linked 105', 'bin/program 104']);
    expect(coverage.problems).toEqual([]);
  });
});

describe('layers above', () => {
  it('replace files', async () => {
    const { files } = await visit(
      imageOf(
        [
          { path: 'a', content: '1' },
          { path: 'b', content: '1' },
        ],
        [{ path: 'a', content: '2' }],
      ),
    );

    expect(files).toEqual({ a: '2 @ 1', b: '1 @ 0' });
  });

  it('replace files with something that is not wanted or no file', async () => {
    const below = ['a', 'b', 'c', 'd/x'].map((path) => ({ path, content: '1' }));
    const image = imageOf(below, [
      { path: 'a', type: '2', link: 'elsewhere' },
      { path: 'b/' },
      { path: 'c', type: '6' },
      { path: 'd', content: 'a file in the place of a folder' },
    ]);

    expect((await visit(image, /^(?:[abc]|d\/x)$/)).files).toEqual({});
  });

  it('remove files and folders with whiteouts', async () => {
    const image = imageOf(
      [
        { path: 'a/b', content: '1' },
        { path: 'a/c', content: '1' },
        { path: 'd/e/f', content: '1' },
        { path: 'dd', content: '1' },
      ],
      [{ path: 'a/.wh.b' }, { path: '.wh.d' }],
    );

    expect((await visit(image)).files).toEqual({ 'a/c': '1 @ 0', dd: '1 @ 0' });
  });

  it('empty folders with opaque whiteouts, but for their own files', async () => {
    const image = imageOf(
      [
        { path: 'a/b', content: '1' },
        { path: 'a/c/d', content: '1' },
        { path: 'ab', content: '1' },
      ],
      [{ path: 'a/new', content: '2' }, { path: 'a/.wh..wh..opq' }],
    );

    expect((await visit(image)).files).toEqual({ 'a/new': '2 @ 1', ab: '1 @ 0' });
  });

  it('empty everything with an opaque whiteout of the root', async () => {
    const image = imageOf(
      [
        { path: 'a/b', content: '1' },
        { path: 'c', content: '1' },
      ],
      [{ path: '.wh..wh..opq' }, { path: 'x', content: '2' }],
    );

    expect((await visit(image)).files).toEqual({ x: '2 @ 1' });
  });

  it('that are the same are read once', async () => {
    const layer = buildLayer([{ path: 'a', content: '1' }]);
    const image = imageInputOf(buildImage([layer, buildLayer([{ path: '.wh.a' }]), layer]));

    const { files, coverage } = await visit(image);

    expect(Object.keys(files)).toEqual(['a']);
    expect(coverage.filesRead).toBe(2);
  });

  it('bring back what a layer between removed', async () => {
    const file = { path: 'a/b', content: '1' };

    expect((await visit(imageOf([file], [{ path: '.wh.a' }], [{ path: 'a/b', content: '3' }]))).files).toEqual({
      'a/b': '3 @ 2',
    });
  });

  it('do not show the metadata of aufs', async () => {
    expect(
      (
        await visit(
          imageOf([
            { path: '.wh..wh.plnk', content: 'x' },
            { path: 'a', content: '1' },
          ]),
        )
      ).files,
    ).toEqual({ a: '1 @ 0' });
  });

  it('put files through links of lower layers, as runtimes unpack them', async () => {
    const image = imageOf(
      [
        { path: 'lib', type: '2', link: 'usr/lib' },
        { path: 'usr/lib/a', content: '1' },
        { path: 'usr/lib/b', content: '1' },
      ],
      [{ path: 'lib/a', content: '2' }, { path: 'lib/.wh.b' }, { path: 'lib/c', content: '2' }],
    );

    expect((await visit(image)).files).toEqual({ 'usr/lib/a': '2 @ 1', 'usr/lib/c': '2 @ 1' });
  });

  it('replace a link with a folder', async () => {
    const image = imageOf(
      [
        { path: 'lib', type: '2', link: 'usr/lib' },
        { path: 'usr/lib/a', content: '1' },
      ],
      [{ path: 'lib/' }, { path: 'lib/a', content: '2' }],
    );

    expect((await visit(image)).files).toEqual({ 'lib/a': '2 @ 1', 'usr/lib/a': '1 @ 0' });
  });

  it('hold hard links to files of lower layers', async () => {
    const image = imageOf(
      [{ path: 'store/a', content: '1' }],
      [{ path: 'x' }],
      [{ path: 'b/package.json', type: '1', link: 'store/a' }],
    );

    expect((await visit(image, /package\.json$/)).files).toEqual({ 'b/package.json': '1 @ 0' });
  });
});

describe('merged /usr', () => {
  const file = { path: 'usr/lib/apk/db/installed', content: '1' };

  it('gives a file under the old name that is wanted, where the link exists', async () => {
    const image = imageOf([{ path: 'lib', type: '2', link: 'usr/lib' }, file]);

    expect((await visit(image, /^lib\/apk/)).files).toEqual({ 'lib/apk/db/installed': '1 @ 0' });
  });

  it('does not where it does not', async () => {
    expect((await visit(imageOf([file]), /^lib\/apk/)).files).toEqual({});
  });
});

describe('layers that are not what they should be', () => {
  const good = [{ path: 'a', content: '1' }];

  async function visitLayer(change: (layer: BuiltLayer) => Partial<BuiltLayer>): Promise<Seen> {
    const base = buildLayer(good);
    const image = buildImage([base]);
    return visit(imageInputOf({ ...image, layers: [{ ...base, ...change(base) }] }));
  }

  it.each([
    ['a wrong digest', () => ({ digest: `sha256:${'0'.repeat(64)}` }), 'has the digest sha256:'],
    ['a wrong diff id', () => ({ diffId: `sha256:${'0'.repeat(64)}` }), 'unpacks to sha256:'],
    ['a digest of an unknown kind', () => ({ digest: 'md5:00' }), 'unknown kind'],
    ['a layer that is cut off', (layer: BuiltLayer) => ({ bytes: layer.bytes.subarray(0, 60) }), 'cannot be unpacked'],
    [
      'a foreign layer',
      () => ({ mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' }),
      'distributed',
    ],
  ])('with %s give no files and a problem', async (_what, change, message) => {
    const { files, coverage } = await visitLayer(change);

    expect(files).toEqual({});
    expect(coverage.problems).toMatchObject([{ hidesFindings: true, message: expect.stringContaining(message) }]);
  });

  it('that cannot be opened give a problem', async () => {
    const image = imageOf(good);
    const layers = image.layers.map((layer) => ({
      ...layer,
      open: (): AsyncIterable<Uint8Array> => {
        throw new Error('connection refused');
      },
    }));

    const { coverage } = await visit({ ...image, layers });

    expect(coverage.problems).toMatchObject([
      { kind: 'unreadable', message: expect.stringContaining('connection refused') },
    ]);
  });

  it('whose tar breaks give the files before the break, and where it is', async () => {
    const layer = packLayer(writeTar([...good, { path: 'b', badChecksum: true }]), 'gzip');

    const { files, coverage } = await visit(imageInputOf(buildImage([layer])));

    expect(files).toEqual({ a: '1 @ 0' });
    expect(coverage.problems).toMatchObject([
      { kind: 'syntax', message: expect.stringContaining('at byte 1024 of the layer') },
    ]);
  });

  it('with names that leave the root do not hand those out', async () => {
    const { files, coverage } = await visit(
      imageOf([
        { path: '../../etc/passwd', content: 'x' },
        { path: 'a/../b', content: '1' },
      ]),
    );

    expect(files).toEqual({ b: '1 @ 0' });
    expect(coverage.problems).toMatchObject([{ kind: 'outside' }]);
    expect(coverage.skipped).toMatchObject([{ reason: 'outside', count: 1 }]);
  });

  it('with a whiteout of nothing say so', async () => {
    const { coverage } = await visit(imageOf(good, [{ path: 'x/.wh.' }, { path: 'x/.wh...' }]));

    expect(coverage.problems).toHaveLength(2);
  });

  it('with links in circles end', async () => {
    const image = imageOf([
      { path: 'a', type: '2', link: 'b' },
      { path: 'b', type: '2', link: 'a' },
      { path: 'a/x', content: '1' },
      { path: 'self', type: '2', link: 'self/self' },
      { path: 'self/y', content: '2' },
    ]);

    const { files } = await visit(image);

    expect(Object.values(files)).toEqual(['1 @ 0', '2 @ 0']);
  });
});

describe('limits', () => {
  it('hold for entries, sizes, links, problems and unpacked bytes', async () => {
    const layer: TarMemberInput[] = [
      { path: 'a', content: '1' },
      { path: 'large', content: 'x'.repeat(100) },
      { path: 'l1', type: '2', link: 'a' },
      { path: 'l2', type: '2', link: 'a' },
      { path: 'b', content: '2' },
    ];
    const kinds = async (limits: Partial<Limits>): Promise<string[]> => {
      const { coverage } = await visit(imageOf(layer), /./, { ...defaultLimits, ...limits });
      return coverage.problems.map((problem) => `${problem.kind}: ${problem.message}`);
    };

    expect(await kinds({ imageEntries: 3 })).toEqual([
      expect.stringContaining('more than 3 entries'),
      expect.any(String),
    ]);
    expect(await kinds({ manifestBytes: 50 })).toEqual([expect.stringContaining('100 bytes')]);
    expect(await kinds({ layerLinks: 1 })).toEqual([expect.stringContaining('symbolic links')]);
    expect(await kinds({ layerBytes: 1000 })).toEqual([expect.stringContaining('unpacks to more than 1000 bytes')]);
    expect(await kinds({ manifestBytes: 0, layerProblems: 1 })).toEqual([
      expect.any(String),
      'limit: 2 more problems in this layer',
    ]);
    expect(await kinds({ companionBytes: 2 })).toHaveLength(2);
  });

  it('stop a bomb', async () => {
    const bytes = gzipSync(Buffer.alloc(30_000_000));
    const layer = { ...packLayer(Buffer.alloc(0), 'gzip'), bytes };
    const limits = { ...defaultLimits, layerRatioFrom: 1_000_000 };

    const { coverage } = await visit(imageInputOf(buildImage([layer])), /./, limits);

    expect(coverage.problems).toMatchObject([{ kind: 'limit', message: expect.stringContaining('250 times') }]);
  });
});
