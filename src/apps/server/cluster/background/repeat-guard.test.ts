// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { RepeatGuard } from './repeat-guard.ts';

test('so often within so long, and again when time has passed', () => {
  let now = 0;
  const guard = new RepeatGuard({ now: () => now, elapsed: () => now }, { times: 2, within: 100 });
  const first = [guard.mayAct('a'), guard.mayAct('a'), guard.mayAct('a'), guard.mayAct('b')];
  now = 100;

  expect(first).toEqual([true, true, false, true]);
  expect(guard.mayAct('a')).toBe(true);
});

test('many other objects do not make it forget one that is acted on all the time', () => {
  const guard = new RepeatGuard({ now: () => 0, elapsed: () => 0 }, { times: 5, within: 100 });
  for (let round = 0; round < 5; round += 1) {
    guard.mayAct('loop');
    for (let index = 0; index < 19_000; index += 1) guard.mayAct(`${round} ${index}`);
  }

  expect(guard.mayAct('loop')).toBe(false);
});
