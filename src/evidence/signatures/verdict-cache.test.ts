// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { SignaturePolicy } from './policy.ts';
import type { VerdictKey } from './verdict-cache.ts';
import { VerdictCache } from './verdict-cache.ts';
import type { Verification, Verified } from './verify.ts';

const policy: SignaturePolicy = {
  mode: 'own-pki',
  subjects: [{ kind: 'exact', value: 'a@example.org' }],
  time: 'now-because-nothing-proves-it',
};
const timed: Verified = {
  kind: 'verified',
  signer: { kind: 'key', fingerprint: 'sha256:00' },
  claim: { kind: 'artifact' },
  times: [{ source: 'timestamp', time: 1, authority: '' }],
  logEntries: [],
};

function keyOf(artifact: string): VerdictKey {
  return { artifact, policyDigest: 'p', trustRootDigest: 't', evidenceDigest: 'e' };
}

describe('VerdictCache', () => {
  it('returns what was put under the same key', () => {
    const cache = new VerdictCache(10);

    cache.put(keyOf('a'), timed, policy);

    expect(cache.get(keyOf('a'))).toBe(timed);
  });

  it.each(['artifact', 'policyDigest', 'trustRootDigest', 'evidenceDigest'] as const)(
    'does not answer for another %s',
    (name) => {
      const cache = new VerdictCache(10);

      cache.put(keyOf('a'), timed, policy);

      expect(cache.get({ ...keyOf('a'), [name]: 'other' })).toBeUndefined();
    },
  );

  it('drops the oldest verdict when it is full', () => {
    const cache = new VerdictCache(2);

    for (const artifact of ['a', 'b', 'c']) cache.put(keyOf(artifact), timed, policy);

    expect(cache.size).toBe(2);
    expect(cache.get(keyOf('a'))).toBeUndefined();
  });

  it.each<[string, Verification]>([
    ['a refusal', { kind: 'refused', code: 'LOG_MISSING', message: '' }],
    ['a verdict that rests on the clock', { ...timed, times: [] }],
  ])('does not keep %s', (_, verdict) => {
    const cache = new VerdictCache(2);

    cache.put(keyOf('a'), verdict, policy);

    expect(cache.size).toBe(0);
  });
});
