// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../../model/limits.ts';
import type { Lookup } from '../../../../policy/data-provider.ts';
import type { AskingOptions } from './asking.ts';
import { Asking } from './asking.ts';
import { lookingTime } from './review-time.ts';

const budget = { time: 7, milliseconds: 1_000 };
const found = async (): Promise<Lookup<string>> => ({ kind: 'found', value: 'yes' });
const never = (): Promise<Lookup<string>> => new Promise(() => undefined);

function askingWith(options: Partial<AskingOptions> = {}): Asking {
  return new Asking({ waiting: 10, atOnce: 4, report: () => undefined, ...options });
}

describe('judging with questions', () => {
  it('stays synchronous where nothing is asked in vain', () => {
    expect(askingWith().judge(() => 'judged', budget)).toBe('judged');
  });

  it('looks up what was asked and judges again, in rounds', async () => {
    const asking = askingWith();
    const rounds: string[] = [];

    const result = await asking.judge(() => {
      const first = asking.ask('a', found);
      const second = first.kind === 'found' ? asking.ask('b', found) : first;
      rounds.push(`${first.kind} ${second.kind}`);
      return second.kind;
    }, budget);

    expect(result).toBe('found');
    expect(rounds).toEqual(['pending pending', 'found pending', 'found found']);
  });

  it('looks as of the time of the review', async () => {
    const asking = askingWith();
    const times: number[] = [];

    await asking.judge(
      () =>
        asking.ask('a', async (time) => {
          times.push(time, asking.time);
          return found();
        }),
      budget,
    );

    expect(times[0]).toBe(7);
  });

  it('fails what is open when the time is out, and says so', async () => {
    const asking = askingWith();

    const lookup = await asking.judge(() => [asking.ask('a', never), asking.ask('b', found)], {
      time: 0,
      milliseconds: 40,
    });

    expect(lookup).toMatchObject([
      { kind: 'failed', message: expect.stringContaining('no answer within') },
      { kind: 'found' },
    ]);
    expect(asking.exhausted).toBe(1);
    expect(asking.waiting).toBe(0);
  });

  it('takes no answer that comes after the time is out', async () => {
    const asking = askingWith();
    let answer: (lookup: Lookup<string>) => void = () => undefined;
    const late = (): Promise<Lookup<string>> =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const rounds: string[] = [];

    await asking.judge(
      () => {
        const lookup = asking.ask('a', late);
        rounds.push(lookup.kind);
        if (rounds.length === 2) answer({ kind: 'found', value: 'late' });
      },
      { time: 0, milliseconds: 20 },
    );

    expect(rounds).toEqual(['pending', 'failed']);
  });

  it('judges at once, without looking, when too many wait', async () => {
    const asking = askingWith({ waiting: 1 });
    void asking.judge(() => asking.ask('a', never), budget);

    expect(await asking.judge(() => asking.ask('b', found), budget)).toMatchObject({
      kind: 'failed',
      message: 'could not look: too many requests wait for answers',
    });
  });

  it('bounds what one request may ask', async () => {
    const asking = askingWith();

    const lookups = await asking.judge(
      () => Array.from({ length: defaultLimits.reviewQuestions + 1 }, (_, index) => asking.ask(`${index}`, found)),
      budget,
    );

    expect(lookups.at(-1)).toMatchObject({ kind: 'failed', message: expect.stringContaining('look-ups') });
    expect(lookups.filter(({ kind }) => kind === 'found')).toHaveLength(defaultLimits.reviewQuestions);
  });

  it('bounds what one request may hold, and all requests together', async () => {
    const asking = askingWith();
    const large = 'x'.repeat(defaultLimits.reviewAnswers / 2 - 100);
    const some = async (): Promise<Lookup<string>> => ({ kind: 'found', value: large });
    const kinds = async (
      names: readonly string[],
      more: (answers: readonly Lookup<unknown>[]) => Lookup<unknown>[] = () => [],
    ) =>
      asking.judge(
        () => {
          const answers = names.map((name) => asking.ask(name, some));
          return [...answers, ...more(answers)].map(({ kind }) => kind);
        },
        { time: 0, milliseconds: 2_000 },
      );

    expect((await kinds(['a', 'b', 'c'])).toSorted()).toEqual(['failed', 'found', 'found']);

    // Those that wait for something else hold theirs meanwhile.
    const waiting = ['d', 'e', 'f', 'g'].map((name) =>
      kinds([`${name}1`, `${name}2`], (answers) =>
        answers.every(({ kind }) => kind === 'pending') ? [] : [asking.ask(`${name} never`, never)],
      ),
    );
    const all = (await Promise.all(waiting)).flat();

    expect(all.filter((kind) => kind === 'found')).toHaveLength(6);
    expect(await kinds(['h'])).toEqual(['found']);
  });

  it('ends who asks in circles', async () => {
    const asking = askingWith();
    let round = 0;

    const last = await asking.judge(() => asking.ask(`question ${(round += 1)}`, found), budget);

    expect(last).toMatchObject({ kind: 'failed', message: expect.stringContaining('rounds') });
  });

  it('turns a defect of a look into a failure, and reports it', async () => {
    const defects: unknown[] = [];
    const asking = askingWith({ report: (error) => defects.push(error) });

    const lookup = await asking.judge(() => asking.ask('a', () => Promise.reject(new Error('secret'))), budget);

    expect(lookup.kind).toBe('failed');
    expect(JSON.stringify(lookup)).not.toContain('secret');
    expect(defects).toHaveLength(1);
  });

  it('leaves nothing behind when a judgement throws', () => {
    const asking = askingWith();
    const broken = (): void => {
      asking.ask('a', never);
      throw new Error('broken');
    };

    expect(() => asking.judge(broken, budget)).toThrow('broken');
    expect(asking.judge(() => 'next', budget)).toBe('next');
  });

  it('keeps the questions of reviews that wait at the same time apart', async () => {
    const asking = askingWith();
    const judgement = (name: string) => () => asking.ask(name, async () => ({ kind: 'found' as const, value: name }));

    const both = await Promise.all([asking.judge(judgement('a'), budget), asking.judge(judgement('b'), budget)]);

    expect(both).toEqual([
      { kind: 'found', value: 'a' },
      { kind: 'found', value: 'b' },
    ]);
  });
});

describe('the time for looking', () => {
  it.each([
    ['/validate?timeout=10s', 0, undefined, 9_000],
    ['/validate?timeout=1s', 0, undefined, 750],
    ['/validate?timeout=30s', 500, 8_000, 7_500],
    ['/validate?timeout=4.5s', 0, undefined, 4_050],
    ['/validate?timeout=1m0s', 0, undefined, 54_000],
    ['/validate?dry=1&timeout=500ms', 0, undefined, 250],
    ['/validate', 0, undefined, 9_000],
    ['/validate?timeout=soon', 0, undefined, 9_000],
    ['/validate?timeout=0s', 0, undefined, 9_000],
    ['/validate?timeout=1s', 5_000, undefined, 0],
  ])('for %s after %d ms with at most %s is %d ms', (target, spent, most, expected) => {
    expect(lookingTime(target, spent, most)).toBeCloseTo(expected);
  });
});
