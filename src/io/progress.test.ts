// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { createProgress, progressLine } from './progress.ts';

describe('createProgress', () => {
  it('redraws one line on a terminal and removes it', () => {
    const out: string[] = [];
    let now = 0;
    const progress = createProgress({
      write: (text) => out.push(text),
      mode: 'terminal',
      width: 80,
      elapsed: () => now,
    });

    progress.update({ what: 'reading', files: 1 });
    now = 1000;
    progress.update({ what: 'reading', files: 2000, total: 4000, bytes: 5_000_000 });
    progress.done();

    expect(out).toEqual(['\r\u001B[Kreading 2,000 of 4,000 files  5.0 MB  2,000 files/s  1.0 s left', '\r\u001B[K']);
  });

  it('writes a line each ten seconds where there is no terminal', () => {
    const out: string[] = [];
    let now = 0;
    const progress = createProgress({ write: (text) => out.push(text), mode: 'lines', width: 80, elapsed: () => now });

    for (now = 0; now <= 21_000; now += 1000) progress.update({ what: 'reading', files: now });
    progress.done();

    expect(out).toHaveLength(2);
  });

  it('is silent when it is off', () => {
    const out: string[] = [];
    let now = 0;
    const progress = createProgress({ write: (text) => out.push(text), mode: 'off', width: 80, elapsed: () => now });

    now = 60_000;
    progress.update({ what: 'reading', files: 1 });

    expect(out).toEqual([]);
  });
});

describe('progressLine', () => {
  it('says nothing of the time left when the total is not known', () => {
    expect(progressLine({ what: 'reading', files: 12_300 }, 2000)).toBe('reading 12,300 files  6,150 files/s');
  });
});
