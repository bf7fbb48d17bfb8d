// SPDX-License-Identifier: Apache-2.0
// Kubernetes objects that carry their own signed manifest in annotations (k8s-manifest-sigstore): `message` is base64 of a gzipped YAML file, or of a gzipped
// archive of such files; `signature`, `signature_1`... are over the bytes of the message. Nothing is believed here.
import { gunzipSync } from 'node:zlib';
import { defaultLimits } from '../model/limits.ts';
import { decodeBase64 } from './base64.ts';
import { compressionOf } from './compression.ts';
import type { JsonObject } from './document.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';
import { readTarMembers } from './tar-members.ts';

export interface ManifestSignature {
  /** Base64. */
  readonly signature: string;
  /** PEM. */
  readonly certificate: string | undefined;
  /** JSON: `{SignedEntryTimestamp, Payload}`. */
  readonly bundle: string | undefined;
}

export interface SignedManifest {
  /** What was signed. */
  readonly message: Buffer;
  readonly signatures: readonly ManifestSignature[];
}

export const manifestAnnotationDomain = 'cosign.sigstore.dev';

/** Undefined when there is neither message nor signature. */
export function readSignedManifest(
  annotations: JsonObject,
  domain = manifestAnnotationDomain,
): Parsed<SignedManifest | undefined> {
  return parsing(() => {
    const text = (name: string): string | undefined => {
      const key = `${domain}/${name}`;
      const value = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const message = text('message');
    if (message === undefined) return undefined;
    const signatures: ManifestSignature[] = [];
    for (let index = 0; ; index += 1) {
      const name = (base: string): string => (index === 0 ? base : `${base}_${index}`);
      const signature = text(name('signature'));
      if (signature === undefined) break;
      if (index >= defaultLimits.proofsPerImage) malformed(`more than ${defaultLimits.proofsPerImage} signatures`);
      signatures.push({
        signature,
        certificate: unpackedText(text(name('certificate')), name('certificate')),
        bundle: unpackedText(text(name('bundle')), name('bundle')),
      });
    }
    return { message: unpacked(message, 'message'), signatures };
  });
}

function unpackedText(text: string | undefined, name: string): string | undefined {
  return text === undefined ? undefined : unpacked(text, name).toString('utf8');
}

/** Base64 of something gzipped. */
function unpacked(text: string, name: string): Buffer {
  return inflated(decodeBase64(text.trim()) ?? malformed(`${name}: base64 is required`), name);
}

function inflated(bytes: Uint8Array, name: string): Buffer {
  if (compressionOf(bytes) !== 'gzip') malformed(`${name}: gzip is required`);
  try {
    return gunzipSync(bytes, { maxOutputLength: defaultLimits.attestationBytes });
  } catch {
    return malformed(`${name}: cannot be unpacked`);
  }
}

const mostFiles = 1_000;

/** The YAML texts of a message: itself, or the files of the archive that it is. */
export function textsOfMessage(message: Uint8Array): Parsed<readonly string[]> {
  return parsing(() => {
    if (compressionOf(message) !== 'gzip') return [Buffer.from(message).toString('utf8')];
    const { members, broken } = readTarMembers(inflated(message, 'archive'), mostFiles);
    if (broken !== undefined) malformed(`archive: ${broken}`);
    return members
      .filter(({ path }) => /\.(?:ya?ml|json)$/i.test(path))
      .map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
  });
}
