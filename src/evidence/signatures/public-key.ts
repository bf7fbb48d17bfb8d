// SPDX-License-Identifier: Apache-2.0
// Public keys that may verify, and the one algorithm each is used with. The algorithm follows from the key or from trusted settings, never from
// the proof: that is what makes algorithm confusion impossible.
import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { cursorOf, DerCursor, encodeDer, objectIdOf, readDer, tags } from '../../formats/der.ts';
import { parsing } from '../../formats/parsed.ts';
import type { HashName } from '../../formats/rekor-entry.ts';
import type { Refusal } from './refusal.ts';
import { isRefusal, refuse } from './refusal.ts';

export type CurveName = 'P-256' | 'P-384' | 'P-521';

export type SignatureScheme =
  | { readonly kind: 'ecdsa'; readonly curve: CurveName; readonly hash: HashName }
  | { readonly kind: 'rsa-pkcs1'; readonly hash: HashName }
  | { readonly kind: 'rsa-pss'; readonly hash: HashName }
  | { readonly kind: 'ed25519' }
  /** Over the SHA-512 digest of the message (RFC 8032 5.1). */
  | { readonly kind: 'ed25519ph' };

export interface PublicKey {
  readonly key: KeyObject;
  readonly scheme: SignatureScheme;
  /** `sha256:` of the SubjectPublicKeyInfo. */
  readonly fingerprint: string;
}

/** Named curves by object id (RFC 5480 2.1.1.1). */
const curves: Readonly<Record<string, CurveName>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
};
const hashOfCurve: Readonly<Record<CurveName, HashName>> = { 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' };
const ids = { ec: '1.2.840.10045.2.1', rsa: '1.2.840.113549.1.1.1', ed25519: '1.3.101.112' } as const;
const leastRsaBits = 2_048;
const mostRsaBits = 16_384;

/** Reads a SubjectPublicKeyInfo; the algorithm is the usual one of the key (ECDSA with the hash of the curve's size, RSA PKCS #1 with SHA-256). */
export function publicKeyOf(encoded: Buffer): PublicKey | Refusal {
  const family = parsing(() => keyFamily(encoded));
  if (family.kind === 'malformed') return refuse('KEY_UNSUPPORTED', `public key: ${family.reason}`);
  const key = openKey(encoded);
  if (isRefusal(key)) return key;
  const scheme = usualScheme(family.value, key);
  return isRefusal(scheme) ? scheme : { key, scheme, fingerprint: `sha256:${hash('sha256', encoded)}` };
}

function openKey(encoded: Buffer): KeyObject | Refusal {
  try {
    // As text it is opened in half the time of the same bytes with a format beside them, which Node takes for other kinds of keys first.
    return createPublicKey(`-----BEGIN PUBLIC KEY-----\n${encoded.toString('base64')}\n-----END PUBLIC KEY-----\n`);
  } catch {
    return refuse('KEY_UNSUPPORTED', 'the public key cannot be read');
  }
}

interface KeyFamily {
  readonly algorithm: string;
  readonly curve: string | undefined;
}

/** AlgorithmIdentifier of a SubjectPublicKeyInfo. Asking node:crypto for the curve takes as long as a verification. */
function keyFamily(encoded: Buffer): KeyFamily {
  const fields = cursorOf(readDer(encoded), tags.sequence, 'key');
  const identifier = new DerCursor(fields.next(tags.sequence, 'algorithm').content);
  const algorithm = objectIdOf(identifier.next(tags.objectId, 'algorithm'));
  const curve = identifier.optional(tags.objectId);
  return { algorithm, curve: curve === undefined ? undefined : objectIdOf(curve) };
}

function usualScheme({ algorithm, curve }: KeyFamily, key: KeyObject): SignatureScheme | Refusal {
  if (algorithm === ids.ed25519) return { kind: 'ed25519' };
  if (algorithm === ids.rsa) return rsaScheme(key);
  if (algorithm !== ids.ec) return refuse('KEY_UNSUPPORTED', `keys of the kind ${algorithm} are not verified here`);
  const name = curves[curve ?? ''];
  if (name === undefined) return refuse('KEY_UNSUPPORTED', 'the curve is not P-256, P-384 or P-521');
  return { kind: 'ecdsa', curve: name, hash: hashOfCurve[name] };
}

function rsaScheme(key: KeyObject): SignatureScheme | Refusal {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < leastRsaBits) return refuse('KEY_WEAK', `an RSA key of ${bits} bits`);
  if (bits > mostRsaBits) return refuse('KEY_UNSUPPORTED', `an RSA key of ${bits} bits`);
  return { kind: 'rsa-pkcs1', hash: 'sha256' };
}

/** `keyDetails` of the protocol buffers (sigstore_common.proto, PublicKeyDetails) that are supported. */
const detailedSchemes: Readonly<Record<string, SignatureScheme>> = {
  PKIX_ECDSA_P256_SHA_256: { kind: 'ecdsa', curve: 'P-256', hash: 'sha256' },
  PKIX_ECDSA_P384_SHA_256: { kind: 'ecdsa', curve: 'P-384', hash: 'sha256' },
  PKIX_ECDSA_P384_SHA_384: { kind: 'ecdsa', curve: 'P-384', hash: 'sha384' },
  PKIX_ECDSA_P521_SHA_256: { kind: 'ecdsa', curve: 'P-521', hash: 'sha256' },
  PKIX_ECDSA_P521_SHA_512: { kind: 'ecdsa', curve: 'P-521', hash: 'sha512' },
  PKIX_RSA_PKCS1V15_2048_SHA256: { kind: 'rsa-pkcs1', hash: 'sha256' },
  PKIX_RSA_PKCS1V15_3072_SHA256: { kind: 'rsa-pkcs1', hash: 'sha256' },
  PKIX_RSA_PKCS1V15_4096_SHA256: { kind: 'rsa-pkcs1', hash: 'sha256' },
  PKIX_RSA_PSS_2048_SHA256: { kind: 'rsa-pss', hash: 'sha256' },
  PKIX_RSA_PSS_3072_SHA256: { kind: 'rsa-pss', hash: 'sha256' },
  PKIX_RSA_PSS_4096_SHA256: { kind: 'rsa-pss', hash: 'sha256' },
  PKCS1_RSA_PKCS1V5: { kind: 'rsa-pkcs1', hash: 'sha256' },
  PKIX_RSA_PKCS1V5: { kind: 'rsa-pkcs1', hash: 'sha256' },
  PKCS1_RSA_PSS: { kind: 'rsa-pss', hash: 'sha256' },
  PKIX_RSA_PSS: { kind: 'rsa-pss', hash: 'sha256' },
  PKIX_ED25519: { kind: 'ed25519' },
  PKIX_ED25519_PH: { kind: 'ed25519ph' },
};

/** Reads a key of a trusted root, whose settings name the algorithm; the key must be of that kind. */
export function detailedPublicKeyOf(encoded: Buffer, details: string): PublicKey | Refusal {
  const scheme = Object.hasOwn(detailedSchemes, details) ? detailedSchemes[details] : undefined;
  if (scheme === undefined)
    return refuse('KEY_UNSUPPORTED', `keys with the details ${details.slice(0, 60)} are not verified here`);
  const key = publicKeyOf(details.startsWith('PKCS1_') ? wrapRsaKey(encoded) : encoded);
  return isRefusal(key) ? key : withScheme(key, scheme);
}

/** SubjectPublicKeyInfo around an RSAPublicKey (RFC 8017 A.1.1). */
function wrapRsaKey(encoded: Buffer): Buffer {
  const identifier = Buffer.from('300d06092a864886f70d0101010500', 'hex');
  const bits = encodeDer(tags.bitString, Buffer.concat([Buffer.from([0]), encoded]));
  return encodeDer(tags.sequence, Buffer.concat([identifier, bits]));
}

/** The same key with another algorithm that fits it. */
export function withScheme(key: PublicKey, scheme: SignatureScheme): PublicKey | Refusal {
  const family = (kind: SignatureScheme['kind']): string => kind.slice(0, kind.startsWith('rsa') ? 3 : 7);
  const fits =
    family(key.scheme.kind) === family(scheme.kind) &&
    (scheme.kind !== 'ecdsa' || key.scheme.kind !== 'ecdsa' || scheme.curve === key.scheme.curve);
  return fits ? { ...key, scheme } : refuse('KEY_UNSUPPORTED', 'the key is not of the kind that its settings name');
}
