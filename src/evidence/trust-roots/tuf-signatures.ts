// SPDX-License-Identifier: Apache-2.0
// Whether enough keys of a role signed a file. Keys are counted by what they are, not by their id: one key under two ids is one signer.

import { encodeDer, tags } from '../../formats/der.ts';
import { parsePem } from '../../formats/pem.ts';
import type { TufKey, TufMetadata, TufRole } from '../../formats/tuf.ts';
import type { PublicKey, SignatureScheme } from '../signatures/public-key.ts';
import { publicKeyOf, withScheme } from '../signatures/public-key.ts';
import { isRefusal } from '../signatures/refusal.ts';
import { isSignatureOf } from '../signatures/signature.ts';
import type { TrustUpdateFailure } from './failure.ts';
import { fail } from './failure.ts';

/** Who delegates: the root, or targets metadata. */
export interface KeyRing {
  readonly keys: ReadonlyMap<string, TufKey>;
}

/** Undefined when the threshold is met. `name` is for the message. Signatures that are no good are passed over (5.3.3). */
export function checkThreshold(
  metadata: TufMetadata<unknown>,
  { name, ring, role }: { readonly name: string; readonly ring: KeyRing; readonly role: TufRole },
): TrustUpdateFailure | undefined {
  const signers = new Set<string>();
  const named = new Set(role.keyIds);
  for (const { keyId, bytes } of metadata.signatures) {
    if (!named.has(keyId) || bytes.length === 0) continue;
    const stated = ring.keys.get(keyId);
    const key = stated === undefined ? undefined : openTufKey(stated);
    if (key === undefined || signers.has(key.fingerprint)) continue;
    if (isSignatureOf(key, metadata.signedBytes, bytes)) signers.add(key.fingerprint);
    if (signers.size >= role.threshold) return undefined;
  }
  const message = `${name} is signed by ${signers.size} of the keys that may, ${role.threshold} are required`;
  return fail('METADATA_UNSIGNED', message);
}

/** Schemes by name (4.2.1, and the further ones of securesystemslib), with the key types that each is used with. */
const schemes: Readonly<Record<string, { readonly types: readonly string[]; readonly scheme: SignatureScheme }>> = {
  ed25519: { types: ['ed25519'], scheme: { kind: 'ed25519' } },
  // Sigstore's first roots, and go-tuf, name the scheme as the type of the key.
  'ecdsa-sha2-nistp256': {
    types: ['ecdsa', 'ecdsa-sha2-nistp256'],
    scheme: { kind: 'ecdsa', curve: 'P-256', hash: 'sha256' },
  },
  'ecdsa-sha2-nistp384': {
    types: ['ecdsa', 'ecdsa-sha2-nistp384'],
    scheme: { kind: 'ecdsa', curve: 'P-384', hash: 'sha384' },
  },
  'ecdsa-sha2-nistp521': {
    types: ['ecdsa', 'ecdsa-sha2-nistp521'],
    scheme: { kind: 'ecdsa', curve: 'P-521', hash: 'sha512' },
  },
  'rsassa-pss-sha256': { types: ['rsa'], scheme: { kind: 'rsa-pss', hash: 'sha256' } },
  'rsassa-pss-sha384': { types: ['rsa'], scheme: { kind: 'rsa-pss', hash: 'sha384' } },
  'rsassa-pss-sha512': { types: ['rsa'], scheme: { kind: 'rsa-pss', hash: 'sha512' } },
  'rsa-pkcs1v15-sha256': { types: ['rsa'], scheme: { kind: 'rsa-pkcs1', hash: 'sha256' } },
  'rsa-pkcs1v15-sha384': { types: ['rsa'], scheme: { kind: 'rsa-pkcs1', hash: 'sha384' } },
  'rsa-pkcs1v15-sha512': { types: ['rsa'], scheme: { kind: 'rsa-pkcs1', hash: 'sha512' } },
};

/** Undefined when the key is of a kind that is not verified here: nothing it signed counts. */
export function openTufKey({ keyType, scheme, publicText }: TufKey): PublicKey | undefined {
  const known = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (known === undefined || !known.types.includes(keyType)) return undefined;
  const encoded = encodedKey(publicText, known.scheme);
  const key = encoded === undefined ? undefined : publicKeyOf(encoded);
  if (key === undefined || isRefusal(key)) return undefined;
  const opened = withScheme(key, known.scheme);
  return isRefusal(opened) ? undefined : opened;
}

/** AlgorithmIdentifiers for keys that stand as bare numbers (RFC 5480, RFC 8410). */
const identifiers: Readonly<Record<string, string>> = {
  ed25519: '300506032b6570',
  'P-256': '301306072a8648ce3d020106082a8648ce3d030107',
  'P-384': '301006072a8648ce3d020106052b81040022',
};

/** SubjectPublicKeyInfo from PEM or, for Ed25519 and Sigstore's first ECDSA keys, from a bare key in hexadecimal. */
function encodedKey(text: string, scheme: SignatureScheme): Buffer | undefined {
  if (text.includes('-----BEGIN')) {
    const pem = parsePem(text);
    const [first, second] = pem.kind === 'parsed' ? pem.value : [];
    return first?.label === 'PUBLIC KEY' && second === undefined ? first.bytes : undefined;
  }
  const identifier = identifiers[scheme.kind === 'ecdsa' ? scheme.curve : scheme.kind];
  if (identifier === undefined || !/^(?:[0-9a-f]{2}){32,200}$/i.test(text)) return undefined;
  const bits = encodeDer(tags.bitString, Buffer.concat([Buffer.from([0]), Buffer.from(text, 'hex')]));
  return encodeDer(tags.sequence, Buffer.concat([Buffer.from(identifier, 'hex'), bits]));
}
