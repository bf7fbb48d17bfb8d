// SPDX-License-Identifier: Apache-2.0
// One signature against one key. Knows algorithms and encodings, nothing of who the signer is.
import { constants, publicDecrypt, verify } from 'node:crypto';
import { cursorOf, integerBytesOf, readDer, tags } from '../../formats/der.ts';
import type { Parsed } from '../../formats/parsed.ts';
import { malformed, parsing } from '../../formats/parsed.ts';
import type { HashName } from '../../formats/rekor-entry.ts';
import type { EcdsaSignature } from './ecdsa-digest.ts';
import { verifyEcdsaDigest } from './ecdsa-digest.ts';
import { isPrehashedSignature } from './ed25519ph.ts';
import type { PublicKey, SignatureScheme } from './public-key.ts';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';

/** What was signed: the bytes, or only their digest with the hash that the key is used with. */
export type Signed =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'digest'; readonly algorithm: HashName; readonly value: Buffer };

/** Undefined when the signature is good. `what` names the signed thing in the message. */
export function checkSignature(key: PublicKey, signed: Signed, signature: Buffer): Refusal | undefined {
  if (signed.kind === 'bytes') return isSignatureOf(key, signed.bytes, signature) ? undefined : invalid();
  return checkDigestSignature(key, signed, signature);
}

function invalid(): Refusal {
  return refuse('SIGNATURE_INVALID', 'the signature does not belong to the signed bytes and the key');
}

/** Whether the signature belongs to the bytes. */
export function isSignatureOf(key: PublicKey, bytes: Uint8Array, signature: Buffer): boolean {
  return isSignatureWith(key, key.scheme, { bytes, signature });
}

interface SignedBytes {
  readonly bytes: Uint8Array;
  readonly signature: Buffer;
}

/** The same with an algorithm that stands elsewhere (certificates and timestamps name theirs); it must fit the key. */
export function isSignatureWith(key: PublicKey, scheme: SignatureScheme, signed: SignedBytes): boolean {
  try {
    return isGood(key, scheme, signed);
  } catch {
    // OpenSSL throws for lengths and encodings it cannot take.
    return false;
  }
}

function isGood(key: PublicKey, scheme: SignatureScheme, signed: SignedBytes): boolean {
  const { bytes, signature } = signed;
  if (scheme.kind === 'ed25519') return verify(null, bytes, key.key, signature);
  if (scheme.kind === 'ed25519ph') return isPrehashedSignature(key.key, bytes, signature);
  // OpenSSL would also take some encodings that are not DER: two spellings of one signature.
  if (scheme.kind === 'ecdsa')
    return (
      parsing(() => readEcdsaNumbers(signature)).kind === 'parsed' && verify(scheme.hash, bytes, key.key, signature)
    );
  if (scheme.kind === 'rsa-pkcs1')
    return verify(scheme.hash, bytes, { key: key.key, padding: constants.RSA_PKCS1_PADDING }, signature);
  // Cosign signs with the longest salt that fits, other tools with that of the hash.
  const salt = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
  return verify(scheme.hash, bytes, { key: key.key, ...salt }, signature);
}

function checkDigestSignature(
  key: PublicKey,
  signed: Extract<Signed, { kind: 'digest' }>,
  signature: Buffer,
): Refusal | undefined {
  const { scheme } = key;
  if (scheme.kind !== 'ecdsa' && scheme.kind !== 'rsa-pkcs1')
    return refuse('ARTIFACT_REQUIRED', `${scheme.kind} signatures are verified over the bytes of the artifact`);
  if (scheme.hash !== signed.algorithm)
    return refuse('ARTIFACT_REQUIRED', `the key signs ${scheme.hash} digests, a ${signed.algorithm} digest is given`);
  if (scheme.kind === 'rsa-pkcs1') return isRsaDigestSignature(key, signed, signature) ? undefined : invalid();
  const parsed = parseEcdsaSignature(signature);
  if (parsed.kind === 'malformed') return invalid();
  return verifyEcdsaDigest(key, signed.value, parsed.value) ? undefined : invalid();
}

/** DigestInfo up to the digest (RFC 8017 9.2, note 1). */
const digestInfos: Readonly<Record<HashName, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

function isRsaDigestSignature(key: PublicKey, signed: Extract<Signed, { kind: 'digest' }>, signature: Buffer): boolean {
  try {
    const found = publicDecrypt({ key: key.key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return found.equals(Buffer.concat([Buffer.from(digestInfos[signed.algorithm], 'hex'), signed.value]));
  } catch {
    return false;
  }
}

/** Ecdsa-Sig-Value (RFC 3279 2.2.3), DER and positive; the range is checked with the curve. */
export function parseEcdsaSignature(signature: Buffer): Parsed<EcdsaSignature> {
  return parsing(() => {
    const [r, s] = readEcdsaNumbers(signature);
    return { r: BigInt(`0x${r.toString('hex')}`), s: BigInt(`0x${s.toString('hex')}`) };
  });
}

function readEcdsaNumbers(signature: Buffer): readonly [Buffer, Buffer] {
  const fields = cursorOf(readDer(signature), tags.sequence, 'ECDSA signature');
  const r = integerBytesOf(fields.next(tags.integer, 'r'));
  const s = integerBytesOf(fields.next(tags.integer, 's'));
  fields.end('ECDSA signature');
  return (r[0] ?? 0) >= 0x80 || (s[0] ?? 0) >= 0x80 ? malformed('negative number') : [r, s];
}

/** Signature algorithms of certificates and timestamps (RFC 5758, RFC 8017, RFC 8410); SHA-1 and what is unknown give undefined. */
const algorithmHashes: Readonly<Record<string, readonly ['ecdsa' | 'rsa-pkcs1', HashName]>> = {
  '1.2.840.10045.4.3.2': ['ecdsa', 'sha256'],
  '1.2.840.10045.4.3.3': ['ecdsa', 'sha384'],
  '1.2.840.10045.4.3.4': ['ecdsa', 'sha512'],
  '1.2.840.113549.1.1.11': ['rsa-pkcs1', 'sha256'],
  '1.2.840.113549.1.1.12': ['rsa-pkcs1', 'sha384'],
  '1.2.840.113549.1.1.13': ['rsa-pkcs1', 'sha512'],
};

/**
 * The scheme that an algorithm identifier asks for with this key; undefined when it does not fit the key. `digest` is the hash that stands beside
 * the identifier in a timestamp, for identifiers that name no hash.
 */
export function schemeOf(key: PublicKey, algorithm: string, digest?: HashName): SignatureScheme | undefined {
  if (algorithm === '1.3.101.112') return key.scheme.kind === 'ed25519' ? key.scheme : undefined;
  if (algorithm === '1.2.840.113549.1.1.1' && digest !== undefined)
    return key.scheme.kind === 'rsa-pkcs1' ? { kind: 'rsa-pkcs1', hash: digest } : undefined;
  const [kind, hash] = algorithmHashes[algorithm] ?? [];
  if (hash === undefined || key.scheme.kind !== kind) return undefined;
  return { ...key.scheme, hash };
}
