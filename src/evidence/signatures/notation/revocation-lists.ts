// SPDX-License-Identifier: Apache-2.0
// Lists of revoked certificates, each read once however often it is looked into: they can be megabytes, and the same bytes come back for each signature while somebody
// keeps them. And until when an answer says itself that it holds.
import type { RevocationList } from '../../../formats/crl.ts';
import { parseRevocationList } from '../../../formats/crl.ts';
import { parseOcspAnswer } from '../../../formats/ocsp.ts';
import type { Parsed } from '../../../formats/parsed.ts';

const lists = new WeakMap<Uint8Array, Parsed<RevocationList>>();

/** As `parseRevocationList`; the bytes must not change afterwards. */
export function readRevocationList(bytes: Uint8Array): Parsed<RevocationList> {
  const known = lists.get(bytes);
  if (known !== undefined) return known;
  const parsed = parseRevocationList(bytes);
  lists.set(bytes, parsed);
  return parsed;
}

/** Milliseconds since 1970 (nextUpdate); undefined: it does not say, or cannot be read. Nothing is verified here. */
export function endOfAnswer(kind: 'crl' | 'ocsp', bytes: Uint8Array): number | undefined {
  if (kind === 'crl') {
    const list = readRevocationList(bytes);
    return list.kind === 'parsed' ? list.value.nextUpdate : undefined;
  }
  const answer = parseOcspAnswer(bytes);
  if (answer.kind === 'malformed') return undefined;
  const ends = answer.value.answers.map(({ nextUpdate }) => nextUpdate);
  return ends.reduce(
    (least, end) => (least === undefined || end === undefined ? undefined : Math.min(least, end)),
    ends[0],
  );
}
