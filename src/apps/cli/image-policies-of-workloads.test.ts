// SPDX-License-Identifier: Apache-2.0
// ClusterImagePolicies applied to the images of workloads: `policy apply --registry`.

import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { image, imageIn, keyless, policy, root } from '../../../test/support/signing/image-policy.ts';
import { attachOlder, writable } from '../../../test/support/signing/image-proofs.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

closeAfterEach();
removeFoldersAfterEach();

describe('policy apply --registry', () => {
  const workload = (name: string, labels: Readonly<Record<string, string>> = {}): string =>
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels },
      spec: {
        template: { spec: { initContainers: [{ name: 'i', image: name }], containers: [{ name: 'c', image: name }] } },
      },
    });
  const apply = (cwd: string, ...more: readonly string[]) =>
    runCommand(['policy', 'apply', 'p.json', '-r', 'w.json', '--trusted-root', 'root.json', ...more], { cwd });

  it('judges the images of workloads, each once', async () => {
    const place = await imageIn();
    const cwd = testFolder({ 'root.json': root, 'p.json': policy([keyless]), 'w.json': workload(place.name) });

    const unsigned = await apply(cwd, '--registry');
    await attachOlder(writable(place.registry), image);
    const signed = await apply(cwd, '--registry');

    expect(unsigned.stdout).toMatch(/high\s+signed[^]*there is no signature/);
    expect(unsigned.stdout.match(/there is no signature/g)).toHaveLength(1);
    expect([unsigned.status, signed.status]).toEqual([1, 0]);
  });

  it('is explained, also with what only a registry can tell', async () => {
    const place = await imageIn();
    const cwd = testFolder({ 'root.json': root, 'p.json': policy([keyless]), 'w.json': workload(place.name) });
    const words = ['policy', 'explain', 'p.json', '-r', 'w.json', '--trusted-root', 'root.json'];

    const asked = await runCommand([...words, '--registry'], { cwd });
    const alone = await runCommand(words, { cwd });

    expect(asked.stdout).toMatch(/Deployment web .* is refused by signed\n.*there is no signature/);
    expect(alone.stdout).toContain('could not be judged by signed');
    expect([asked.status, alone.status]).toEqual([1, 3]);
  });

  it('asks nobody without --registry, and says that nobody looked', async () => {
    const place = await imageIn();
    const cwd = testFolder({ 'root.json': root, 'p.json': policy([keyless]), 'w.json': workload(place.name) });
    const before = place.registry.requests.length;

    const { status, stdout } = await apply(cwd);

    expect(`${status} ${stdout}`).toMatch(/^3 [^]*registries are not asked/);
    expect(place.registry.requests).toHaveLength(before);
  });

  it('holds a policy with a match to the objects that it names', async () => {
    const place = await imageIn();
    const match = [
      { resource: 'deployments', group: 'apps', version: '*', selector: { matchLabels: { tier: 'front' } } },
    ];
    const files = { 'root.json': root, 'p.json': policy([keyless], { match }) };

    const other = await apply(testFolder({ ...files, 'w.json': workload(place.name) }), '--registry');
    const named = await apply(
      testFolder({ ...files, 'w.json': workload(place.name, { tier: 'front' }) }),
      '--registry',
    );

    expect([other.status, named.status]).toEqual([0, 1]);
  });

  it('follows what the cluster does with images that no policy is about', async () => {
    const place = await imageIn();
    const settings = (word: string): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'config-policy-controller' },
        data: { 'no-match-policy': word },
      });
    const judge = async (word: string): Promise<number> => {
      const files = { 'p.json': `${policy([keyless], { images: [{ glob: 'other' }] })}\n---\n${settings(word)}` };
      return (await apply(testFolder({ ...files, 'root.json': root, 'w.json': workload(place.name) }), '--registry'))
        .status;
    };

    expect([await judge('allow'), await judge('warn'), await judge('deny')]).toEqual([0, 0, 1]);
  });
});
