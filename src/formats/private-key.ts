// SPDX-License-Identifier: Apache-2.0
// Private keys in PEM: PKCS #8 plain and encrypted, the older forms of OpenSSL (PKCS #1, SEC 1), and Cosign's encrypted ones. Says whether a
// password is needed before one is asked for.
import type { KeyObject } from 'node:crypto';
import { createPrivateKey } from 'node:crypto';
import { checkScrypt, cosignKeyLabels, openSealedKey, parseSealedKey } from './cosign-key.ts';
import { cursorOf, objectIdOf, readDer, smallIntegerOf, tags } from './der.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';
import { parsePem } from './pem.ts';

export type PrivateKeyFile =
  | { readonly kind: 'plain'; readonly key: KeyObject }
  /** `open` gives undefined for a wrong password. */
  | { readonly kind: 'encrypted'; readonly open: (password: Buffer) => Parsed<KeyObject> | undefined };

const plainLabels = new Set(['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY']);

/** Reads one private key; public keys and certificates beside it are not looked at. */
export function parsePrivateKey(text: string): Parsed<PrivateKeyFile> {
  const blocks = parsePem(text);
  if (blocks.kind === 'malformed')
    return text.includes('Proc-Type: 4,ENCRYPTED')
      ? { kind: 'malformed', reason: 'the old encrypted form of OpenSSL is not read; openssl pkcs8 -topk8 converts it' }
      : blocks;
  const candidates = blocks.value.filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const [block] = candidates;
  if (block === undefined || candidates.length !== 1)
    return { kind: 'malformed', reason: `exactly one private key is required, there are ${candidates.length}` };
  const { label, bytes } = block;
  if (label === cosignKeyLabels.written || label === cosignKeyLabels.older) return sealedFile(bytes);
  if (label === 'ENCRYPTED PRIVATE KEY') return encryptedPkcs8(bytes);
  if (!plainLabels.has(label)) return { kind: 'malformed', reason: `PEM block ${label} is not read` };
  const key = openDer(bytes, label === 'PRIVATE KEY' ? 'pkcs8' : label.startsWith('RSA') ? 'pkcs1' : 'sec1');
  return key.kind === 'malformed' ? key : { kind: 'parsed', value: { kind: 'plain', key: key.value } };
}

function sealedFile(content: Buffer): Parsed<PrivateKeyFile> {
  const sealed = parseSealedKey(content);
  if (sealed.kind === 'malformed') return sealed;
  const open = (password: Buffer): Parsed<KeyObject> | undefined => {
    const pkcs8 = openSealedKey(sealed.value, password);
    // Cosign refuses everything but PKCS #8 inside (keys.go, LoadPrivateKey).
    return pkcs8 === undefined ? undefined : openDer(pkcs8, 'pkcs8');
  };
  return { kind: 'parsed', value: { kind: 'encrypted', open } };
}

const ids = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  scrypt: '1.3.6.1.4.1.11591.4.11',
} as const;
/** Some seconds of work; OpenSSL writes 2,048 and password managers up to a million. */
const mostIterations = 10_000_000;

/** EncryptedPrivateKeyInfo (RFC 5958 3) with PBES2 (RFC 8018 6.2). OpenSSL bounds nothing, so what the file asks for is read first. */
function encryptedPkcs8(bytes: Buffer): Parsed<PrivateKeyFile> {
  const checked = parsing(() => checkDerivation(bytes));
  if (checked.kind === 'malformed') return checked;
  const open = (password: Buffer): Parsed<KeyObject> | undefined => {
    try {
      const key = createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8', passphrase: password });
      return { kind: 'parsed', value: key };
    } catch {
      return undefined;
    }
  };
  return { kind: 'parsed', value: { kind: 'encrypted', open } };
}

function checkDerivation(bytes: Buffer): void {
  const info = cursorOf(readDer(bytes), tags.sequence, 'encrypted private key');
  const algorithm = cursorOf(info.next(tags.sequence, 'algorithm'), tags.sequence, 'algorithm');
  if (objectIdOf(algorithm.next(tags.objectId, 'algorithm')) !== ids.pbes2)
    malformed('only PBES2 is read; openssl pkcs8 -topk8 -v2 aes-256-cbc converts the key');
  const settings = cursorOf(algorithm.next(tags.sequence, 'PBES2'), tags.sequence, 'PBES2');
  const derivation = cursorOf(settings.next(tags.sequence, 'key derivation'), tags.sequence, 'key derivation');
  const kind = objectIdOf(derivation.next(tags.objectId, 'key derivation'));
  const values = cursorOf(derivation.next(tags.sequence, 'settings'), tags.sequence, 'settings');
  values.next(tags.octetString, 'salt');
  const cost = smallIntegerOf(values.next(tags.integer, 'cost'));
  if (kind === ids.pbkdf2) {
    if (cost > mostIterations) malformed(`the key asks for ${cost} iterations of PBKDF2, more than ${mostIterations}`);
    return;
  }
  if (kind !== ids.scrypt) malformed(`key derivation ${kind} is not read`);
  const [r, p] = [smallIntegerOf(values.next(tags.integer, 'r')), smallIntegerOf(values.next(tags.integer, 'p'))];
  checkScrypt({ N: cost, r, p });
}

function openDer(der: Buffer, type: 'pkcs8' | 'pkcs1' | 'sec1'): Parsed<KeyObject> {
  try {
    return { kind: 'parsed', value: createPrivateKey({ key: der, format: 'der', type }) };
  } catch {
    return { kind: 'malformed', reason: `the private key is not in the form of ${type}` };
  }
}
