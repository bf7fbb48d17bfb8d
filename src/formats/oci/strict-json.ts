// SPDX-License-Identifier: Apache-2.0
// JSON documents whose digest is trusted by others. Readers differ on duplicate keys and broken encodings, so such documents are refused
// whole: otherwise what was signed and what is read here could be two things.
import type { Problem } from '../../model/problem.ts';
import type { DocumentPath, JsonObject } from '../document.ts';
import { asObject } from '../document.ts';
import { parseJson } from '../json.ts';
import { decodeText } from '../text.ts';

export interface StrictDocument {
  /** Undefined when the document is refused; `problems` says why. */
  readonly value: JsonObject | undefined;
  readonly problems: Problem[];
  /** Adds a problem of the kind `schema` at the member. */
  readonly complain: (path: DocumentPath, message: string) => void;
}

/** `path` is what the document is called in messages. Never throws. */
export function parseStrictJson(bytes: Uint8Array, path: string, maximum: number): StrictDocument {
  const problems: Problem[] = [];
  if (bytes.length > maximum) {
    const message = `has ${bytes.length} bytes, more than ${maximum}`;
    problems.push({ kind: 'limit', message, location: { path }, hidesFindings: true });
    return { value: undefined, problems, complain: () => {} };
  }
  const { text, problems: encoding } = decodeText(bytes, path);
  const document = parseJson(text, path);
  problems.push(...encoding.map((problem) => ({ ...problem, hidesFindings: true })), ...document.problems);
  const complain = (at: DocumentPath, message: string): void => {
    problems.push({ kind: 'schema', message, location: document.locate(at), hidesFindings: true });
  };
  const value = asObject(document.value);
  if (value === undefined && problems.length === 0) complain([], 'is no JSON object');
  return { value: problems.length === 0 ? value : undefined, problems, complain };
}
