// SPDX-License-Identifier: Apache-2.0
// Whom a verification asks: addresses of revocation services come out of certificates, so those of strangers are not asked.
import { expect, it } from 'vitest';
import type { Issued } from '../../../test/support/signing/certificates.ts';
import {
  authorityExtensions,
  ecKeys,
  issue,
  purposeExtension,
  signingKeyUsage,
} from '../../../test/support/signing/certificates.ts';
import {
  artifact,
  envelope,
  lookup,
  makeSigner,
  now,
  revocableExtensions,
  revocableSigner,
  revocationPoint,
  statementOf,
  strangerRoot,
} from '../../../test/support/signing/notation.ts';
import { timestampResponse } from '../../../test/support/signing/timestamps.ts';
import type { RevocationQuestion } from '../../evidence/signatures/notation/revocation.ts';
import type { TrustStoreLookup } from '../../evidence/signatures/notation/trust-store.ts';
import { envelopeMediaTypes } from '../../formats/notation/envelope.ts';
import { parseTimestampToken, timestampTokenOf } from '../../formats/rfc3161.ts';
import { notationFolder } from './notation-folder.ts';
import { judgeSignature } from './notation-verify.ts';

/** Addresses that are asked about a signature with a timestamp of the first of `stamped`, which brings along all of them. */
async function askedOf(
  stamped: readonly [Issued, ...Issued[]],
  { more = {}, stores = lookup }: { readonly more?: object; readonly stores?: TrustStoreLookup },
): Promise<readonly string[]> {
  const timestamp = (signature: Uint8Array): Buffer => {
    const [signer] = stamped;
    const response = timestampResponse({ signer, time: now, stamped: signature, certificates: stamped });
    const token = timestampTokenOf(response);
    if (token.kind !== 'parsed' || parseTimestampToken(token.value).kind !== 'parsed') throw new Error('no token');
    return token.value;
  };
  const asked: RevocationQuestion[] = [];
  await judgeSignature(
    { bytes: envelope('jws', { by: revocableSigner, timestamp }), mediaType: envelopeMediaTypes.jws },
    {
      artifact,
      lookup: stores,
      verifier: {
        folder: notationFolder('/nowhere'),
        statement: statementOf({ ...more }),
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
  return asked.map(({ url }) => url);
}

const strangersList = 'http://stranger.example/list';
const stamps = { trustStores: ['ca:own', 'tsa:own'] };

it.each([
  ['counts for nothing', {}],
  ['is not one that the policy trusts', stamps],
])('nobody is asked whom a timestamp names that %s: anybody can put one beside a signature', async (_what, more) => {
  const stranger = makeSigner({ issuer: strangerRoot, extensions: revocableExtensions(strangersList) });

  expect(await askedOf([stranger, strangerRoot], { more })).toEqual(['http://crl.example/list']);
});

it('nobody is asked whom a certificate names that only has the name of an authority of the timestamp', async () => {
  const authority = (subject: string, parts: object = {}): Issued =>
    makeSigner({ subject, keys: ecKeys(), issuer: strangerRoot, extensions: authorityExtensions(), ...parts });
  const between = authority('Between', {
    extensions: [...authorityExtensions(), revocationPoint('http://stamps.example/list')],
  });
  const other = issue({
    subject: 'Other',
    keys: ecKeys(),
    extensions: authorityExtensions(),
    notBefore: 0,
    notAfter: 2 * now,
  });
  const forged = authority('Between', {
    issuer: other,
    extensions: [...authorityExtensions(), revocationPoint(strangersList)],
  });
  const extensions = [signingKeyUsage(), purposeExtension('timeStamping', 'critical')];
  const stamper = makeSigner({ subject: 'Stamper', keys: ecKeys(), issuer: between, extensions });
  const stores: TrustStoreLookup = (store) =>
    store.type === 'tsa' ? { kind: 'store', ...store, certificates: [strangerRoot.certificate] } : lookup(store);

  expect(await askedOf([stamper, forged, other, between], { more: stamps, stores })).toEqual([
    'http://crl.example/list',
    'http://stamps.example/list',
  ]);
});
