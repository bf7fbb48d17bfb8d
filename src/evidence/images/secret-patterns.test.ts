// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSecrets, redactSecrets } from './secret-patterns.ts';

describe('findSecrets', () => {
  it.each([
    [`AKIA${'AB23'.repeat(4)}`, 'AWS access key'],
    [`glpat-${'a'.repeat(20)}`, 'GitLab token'],
    [`sk_live_${'a1'.repeat(12)}`, 'Stripe key'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----', 'private key'],
    ['postgres://app:hunter2@db.example/app', 'password in an address'],
    ['MYSQL_ROOT_PASSWORD="correct horse battery"', 'secret by its name'],
    ['npm_config_token=abcdef012345', 'secret by its name'],
  ])('knows %s', (text, title) => {
    expect(findSecrets(`x ${text} y`).map((match) => match.title)).toEqual([title]);
  });

  it.each([
    'DB_PASSWORD_FILE=/run/secrets/db',
    'DB_PASSWORD=/run/secrets/db',
    'TOKEN=${TOKEN:-}',
    'TOKEN={{ .Values.token }}',
    'PASSWORD=true',
    'TOKEN=short',
    'GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D',
    'PYTHON_SHA256=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    'postgres://app:$PASSWORD@db.example/app',
  ])('leaves %s alone', (text) => {
    expect(findSecrets(text)).toEqual([]);
  });

  it('gives places in order, none inside another, whatever the text', () => {
    const words = fc.constantFrom('TOKEN=', 'PASSWORD=', `AKIA${'A'.repeat(16)}`, '://', ':', '@', '"', "'", ' ');
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => {
        const text = parts.join('');

        const ends = findSecrets(text).flatMap(({ start, end }) => [start, end]);

        expect(ends).toEqual(ends.toSorted((a, b) => a - b));
        expect(ends.every((end) => end <= text.length)).toBe(true);
      }),
    );
  });

  it.each(['TOKEN="', 'a', 'https://a:', 'eyJ', '-----BEGIN '])('comes to an end with a long text of %j', (part) => {
    expect(findSecrets(part.repeat(300_000)).length).toBeLessThan(65_536);
  });
});

describe('redactSecrets', () => {
  it('keeps everything but the secrets', () => {
    expect(redactSecrets(`RUN A_TOKEN=abcdef0123 make AKIA${'A'.repeat(16)} x`)).toBe(
      'RUN A_TOKEN=[redacted] make [redacted] x',
    );
  });
});
