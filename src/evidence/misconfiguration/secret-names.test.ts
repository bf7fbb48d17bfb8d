// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isPlaceholder, isSecretName, secretAssignments, wordsOf } from './secret-names.ts';

describe('isSecretName', () => {
  it.each([
    'DB_PASSWORD',
    'clientSecret',
    'api-key',
    'apiKey',
    'AWS_SECRET_ACCESS_KEY',
    'token',
    'GH_TOKEN',
    'smtp.pass',
  ])('says yes to %s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    'PASSWORD_FILE',
    'tokenizer',
    'secretName',
    'passenger',
    'TOKEN_URL',
    'existingSecret',
    'imagePullSecrets',
    'password_policy',
    'keyboard',
    'key',
    'compass',
  ])('says no to %s', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe('wordsOf', () => {
  it('reads every spelling', () => {
    expect(['someHTTPHeader', 'SOME_http-header', 'some.http/Header'].map((name) => wordsOf(name).join(' '))).toEqual([
      'some http header',
      'some http header',
      'some http header',
    ]);
  });
});

describe('isPlaceholder', () => {
  it('knows references and words of templates', () => {
    expect(
      ['', '${A}', '{{ .Values.a }}', '<token>', 'changeme', 'CHANGE-ME', 'xxxx', 'your-token-here'].every(
        isPlaceholder,
      ),
    ).toBe(true);
    expect(['hunter2', 'correct-horse', 'a1b2c3'].some(isPlaceholder)).toBe(false);
  });
});

describe('secretAssignments', () => {
  it('finds literal values of secrets in lines of any kind', () => {
    const text = 'A=1\nDB_PASSWORD=x9\nTOKEN=\n  api_key: "k8"\n# PASSWORD=y\n- secret: ${S}\n"clientSecret": "z",\n';

    expect(secretAssignments(text)).toEqual(['DB_PASSWORD', 'api_key', 'clientSecret']);
  });
});
