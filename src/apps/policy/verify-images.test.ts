// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { originalPolicy } from '../../../test/support/original-policy.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { ecKeys } from '../../../test/support/signing/certificates.ts';
import { writable } from '../../../test/support/signing/image-proofs.ts';
import { publicPem, signOlder } from '../../../test/support/signing/key-signatures.ts';
import { image, keys, named, noLog, registryWith, strangers } from '../../../test/support/verified-image.ts';
import { fromText, imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';

closeAfterEach();

describe('the policy that everybody starts with', () => {
  it('takes an image that the key signed, and pins what was verified', async () => {
    const registry = await testRegistry();
    registry.put('your_org/app', image, '1.0');
    await signOlder(writable(registry, 'your_org/app'), image, { keys, log: 'logged' });

    const judged = await judge(
      registry,
      fromText(originalPolicy(publicPem(keys))),
      podWith('your_registry.com/your_org/app:1.0'),
    );

    expect(judged.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(judged.images).toEqual([`your_registry.com/your_org/app:1.0@${image.digest}`]);
  });

  it.each([
    ['unsigned', undefined],
    ['signed by somebody else', { keys: strangers, log: 'logged' as const }],
    ['signed without an entry of the log', { keys }],
  ])('refuses an image that is %s', async (_, signing) => {
    const registry = await testRegistry();
    registry.put('your_org/app', image, '1.0');
    if (signing !== undefined) await signOlder(writable(registry, 'your_org/app'), image, signing);

    const judged = await judge(
      registry,
      fromText(originalPolicy(publicPem(keys))),
      podWith('your_registry.com/your_org/app:1.0'),
    );

    expect(judged.lines).toEqual([expect.stringMatching(/^fail /)]);
    expect(judged.images).toEqual(['your_registry.com/your_org/app:1.0']);
  });

  it('says nothing of images of other registries', async () => {
    const judged = await judge(await registryWith(), fromText(originalPolicy(publicPem(keys))), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^skip /)]);
  });

  it('warns of its apiVersion', () => {
    expect(fromText(originalPolicy(publicPem(keys))).problems).toMatchObject([
      { hidesFindings: false, message: expect.stringContaining('read as kyverno.io/v1') as string },
    ]);
  });

  it('is refused with a clear word while its key is a placeholder', () => {
    const set = fromText(originalPolicy('-----BEGIN PUBLIC KEY-----\nyour public key here\n-----END PUBLIC KEY-----'));

    expect(set.problems.filter(({ hidesFindings }) => hidesFindings)).toMatchObject([
      { message: expect.stringMatching(/verifyImages[.]0[.]key: not a public key/) as string },
    ]);
  });
});

describe('attestor sets', () => {
  const entry = (pair: typeof keys) => ({ keys: { publicKeys: publicPem(pair), ...noLog } });
  const third = ecKeys();
  const outcomeOf = async (attestors: unknown, signers: readonly (typeof keys)[]): Promise<string> => {
    const registry = await registryWith(async (it) => {
      for (const signer of signers) await signOlder(writable(it), image, { keys: signer });
    });
    const { lines } = await judge(registry, setOf([imagePolicy({ attestors })]), podWith(named));
    return lines.join(' ').split(' ')[0] ?? '';
  };

  it.each([
    ['all entries without a count', [{ entries: [entry(keys), entry(third)] }], 'fail'],
    ['one where one is enough', [{ count: 1, entries: [entry(keys), entry(third)] }], 'pass'],
    ['all with a count of nothing', [{ count: 0, entries: [entry(keys), entry(third)] }], 'fail'],
    ['every set', [{ entries: [entry(keys)] }, { entries: [entry(third)] }], 'fail'],
    [
      'each of several keys in one text',
      [{ entries: [{ keys: { publicKeys: publicPem(keys) + publicPem(third), ...noLog } }] }],
      'fail',
    ],
    [
      'as many of them as counted',
      [{ count: 1, entries: [{ keys: { publicKeys: publicPem(keys) + publicPem(third), ...noLog } }] }],
      'pass',
    ],
    [
      'a nested set',
      [{ count: 1, entries: [entry(third), { attestor: { count: 1, entries: [entry(strangers), entry(keys)] } }] }],
      'pass',
    ],
  ])('ask for %s', async (_, attestors, expected) => {
    expect(await outcomeOf(attestors, [keys])).toBe(expected);
  });
});
