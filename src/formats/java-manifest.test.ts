// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHeaderClauses, parseManifest } from './java-manifest.ts';

describe('parseManifest', () => {
  it('joins continuation lines without their leading space', () => {
    const { main } = parseManifest('Export-Package: org.example.a,org.ex\r\n ample.b\r\n');

    expect(main.get('export-package')).toBe('org.example.a,org.example.b');
  });

  it('keeps sections apart from the main section', () => {
    const manifest = parseManifest('Manifest-Version: 1.0\n\nName: org/example/\nImplementation-Version: 2\n');

    expect(manifest.main.get('Implementation-Version')).toBeUndefined();
    expect(manifest.sections[0]?.get('Implementation-Version')).toBe('2');
  });

  it('passes over lines that are no attributes', () => {
    const { main } = parseManifest('junk\n: no name\nA: 1\n');

    expect(main.entries).toEqual([['A', '1']]);
  });

  it('throws for no text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseManifest(text)));
  });
});

describe('parseHeaderClauses', () => {
  it('does not split at separators in quotes', () => {
    const clauses = parseHeaderClauses('"Licence, Version 1";link="https://example.org/a;b", MIT');

    expect(clauses.map((clause) => clause.path)).toEqual(['Licence, Version 1', 'MIT']);
    expect(clauses[0]?.parameters.get('link')).toBe('https://example.org/a;b');
  });

  it('takes a quote behind a backslash for part of the value', () => {
    const clauses = parseHeaderClauses('A;description="one \\"two\\", three",B');

    expect(clauses.map((clause) => clause.path)).toEqual(['A', 'B']);
  });
});
