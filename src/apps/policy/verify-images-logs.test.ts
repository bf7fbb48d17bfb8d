// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { world } from '../../../test/support/signing/attempt.ts';
import { writable } from '../../../test/support/signing/image-proofs.ts';
import { publicPem, signOlder } from '../../../test/support/signing/key-signatures.ts';
import { image, keys, named, registryWith, strangers } from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';

closeAfterEach();

describe('transparency logs', () => {
  const plain = { attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys) } }] }] };
  const withAnnotation = (text: string) => ({
    metadata: { annotations: { 'landwaiter.dev/require-transparency-log': text } },
  });

  it('are asked for keys unless somebody says otherwise', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys }));

    const usual = await judge(registry, setOf([imagePolicy(plain)]), podWith(named));
    const annotated = await judge(registry, setOf([imagePolicy(plain, withAnnotation('false'))]), podWith(named));
    const set = await judge(registry, setOf([imagePolicy(plain)], { keyTransparencyLog: 'not-asked' }), podWith(named));
    const both = await judge(
      registry,
      setOf([imagePolicy(plain, withAnnotation('true'))], { keyTransparencyLog: 'not-asked' }),
      podWith(named),
    );

    expect(usual.lines).toEqual([expect.stringMatching(/^fail .*LOG_MISSING.*require-transparency-log/)]);
    expect([annotated, set, both].map(({ lines }) => lines[0]?.split(' ')[0])).toEqual(['pass', 'pass', 'fail']);
  });

  it('must be one that is trusted, or the one whose key the policy holds', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys, log: 'logged' }));
    const withLog = (rekor: unknown) => ({
      attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys), rekor } }] }],
    });

    const trusted = await judge(
      registry,
      setOf([imagePolicy(withLog({ url: 'https://log.example' }))]),
      podWith(named),
    );
    const own = await judge(
      registry,
      setOf([imagePolicy(withLog({ pubkey: publicPem(world.log.keys) }))]),
      podWith(named),
    );
    const other = await judge(
      registry,
      setOf([imagePolicy(withLog({ pubkey: publicPem(strangers) }))]),
      podWith(named),
    );

    expect(trusted.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(own.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(other.lines).toEqual([expect.stringMatching(/^fail .*LOG_UNKNOWN/)]);
  });

  it('are refused in an annotation that says neither', () => {
    expect(setOf([imagePolicy(plain, withAnnotation('maybe'))]).problems[0]?.message).toContain('"true" or "false"');
  });
});
