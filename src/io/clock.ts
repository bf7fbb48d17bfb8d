// SPDX-License-Identifier: Apache-2.0
// Time as a parameter. Reports take their date from `reportTime`, so that SOURCE_DATE_EPOCH makes them reproducible.
import { LandwaiterError } from '../model/error.ts';

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds that only ever grow, for measuring. */
  elapsed(): number;
}

/** `performance.now` would load a module of Node's that nothing else needs. */
export const systemClock: Clock = { now: () => Date.now(), elapsed: () => Number(process.hrtime.bigint()) / 1e6 };

/**
 * RFC 3339 date in UTC for reports: SOURCE_DATE_EPOCH (seconds, reproducible-builds.org specification) when set, else now.
 * A value that is no whole number of seconds is a usage error: silently using the clock would break what the user asked for.
 */
export function reportTime(clock: Clock, sourceDateEpoch: string | undefined): string {
  if (sourceDateEpoch === undefined || sourceDateEpoch === '')
    return new Date(clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const seconds = /^\d{1,11}$/.test(sourceDateEpoch) ? Number(sourceDateEpoch) : Number.NaN;
  if (Number.isNaN(seconds)) {
    throw new LandwaiterError({
      code: 'USAGE',
      message: `SOURCE_DATE_EPOCH is "${sourceDateEpoch}", which is no whole number of seconds`,
      hint: 'unset it, or set it to the output of: git log -1 --format=%ct',
    });
  }
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
