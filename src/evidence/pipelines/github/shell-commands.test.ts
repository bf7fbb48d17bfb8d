// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialectOf, effectiveCommand, shellCommands, shellName } from './shell-commands.ts';

function posix(script: string): string[] {
  return shellCommands(script, 'posix').map(({ name, words }) => [name, ...words.map(({ text }) => text)].join(' '));
}

describe('shellCommands', () => {
  it.each([
    ['a b c', ['a b c']],
    ['a; b && c || d | e & f', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['if a; then b; else c; fi', ['a', 'b', 'c']],
    ['A=1 B="x y" a b', ['a b']],
    ['a \\\n  b \\\n  c', ['a b c']],
    ['a # b\nc', ['a', 'c']],
    ['a "b c" \'d e\' f\\ g', ['a b c d e f g']],
    ['/usr/bin/a b', ['a b']],
    ['(a b)', ['a b']],
    ['{ a; b; } > c', ['a', 'b', '']],
    ['x=$(a b)', ['a b']],
    ['echo "$(a "b")" `c d`', ['echo $(a "b") `c d`', 'a b', 'c d']],
    ['a <<EOF\nb c\nEOF\nd', ['a', 'd']],
    ['a <<-"EOF"\n\tb\n\tEOF\nd', ['a', 'd']],
    ['echo ${{ a.b && c }} d', ['echo ${{ a.b && c }} d']],
    ['', []],
  ])('cuts %j', (script, commands) => {
    expect(posix(script)).toEqual(commands);
  });

  it('tells redirections, pipes and what is literal', () => {
    const commands = shellCommands('echo "a=$B" c >> "$GITHUB_ENV" | tee -a x', 'posix');

    expect(commands).toMatchObject([
      {
        name: 'echo',
        words: [{ isLiteral: false }, { isLiteral: true }],
        redirections: [{ operator: '>>', target: { text: '$GITHUB_ENV' } }],
        isPiped: false,
      },
      { name: 'tee', isPiped: true },
    ]);
  });

  it('gives where a command begins and ends', () => {
    const script = 'a\n  npm  publish --x # y\n';

    const [, command] = shellCommands(script, 'posix');

    expect(script.slice(command?.start, command?.end)).toBe('npm  publish --x');
  });

  it('reads PowerShell by its own rules', () => {
    const script = '<# a #> Write-Host \'b\'`\n  c; if ($x) { D.exe "e`"f" } # g\n';

    const commands = shellCommands(script, 'powershell').map(({ name, words }) =>
      [name, ...words.map(({ text }) => text)].join(' '),
    );

    expect(commands).toContain('write-host b c');
    expect(commands).toContain('d e`"f');
  });

  it.each([
    ['bundle exec gem push x', 'gem push x'],
    ['sudo -E npm publish', 'npm publish'],
    ['python3.12 -m twine upload d', 'twine upload d'],
    ['pipx run twine==6.1.0 upload d', 'twine upload d'],
    ['env A=1 cargo publish', 'cargo publish'],
    ['bunx npm publish', 'npm publish'],
    ['uv run --with x twine upload', 'x twine upload'],
    ['npm publish', 'npm publish'],
  ])('looks through what runs another command: %s', (script, effective) => {
    const [command] = shellCommands(script, 'posix');

    const found = command === undefined ? undefined : effectiveCommand(command);

    expect([found?.name, ...(found?.words ?? [])].join(' ')).toBe(effective);
  });

  it('knows shells by their program', () => {
    expect(['/bin/bash -e {0}', 'C:\\x\\PWSH.EXE -c {0}', 'cmd', 'python {0}'].map(shellName)).toEqual([
      'bash',
      'pwsh',
      'cmd',
      'python',
    ]);
    expect(['bash', 'sh', 'pwsh', 'cmd', ''].map(dialectOf)).toEqual([
      'posix',
      'posix',
      'powershell',
      undefined,
      undefined,
    ]);
  });

  it('never throws and keeps every command inside the script', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\n',
      '"',
      "'",
      '`',
      '$(',
      ')',
      '${',
      '}',
      '<<E',
      '|',
      '&&',
      ';',
      '\\',
      '#',
      '>',
      '${{',
      '}}',
      '{',
    );

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom('posix', 'powershell'), (pieces, dialect) => {
        const script = pieces.join('');
        for (const { start, end } of shellCommands(script, dialect)) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(script.length);
          expect(start).toBeLessThanOrEqual(end);
        }
      }),
    );
  });
});
