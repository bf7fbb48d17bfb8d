// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { outputStream } from './output-stream.ts';

const unasked = (): never => {
  throw new Error('the stream was opened');
};

describe('outputStream', () => {
  it('writes to a file without opening a stream', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'landwaiter-output-')), 'x');
    const descriptor = openSync(file, 'w');
    const stream = outputStream(descriptor, unasked);

    stream.write('grün ');
    stream.write('x'.repeat(100_000));
    closeSync(descriptor);

    expect(stream).toMatchObject({ isTerminal: false, width: undefined });
    expect(readFileSync(file, 'utf8')).toBe(`grün ${'x'.repeat(100_000)}`);
  });

  it('takes the null device for no terminal', () => {
    const descriptor = openSync(devNull, 'w');

    const stream = outputStream(descriptor, unasked);
    stream.write('lost');
    closeSync(descriptor);

    expect(stream.isTerminal).toBe(false);
  });

  it('does not mind a reader that has gone away, and writes all to one that is slow', () => {
    const module = fileURLToPath(new URL('./output-stream.ts', import.meta.url));
    const program = `import(${JSON.stringify(module)}).then(({ outputStream }) => {
      const stream = outputStream(1, () => process.stdout);
      for (let index = 0; index < 100; index += 1) stream.write('x'.repeat(9999) + '\\n');
    });`;
    const run = (reader: string): ReturnType<typeof spawnSync> =>
      spawnSync('sh', ['-c', `"$0" -e "$1" | ${reader}`, process.execPath, program], { encoding: 'utf8' });

    expect(run('head -n 1 | wc -c')).toMatchObject({ stdout: '10000\n', stderr: '', status: 0 });
    expect(run('(sleep 0.2; wc -c)')).toMatchObject({ stdout: '1000000\n', stderr: '', status: 0 });
  });
});
