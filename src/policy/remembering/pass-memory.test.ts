// SPDX-License-Identifier: Apache-2.0
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { PassMemory } from './pass-memory.ts';
import { Reading, ReadPaths } from './read-paths.ts';

const nothing = { open: [], asking: [], presence: [] };

function readingOf(text: string): Reading {
  const reading = new Reading(10);
  reading.read(new ReadPaths().read(), text);
  return reading;
}

describe('a memory of what passed', () => {
  test('keeps what is asked for when others come', () => {
    const memory = new PassMemory({ entries: 10, characters: 10_000 });
    for (let index = 0; index < 100; index += 1) {
      if (memory.get(readingOf('asked')) === undefined) memory.put(readingOf('asked'), nothing);
      memory.put(readingOf(`other ${index}`), nothing);
    }

    expect(memory.get(readingOf('asked'))).toBe(nothing);
    expect(memory.size).toBeLessThanOrEqual(10);
    memory.delete(readingOf('asked'));
    expect(memory.get(readingOf('asked'))).toBeUndefined();
  });

  test('what was taken out of it went on taking memory', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const memory = new PassMemory({ entries: 2_000, characters: 1_000_000 });
    const used = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = used();
    for (let index = 0; index < 200_000; index += 1) {
      const reading = readingOf(`image ${index}`);
      memory.put(reading, nothing);
      memory.delete(reading);
    }

    expect(memory.size).toBe(0);
    expect(used() - before).toBeLessThan(5_000_000);
  });
});
