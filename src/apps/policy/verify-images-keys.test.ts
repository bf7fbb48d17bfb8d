// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import { writable } from '../../../test/support/signing/image-proofs.ts';
import { publicPem, signNewer, signOlder } from '../../../test/support/signing/key-signatures.ts';
import {
  byKey,
  image,
  keys,
  named,
  noLog,
  pinned,
  registryWith,
  strangers,
} from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';

closeAfterEach();

describe('signatures by keys', () => {
  it.each(['older', 'newer'] as const)('count in the %s layout', async (layout) => {
    const sign = layout === 'older' ? signOlder : signNewer;
    const registry = await registryWith((it) => sign(writable(it), image, { keys }));

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(judged.images).toEqual([pinned]);
  });

  it.each(['older', 'newer'] as const)('of somebody else do not count in the %s layout', async (layout) => {
    const sign = layout === 'older' ? signOlder : signNewer;
    const registry = await registryWith((it) => sign(writable(it), image, { keys: strangers }));

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^fail .*SIGNATURE_INVALID/)]);
  });

  it('in the older layout do not count for SigstoreBundle', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys }));

    const judged = await judge(registry, setOf([imagePolicy({ ...byKey, type: 'SigstoreBundle' })]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^fail /)]);
  });

  it('for another image do not count', async () => {
    const other = imageOf({ layers: ['another program'] });
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys, digest: other.digest }));

    const judged = await judge(registry, setOf([imagePolicy(byKey)]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^fail .*ARTIFACT_MISMATCH/)]);
  });

  it('need the digest that the policy names', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys, hash: 'sha512' }));
    const entry = (signatureAlgorithm: string) => ({
      attestors: [{ entries: [{ keys: { publicKeys: publicPem(keys), signatureAlgorithm, ...noLog } }] }],
    });

    const right = await judge(registry, setOf([imagePolicy(entry('sha512'))]), podWith(named));
    const wrong = await judge(registry, setOf([imagePolicy(entry('sha384'))]), podWith(named));
    const unknown = await judge(registry, setOf([imagePolicy(entry('sha224'))]), podWith(named));

    expect([right, wrong, unknown].map(({ lines }) => lines[0]?.split(' ')[0])).toEqual(['pass', 'fail', 'error']);
  });

  it('carry the annotations that are asked for themselves', async () => {
    const registry = await registryWith(async (it) => {
      await signOlder(writable(it), image, { keys });
      await signOlder(writable(it), image, { keys: strangers, annotations: { env: 'production' } });
    });
    const entry = {
      attestors: [
        { entries: [{ keys: { publicKeys: publicPem(keys), ...noLog }, annotations: { env: 'production' } }] },
      ],
    };

    const before = await judge(registry, setOf([imagePolicy(entry)]), podWith(named));
    await signOlder(writable(registry), image, { keys, annotations: { env: 'production' } });
    const after = await judge(registry, setOf([imagePolicy(entry)]), podWith(named));

    expect(before.lines).toEqual([expect.stringMatching(/^fail .*ANNOTATION_MISMATCH/)]);
    expect(after.lines).toEqual([expect.stringMatching(/^pass /)]);
  });

  it('are looked for in another repository, that of the entry before that of the rule', async () => {
    const registry = await registryWith((it) => signOlder(writable(it, 'team/signatures'), image, { keys }));
    const at = (repository: string | undefined) => ({
      repository: 'registry.example/team/signatures',
      attestors: [
        {
          entries: [
            { keys: { publicKeys: publicPem(keys), ...noLog }, ...(repository === undefined ? {} : { repository }) },
          ],
        },
      ],
    });

    const found = await judge(registry, setOf([imagePolicy(at(undefined))]), podWith(named));
    const elsewhere = await judge(registry, setOf([imagePolicy(at('registry.example/team/none'))]), podWith(named));

    expect(found.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(elsewhere.lines).toEqual([expect.stringMatching(/^fail /)]);
  });

  it('are checked with a key from a Secret', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys }));
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'signer', namespace: 'security' },
      data: { 'cosign.pub': Buffer.from(publicPem(keys)).toString('base64') },
    };
    const set = setOf([
      imagePolicy({ attestors: [{ entries: [{ keys: { publicKeys: 'k8s://security/signer', ...noLog } }] }] }),
    ]);

    expect((await judge(registry, set, podWith(named), [secret])).lines).toEqual([expect.stringMatching(/^pass /)]);
    expect((await judge(registry, set, podWith(named))).lines).toEqual([expect.stringMatching(/^error /)]);
  });
});
