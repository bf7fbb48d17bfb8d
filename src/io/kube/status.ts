// SPDX-License-Identifier: Apache-2.0
// What an API server says when it does not do what was asked (apimachinery meta/v1 Status), as data.
import type { JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { printable } from '../../formats/text-table.ts';
import type { KubeCause, KubeFault, KubeUnknown } from './outcome.ts';

export interface KubeStatus {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly KubeCause[];
  readonly retryAfter: number | undefined;
  /** Of an expired list: goes on with what is there now. */
  readonly continuation: string | undefined;
}

/** Undefined when it is no Status. */
export function readStatus(value: unknown): KubeStatus | undefined {
  const object = asObject(value);
  if (object?.['kind'] !== 'Status') return undefined;
  const details = asObject(object['details']);
  const retryAfter = details?.['retryAfterSeconds'];
  const { code } = object;
  return {
    code: typeof code === 'number' ? code : 0,
    reason: asString(object['reason']) ?? '',
    message: asString(object['message']) ?? '',
    causes: asArray(details?.['causes']).flatMap((item) => causeOf(asObject(item))),
    retryAfter: typeof retryAfter === 'number' && retryAfter > 0 ? retryAfter : undefined,
    continuation: asString(asObject(object['metadata'])?.['continue']) || undefined,
  };
}

function causeOf(object: JsonObject | undefined): readonly KubeCause[] {
  if (object === undefined) return [];
  const [field, reason, message] = ['field', 'reason', 'message'].map((name) => asString(object[name]));
  return [
    {
      ...(field === undefined ? {} : { field }),
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
    },
  ];
}

/** Which kind of failure an HTTP status is. */
export function faultOfStatus(status: number): KubeFault {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 410) return 'expired';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'failed' : 'invalid';
}

/** Seconds of a Retry-After header; dates are not used by API servers. */
export function retryAfterOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

export interface FailedAnswer {
  readonly status: number;
  readonly body: Buffer;
  header(name: string): string | undefined;
}

export function parseAnswer(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** `what` is what was asked: `list pods`. */
export function unknownOf(answer: FailedAnswer, what: string): KubeUnknown {
  const status = readStatus(parseAnswer(answer.body));
  const said = printable(status?.message ?? '').slice(0, 1_000);
  const retryAfter = retryAfterOf(answer.header('retry-after')) ?? status?.retryAfter;
  return {
    kind: 'unknown',
    fault: faultOfStatus(answer.status),
    reason: `${what}: the API server answered ${answer.status}${said === '' ? '' : `: ${said}`}`,
    status: answer.status,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}
