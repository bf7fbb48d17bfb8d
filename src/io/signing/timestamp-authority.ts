// SPDX-License-Identifier: Apache-2.0
// Has an RFC 3161 authority confirm when a signature existed (section 3.4, over HTTP). The answer must be about these bytes.
import { hash } from 'node:crypto';
import { parseTimestampResponse } from '../../formats/rfc3161.ts';
import { formatTimestampQuery } from '../../formats/timestamp-query.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { ServiceClient, ServiceQuestion } from '../service.ts';
import { refusedBy } from '../service.ts';

export interface TimestampWish {
  /** Whole address of the service, path included. */
  readonly url: string;
  readonly stamped: Uint8Array;
  /** Random bytes. */
  readonly nonce: Uint8Array;
}

/** The TimeStampResp in DER. Throws SIGNING_FAILED, NETWORK_FAILED. */
export async function requestTimestamp(client: ServiceClient, { url, stamped, nonce }: TimestampWish): Promise<Buffer> {
  const question: ServiceQuestion = {
    method: 'POST',
    url: new URL(url),
    what: 'the timestamp authority',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: formatTimestampQuery(stamped, nonce),
  };
  const answer = await client.ask(question);
  if (answer.status !== 200 && answer.status !== 201) throw refusedBy(question, answer);
  const parsed = parseTimestampResponse(answer.body);
  const reason =
    parsed.kind === 'malformed'
      ? parsed.reason
      : hash(parsed.value.imprint.algorithm, stamped, 'buffer').equals(parsed.value.imprint.value)
        ? undefined
        : 'the timestamp is over other bytes than the signature';
  if (reason === undefined) return answer.body;
  throw new LandwaiterError({
    code: 'SIGNING_FAILED',
    message: `the timestamp authority at ${question.url.origin}: ${reason}`,
  });
}
