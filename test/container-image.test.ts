// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImageParts } from '../scripts/image/make-image.ts';
import { attachDocument, makeImage } from '../scripts/image/make-image.ts';
import { runCommand } from './support/command-line.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landwaiter-image-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program of two files, as if it were this one. */
function parts(): ImageParts {
  const put = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const name of ['LICENSE', 'NOTICE', 'bin/landwaiter.cjs', 'data/a', 'rules/a.yaml']) put(name, name);
  put('rules/examples/bad.yaml', 'kind: Pod');
  put('package.json', '{"name":"landwaiter","version":"1.0.0","license":"Apache-2.0","devDependencies":{"x":"1.0.0"}}');
  put('node/LICENSE', 'x');
  put('node/package.json', '{"name":"node","version":"24.0.0","license":"MIT"}');
  put('node/bin/node', 'elf');
  put('dist/main.cjs', '1');
  const base = [{ path: 'etc/passwd', content: 'nonroot:x:65532:65532::/:/sbin/nologin\n' }];
  const times = { created: '2026-07-01T00:00:00Z', revision: undefined, version: '1.0.0' };
  return { base, node: join(folder, 'node'), root: folder, dist: join(folder, 'dist'), ...times };
}

describe('the container image', () => {
  test('has the same digest when it is made again', async () => {
    const first = await makeImage(join(folder, 'one'), parts());
    const second = await makeImage(join(folder, 'two'), parts());

    expect(first.digest).toBe(second.digest);
  });

  test('has another digest for another program', async () => {
    const first = await makeImage(join(folder, 'one'), parts());
    const changed = parts();
    writeFileSync(join(folder, 'dist/main.cjs'), '2');

    expect((await makeImage(join(folder, 'two'), changed)).digest).not.toBe(first.digest);
  });

  test('runs as nobody, and holds neither tools to build with nor examples', async () => {
    const { digest } = await makeImage(join(folder, 'out'), parts());
    const blob = (of: string): unknown =>
      JSON.parse(readFileSync(join(folder, 'out/blobs', of.replace(':', '/')), 'utf8'));
    const manifest = blob(digest) as { readonly config: { readonly digest: string } };

    expect(blob(manifest.config.digest)).toMatchObject({
      config: { User: '65532:65532' },
      created: '2026-07-01T00:00:00Z',
    });
    const { stdout } = await runCommand(['sbom', '-o', 'purls', `oci-dir:${join(folder, 'out')}`], { cwd: folder });
    expect(stdout).not.toContain('pkg:npm/x');
  });

  test('has no configuration finding of weight', async () => {
    await makeImage(join(folder, 'out'), parts());

    const { stdout } = await runCommand(
      ['scan', '--scanners', 'misconfig', '--fail-on', 'high', `oci-dir:${join(folder, 'out')}`],
      { cwd: folder },
    );

    expect(stdout).not.toMatch(/^\s*(?:critical|high|medium)\s/m);
  });

  test('carries documents that readers of referrers find', async () => {
    const image = await makeImage(join(folder, 'out'), parts());
    await attachDocument(join(folder, 'out'), image, {
      type: 'application/vnd.cyclonedx+json',
      text: '{}',
      created: '2026-07-01T00:00:00Z',
    });

    const { stdout } = await runCommand(['tree', `oci-dir:${join(folder, 'out')}:1.0.0`], { cwd: folder });

    expect(stdout).toContain('application/vnd.cyclonedx+json');
  });
});
