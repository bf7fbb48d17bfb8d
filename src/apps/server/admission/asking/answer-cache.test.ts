// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { AnswerCache } from './answer-cache.ts';
import { Flights } from './flights.ts';

const now = 1_000_000;

function cacheOf(entries = 10, bytes = 1_000_000): AnswerCache<string> {
  return new AnswerCache<string>({
    entries,
    bytes,
    lifetime: (answer) => (answer === 'unknown' ? 0 : 1_000),
    weigh: (answer) => answer.length,
  });
}

describe('a cache of answers', () => {
  it('believes an answer until its time is over', () => {
    const cache = cacheOf();
    cache.put('a', 'yes', { now });

    expect([cache.get('a', now + 999), cache.get('a', now + 1_000)]).toEqual(['yes', undefined]);
  });

  it('believes it no longer than it is told to', () => {
    const cache = cacheOf();
    cache.put('a', 'yes', { now, until: now + 10 });

    expect(cache.get('a', now + 10)).toBeUndefined();
  });

  it('keeps nothing that has no lifetime, and forgets what stood there', () => {
    const cache = cacheOf();
    cache.put('a', 'yes', { now });
    cache.put('a', 'unknown', { now });

    expect(cache.get('a', now)).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it('holds no more answers than it may, and keeps those that are asked for', () => {
    const cache = cacheOf(10);
    cache.put('asked', 'yes', { now });
    for (let index = 0; index < 1_000; index += 1) {
      cache.put(`x${index}`, 'no', { now });
      cache.get('asked', now);
    }

    expect(cache.size).toBeLessThanOrEqual(10);
    expect(cache.get('asked', now)).toBe('yes');
  });

  it('holds no more bytes than it may, whatever comes', () => {
    const cache = cacheOf(1_000, 10_000);
    for (let index = 0; index < 500; index += 1) cache.put(`x${index}`, 'a'.repeat(index * 20), { now });

    expect(cache.bytes).toBeLessThanOrEqual(10_000);
    expect(cache.size).toBeGreaterThan(0);
  });

  it('counts what an answer weighs once, however often it is put and asked for', () => {
    const cache = cacheOf();
    for (let index = 0; index < 100; index += 1) {
      cache.put('a', 'yes', { now });
      cache.get('a', now);
    }

    expect(cache.bytes).toBe('yes'.length + 2);
  });
});

describe('looks under way', () => {
  it('are shared by all who ask the same, and begun anew afterwards', async () => {
    const flights = new Flights<number>(10);
    let looks = 0;
    const look = async (): Promise<number> => {
      looks += 1;
      await Promise.resolve();
      return looks;
    };

    const together = await Promise.all([flights.run('a', look), flights.run('a', look), flights.run('b', look)]);
    await flights.run('a', look);

    expect(together[0]).toBe(together[1]);
    expect(looks).toBe(3);
    expect(flights.size).toBe(0);
  });

  it('are not begun when too many are', () => {
    const flights = new Flights<number>(1);
    void flights.run('a', () => new Promise(() => undefined));

    expect(flights.run('b', async () => 1)).toBeUndefined();
  });

  it('that fail are forgotten', async () => {
    const flights = new Flights<number>(1);

    await expect(flights.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await flights.run('a', async () => 1)).toBe(1);
  });
});
