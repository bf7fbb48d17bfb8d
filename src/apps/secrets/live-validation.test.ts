// SPDX-License-Identifier: Apache-2.0
// No network here: answers are handed in.
import { describe, expect, test } from 'vitest';
import { defaultSecretRules } from '../../evidence/secrets/default-rules.ts';
import { createSecretScanner } from '../../evidence/secrets/scanner.ts';
import type { Fetch } from './live-validation.ts';
import { secretValidators, validateSecrets, withValidity } from './live-validation.ts';
import type { FoundSecret } from './secret-run.ts';

const token = ['ghp_', 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5'].join('');

function foundIn(text: string): readonly FoundSecret[] {
  const scanner = createSecretScanner(defaultSecretRules());
  return scanner.scan({ text, path: 'a.txt' }).map((raw) => ({ raw }));
}

interface Call {
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: string | undefined;
}

async function ask(text: string, answer: () => Response) {
  const calls: Call[] = [];
  const fetch: Fetch = (url, { headers, redirect }) => {
    calls.push({ url, headers: new Headers(headers), redirect });
    return Promise.resolve(answer());
  };
  const found = foundIn(text);
  const results = await validateSecrets(found, { fetch, validators: secretValidators });
  return { calls, verdicts: found.map((item) => results.get(item)) };
}

describe('asking the service that issued a secret', () => {
  test.each([
    [200, 'active'],
    [401, 'inactive'],
    [403, 'unknown'],
    [500, 'unknown'],
  ] as const)('takes the status %i for %s', async (status, expected) => {
    const key = ['hf_', 'aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH'].join('');
    const { verdicts } = await ask(`token = "${key}"`, () => new Response('{}', { status }));

    expect(verdicts).toEqual([expected]);
  });

  test('a token of a GitHub or GitLab server of its own was called dead, because the public one refuses it', async () => {
    const gitlab = ['glpat-', 'aB3dE5fG7hJ9kL1mN3pQ'].join('');
    const refused = () => new Response('{}', { status: 401 });

    expect((await ask(`token = "${token}"`, refused)).verdicts).toEqual(['unknown']);
    expect((await ask(`token = "${gitlab}"`, refused)).verdicts).toEqual(['unknown']);
  });

  test('asks once about a secret that stands in two places, with the secret in a header only', async () => {
    const { calls } = await ask(`a = "${token}"\nb = "${token}"\n`, () => new Response('{}'));

    expect(calls).toHaveLength(1);
    expect(calls[0]?.url).not.toContain(token);
    expect(calls[0]?.headers.get('authorization')).toBe(`Bearer ${token}`);
    expect(calls[0]?.redirect).toBe('error');
  });

  test('asks nobody about kinds that no service is known for', async () => {
    const key = ['AKIA', 'Q3EGRIDVTHQ6LRZP'].join('');
    const { calls, verdicts } = await ask(`aws_access_key_id = ${key}\n`, () => new Response('{}'));

    expect(calls).toEqual([]);
    expect(verdicts).toEqual([undefined]);
  });

  test('a service that cannot be reached says nothing', async () => {
    const { verdicts } = await ask(`token = "${token}"`, () => {
      throw new TypeError('fetch failed');
    });

    expect(verdicts).toEqual(['unknown']);
  });

  test('every request goes over TLS', () => {
    for (const validator of secretValidators) expect(validator.request('x').url).toMatch(/^https:\/\//);
  });

  test('an active secret is critical, an inactive one low, and both say so', () => {
    const finding = {
      kind: 'secret',
      id: 'a',
      title: 'a',
      severity: 'high',
      confidence: 'medium',
      location: { path: 'a' },
      redacted: '****',
      fingerprint: 'f',
      tags: [],
    } as const;

    expect(withValidity(finding, 'active')).toMatchObject({
      severity: 'critical',
      confidence: 'high',
      tags: ['validity:active'],
    });
    expect(withValidity(finding, 'inactive')).toMatchObject({ severity: 'low', tags: ['validity:inactive'] });
    expect(withValidity(finding, undefined)).toBe(finding);
  });
});
