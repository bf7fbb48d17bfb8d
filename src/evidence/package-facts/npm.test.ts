// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPurl } from '../../model/purl.ts';
import {
  fetchFacts,
  integrityDigests,
  isLocalFolder,
  nameInArchiveUrl,
  nameInPath,
  npmLicenses,
  npmPeople,
  npmPurl,
  pinnedCommit,
} from './npm.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

describe('npmPurl', () => {
  it('puts the scope into the namespace', () => {
    expect(npmPurl('@s/a', '1.0.0')).toBe('pkg:npm/%40s/a@1.0.0');
    expect(npmPurl('a', '')).toBe('pkg:npm/a');
    expect(npmPurl('', '1.0.0')).toBeUndefined();
  });

  it('gives what formatPurl gives for every name and version', () => {
    const words = fc.stringMatching(/^[A-Za-z0-9._~+%@ -]{1,12}$/);

    fc.assert(
      fc.property(words, words, (name, version) => {
        fc.pre(!name.startsWith('@'));
        expect(npmPurl(name, version)).toBe(formatPurl({ type: 'npm', name, version }));
      }),
    );
  });
});

describe('integrityDigests', () => {
  it('reads several algorithms and drops what does not fit', () => {
    expect(integrityDigests('sha1-C+7Hteo/D9vJXQ3UfzxbwnXajzM=?x md5-AAAA sha512-nonsense')).toEqual([
      'sha1:0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8f33',
    ]);
    expect(integrityDigests(7)).toEqual([]);
  });
});

describe('npmLicenses', () => {
  it('reads texts, objects and lists, old and new', () => {
    expect(npmLicenses({ license: 'MIT' })).toEqual(['MIT']);
    expect(npmLicenses({ license: { type: 'ISC', url: 'x' } })).toEqual(['ISC']);
    expect(npmLicenses({ licenses: [{ type: 'MIT' }, 'MIT', 'BSD'] })).toEqual(['MIT', 'BSD']);
    expect(npmLicenses({ license: 7, licenses: null })).toEqual([]);
  });
});

describe('npmPeople', () => {
  it('joins people of every form once', () => {
    expect(
      npmPeople('Ann', [{ name: 'Bob', email: 'b@example.com', url: 'https://b.example' }, 'Ann'], undefined),
    ).toBe('Ann, Bob <b@example.com> (https://b.example)');
    expect(npmPeople({}, '')).toBeUndefined();
  });
});

describe('pinnedCommit', () => {
  it.each([
    [`git+ssh://git@git.example/o/r.git#${commit}`, commit],
    [`r@https://git.example/o/r.git#commit=${commit}`, commit],
    [`https://codeload.git.example/o/r/tar.gz/${commit}`, commit],
    [`https://git.example/o/r/archive.tar.gz?ref=${commit}`, commit],
    ['github:o/r#527e8ce', '527e8ce'],
    [`https://registry.npm.example/a/-/a-1.0.0.tgz#${commit}`, undefined],
    ['github:o/r#main', undefined],
  ])('%s', (reference, expected) => {
    expect(pinnedCommit(reference)).toBe(expected);
  });
});

describe('fetchFacts', () => {
  it('keeps addresses and archives of the tree, but not folders', () => {
    expect(fetchFacts('file:./a.tgz')).toEqual({ downloadUrl: 'file:./a.tgz' });
    expect(fetchFacts('file:./a')).toBeUndefined();
    expect(isLocalFolder('workspace:packages/a')).toBe(true);
    expect(isLocalFolder('https://x.example/a')).toBe(false);
  });
});

describe('nameInPath and nameInArchiveUrl', () => {
  it('find the name behind the last node_modules, and in front of the archive', () => {
    expect(nameInPath('node_modules/a/node_modules/@s/b')).toBe('@s/b');
    expect(nameInPath('packages/a')).toBe('a');
    expect(nameInPath('node_modules')).toBe('');
    expect(nameInArchiveUrl('https://registry.npm.example/api/@s%2fa/-/a-1.0.0.tgz')).toBe('@s/a');
    expect(nameInArchiveUrl('https://registry.npm.example/a/-/a-1.0.0.tgz')).toBe('a');
    expect(nameInArchiveUrl('git+ssh://x/-/y')).toBeUndefined();
  });
});
