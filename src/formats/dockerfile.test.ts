// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from './dockerfile.ts';

describe('parseDockerfile', () => {
  it.each(['RUN echo "<<EOF"', "RUN echo '<<EOF'", 'RUN echo "a \\" <<EOF"'])(
    'took what follows %s for the body of a here-document',
    (line) => {
      const instructions = parseDockerfile(`FROM a\n${line}\nUSER root\nRUN <<EOF\ncurl x\nEOF\n`);

      expect(instructions.map(({ keyword }) => keyword)).toEqual(['FROM', 'RUN', 'USER', 'RUN']);
      expect(instructions.at(-1)?.hereDocuments?.map(({ body }) => body)).toEqual(['curl x']);
    },
  );

  it.each(['<<EOF', '<<-EOF', '<<"EOF"', "<<-'EOF'"])('reads the here-document of %s', (opening) => {
    const [run] = parseDockerfile(`RUN echo "it's" ${opening}\nUSER root\nEOF\n`);

    expect(run?.hereDocuments).toHaveLength(1);
  });

  it('joins continued lines and passes over comments between them', () => {
    const text = '# syntax=docker/dockerfile:1\nfrom a\nRUN one \\\n  # remark\n\n  two\n';

    expect(parseDockerfile(text)).toEqual([
      { keyword: 'FROM', value: 'a', line: 2, endLine: 2 },
      { keyword: 'RUN', value: 'one two', line: 3, endLine: 6 },
    ]);
  });

  it('honours the escape directive', () => {
    expect(parseDockerfile('# escape=`\nRUN a `\nb\nRUN c\\\nRUN d')).toHaveLength(3);
  });

  it('leaves out the bodies of here-documents', () => {
    expect(parseDockerfile('RUN <<A cat <<-"B"\nFROM x\nA\nFROM y\nB\nFROM z\n').map((item) => item.value)).toEqual([
      '<<A cat <<-"B"',
      'z',
    ]);
  });

  it('gives lines in order for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('FROM a', 'RUN \\', '<<A', 'A', '#', '', 'x')), (lines) => {
        let last = 0;
        for (const { line, endLine } of parseDockerfile(lines.join('\n'))) {
          if (line <= last || endLine < line) throw new Error(`line ${line} after ${last}`);
          last = endLine;
        }
      }),
    );
  });
});
