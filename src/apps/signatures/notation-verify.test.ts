// SPDX-License-Identifier: Apache-2.0
// Whom a verification asks: addresses of revocation services come out of certificates, so those of strangers are not asked.
import { expect, it } from 'vitest';
import {
  artifact,
  envelope,
  lookup,
  makeSigner,
  now,
  revocableExtensions,
  revocableSigner,
  statementOf,
  strangerRoot,
} from '../../../test/support/signing/notation.ts';
import { timestampResponse } from '../../../test/support/signing/timestamps.ts';
import type { RevocationQuestion } from '../../evidence/signatures/notation/revocation.ts';
import { envelopeMediaTypes } from '../../formats/notation/envelope.ts';
import { parseTimestampToken, timestampTokenOf } from '../../formats/rfc3161.ts';
import { notationFolder } from './notation-folder.ts';
import { judgeSignature } from './notation-verify.ts';

const stranger = makeSigner({ issuer: strangerRoot, extensions: revocableExtensions('http://stranger.example/list') });

it.each([
  ['counts for nothing', {}],
  ['is not one that the policy trusts', { trustStores: ['ca:own', 'tsa:own'] }],
])('nobody is asked whom a timestamp names that %s: anybody can put one beside a signature', async (_what, more) => {
  const timestamp = (signature: Uint8Array): Buffer => {
    const certificates = [stranger, strangerRoot];
    const token = timestampTokenOf(
      timestampResponse({ signer: stranger, time: now, stamped: signature, certificates }),
    );
    if (token.kind !== 'parsed' || parseTimestampToken(token.value).kind !== 'parsed') throw new Error('no token');
    return token.value;
  };
  const bytes = envelope('jws', { by: revocableSigner, timestamp });
  const asked: RevocationQuestion[] = [];
  await judgeSignature(
    { bytes, mediaType: envelopeMediaTypes.jws },
    {
      artifact,
      lookup,
      verifier: {
        folder: notationFolder('/nowhere'),
        statement: statementOf(more),
        annotations: {},
        now,
        environment: {},
        fetcher: (question) => {
          asked.push(question);
          return Promise.resolve({ kind: 'failed', reason: 'away' });
        },
      },
    },
  );

  expect(asked.map(({ url }) => url)).toEqual(['http://crl.example/list']);
});
