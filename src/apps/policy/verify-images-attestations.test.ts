// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { attach, imageBundle, repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { attestOlder, publicPem, signNewer } from '../../../test/support/signing/key-signatures.ts';
import {
  byKey,
  entries,
  image,
  keys,
  named,
  registryWith,
  signedRegistry,
  strangers,
} from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';

closeAfterEach();

const scan = 'https://cosign.sigstore.dev/attestation/vuln/v1';

describe('attestations', () => {
  const attestation = (more: JsonObject = {}) => ({
    type: scan,
    attestors: [{ entries }],
    conditions: [{ all: [{ key: '{{ critical }}', operator: 'Equals', value: 0 }] }],
    ...more,
  });
  const attested = async (...predicates: readonly unknown[]): Promise<TestRegistry> => {
    const registry = await signedRegistry();
    for (const predicate of predicates)
      await signNewer(writable(registry), image, { keys, predicateType: scan, predicate });
    return registry;
  };
  const lineOf = async (registry: TestRegistry, entry: JsonObject): Promise<string> =>
    (await judge(registry, setOf([imagePolicy(entry)]), podWith(named))).lines.join(' ');

  it('must be there, and all must meet the conditions', async () => {
    expect(await lineOf(await attested(), { attestations: [attestation()] })).toMatch(
      /^fail .*there is no attestation/,
    );
    expect(await lineOf(await attested({ critical: 0 }), { attestations: [attestation()] })).toMatch(/^pass /);
    const mixed = await attested({ critical: 0 }, { critical: 3 });
    expect(await lineOf(mixed, { attestations: [attestation()] })).toMatch(/^fail .*conditions/);
  });

  it.each([
    ['of the older layout', attestOlder, 'Cosign', 'pass'],
    ['of the newer layout', signNewer, 'Cosign', 'pass'],
    ['of the older layout where bundles are asked for', attestOlder, 'SigstoreBundle', 'fail'],
    ['of the newer layout where bundles are asked for', signNewer, 'SigstoreBundle', 'pass'],
  ])('count in both layouts: %s', async (_, attest, type, expected) => {
    const entry = { type, attestations: [attestation()] };
    const verdict = async (signer: typeof keys, critical: number): Promise<string> => {
      const registry = await registryWith((it) =>
        attest(writable(it), image, { keys: signer, predicateType: scan, predicate: { critical } }),
      );
      return (await lineOf(registry, entry)).split(' ')[0] ?? '';
    };

    expect(await verdict(keys, 0)).toBe(expected);
    expect(await verdict(keys, 1)).toBe('fail');
    expect(await verdict(strangers, 0)).toBe('fail');
  });

  it('by strangers neither help nor hurt', async () => {
    const registry = await attested({ critical: 0 });
    await signNewer(writable(registry), image, { keys: strangers, predicateType: scan, predicate: { critical: 9 } });

    expect(await lineOf(registry, { attestations: [attestation()] })).toMatch(/^pass /);
  });

  it('are known by predicateType as well', async () => {
    const older = attestation({ predicateType: scan, type: undefined });

    expect(await lineOf(await attested({ critical: 0 }), { attestations: [older] })).toMatch(/^pass /);
  });

  it('are held against each other by name', async () => {
    const registry = await attested({ critical: 0, of: 'sha' });
    const entry = (value: string) => ({
      attestations: [attestation({ name: 'scan' })],
      validate: {
        message: 'made for another build',
        deny: { conditions: { any: [{ key: '{{ scan.of }}', operator: 'NotEquals', value }] } },
      },
    });

    expect(await lineOf(registry, entry('sha'))).toMatch(/^pass /);
    expect(await lineOf(registry, entry('other'))).toMatch(/^fail .*made for another build/);
  });

  it('beside an older key are asked of that key', async () => {
    const registry = await signedRegistry();
    await attach(writable(registry), image, imageBundle(image, scan));
    const policy = (): JsonObject =>
      imagePolicy(
        { key: publicPem(keys), attestations: [{ type: scan }] },
        { metadata: { annotations: { 'landwaiter.dev/require-transparency-log': 'false' } } },
      );

    const before = await judge(registry, setOf([policy()]), podWith(named));
    await signNewer(writable(registry), image, { keys, predicateType: scan });
    const after = await judge(registry, setOf([policy()]), podWith(named));

    expect(before.lines).toEqual([expect.stringMatching(/^fail /)]);
    expect(after.lines).toEqual([expect.stringMatching(/^pass /)]);
  });

  it('without attestors are taken from anybody, and that is told', async () => {
    const registry = await signedRegistry();
    await attach(writable(registry), image, imageBundle(image, scan));
    const set = setOf([imagePolicy({ ...byKey, attestations: [{ type: scan }] })]);

    expect(set.problems[0]).toMatchObject({ hidesFindings: false });
    expect((await judge(registry, set, podWith(named))).lines).toEqual([expect.stringMatching(/^pass /)]);
  });

  it('that could not be read may be the ones that fail', async () => {
    const registry = await attested({ critical: 0 }, { critical: 0, again: true });
    const [, second] = [...registry.repository(repository).blobs].filter(([, bytes]) => bytes.includes('dsseEnvelope'));
    registry.fail({ path: new RegExp(second?.[0] ?? 'none'), effect: { kind: 'answer', status: 403 } });

    expect(await lineOf(registry, { attestations: [attestation()] })).toMatch(/^error /);
  });
});
