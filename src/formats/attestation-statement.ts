// SPDX-License-Identifier: Apache-2.0
// Makes in-toto statements about artifacts from predicates as people have them in files. The text of a JSON predicate is taken over as it stands,
// so that no number changes on the way into the signature. Forms per kind: cosign pkg/cosign/attestation.
import { defaultLimits } from '../model/limits.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing, required } from './parsed.ts';
import { decodeUtf8, parseStrictJson } from './strict-json.ts';

export interface PredicateText {
  /** The short name or the URI that was asked for. */
  readonly type: string;
  /** Its URI. */
  readonly predicateType: string;
  readonly bytes: Uint8Array;
  /** RFC 3339; `custom` predicates hold it. */
  readonly createdAt: string;
}

/** Members that a predicate of the kind cannot do without. */
const requiredMembers: Readonly<Record<string, readonly string[]>> = {
  'https://slsa.dev/provenance/v0.2': ['builder', 'buildType'],
  'https://slsa.dev/provenance/v1': ['buildDefinition', 'runDetails'],
  'https://cosign.sigstore.dev/attestation/vuln/v1': ['scanner', 'metadata'],
  'https://cyclonedx.org/bom': ['bomFormat', 'specVersion'],
};

/** The predicate as JSON text. */
export function predicateText({ type, predicateType, bytes, createdAt }: PredicateText): Parsed<string> {
  return parsing(() => {
    const text = decodeUtf8(bytes) ?? malformed('the predicate is not UTF-8');
    if (type === 'custom') return JSON.stringify({ Data: text, Timestamp: createdAt });
    // SPDX tag-value is no JSON: Cosign's `spdx` holds the document as a text.
    if (type === 'spdx' && !text.trimStart().startsWith('{')) return JSON.stringify(text);
    const limits = { bytes: defaultLimits.attestationBytes, depth: defaultLimits.depth };
    const object = required(parseStrictJson(bytes, limits), 'the predicate');
    const missing = (requiredMembers[predicateType] ?? []).find((name) => object[name] === undefined);
    if (missing !== undefined) malformed(`the predicate has no "${missing}", which ${predicateType} requires`);
    return text.trim();
  });
}

export interface StatementDraft {
  readonly version: '0.1' | '1';
  readonly subjects: readonly {
    readonly name?: string;
    readonly digest: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
  readonly predicateType: string;
  /** JSON text. */
  readonly predicate: string;
}

const types = { '0.1': 'https://in-toto.io/Statement/v0.1', '1': 'https://in-toto.io/Statement/v1' } as const;

/** The payload of an envelope. */
export function formatStatement({ version, subjects, predicateType, predicate }: StatementDraft): Buffer {
  const head = JSON.stringify({ _type: types[version], subject: subjects, predicateType });
  return Buffer.from(`${head.slice(0, -1)},"predicate":${predicate}}`);
}
