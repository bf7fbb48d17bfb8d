// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOpamFile, textsOf } from './opam-file.ts';

describe('parseOpamFile', () => {
  it('reads fields, lists and sections', () => {
    const text =
      'opam-version: "2.0" # comment\nlicense: ["MIT" "ISC"]\n(* more *)\nurl {\n  src: "https://host.example/x.tbz"\n}\n';

    const { fields, problems } = parseOpamFile(text, 'opam');

    expect(problems).toEqual([]);
    expect(textsOf(fields.get('license'))).toEqual(['MIT', 'ISC']);
    expect(textsOf(fields.get('url.src'))).toEqual(['https://host.example/x.tbz']);
  });

  it('keeps options apart from the values they belong to', () => {
    const { fields } = parseOpamFile('depends: [\n  "dune" {>= "3.0" & with-test}\n  ("a" | "b")\n]\n', 'opam');

    expect(textsOf(fields.get('depends'))).toEqual(['dune', 'a', 'b']);
    expect(fields.get('depends')?.[0]).toMatchObject({ items: [{ line: 2 }, { kind: 'option' }, { kind: 'group' }] });
  });

  it('reads long texts and commands with variables', () => {
    const { fields, problems } = parseOpamFile(
      'description: """\nTwo\nlines"""\nbuild: [["dune" "-p" name "-j" jobs]]\nsynopsis: "x"\n',
      'opam',
    );

    expect(problems).toEqual([]);
    expect(textsOf(fields.get('description'))).toEqual(['\nTwo\nlines']);
    expect(textsOf(fields.get('synopsis'))).toEqual(['x']);
  });

  it.each(['name: "x', 'a: [ "x"', '} x: 1', 'a: ["x"}', '"text" first'])('gives a problem for %j', (text) => {
    expect(parseOpamFile(text, 'opam').problems).toMatchObject([{ kind: 'syntax', hidesFindings: true }]);
  });

  it('throws for no text', () => {
    const soup = fc.array(
      fc.constantFrom('a', ':', '"x"', '[', ']', '{', '}', '(', ')', '(*', '*)', '\n', '>=', '"""', '#'),
      { maxLength: 60 },
    );
    fc.assert(fc.property(soup, (parts) => void parseOpamFile(parts.join(' '), 'opam')));
  });
});
