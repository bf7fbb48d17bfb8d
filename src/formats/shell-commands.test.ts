// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readShellCommands } from './shell-commands.ts';

function wordsOf(text: string): readonly (readonly string[])[] {
  return readShellCommands(text).map(({ words }) => words);
}

describe('readShellCommands', () => {
  it('cuts at operators and line ends and says which', () => {
    const commands = readShellCommands('a && b || c; d | e & f\ng');

    expect(commands.map(({ words, after }) => `${after} ${words.join(' ')}`)).toEqual([
      'start a',
      '&& b',
      '|| c',
      '; d',
      '| e',
      '& f',
      'newline g',
    ]);
  });

  it('resolves quotes and escapes', () => {
    expect(wordsOf(`echo "a && b" 'c;d' e\\ f "g\\"h"`)).toEqual([['echo', 'a && b', 'c;d', 'e f', 'g"h']]);
  });

  it('leaves redirections with their command', () => {
    expect(wordsOf('make 2>&1 >log &>all && x')).toEqual([['make', '2>&1', '>log', '&>all'], ['x']]);
  });

  it('passes over assignments, reserved words and comments', () => {
    const commands = readShellCommands('A=1 B=2 make # all; of it\nif test -f x; then rm x; fi; ! false');

    expect(commands.map(({ words }) => words)).toEqual([['make'], ['test', '-f', 'x'], ['rm', 'x'], ['false']]);
    expect(commands[0]?.assignments).toEqual(['A=1', 'B=2']);
  });

  it('gives commands of substitutions as their own', () => {
    expect(wordsOf('x=$(id -u) echo `date` "$(uname -m)"')).toEqual([
      ['echo', '`date`', '$(uname -m)'],
      ['id', '-u'],
      ['date'],
      ['uname', '-m'],
    ]);
  });

  it('reads subshells and groups', () => {
    expect(wordsOf('(cd a && make) && { b; c; }')).toEqual([['cd', 'a'], ['make'], ['b'], ['c']]);
  });

  it('is bounded and never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('$(', ')', '`', '"', "'", '\\', '&&', '|', ';', '\n', '#', ' ', 'a', '=')),
        (parts) => {
          for (const { words } of readShellCommands(parts.join('')))
            if (words.length === 0) throw new Error('no words');
        },
      ),
    );
    expect(readShellCommands('a;'.repeat(100_000)).length).toBe(5000);
    expect(readShellCommands('$('.repeat(50_000)).length).toBeLessThanOrEqual(5000);
  });
});
