// SPDX-License-Identifier: Apache-2.0
// Kyverno's JMESPath functions on times: RFC 3339 texts and texts in the layouts of Go.
import { formatGoDuration, parseGoDuration } from '../../../formats/go-duration.ts';
import type { GoTime } from '../../../formats/go-time-layout.ts';
import {
  formatRfc3339,
  nanosecondsPerSecond,
  parseGoTime,
  rfc3339Layout,
  wallClock,
} from '../../../formats/go-time-layout.ts';
import { JmespathFault } from '../fault.ts';
import type { JmespathSurroundings } from '../function.ts';
import type { KyvernoFunction } from './define.ts';
import { define, functionFault } from './define.ts';

function timeOf(text: unknown, layout = rfc3339Layout): GoTime | JmespathFault {
  return (
    parseGoTime(layout, String(text)) ??
    new JmespathFault('runtime', `parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse`)
  );
}

/** A clock that gives no number is none. */
function nowOf(surroundings: JmespathSurroundings): GoTime | JmespathFault {
  const now = surroundings.now();
  if (!Number.isFinite(now)) return new JmespathFault('runtime', 'there is no clock here');
  return { nanoseconds: BigInt(Math.trunc(now)) * 1_000_000n, offset: 0 };
}

/** A function of times; texts that are none are faults. */
function ofTimes(
  name: string,
  { count, returns, note }: { readonly count: number; readonly returns: string; readonly note: string },
  run: (times: readonly GoTime[]) => unknown,
): KyvernoFunction {
  return define(name, {
    parameters: Array.from({ length: count }, () => 'string' as const),
    returns,
    note,
    run: (args) => {
      const times: GoTime[] = [];
      for (const text of args) {
        const time = timeOf(text);
        if (time instanceof JmespathFault) return time;
        times.push(time);
      }
      return run(times);
    },
  });
}

function at(times: readonly GoTime[], index: number): bigint {
  return times[index]?.nanoseconds ?? 0n;
}

export const timeFunctions: readonly KyvernoFunction[] = [
  define('time_since', {
    parameters: ['string', 'string', 'string'],
    returns: 'string',
    note: 'Duration from the second text to the third, or to now if that is empty; the first is the layout, RFC 3339 if empty.',
    run: ([layout, from, to], { surroundings }) => {
      const form = layout === '' ? rfc3339Layout : String(layout);
      const start = timeOf(from, form);
      if (start instanceof JmespathFault) return start;
      const end = to === '' ? nowOf(surroundings) : timeOf(to, form);
      return end instanceof JmespathFault ? end : formatGoDuration(end.nanoseconds - start.nanoseconds);
    },
  }),
  ...(['time_now', 'time_now_utc'] as const).map((name) =>
    define(name, {
      parameters: [],
      returns: 'string',
      note: 'The time of the evaluation in UTC, RFC 3339.',
      run: (_args, { surroundings }) => {
        const now = nowOf(surroundings);
        return now instanceof JmespathFault ? now : formatRfc3339(now);
      },
    }),
  ),
  ofTimes(
    'time_to_cron',
    { count: 1, returns: 'string', note: 'A cron expression that names this minute every year.' },
    ([time]) => {
      const wall = wallClock(time ?? { nanoseconds: 0n, offset: 0 });
      return [
        wall.getUTCMinutes(),
        wall.getUTCHours(),
        wall.getUTCDate(),
        wall.getUTCMonth() + 1,
        wall.getUTCDay(),
      ].join(' ');
    },
  ),
  withDuration('time_add', 'The time a duration later.', ({ nanoseconds, offset }, duration) => ({
    nanoseconds: nanoseconds + duration,
    offset,
  })),
  define('time_parse', {
    parameters: ['string', 'string'],
    returns: 'string',
    note: 'A time in a layout of Go, or in seconds since 1970 if the layout is a number, as RFC 3339.',
    run: ([layout, text]) => parseTime(String(layout), String(text)),
  }),
  ofTimes('time_utc', { count: 1, returns: 'string', note: 'The same time in UTC.' }, (times) =>
    formatRfc3339({ nanoseconds: at(times, 0), offset: 0 }),
  ),
  ofTimes('time_diff', { count: 2, returns: 'string', note: 'Duration from the first time to the second.' }, (times) =>
    formatGoDuration(at(times, 1) - at(times, 0)),
  ),
  ofTimes(
    'time_before',
    { count: 2, returns: 'boolean', note: 'Whether the first time is before the second.' },
    (times) => at(times, 0) < at(times, 1),
  ),
  ofTimes(
    'time_after',
    { count: 2, returns: 'boolean', note: 'Whether the first time is after the second.' },
    (times) => at(times, 0) > at(times, 1),
  ),
  ofTimes(
    'time_between',
    { count: 3, returns: 'boolean', note: 'Whether the first time lies between the other two, neither included.' },
    (times) => at(times, 0) > at(times, 1) && at(times, 0) < at(times, 2),
  ),
  withDuration('time_truncate', 'The time rounded down to a multiple of a duration since the year 1.', truncate),
];

function withDuration(name: string, note: string, run: (time: GoTime, duration: bigint) => GoTime): KyvernoFunction {
  return define(name, {
    parameters: ['string', 'string'],
    returns: 'string',
    note,
    run: ([text, length]) => {
      const time = timeOf(text);
      if (time instanceof JmespathFault) return time;
      const duration = parseGoDuration(String(length));
      return duration === undefined
        ? functionFault(name, `invalid duration ${JSON.stringify(length)}`)
        : formatRfc3339(run(time, duration));
    },
  });
}

const wholeNumber = /^[+-]?[0-9]{1,18}$/;

function parseTime(layout: string, text: string): unknown {
  if (!wholeNumber.test(layout)) {
    const time = timeOf(text, layout);
    return time instanceof JmespathFault ? time : formatRfc3339(time);
  }
  if (!wholeNumber.test(text)) return functionFault('time_parse', `${JSON.stringify(text)} is no whole number`);
  return formatRfc3339({ nanoseconds: BigInt(text) * nanosecondsPerSecond, offset: 0 });
}

/** From 0001-01-01, the zero time of Go, to 1970-01-01. */
const epoch = 62_135_596_800n * nanosecondsPerSecond;

function truncate({ nanoseconds, offset }: GoTime, duration: bigint): GoTime {
  if (duration <= 0n) return { nanoseconds, offset };
  const rest = (nanoseconds + epoch) % duration;
  return { nanoseconds: nanoseconds - (rest < 0n ? rest + duration : rest), offset };
}
