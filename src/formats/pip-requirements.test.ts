// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequirementsFile } from './pip-requirements.ts';

describe('parseRequirementsFile', () => {
  it('joins continued lines and keeps the lines of the requirement itself', () => {
    const [line] = parseRequirementsFile('\nlib \\\n  == 1.0 \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb\n');

    expect(line).toMatchObject({ kind: 'requirement', line: 2, endLine: 3, hashes: ['sha256:aa', 'sha256:bb'] });
  });

  it('takes a # for a comment only after white space, but ends a version at one', () => {
    const lines = parseRequirementsFile('a==1 # one\nb==2#two\nhttps://host.example/c-3.zip#egg=c\n# d==4\n');

    expect(lines).toMatchObject([
      { requirement: { name: 'a', specifier: '==1' } },
      { requirement: { name: 'b', specifier: '==2' } },
      { kind: 'reference', target: 'https://host.example/c-3.zip#egg=c' },
    ]);
  });

  it('knows includes, constraints and references, and passes over other options', () => {
    const text = '-r a.txt\n--requirement=b.txt\n-c c.txt\n-e ./d\n--index-url https://host.example\n--pre\n';

    const kinds = parseRequirementsFile(text).map((line) => line.kind);

    expect(kinds).toEqual(['include', 'include', 'constraints', 'reference']);
  });

  it('reads what pip-compile says about who needs a package', () => {
    const text =
      'idna==3.4\n    # via\n    #   requests\n    #   -r in.txt\nsix==1\n    # via requests\nlast==1 # via six\n';

    const via = parseRequirementsFile(text).map((line) => (line.kind === 'requirement' ? line.via : []));

    expect(via).toEqual([['requests', '-r in.txt'], ['requests'], ['six']]);
  });

  it('gives a line that is nothing of this as unreadable', () => {
    expect(parseRequirementsFile('{{ package }}==1\n')).toEqual([
      { kind: 'unreadable', text: '{{ package }}==1', line: 1 },
    ]);
  });

  it('throws for no text', () => {
    const soup = fc.array(fc.constantFrom('a==1', '\\\n', '\n', ' # via b', '--hash=sha256:1', '-r x', ' ', '[', '"'), {
      maxLength: 40,
    });
    fc.assert(fc.property(soup, (parts) => void parseRequirementsFile(parts.join(''))));
  });
});
