// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { WorkerPool } from './workers.ts';

const poolModule = new URL('./workers.ts', import.meta.url).href;

function script(body: string): URL {
  const file = join(mkdtempSync(join(tmpdir(), 'landwaiter-worker-')), 'task.mjs');
  writeFileSync(file, `import { serveTasks } from ${JSON.stringify(poolModule)};\nserveTasks(${body});\n`);
  return pathToFileURL(file);
}

describe('WorkerPool', () => {
  it('runs tasks and gives each its own answer', async () => {
    const pool = new WorkerPool<number, number>(script('(input) => input * 2'), 2);

    const answers = await Promise.all([1, 2, 3, 4, 5].map((input) => pool.run(input)));

    expect(answers).toEqual([2, 4, 6, 8, 10]);
    await pool.close();
  });

  it('hands over what a task sends before its answer, to that task and in order', async () => {
    const pool = new WorkerPool<number, string>(
      script('async (input, send) => { send(input); await null; send([input, undefined]); return "done"; }'),
      2,
    );
    const parts = new Map<number, unknown[]>();

    const answers = await Promise.all(
      [1, 2, 3].map((input) => {
        const own: unknown[] = [];
        parts.set(input, own);
        return pool.run(input, (part) => void own.push(part));
      }),
    );

    expect(answers).toEqual(['done', 'done', 'done']);
    for (const input of [1, 2, 3]) expect(parts.get(input)).toEqual([input, [input, undefined]]);
    await pool.close();
  });

  it('rejects the task that throws and goes on with the next', async () => {
    const pool = new WorkerPool<string, string>(
      script('(input) => { if (input === "bad") throw new Error("no good"); return input; }'),
      1,
    );

    await expect(pool.run('bad')).rejects.toMatchObject({ code: 'INTERNAL', message: 'no good' });
    await expect(pool.run('good')).resolves.toBe('good');
    await pool.close();
  });

  it('rejects the task whose thread dies and starts another thread', async () => {
    const pool = new WorkerPool<string, string>(
      script('(input) => { if (input === "die") process.exit(1); return input; }'),
      1,
    );

    await expect(pool.run('die')).rejects.toMatchObject({ message: 'a worker thread ended before its task' });
    await expect(pool.run('next')).resolves.toBe('next');
    await pool.close();
  });

  it('rejects what is asked of it after close', async () => {
    const pool = new WorkerPool<number, number>(script('(input) => input'), 1);
    await pool.close();

    await expect(pool.run(1)).rejects.toMatchObject({ message: 'the worker pool is closed' });
  });
});
