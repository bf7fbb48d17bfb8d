// SPDX-License-Identifier: Apache-2.0
// An authority of the user's own that is no Fulcio, and a certificate for signing code that it gave out; valid around the moment when tests sign.
import {
  authorityExtensions,
  ecKeys,
  issue,
  namesExtension,
  purposeExtension,
  signingKeyUsage,
} from './certificates.ts';
import { signedAt, year } from './sigstore.ts';

export const validity = { notBefore: signedAt - year, notAfter: signedAt + year };
export const authority = issue({ subject: 'own root', keys: ecKeys(), extensions: authorityExtensions(), ...validity });
export const own = issue({
  subject: 'signer',
  keys: ecKeys(),
  issuer: authority,
  extensions: [signingKeyUsage(), purposeExtension('codeSigning'), namesExtension('https://builds.example')],
  ...validity,
});
/** Nobody trusts it. */
export const stranger = issue({ subject: 'stranger', keys: ecKeys(), extensions: authorityExtensions(), ...validity });
