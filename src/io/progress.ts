// SPDX-License-Identifier: Apache-2.0
// One line on stderr for long work: what, done of total, rate, time left. On a terminal it is redrawn and vanishes; elsewhere a line each 10 s.
import { formatBytes, formatCount, formatDuration } from '../model/quantity.ts';

export interface ProgressState {
  /** What is being done: `reading`, `matching`. */
  readonly what: string;
  readonly files: number;
  /** Known only when the work was counted before. */
  readonly total?: number;
  readonly bytes?: number;
}

export interface Progress {
  update(state: ProgressState): void;
  /** Removes the line. */
  done(): void;
}

export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** `off`: nothing at all (--quiet, --no-progress). */
  readonly mode: 'terminal' | 'lines' | 'off';
  readonly width: number;
  /** Milliseconds, monotonic. */
  readonly elapsed: () => number;
}

const redrawInterval = 100;
const lineInterval = 10_000;
/** Nothing is shown for work that is over sooner. */
const grace = 400;

export function createProgress(options: ProgressOptions): Progress {
  const start = options.elapsed();
  let last = start;
  let shown = false;
  return {
    update: (state) => {
      const now = options.elapsed();
      const interval = options.mode === 'terminal' ? redrawInterval : lineInterval;
      if (options.mode === 'off' || now - start < grace || now - last < interval) return;
      last = now;
      const line = progressLine(state, now - start);
      if (options.mode === 'lines') options.write(`${line}\n`);
      else options.write(`\r\u001B[K${line.slice(0, options.width - 1)}`);
      shown = options.mode === 'terminal';
    },
    done: () => {
      if (shown) options.write('\r\u001B[K');
      shown = false;
    },
  };
}

/** `reading 12,300 of 100,000 files  45 MB  61,000 files/s  1 s left`. `elapsed` in milliseconds. */
export function progressLine(state: ProgressState, elapsed: number): string {
  const seconds = Math.max(elapsed / 1000, 0.001);
  const rate = state.files / seconds;
  const total = state.total === undefined ? '' : ` of ${formatCount(state.total)}`;
  const parts = [`${state.what} ${formatCount(state.files)}${total} files`];
  if (state.bytes !== undefined) parts.push(formatBytes(state.bytes));
  parts.push(`${formatCount(Math.round(rate))} files/s`);
  if (state.total !== undefined && rate > 0)
    parts.push(`${formatDuration(((state.total - state.files) / rate) * 1000)} left`);
  return parts.join('  ');
}
