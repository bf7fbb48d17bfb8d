// SPDX-License-Identifier: Apache-2.0
// The whole container image, built twice and started where the machine allows a change of root: LANDWAITER_E2E=1 vitest run test/e2e/container-image.test.ts.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseFiles } from '../../scripts/image/base-files.ts';
import type { WrittenImage } from '../../scripts/image/make-image.ts';
import { buildImageLayout } from '../../scripts/image.ts';
import { runCommand } from '../support/command-line.ts';

const isAsked = process.env['LANDWAITER_E2E'] === '1';
const reason = !isAsked
  ? 'LANDWAITER_E2E=1 asks for it'
  : baseFiles() === undefined
    ? 'this machine is no Debian on x86-64'
    : undefined;
const mayChangeRoot = spawnSync('chroot', ['/', 'true'], { stdio: 'ignore' }).status === 0;

describe.skipIf(reason !== undefined)(
  `the container image${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let folder: string;
    let image: WrittenImage | undefined;
    const target = (): string => `oci-dir:${join(folder, 'one')}@${image?.digest ?? ''}`;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'landwaiter-e2e-image-'));
      image = await buildImageLayout({ output: join(folder, 'one') });
    }, 120_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('has the same digest when it is built again', async () => {
      const again = await buildImageLayout({ output: join(folder, 'two') });

      expect(again?.digest).toBe(image?.digest);
    }, 120_000);

    test('has no finding of weight in its configuration, no secrets, and packages that an SBOM names', async () => {
      const scan = await runCommand(['scan', '--scanners', 'misconfig,secret', '--fail-on', 'medium', target()], {
        cwd: folder,
      });
      const sbom = await runCommand(['sbom', '-o', 'purls', target()], { cwd: folder });

      expect(scan.stdout).not.toMatch(/^\s*(?:critical|high|medium)\s/m);
      for (const name of ['pkg:deb/debian/libc6', 'pkg:npm/js-yaml', 'pkg:generic/node'])
        expect(sbom.stdout).toContain(name);
    }, 60_000);

    test('carries its SBOM and provenance', async () => {
      const { stdout } = await runCommand(['tree', target()], { cwd: folder });

      expect(stdout).toContain('application/vnd.cyclonedx+json');
      expect(stdout).toContain('application/vnd.in-toto+json');
    });

    test.skipIf(!mayChangeRoot)(
      'starts as nobody with what is in it, and nothing else',
      () => {
        const root = join(folder, 'root');
        mkdirSync(root);
        const blob = (digest: string): Buffer => readFileSync(join(folder, 'one/blobs', digest.replace(':', '/')));
        const { layers } = JSON.parse(blob(image?.digest ?? '').toString('utf8')) as {
          readonly layers: readonly { readonly digest: string }[];
        };
        for (const { digest } of layers)
          expect(spawnSync('tar', ['-x', '-C', root], { input: gunzipSync(blob(digest)) }).status).toBe(0);

        const program = ['/opt/node/bin/node', '/opt/landwaiter/bin/landwaiter.cjs', '--version'];
        const { stdout, stderr } = spawnSync('chroot', ['--userspec=65532:65532', root, ...program], {
          encoding: 'utf8',
        });

        expect([stdout, stderr]).toEqual([expect.stringMatching(/^landwaiter \d/), '']);
      },
      60_000,
    );
  },
);
