// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunningHealth } from './health-server.ts';
import { startHealth } from './health-server.ts';

let health: RunningHealth;
let reason: string | undefined;

beforeEach(async () => {
  reason = undefined;
  health = await startHealth({ host: '127.0.0.1', port: 0, unready: () => reason, metrics: () => ['a 1', 'b 2'] });
});
afterEach(() => health.close());

async function ask(path: string, method = 'GET'): Promise<readonly [number, string]> {
  const answer = await fetch(`http://127.0.0.1:${health.port}${path}`, { method });
  return [answer.status, await answer.text()];
}

it('says that it runs, what it counts, and why it is not ready', async () => {
  expect(await ask('/livez')).toEqual([200, 'ok\n']);
  expect(await ask('/metrics')).toEqual([200, 'a 1\nb 2\n']);
  expect(await ask('/readyz')).toEqual([200, 'ok\n']);
  reason = 'policies are still being read';
  expect(await ask('/readyz?verbose')).toEqual([503, 'policies are still being read\n']);
});

it('answers nothing else', async () => {
  expect((await ask('/'))[0]).toBe(404);
  expect((await ask('/livez', 'POST'))[0]).toBe(405);
});
