// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../model/digest.ts';
import { formatReference, isRepository, parseContentDigest, parseReference, referrersTag } from './reference.ts';

const hex = '0123456789abcdef'.repeat(4);
const digest = `sha256:${hex}`;

describe('a reference', () => {
  it.each([
    ['app', 'docker.io/library/app'],
    ['app:1.0', 'docker.io/library/app:1.0'],
    ['team/app', 'docker.io/team/app'],
    ['docker.io/app', 'docker.io/library/app'],
    ['index.docker.io/team/app', 'docker.io/team/app'],
    ['localhost/app', 'localhost/app'],
    ['localhost:5000/app:1', 'localhost:5000/app:1'],
    ['registry.example/app', 'registry.example/app'],
    ['registry.example:5000/a/b/c:v1', 'registry.example:5000/a/b/c:v1'],
    ['registry:5000/app', 'registry:5000/app'],
    ['Registry/app', 'registry/app'],
    ['[2001:db8::1]:5000/app', '[2001:db8::1]:5000/app'],
    [`app@${digest}`, `docker.io/library/app@${digest}`],
    [`registry.example/app:1@${digest}`, `registry.example/app:1@${digest}`],
    ['a__b/c-_-d', undefined],
    ['a--b/c__d.e', 'docker.io/a--b/c__d.e'],
  ])('%s means %s', (text, whole) => {
    const parsed = parseReference(text);

    expect(parsed.kind === 'reference' ? formatReference(parsed.reference) : undefined).toBe(whole);
  });

  it.each([
    '',
    '/',
    'app:',
    'app@',
    'app:tag with blank',
    'App',
    'team/App',
    'app//b',
    '-app',
    'app-',
    'a___b',
    'a..b',
    'registry.example/',
    'registry.example:99999/app',
    'registry_1.example/app',
    hex,
    'app@sha256:abc',
    `app@sha256:${hex.toUpperCase()}`,
    `app@sha256:sha256:${hex}`,
    `app@md5:${hex.slice(0, 32)}`,
    `app@sha512:${hex}`,
    'a'.repeat(300),
    `app:${'a'.repeat(129)}`,
    'https://registry.example/app',
    'app\n',
    'app:1\n',
  ])('%j is none, and a reason is given', (text) => {
    expect(parseReference(text)).toEqual({ kind: 'invalid', reason: expect.stringMatching(/./) });
  });

  it('that was written out is read back as the same', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const name = fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('/'));
    const tag = fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/), { nil: undefined });
    fc.assert(
      fc.property(name, tag, fc.boolean(), (repository, tag, hasDigest) => {
        const reference = {
          registry: 'registry.example:5000',
          repository,
          tag,
          digest: hasDigest ? (digest as Digest) : undefined,
        };

        expect(parseReference(formatReference(reference))).toEqual({ kind: 'reference', reference });
      }),
    );
  });

  it('never throws, and finds only names that can stand in an address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9:@./_-]{0,60}$/)), (text) => {
        const parsed = parseReference(text);

        if (parsed.kind === 'reference') expect(isRepository(parsed.reference.repository)).toBe(true);
      }),
    );
  });
});

it('the fallback tag of a digest keeps to what tags may be', () => {
  expect(referrersTag(digest as Digest)).toBe(`sha256-${hex}`);
  expect(referrersTag(`sha512:${hex}${hex}` as Digest)).toBe(`sha512-${hex}`);
});

it('only digests that content is checked with are taken', () => {
  expect([
    parseContentDigest(digest),
    parseContentDigest(`sha1:${hex.slice(0, 40)}`),
    parseContentDigest(`SHA256:${hex}`),
  ]).toEqual([digest, undefined, undefined]);
});
