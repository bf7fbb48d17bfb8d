// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { publicPem } from '../../../test/support/signing/key-signatures.ts';
import {
  byKey,
  judgePhase,
  named,
  outcomes,
  pinned,
  signedRegistry,
  strangers,
} from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';

closeAfterEach();

describe('digests', () => {
  it('are put in while the object is changed, and judged when everybody has changed it', async () => {
    const registry = await signedRegistry();
    const set = setOf([imagePolicy(byKey)]);

    const changed = await judgePhase(registry, set, podWith(named), 'mutate');
    const after = await judgePhase(registry, set, changed.object ?? {}, 'validate');

    expect(changed.decisions).toEqual([]);
    expect(changed.patch).toEqual([{ op: 'replace', path: '/spec/containers/0/image', value: pinned }]);
    expect(outcomes(after)).toEqual(['pass deny']);
  });

  it('are missed where nobody put them in', async () => {
    const registry = await signedRegistry();
    const verdict = async (entry: JsonObject): Promise<readonly string[]> =>
      outcomes(await judgePhase(registry, setOf([imagePolicy({ ...byKey, ...entry })]), podWith(named), 'validate'));

    expect(await verdict({})).toEqual(['fail deny']);
    expect(await verdict({ mutateDigest: false })).toEqual(['fail deny']);
    expect(await verdict({ mutateDigest: false, verifyDigest: false })).toEqual(['pass deny']);
  });

  it('stay out where mutateDigest is false', async () => {
    const entry = { ...byKey, mutateDigest: false, verifyDigest: false };

    const judged = await judge(await signedRegistry(), setOf([imagePolicy(entry)]), podWith(named));

    expect(judged.images).toEqual([named]);
  });

  it('are put in without any attestors', async () => {
    const judged = await judge(await signedRegistry(), setOf([imagePolicy({})]), podWith(named));

    expect(judged.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(judged.images).toEqual([pinned]);
  });

  it('are not put in by policies that only report', () => {
    const audit = { spec: { validationFailureAction: 'Audit' } };

    expect(setOf([imagePolicy(byKey, audit)]).problems[0]?.message).toContain('mutateDigest must be false');
    expect(setOf([imagePolicy({ ...byKey, mutateDigest: false }, audit)]).problems).toEqual([]);
  });

  it('are those of the templates of controllers too', async () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', namespace: 'shop' },
      spec: { template: { spec: podWith(named)['spec'] } },
    };

    const { patch } = await judgePhase(await signedRegistry(), setOf([imagePolicy(byKey)]), deployment, 'both');

    expect(patch).toEqual([{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: pinned }]);
  });
});

describe('required: false', () => {
  it('judges while the object is changed, and not again', async () => {
    const registry = await signedRegistry();
    const stranger = {
      attestors: [{ entries: [{ keys: { publicKeys: publicPem(strangers), rekor: { ignoreTlog: true } } }] }],
    };
    const set = setOf([imagePolicy({ ...stranger, required: false, verifyDigest: false })]);

    expect(outcomes(await judgePhase(registry, set, podWith(named), 'mutate'))).toEqual(['fail deny']);
    expect(outcomes(await judgePhase(registry, set, podWith(named), 'validate'))).toEqual([]);
    expect(outcomes(await judgePhase(registry, set, podWith(named), 'both'))).toEqual(['fail deny']);
  });
});
