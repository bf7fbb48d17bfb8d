// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPurl, type PurlParts, parsePurl, parsePurlLoosely, validatePurl } from './purl.ts';

describe('parsePurl', () => {
  test('decodes every component', () => {
    const parts = parsePurl('pkg:npm/%40acme/tool@1.0.0%2Bbuild?vcs_url=git:%2F%2Fhost%2Fa#dist/x');

    expect(parts).toEqual({
      type: 'npm',
      namespace: '@acme',
      name: 'tool',
      version: '1.0.0+build',
      qualifiers: { vcs_url: 'git://host/a' },
      subpath: 'dist/x',
    });
  });

  test('takes an @ before a slash as part of the namespace', () => {
    expect(parsePurl('pkg:npm/@acme/tool@2.0.0')).toMatchObject({ namespace: '@acme', name: 'tool', version: '2.0.0' });
  });

  test('keeps a colon and an @ of a version apart from the name', () => {
    expect(parsePurl('pkg:deb/debian/tar@1:2.3-4')).toMatchObject({ name: 'tar', version: '1:2.3-4' });
    expect(parsePurl('pkg:brew/node@20@20.1')).toMatchObject({ name: 'node@20', version: '20.1' });
  });

  test('normalises by type', () => {
    expect(parsePurl('pkg:PyPI/My_Package@1')?.name).toBe('my-package');
    expect(parsePurl('pkg:github/Acme/Tool')?.namespace).toBe('acme');
    expect(parsePurl('pkg:golang/github.com/Acme/Tool')?.namespace).toBe('github.com/Acme');
    expect(parsePurl('pkg:git/host.example/group/project')).toMatchObject({
      namespace: 'host.example',
      name: 'group/project',
    });
  });

  test.each([
    ['no scheme', 'npm/tool@1'],
    ['no name', 'pkg:npm'],
    ['an empty name before a version', 'pkg:maven/org.acme/@1'],
    ['a type that starts with a digit', 'pkg:3d/tool'],
    ['a qualifier key with a space', 'pkg:npm/tool?in%20production=1'],
    ['a broken escape', 'pkg:npm/tool@%zz'],
    ['a namespace where the type has none', 'pkg:otp/a/b'],
    ['no namespace where the type needs one', 'pkg:swift/Tool@1'],
  ])('refuses %s', (_reason, text) => {
    expect(parsePurl(text)).toBeUndefined();
    expect(validatePurl(text).map((remark) => remark.kind)).toContain('invalid');
  });

  test('reads what only breaks a rule of its type when asked to be loose', () => {
    expect(parsePurlLoosely('pkg:gem/vendor/tool@1')).toMatchObject({ type: 'gem', namespace: 'vendor', name: 'tool' });
  });

  test('accepts a missing namespace that widespread tools leave out, and remarks it', () => {
    expect(parsePurl('pkg:golang/stdlib@1.22.0')).toBeDefined();
    expect(validatePurl('pkg:golang/stdlib@1.22.0').map((remark) => remark.kind)).toEqual(['incomplete']);
  });
});

describe('formatPurl', () => {
  test('encodes, sorts qualifiers by key and drops empty ones', () => {
    const text = formatPurl({
      type: 'Generic',
      namespace: 'a b/c',
      name: 'x@y',
      version: '1+2',
      qualifiers: { 'b.c': '2', b: '1', a: '', D: '/' },
      subpath: './p/../q/',
    });

    expect(text).toBe('pkg:generic/a%20b/c/x%40y@1%2B2?b=1&b.c=2&d=%2F#p/q');
  });

  test('gives nothing when the name or the type is missing', () => {
    expect(formatPurl({ type: 'npm', name: '' })).toBeUndefined();
    expect(formatPurl({ type: '', name: 'tool' })).toBeUndefined();
  });
});

describe('package URLs of any content', () => {
  const component = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
  const parts: fc.Arbitrary<PurlParts> = fc.record({
    type: fc.constantFrom('npm', 'generic', 'deb', 'maven', 'git', 'x-y.z'),
    namespace: fc.option(component, { nil: undefined }),
    name: component,
    version: fc.option(component, { nil: undefined }),
    qualifiers: fc.option(fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9._-]{0,5}$/), component), { nil: undefined }),
    subpath: fc.option(component, { nil: undefined }),
  });

  test('what is formatted is read again to the same canonical text', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const text = formatPurl(given);
        const again = text === undefined ? undefined : parsePurl(text);
        expect(again === undefined ? undefined : formatPurl(again)).toBe(text);
      }),
    );
  });

  test('plain ones are printed as the rules of their type say', () => {
    const type = fc.constantFrom('npm', 'cargo', 'gem', 'pypi', 'nuget', 'golang', 'maven', 'composer', 'cran');
    const word = fc.string({ unit: fc.constantFrom('a', 'B', '1', '.', '-', '_', '/', '+'), maxLength: 6 });
    const optional = fc.option(word, { nil: undefined });
    const parts = fc.record({ type, name: word, namespace: optional, version: optional });
    fc.assert(
      fc.property(parts, (given) => {
        // Given qualifiers, though empty, rule out the short way.
        expect(formatPurl(given)).toBe(formatPurl({ ...given, qualifiers: {} }));
      }),
    );
  });

  test('no text makes the parser throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        parsePurl(text);
        validatePurl(`pkg:${text}`);
        parsePurlLoosely(`pkg:npm/${text}`);
      }),
    );
  });
});
