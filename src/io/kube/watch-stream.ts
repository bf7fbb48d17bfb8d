// SPDX-License-Identifier: Apache-2.0
// One connection on which an API server tells what changes (watch=1): lines of JSON, in pieces of any size. What is malformed, too large or an error of
// the server ends the stream with a KubeError; the reflector decides how to go on.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { KubeResource } from './client.ts';
import { acceptFor } from './list-pages.ts';
import { KubeError } from './outcome.ts';
import { describeKind, objectPath, queryOf } from './paths.ts';
import type { KubeSender } from './sender.ts';
import { faultOfStatus, readStatus, unknownOf } from './status.ts';

export interface StreamOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly parts?: 'whole' | 'metadata';
  /** Absent: from now. */
  readonly resourceVersion?: string;
  /** All that exist come first, then a bookmark that says so (WatchList). */
  readonly initialEvents?: boolean;
  /** Seconds after which the server ends the stream. */
  readonly timeoutSeconds: number;
  /** Milliseconds of silence after which the stream counts as broken; asked before each wait. */
  readonly quiet: () => number;
  readonly signal: AbortSignal;
}

export interface StreamEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: JsonObject;
}

/** Events in the pieces in which they came. Returns when the server ends the stream; throws KubeError. */
export async function* watchStream(
  sender: KubeSender,
  resource: KubeResource,
  options: StreamOptions,
): AsyncGenerator<readonly StreamEvent[]> {
  const what = `watch ${describeKind(resource)}`;
  const { namespace, labelSelector, fieldSelector, resourceVersion, timeoutSeconds, signal } = options;
  const query = queryOf({
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds,
    resourceVersion,
    labelSelector,
    fieldSelector,
    ...(options.initialEvents === true ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' } : {}),
  });
  const answer = await sender.stream({
    path: objectPath(resource, { namespace }) + query,
    accept: acceptFor(options.parts, 'object'),
    signal,
    quiet: options.quiet(),
  });
  if (answer.status !== 200) throw new KubeError(unknownOf({ ...answer, body: await beginningOf(answer.body) }, what));
  // Comes before the first event: the server has accepted the watch.
  yield [];
  const lines = new LineSplitter(defaultLimits.kubeEventBytes);
  answer.quiet(options.quiet());
  for await (const chunk of answer.body) {
    const events: StreamEvent[] = [];
    for (const line of lines.add(chunk, what)) events.push(readEvent(line, what));
    if (events.length > 0) yield events;
    answer.quiet(options.quiet());
  }
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    parts.push(part);
    size += part.length;
    if (size > 65_536) break;
  }
  return Buffer.concat(parts);
}

class LineSplitter {
  readonly #maximum: number;
  #parts: Buffer[] = [];
  #size = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  *add(chunk: Buffer, what: string): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const last = chunk.subarray(start, end);
      start = end + 1;
      const line = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
      this.#parts = [];
      this.#size = 0;
      this.#check(line.length, what);
      if (line.length > 0) yield line.toString('utf8');
    }
    if (start === chunk.length) return;
    this.#parts.push(chunk.subarray(start));
    this.#size += chunk.length - start;
    this.#check(this.#size, what);
  }

  #check(size: number, what: string): void {
    if (size > this.#maximum)
      throw new KubeError({ fault: 'limit', reason: `${what}: an event is larger than ${this.#maximum} bytes` });
  }
}

function readEvent(line: string, what: string): StreamEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new KubeError({ fault: 'invalid', reason: `${what}: an event is not JSON` }, cause);
  }
  const event = asObject(value);
  const object = asObject(event?.['object']);
  const type = asString(event?.['type']);
  if (object !== undefined && (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK'))
    return { type, object };
  const status = readStatus(object);
  if (type !== 'ERROR' || status === undefined)
    throw new KubeError({ fault: 'invalid', reason: `${what}: an event is not one of a watch` });
  throw new KubeError({
    fault: faultOfStatus(status.code),
    reason: `${what}: the API server ended it with ${status.code}: ${status.message.slice(0, 300)}`,
    status: status.code,
    ...(status.retryAfter === undefined ? {} : { retryAfter: status.retryAfter }),
  });
}
