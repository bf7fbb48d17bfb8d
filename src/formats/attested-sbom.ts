// SPDX-License-Identifier: Apache-2.0
// Takes the SBOM out of what it was signed in: a DSSE envelope, a Sigstore bundle (0.1 to 0.3) or a bare in-toto statement. Only the content is
// taken; whether the signature is good is a question for verification, which is elsewhere.
import { defaultLimits } from '../model/limits.ts';
import type { JsonObject } from './document.ts';
import { asObject, asString } from './document.ts';

const inTotoType = 'application/vnd.in-toto+json';

/** The text of the predicate, or undefined when the text is no attestation of this kind. */
export function attestedText(text: string): string | undefined {
  const head = text.slice(0, 4_096);
  if (
    !head.trimStart().startsWith('{') ||
    !/"(?:payloadType|payload|dsseEnvelope|mediaType|_type|predicateType)"/.test(head)
  )
    return undefined;
  const root = parseObject(text);
  if (root === undefined) return undefined;
  const statement = isStatement(root) ? root : statementIn(envelopeOf(root));
  const predicate = statement?.['predicate'];
  // cosign wraps predicates of a custom type, and texts that are no JSON, in `Data`.
  const inner = asObject(predicate)?.['Data'] ?? predicate;
  if (typeof inner === 'string') return inner;
  return asObject(inner) === undefined ? undefined : JSON.stringify(inner);
}

function isStatement(value: JsonObject): boolean {
  return /^https:\/\/in-toto\.io\/Statement\/v[01](?:\.1)?$/.test(asString(value['_type']) ?? '');
}

function envelopeOf(root: JsonObject): JsonObject | undefined {
  const mediaType = asString(root['mediaType']);
  if (mediaType === undefined) return root;
  const isKnown = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.[1-3]\+json|\+json;version=0\.[1-3])$/.test(
    mediaType,
  );
  return isKnown ? asObject(root['dsseEnvelope']) : undefined;
}

function statementIn(envelope: JsonObject | undefined): JsonObject | undefined {
  const payload = asString(envelope?.['payload']);
  if (envelope?.['payloadType'] !== inTotoType || payload === undefined) return undefined;
  const statement = parseObject(Buffer.from(payload, 'base64').toString('utf8'));
  return statement !== undefined && isStatement(statement) ? statement : undefined;
}

/** The reader of the SBOM reports what is wrong with it; here a broken text is only not an attestation. */
function parseObject(text: string): JsonObject | undefined {
  if (text.length > defaultLimits.documentBytes) return undefined;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}
