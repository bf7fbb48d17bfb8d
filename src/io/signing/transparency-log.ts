// SPDX-License-Identifier: Apache-2.0
// Enters a signature into a Rekor log of version 1 or 2. Whether the entry is about this signature is checked by the caller, who knows it.
import type { LogSubmission } from '../../formats/rekor-request.ts';
import { formatLogRequest1, formatLogRequest2, parseLogAnswer1, parseLogAnswer2 } from '../../formats/rekor-request.ts';
import type { LogEntryJson } from '../../formats/sigstore-bundle-print.ts';
import { LandwaiterError } from '../../model/error.ts';
import type { ServiceAnswer, ServiceClient, ServiceQuestion } from '../service.ts';
import { refusedBy } from '../service.ts';

export interface LogPlace {
  readonly url: string;
  readonly version: 1 | 2;
}

/** Throws SIGNING_FAILED, NETWORK_FAILED. */
export async function enterIntoLog(
  client: ServiceClient,
  place: LogPlace,
  submission: LogSubmission,
): Promise<LogEntryJson> {
  const body = place.version === 1 ? formatLogRequest1(submission) : formatLogRequest2(submission);
  const question: ServiceQuestion = {
    method: 'POST',
    url: new URL(`${place.url.replace(/\/$/, '')}/api/v${place.version}/log/entries`),
    what: 'the transparency log',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: Buffer.from(body),
  };
  const answer = await existingEntry(client, question, await client.ask(question));
  if (answer.status !== 200 && answer.status !== 201) throw refusedBy(question, answer);
  const parsed = place.version === 1 ? parseLogAnswer1(answer.body) : parseLogAnswer2(answer.body);
  if (parsed.kind === 'parsed') return parsed.value;
  throw new LandwaiterError({
    code: 'SIGNING_FAILED',
    message: `the transparency log at ${question.url.origin}: ${parsed.reason}`,
  });
}

/** Version 1 says 409 and where the entry is when it has it already; only a place on the same server is asked. */
async function existingEntry(
  client: ServiceClient,
  question: ServiceQuestion,
  answer: ServiceAnswer,
): Promise<ServiceAnswer> {
  const location = answer.status === 409 ? answer.header('location') : undefined;
  if (location === undefined || !URL.canParse(location, question.url.href)) return answer;
  const url = new URL(location, question.url);
  if (url.origin !== question.url.origin) return answer;
  return client.ask({ method: 'GET', url, what: question.what, headers: { accept: 'application/json' } });
}
