// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { makeSigner, now, root, signer } from '../../../../../test/support/signing/notation.ts';
import { ocspAnswer, revocationList } from '../../../../../test/support/signing/revocation.ts';
import type { FetchedAnswer, RevocationQuestion } from '../../../../evidence/signatures/notation/revocation.ts';
import { endOfAnswer } from '../../../../evidence/signatures/notation/revocation-lists.ts';
import { RememberedRevocation, revocationLifetimes } from './remembered-revocation.ts';

const minute = 60_000;
const crl = (name = 'a'): RevocationQuestion => ({ kind: 'crl', key: `crl ${name}`, url: `http://${name}.example/` });
const list = (until: number): FetchedAnswer => ({
  kind: 'fetched',
  bytes: revocationList({ signer: root, revoked: [], from: now - minute, until }),
});

function remembered(answer: (question: RevocationQuestion) => FetchedAnswer | Promise<FetchedAnswer>) {
  let time = now;
  const asked: string[] = [];
  const memory = new RememberedRevocation({
    now: () => time,
    fetch: async (question) => {
      asked.push(question.key);
      return answer(question);
    },
  });
  return { memory, asked, pass: (milliseconds: number) => void (time += milliseconds) };
}

describe('what services say of revocation', () => {
  it('is asked once for all who wait, and kept for a while', async () => {
    const { memory, asked, pass } = remembered(() => list(now + 60 * minute));
    await Promise.all([memory.fetch(crl()), memory.fetch(crl()), memory.fetch(crl('b'))]);
    pass(revocationLifetimes.answer - 1);
    await memory.fetch(crl());
    expect(asked).toEqual(['crl a', 'crl b']);

    pass(1);
    await memory.fetch(crl());
    expect(memory.counts).toEqual({ asked: 3, failed: 0 });
  });

  it('is kept no longer than it says itself', async () => {
    const { memory, asked, pass } = remembered(() => list(now + minute));
    await memory.fetch(crl());
    pass(minute);
    await memory.fetch(crl());

    expect(asked).toHaveLength(2);
  });

  it.each<readonly [string, FetchedAnswer]>([
    ['nothing', { kind: 'failed', reason: 'answered 503' }],
    ['something stale', list(now - 1)],
    ['something that cannot be read', { kind: 'fetched', bytes: Buffer.from('hello') }],
  ])('is kept for a moment only when it is %s', async (_name, answer) => {
    const { memory, asked, pass } = remembered(() => answer);
    await memory.fetch(crl());
    await memory.fetch(crl());
    expect(asked).toHaveLength(1);
    pass(revocationLifetimes.unknown);
    await memory.fetch(crl());

    expect(asked).toHaveLength(2);
    expect(memory.counts.failed).toBe(2);
  });

  it('is not mixed up where authorities have the same name', async () => {
    const { memory, asked } = remembered(() => ({ kind: 'failed', reason: 'no' }));
    const ocsp = (body: string): RevocationQuestion => ({
      kind: 'ocsp',
      key: 'ocsp',
      url: 'http://a.example/',
      body: Buffer.from(body),
    });
    await memory.fetch(ocsp('one'));
    await memory.fetch(ocsp('other'));

    expect(asked).toHaveLength(2);
  });

  it('is not asked of more services than some at a time, and that is no answer', async () => {
    const open: (() => void)[] = [];
    const { memory } = remembered(
      () => new Promise((resolve) => void open.push(() => resolve({ kind: 'failed', reason: 'late' }))),
    );
    const waiting = Array.from({ length: 16 }, (_, index) => memory.fetch(crl(String(index))));
    expect(await memory.fetch(crl('one more'))).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^not asked/),
    });
    for (const end of open) end();
    await Promise.all(waiting);
  });

  it('ends with the first of the answers in it', () => {
    const certificate = makeSigner().certificate;
    const said = (until: number): Uint8Array =>
      ocspAnswer({ signer: root, certificate, issuer: root.certificate, status: 'good', from: now, until });

    expect(endOfAnswer('ocsp', said(now + minute))).toBe(now + minute);
    expect(endOfAnswer('ocsp', Buffer.from('hello'))).toBeUndefined();
    expect(endOfAnswer('crl', signer.certificate.encoded)).toBeUndefined();
  });
});
