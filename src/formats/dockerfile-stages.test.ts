// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignmentsOf, lineageOf, readDockerfile, shellCommandsOf } from './dockerfile-stages.ts';

describe('readDockerfile', () => {
  it('reads stages with names, bases and what they build on', () => {
    const { stages } = readDockerfile('ARG V=3\nFROM a:${V} AS Build\nFROM build\nFROM ${X}\n');

    expect(stages.map(({ name, base, resolvedBase, parent }) => [name, base, resolvedBase, parent?.index])).toEqual([
      ['build', 'a:${V}', 'a:3', undefined],
      [undefined, 'build', 'build', 0],
      [undefined, '${X}', undefined, undefined],
    ]);
    const [, second] = stages;
    expect(second === undefined ? [] : lineageOf(second).map(({ index }) => index)).toEqual([1, 0]);
  });

  it('takes flags off and tells the forms apart', () => {
    const { commands } = readDockerfile(
      'FROM a\nCOPY --from=x --chown=1:1 "a b" c /d/\nCMD ["run", "--now"]\nENTRYPOINT [broken\n',
    );

    expect(commands.slice(1).map(({ flags, form, words }) => [flags, form, words])).toEqual([
      [
        [
          { name: 'from', value: 'x' },
          { name: 'chown', value: '1:1' },
        ],
        'shell',
        ['a b', 'c', '/d/'],
      ],
      [[], 'exec', ['run', '--now']],
      [[], 'shell', ['[broken']],
    ]);
  });

  it('knows the variables at each place', () => {
    const { commands } = readDockerfile('ARG A=1\nFROM x\nRUN one\nARG A\nENV B=${A}2 C="d e"\nENV F g h\nRUN two\n');
    const runs = commands
      .filter(({ keyword }) => keyword === 'RUN')
      .map(({ variables }) => Object.fromEntries(variables));

    expect(runs).toEqual([{}, { A: '1', B: '12', C: 'd e', F: 'g h' }]);
  });

  it('reads assignments in both forms', () => {
    const { commands } = readDockerfile('FROM x\nENV A b c\nENV D=e F="g h"\nARG I\nLABEL j=k');

    expect(commands.slice(1).map(assignmentsOf)).toEqual([
      [{ name: 'A', value: 'b c' }],
      [
        { name: 'D', value: 'e' },
        { name: 'F', value: 'g h' },
      ],
      [{ name: 'I', value: undefined }],
      [{ name: 'j', value: 'k' }],
    ]);
  });

  it('finds the commands of both forms and of here-documents', () => {
    const text =
      'FROM x\nRUN a && b\nRUN ["sh", "-ec", "c; d"]\nRUN ["e", "-f"]\nRUN <<EOF\ng\nh -i\nEOF\nCOPY <<"T" /t\nj\nT\n';
    const { commands } = readDockerfile(text);

    const runs = commands.filter(({ keyword }) => keyword === 'RUN').map(shellCommandsOf);
    expect(runs.map((list) => list.map(({ words }) => words.join(' ')))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e -f'],
      ['g', 'h -i'],
    ]);
    expect(commands.at(-1)?.hereDocuments).toEqual([{ name: 'T', body: 'j', line: 10 }]);
  });

  it('reads what ONBUILD starts', () => {
    expect(readDockerfile('FROM x\nONBUILD RUN make').commands.at(-1)?.inner).toMatchObject({
      keyword: 'RUN',
      text: 'make',
    });
  });

  it('keeps what stands before the first FROM', () => {
    const { before, stages } = readDockerfile('ARG A\nRUN x\n');

    expect(before.map(({ keyword }) => keyword)).toEqual(['ARG', 'RUN']);
    expect(stages).toEqual([]);
  });

  it('never fails', () => {
    const line = fc.constantFrom(
      'FROM a AS b',
      'FROM $X',
      'RUN <<A',
      'A',
      'ENV =',
      'ARG',
      '["',
      'COPY --a=',
      'ONBUILD ONBUILD',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
        for (const command of readDockerfile(lines.join('\n')).commands) shellCommandsOf(command);
      }),
    );
  });
});
