// SPDX-License-Identifier: Apache-2.0
// Questions to a service over HTTP (certificate authority, log, key store, cluster): bounded answers, no redirects, no retries of what changes
// something, and messages that name the place and the status but never a token.
import { printable } from '../formats/text-table.ts';
import { LandwaiterError, messageOf } from '../model/error.ts';
import { defaultLimits } from '../model/limits.ts';
import type { Transport } from './registry/transport.ts';
import { TransportError } from './registry/transport.ts';

export interface ServiceQuestion {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** What is asked, for messages: `the certificate authority`. */
  readonly what: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly body: Buffer;
  header(name: string): string | undefined;
}

/** Asks services over one transport; all of a run share it. */
export interface ServiceClient {
  ask(question: ServiceQuestion): Promise<ServiceAnswer>;
}

export function serviceClient(transport: Transport, maximum: number = defaultLimits.signingAnswerBytes): ServiceClient {
  return { ask: (question) => askService(transport, question, maximum) };
}

/** Throws NETWORK_FAILED when no whole answer comes; statuses are the caller's business. */
async function askService(transport: Transport, question: ServiceQuestion, maximum: number): Promise<ServiceAnswer> {
  const { method, url, headers = {}, body, what } = question;
  // Addresses are the user's own choice: a private Sigstore, Vault or cluster lives on private addresses.
  const request = {
    method,
    url,
    headers: { 'user-agent': 'landwaiter', ...headers },
    addresses: 'named',
    certificates: 'verified',
  } as const;
  try {
    const response = await transport.send(body === undefined ? request : { ...request, body });
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > maximum)
        throw new LandwaiterError({
          code: 'LIMIT_EXCEEDED',
          message: `${what} at ${url.origin} answered with more than ${maximum} bytes`,
        });
      parts.push(chunk);
    }
    return { status: response.status, body: Buffer.concat(parts), header: (name) => response.header(name) };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const message = `${what} at ${url.origin} could not be asked: ${messageOf(error)}`;
    throw new LandwaiterError({ code: 'NETWORK_FAILED', message, cause: error });
  }
}

/** The error for a status that was not hoped for. A little of the answer is shown: services say there what is wrong. */
export function refusedBy(question: Pick<ServiceQuestion, 'what' | 'url'>, answer: ServiceAnswer): LandwaiterError {
  const said = printable(sentenceOf(answer.body)).slice(0, 300);
  return new LandwaiterError({
    code: 'NETWORK_FAILED',
    message: `${question.what} at ${question.url.origin} answered ${answer.status}${said === '' ? '' : `: ${said}`}`,
  });
}

function sentenceOf(body: Buffer): string {
  const text = body.subarray(0, 4_096).toString('utf8').trim();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return '';
    const { message, errors } = value as { message?: unknown; errors?: unknown };
    if (typeof message === 'string') return message;
    return Array.isArray(errors) ? errors.filter((item) => typeof item === 'string').join('; ') : '';
  } catch {
    return '';
  }
}
