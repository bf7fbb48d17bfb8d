// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FlagValues } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { formedOutput, planOutputs, writeWhole } from './outputs.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'landwaiter-outputs-'));

describe('planOutputs', () => {
  it('refuses two reports in one file, of which the second would replace the first', () => {
    const values = new FlagValues(new Map([['output', ['json=report', 'sarif=report']]]));

    expect(() => planOutputs(values, 'scan', 'table')).toThrow('two reports cannot both go to report');
  });
});

describe('formedOutput', () => {
  function ask(given: Readonly<Record<string, readonly string[]>>, cwd = '/') {
    let written = '';
    const stdout = { isTerminal: false, width: undefined, write: (text: string) => void (written += text) };
    const context = { cwd, stdout } as unknown as CommandContext;
    const { form, write } = formedOutput(new FlagValues(new Map(Object.entries(given))), context, {
      command: 'policy test',
      forms: ['table', 'json', 'junit'],
    });
    write('text');
    return `${form}: ${written}`;
  }

  it.each([
    [{}, 'table: text'],
    [{ format: ['junit'] }, 'junit: text'],
    [{ output: ['json'] }, 'json: text'],
    [{ output: ['text'] }, 'table: text'],
    [{ output: ['-'], format: ['json'] }, 'json: text'],
  ])('of %j is %s', (given, said) => {
    expect(ask(given)).toBe(said);
  });

  it.each([
    [{ output: ['junit=r.xml'] }, 'junit: '],
    [{ output: ['r.xml'], format: ['json'] }, 'json: '],
  ])('of %j writes a file', (given, said) => {
    const cwd = folder();

    expect(ask(given, cwd)).toBe(said);
    expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toBe('text');
  });

  it('names the forms that there are, and takes one place', () => {
    expect(() => ask({ format: ['sarif'] })).toThrow('policy test has no format "sarif"');
    expect(() => ask({ output: ['a', 'b'] })).toThrow('policy test writes to one place');
  });
});

describe('writeWhole', () => {
  it('replaces a file', () => {
    const path = join(folder(), 'new', 'report.json');

    writeWhole(path, 'report.json', 'first');
    writeWhole(path, 'report.json', 'second');

    expect(readFileSync(path, 'utf8')).toBe('second');
  });

  it('writes to a pipe or device and never puts a file in its place', () => {
    const path = join(folder(), 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);

    writeWhole(path, 'pipe', 'report');

    expect(readFileSync(reader, 'utf8')).toBe('report');
    expect(lstatSync(path).isFIFO()).toBe(true);
    closeSync(reader);
  });

  it('writes what a link leads to and leaves the link', () => {
    const root = folder();
    writeFileSync(join(root, 'real.json'), 'old');
    symlinkSync('real.json', join(root, 'link.json'));

    writeWhole(join(root, 'link.json'), 'link.json', 'new');

    expect(lstatSync(join(root, 'link.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, 'real.json'), 'utf8')).toBe('new');
  });

  it('leaves nothing behind when the place is a folder', () => {
    const root = folder();
    mkdirSync(join(root, 'taken'));

    expect(() => writeWhole(join(root, 'taken'), 'taken', 'x')).toThrow('could not write taken: is a directory');

    expect(readdirSync(root)).toEqual(['taken']);
  });

  it('does not write through a link that stands where its own part would be', () => {
    const root = folder();
    writeFileSync(join(root, 'victim'), 'kept');
    symlinkSync('victim', join(root, `report.json.${process.pid}.part`));

    expect(() => writeWhole(join(root, 'report.json'), 'report.json', 'x')).toThrow('could not write report.json');

    expect(readFileSync(join(root, 'victim'), 'utf8')).toBe('kept');
  });
});
