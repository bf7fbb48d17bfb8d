// SPDX-License-Identifier: Apache-2.0
// `scan` of images and of several targets, as it is typed: from a registry, from layouts, from manifests.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../test/support/command-line.ts';
import { runCommand } from '../../../test/support/command-line.ts';
import type { BuiltImage } from '../../../test/support/image-builder.ts';
import { buildImage, buildLayer, sha256, writeOciLayout } from '../../../test/support/image-builder.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { startRegistry } from '../../../test/support/registry/test-registry.ts';

const base = buildLayer([
  { path: 'etc/os-release', content: 'ID=alpine\nVERSION_ID=3.20.1\n' },
  { path: 'bin', type: '2', link: 'usr/bin' },
  { path: 'usr/bin/su', content: 'x', mode: 0o4755 },
  {
    path: 'lib/apk/db/installed',
    content: 'P:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\n\nP:shadow\nV:4.15-r0\nA:x86_64\nL:BSD-3-Clause\nF:bin\nR:su\n\n',
  },
]);
const top = buildLayer([
  { path: 'srv/grant', content: 'x', mode: 0o4755 },
  {
    path: 'srv/node_modules/copyleft/package.json',
    content: JSON.stringify({ name: 'copyleft', version: '1.0.0', license: 'AGPL-3.0-only' }),
  },
]);
const app = buildImage([base, top]);
const baseImage = buildImage([base], { User: '1000' });

function workFolder(images: Readonly<Record<string, BuiltImage>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'landwaiter-scan-'));
  for (const [name, image] of Object.entries(images)) writeOciLayout(join(folder, name), image);
  return folder;
}

function put(registry: TestRegistry, name: string, image: BuiltImage): void {
  const repository = registry.repository(name);
  for (const bytes of [image.config, ...image.layers.map((layer) => layer.bytes)])
    repository.blobs.set(sha256(bytes), bytes);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  repository.manifests.set(image.digest, { bytes: image.manifest, mediaType });
  repository.tags.set('1.0', image.digest);
}

async function withRegistry<T>(run: (registry: TestRegistry) => Promise<T>): Promise<T> {
  const registry = await startRegistry();
  try {
    return await run(registry);
  } finally {
    await registry.close();
  }
}

function scan(cwd: string, ...words: readonly string[]): Promise<Outcome> {
  return runCommand(['scan', ...words, '--layer-cache', 'off', '--platform', 'linux/amd64'], { cwd });
}

interface JsonReport {
  readonly image?: { readonly layers: readonly { readonly digest: string }[] };
  readonly misconfigurations?: readonly { readonly id: string; readonly resource: string; readonly origin?: string }[];
  readonly licenses?: readonly { readonly outcome: string; readonly expression: string }[];
  readonly lists: readonly { readonly packages: readonly { readonly name: string }[] }[];
  readonly target: { readonly target: string; readonly namedBy?: readonly { readonly path: string }[] };
}

interface JsonReports {
  readonly notOpened: readonly { readonly target: string; readonly code: string }[];
  readonly problems: readonly unknown[];
  readonly reports: readonly JsonReport[];
}

const configured = ['--scanners', 'misconfig', '-o', 'json'];

describe('scan of an image', () => {
  it('in a registry reads its layers and judges its configuration', async () => {
    const { status, stdout } = await withRegistry((registry) => {
      put(registry, 'shop/app', app);
      return scan(workFolder(), `image:${registry.host}/shop/app:1.0`, ...configured);
    });

    const report = JSON.parse(stdout) as JsonReport;
    expect(status).toBe(0);
    expect(report.image?.layers.map(({ digest }) => digest)).toEqual([base.digest, top.digest]);
    expect(report.lists.flatMap(({ packages }) => packages.map(({ name }) => name)).toSorted()).toEqual([
      'copyleft',
      'musl',
      'shadow',
    ]);
    expect(report.misconfigurations?.map(({ id, resource }) => `${id} ${resource}`)).toEqual([
      'root-user USER',
      'setuid-file srv/grant',
      'no-health-check HEALTHCHECK',
      'setuid-file usr/bin/su (shadow)',
    ]);
  });

  it('finds secrets in its files, also in those that a later layer removes, and names the layer', async () => {
    const secret = ['AKIA', 'Q3EGRIDVTHQ6LRZP'].join('');
    const first = buildLayer([{ path: 'srv/.aws', content: `aws_access_key_id = ${secret}\n` }]);
    const second = buildLayer([{ path: 'srv/.wh..aws', content: '' }]);
    const folder = workFolder({ leaky: buildImage([first, second]) });

    const { status, stdout } = await scan(folder, 'oci-dir:leaky', '--scanners', 'secret', '-o', 'json');

    const { secrets } = JSON.parse(stdout) as {
      secrets: readonly { id: string; locations: readonly { path: string; layer?: string }[] }[];
    };
    expect(secrets).toMatchObject([
      { id: 'aws-access-key-id', locations: [{ path: 'srv/.aws', line: 1, layer: first.digest }] },
    ]);
    expect(stdout).not.toContain(secret);
    expect(status).toBe(1);
  });

  it('fails with a licence that the user denies, and not with others', async () => {
    const folder = workFolder({ app });
    const words = ['oci-dir:app', '--scanners', 'license', '-o', 'json'];

    const denied = await scan(folder, ...words, '--license-deny', 'AGPL-3.0-only');
    const allowed = await scan(folder, ...words, '--license-allow', 'AGPL-3.0-only,MIT,BSD-3-Clause');

    const failed = (JSON.parse(denied.stdout) as JsonReport).licenses?.filter(({ outcome }) => outcome === 'fail');
    expect(denied.status).toBe(1);
    expect(failed).toMatchObject([{ expression: 'AGPL-3.0-only' }]);
    expect(allowed.status).toBe(0);
  });

  it('finds the packages of the Nix store in folders of several layers', async () => {
    const store = (name: string): string => `nix/store/02mqs1by2vab9yzw0qc4j7463w78p3ps-${name}`;
    const image = buildImage([
      buildLayer([{ path: `${store('glibc-2.37')}/lib/libc.so.6`, content: 'x' }]),
      buildLayer([
        { path: `${store('jq-1.6')}/bin/jq`, content: 'x' },
        { path: `${store('glibc-2.37')}/lib/libm.so.6`, content: 'x' },
      ]),
    ]);

    const { stdout } = await scan(workFolder({ image }), 'oci-dir:image', ...configured);

    const { lists } = JSON.parse(stdout) as JsonReport;
    expect(lists.flatMap(({ packages }) => packages.map(({ name }) => name)).toSorted()).toEqual(['glibc', 'jq']);
  });
});

describe('scan of several targets', () => {
  it('reports them in the order they were named, whatever --jobs says', async () => {
    const folder = workFolder({ app, base: baseImage });

    const outputs = await Promise.all(
      ['1', '8'].map((jobs) => scan(folder, 'oci-dir:app', 'oci-dir:base', '--jobs', jobs, ...configured)),
    );

    const targets = outputs.map(({ stdout }) =>
      (JSON.parse(stdout) as JsonReports).reports.map(({ target }) => target.target),
    );
    expect(targets).toEqual([
      ['oci-dir:app', 'oci-dir:base'],
      ['oci-dir:app', 'oci-dir:base'],
    ]);
  });

  it('tells what came with an image that was given beside it', async () => {
    const { stdout } = await scan(workFolder({ app, base: baseImage }), 'oci-dir:app', 'oci-dir:base', ...configured);

    const [first] = (JSON.parse(stdout) as JsonReports).reports;
    const setuid = first?.misconfigurations?.filter(({ id }) => id === 'setuid-file');
    expect(setuid).toMatchObject([
      { resource: 'srv/grant', origin: 'own' },
      { resource: 'usr/bin/su (shadow)', origin: 'base' },
    ]);
  });

  it('asks a registry once for a layer that images share', async () => {
    const asked = await withRegistry(async (registry) => {
      put(registry, 'shop/app', app);
      put(registry, 'shop/base', baseImage);
      const names = ['shop/app', 'shop/base'].map((name) => `image:${registry.host}/${name}:1.0`);
      await scan(workFolder(), ...names, ...configured);
      return registry.asked(/^GET .*blobs/).filter((line) => line.endsWith(base.digest));
    });

    expect(asked).toHaveLength(1);
  });

  it('goes on when one cannot be opened, names it and is incomplete', async () => {
    const { status, stdout } = await scan(workFolder({ app }), 'oci-dir:app', 'oci-dir:missing', ...configured);

    const document = JSON.parse(stdout) as JsonReports;
    expect(status).toBe(3);
    expect(document.notOpened).toMatchObject([{ target: 'oci-dir:missing', code: 'TARGET_NOT_FOUND' }]);
    expect(document.reports).toHaveLength(1);
  });

  it('ends with the findings of any target, also when another cannot be opened', async () => {
    const words = ['oci-dir:app', 'oci-dir:missing', '--fail-on', 'medium', ...configured];

    expect(await scan(workFolder({ app }), ...words)).toMatchObject({ status: 1 });
  });

  it('refuses a format without a place for several before anything is read', async () => {
    const outcome = await scan(workFolder(), 'oci-dir:a', 'oci-dir:b', '-o', 'junit');

    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain('junit has no place for several targets');
  });
});

describe('scan manifests:PATH --images', () => {
  const podOf = (image: string): string =>
    `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: ${image}\n`;

  it('looks at the images that are named, and says where', async () => {
    const { status, stdout } = await withRegistry((registry) => {
      put(registry, 'shop/app', app);
      const folder = workFolder();
      writeFileSync(join(folder, 'pod.yaml'), podOf(`${registry.host}/shop/app:1.0`));
      return scan(folder, 'manifests:.', '--images', ...configured);
    });

    const { reports } = JSON.parse(stdout) as JsonReports;
    expect(status).toBe(0);
    expect(reports.map(({ target }) => target.namedBy)).toMatchObject([[{ path: 'pod.yaml', line: 6 }]]);
  });

  it('is incomplete when a template may name more', async () => {
    const folder = workFolder();
    writeFileSync(join(folder, 'pod.yaml'), podOf('"{{ .Values.image }}"'));

    const { status, stdout } = await scan(folder, 'manifests:pod.yaml', '--images', ...configured);

    expect(status).toBe(3);
    expect((JSON.parse(stdout) as JsonReports).problems).toHaveLength(1);
  });

  it('is the only thing that manifests: is for', async () => {
    const { status, stderr } = await scan(workFolder(), 'manifests:.', ...configured);

    expect(status).toBe(2);
    expect(stderr).toContain('--images');
  });
});
