// SPDX-License-Identifier: Apache-2.0
// What the Rekor log is asked to enter, in versions 1 and 2 of its interface, and how version 1 answers (sigstore/rekor openapi.yaml, sigstore/
// rekor-tiles api/proto). Both answers become the entry that a bundle holds.

import { defaultLimits } from '../model/limits.ts';
import { asArray, asObject, asString, entriesOf } from './document.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { formatPem } from './pem.ts';
import type { HashName } from './rekor-entry.ts';
import type { LogEntryJson } from './sigstore-bundle-print.ts';
import { parseStrictJson } from './strict-json.ts';

export interface LogSubmission {
  readonly content:
    | { readonly kind: 'message'; readonly algorithm: HashName; readonly digest: Buffer; readonly signature: Buffer }
    /** `text` is the envelope as JSON. */
    | { readonly kind: 'envelope'; readonly text: string };
  readonly verifier: { readonly kind: 'certificate' | 'key'; readonly encoded: Buffer };
  /** Name of the algorithm in Sigstore's messages. */
  readonly details: string;
}

/** Body for `POST /api/v1/log/entries`. */
export function formatLogRequest1({ content, verifier }: LogSubmission): string {
  const label = verifier.kind === 'certificate' ? 'CERTIFICATE' : 'PUBLIC KEY';
  const signer = Buffer.from(formatPem({ label, bytes: verifier.encoded })).toString('base64');
  const isMessage = content.kind === 'message';
  const spec = isMessage
    ? {
        data: { hash: { algorithm: content.algorithm, value: content.digest.toString('hex') } },
        signature: { content: content.signature.toString('base64'), publicKey: { content: signer } },
      }
    : { proposedContent: { envelope: content.text, verifiers: [signer] } };
  return JSON.stringify({ apiVersion: '0.0.1', kind: isMessage ? 'hashedrekord' : 'dsse', spec });
}

/** Body for `POST /api/v2/log/entries`. */
export function formatLogRequest2({ content, verifier, details }: LogSubmission): string {
  const rawBytes = verifier.encoded.toString('base64');
  const signer = {
    ...(verifier.kind === 'certificate' ? { x509Certificate: { rawBytes } } : { publicKey: { rawBytes } }),
    keyDetails: details,
  };
  if (content.kind === 'envelope')
    return `{"dsseRequestV002":{"envelope":${content.text},"verifiers":[${JSON.stringify(signer)}]}}`;
  const signature = { content: content.signature.toString('base64'), verifier: signer };
  return JSON.stringify({ hashedRekordRequestV002: { digest: content.digest.toString('base64'), signature } });
}

const limits = { bytes: defaultLimits.signingAnswerBytes, depth: 32 };

/** The one entry of an answer of version 1: `{UUID: {body, integratedTime, logID, logIndex, verification}}`. */
export function parseLogAnswer1(bytes: Uint8Array): Parsed<LogEntryJson> {
  return parsing(() => {
    const entries = entriesOf(required(parseStrictJson(bytes, limits), 'answer of the log'));
    const entry = asObject(entries[0]?.[1]);
    if (entry === undefined || entries.length !== 1)
      return malformed('answer of the log: exactly one entry is required');
    const body = asString(entry['body']) ?? malformed('answer of the log: body is missing');
    const verification = asObject(entry['verification']);
    const proof = asObject(verification?.['inclusionProof']);
    const promise = asString(verification?.['signedEntryTimestamp']);
    const kind = asObject(required(parseStrictJson(Buffer.from(body, 'base64'), limits), 'log entry'));
    return {
      logIndex: String(entry['logIndex']),
      logId: { keyId: hexToBase64(entry['logID'], 'logID') },
      kindVersion: { kind: kind?.['kind'], version: kind?.['apiVersion'] },
      integratedTime: String(entry['integratedTime']),
      ...(promise === undefined ? {} : { inclusionPromise: { signedEntryTimestamp: promise } }),
      ...(proof === undefined
        ? {}
        : {
            inclusionProof: {
              logIndex: String(proof['logIndex']),
              rootHash: hexToBase64(proof['rootHash'], 'rootHash'),
              treeSize: String(proof['treeSize']),
              hashes: asArray(proof['hashes']).map((item) => hexToBase64(item, 'hashes')),
              checkpoint: { envelope: proof['checkpoint'] },
            },
          }),
      canonicalizedBody: body,
    };
  });
}

/** The entry of an answer of version 2, which is in the form of bundles already. */
export function parseLogAnswer2(bytes: Uint8Array): Parsed<LogEntryJson> {
  return parseStrictJson(bytes, limits);
}

function hexToBase64(value: unknown, what: string): string {
  const hex = asString(value) ?? '';
  return /^(?:[0-9a-f]{2}){1,64}$/.test(hex)
    ? Buffer.from(hex, 'hex').toString('base64')
    : malformed(`answer of the log: ${what} is not hex`);
}
