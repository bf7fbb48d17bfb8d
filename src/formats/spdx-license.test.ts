// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalLicense, licensesOf, parseLicenseExpression, printLicenseExpression } from './spdx-license.ts';

function reprint(text: string): string | undefined {
  const parsed = parseLicenseExpression(text);
  return parsed === undefined ? undefined : printLicenseExpression(parsed);
}

describe('parseLicenseExpression', () => {
  test('binds WITH before AND before OR', () => {
    const parsed = parseLicenseExpression('LGPL-2.1-only OR MIT AND GPL-2.0-or-later WITH Bison-exception-2.2');

    expect(parsed).toEqual({
      kind: 'or',
      members: [
        { kind: 'license', id: 'LGPL-2.1-only', orLater: false },
        {
          kind: 'and',
          members: [
            { kind: 'license', id: 'MIT', orLater: false },
            {
              kind: 'with',
              license: { kind: 'license', id: 'GPL-2.0-or-later', orLater: false },
              exception: 'Bison-exception-2.2',
            },
          ],
        },
      ],
    });
  });

  test('takes names of several words and operators in lower case', () => {
    expect(reprint('Public Domain and ( GPLv2+ or AFL )')).toBe('Public Domain AND (GPLv2+ OR AFL)');
  });

  test('keeps a plus inside of a word', () => {
    expect(parseLicenseExpression('ISC+IBM')).toEqual({ kind: 'license', id: 'ISC+IBM', orLater: false });
  });

  test.each(['', '  ', 'MIT AND', 'OR MIT', 'MIT AND (GPL-2.0-only', 'MIT) OR (BSD-3-Clause', 'MIT WITH', '+'])(
    'does not take %j for an expression',
    (text) => {
      expect(parseLicenseExpression(text)).toBeUndefined();
    },
  );

  test('refuses what is nested too deeply or too long', () => {
    expect(parseLicenseExpression(`${'('.repeat(60)}MIT${')'.repeat(60)}`)).toBeUndefined();
    expect(parseLicenseExpression(`MIT${' OR MIT'.repeat(1_000)}`)).toBeUndefined();
  });

  test('reads what it prints', () => {
    const word = fc.constantFrom('MIT', 'Apache-2.0', 'LicenseRef-a', 'Public Domain', 'GPL-2.0');
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        word,
        fc
          .tuple(tie('expression'), fc.constantFrom('AND', 'OR'), tie('expression'))
          .map(([a, o, b]) => `(${a}) ${o} (${b})`),
      ),
    }));

    fc.assert(
      fc.property(expression, (text) => {
        const printed = reprint(text) ?? '';

        expect(reprint(printed)).toBe(printed);
        expect(parseLicenseExpression(printed)).toEqual(parseLicenseExpression(text));
      }),
    );
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseLicenseExpression(text);

        if (parsed !== undefined) licensesOf(parsed);
      }),
    );
  });
});

describe('canonicalLicense', () => {
  test.each([
    ['mit', 'MIT'],
    ['mit or apache-2.0', 'MIT OR Apache-2.0'],
    ['(MIT)', 'MIT'],
    ['GPL-2.0+', 'GPL-2.0+'],
    ['Apache-2.0+', 'Apache-2.0+'],
    ['gpl-2.0-only with classpath-exception-2.0', 'GPL-2.0-only WITH Classpath-exception-2.0'],
    ['DocumentRef-a:LicenseRef-b', 'DocumentRef-a:LicenseRef-b'],
  ])('spells the ids of %j as the list does', (text, canonical) => {
    expect(canonicalLicense(text)).toBe(canonical);
  });

  test.each(['MIT OR invalid', 'MIT WITH nothing', 'LicenseRef-a+', 'Public Domain'])('refuses %j', (text) => {
    expect(canonicalLicense(text)).toBeUndefined();
  });
});
