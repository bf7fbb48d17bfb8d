// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printLicenseExpression } from './spdx-license.ts';
import { combineLicenses, licensesOfExpression } from './spdx-license-combine.ts';
import { licenseOfUrl, normaliseLicense } from './spdx-license-names.ts';
import { normaliseLicenseUrl } from './spdx-license-url.ts';

function normalised(text: string): string | undefined {
  const expression = normaliseLicense(text);
  return expression === undefined ? undefined : printLicenseExpression(expression);
}

describe('normaliseLicense', () => {
  test.each([
    ['Apache 2', 'Apache-2.0'],
    ['The Apache Software License, Version 2.0', 'Apache-2.0'],
    ['ASL 2.0', 'Apache-2.0'],
    ['Apache License (v2)', 'Apache-2.0'],
    ['MIT License', 'MIT'],
    ['The MIT License (MIT)', 'MIT'],
    ['BSD-3', 'BSD-3-Clause'],
    ['3-Clause BSD License', 'BSD-3-Clause'],
    ['BSD 2-Clause "Simplified" License', 'BSD-2-Clause'],
    ['BSD 3-Clause "New" or "Revised" License', 'BSD-3-Clause'],
    ['New BSD License', 'BSD-3-Clause'],
    ['0BSD', '0BSD'],
    ['GPLv2+', 'GPL-2.0-or-later'],
    ['GPL (>= 3)', 'GPL-3.0-or-later'],
    ['GPL', 'GPL-2.0-or-later'],
    ['GNU General Public License', 'GPL-2.0-or-later'],
    ['GPL-3', 'GPL-3.0-only'],
    ['GPL-2.0', 'GPL-2.0-only'],
    ['GNU Lesser General Public License v2.1 or later', 'LGPL-2.1-or-later'],
    ['GNU Library General Public License', 'LGPL-2.0-only'],
    ['GNU Affero General Public License v3.0', 'AGPL-3.0-only'],
    ['GPL-2.0-with-classpath-exception', 'GPL-2.0-only WITH Classpath-exception-2.0'],
    ['Eclipse Public License 2.0', 'EPL-2.0'],
    ['EPL (the Eclipse Public License), Version 2.0', 'EPL-2.0'],
    ['Eclipse Distribution License - v 1.0', 'BSD-3-Clause'],
    ['Mozilla Public License, Version 2.0', 'MPL-2.0'],
    ['Common Development and Distribution License (CDDL) v1.1', 'CDDL-1.1'],
    ['Boost Software License 1.0', 'BSL-1.0'],
    ['Creative Commons Attribution 4.0', 'CC-BY-4.0'],
    ['CC0', 'CC0-1.0'],
    ['UNLICENSE', 'Unlicense'],
    ['ISC License', 'ISC'],
    ['Python Software Foundation License', 'PSF-2.0'],
    ['https://www.apache.org/licenses/LICENSE-2.0.txt', 'Apache-2.0'],
    ['http://opensource.org/licenses/mit-license.php', 'MIT'],
    ['MIT BSD GPL2+', 'MIT AND BSD-3-Clause AND GPL-2.0-or-later'],
    ['Dual licensed: nobody knows', 'Dual licensed: nobody knows'],
  ])('reads %j as %s', (text, expected) => {
    expect(normalised(text)).toBe(expected);
  });

  test('normalises every part of an expression', () => {
    expect(normalised('LGPL 2.0 or GNU LESSER and (mit or Foo License)')).toBe(
      'LGPL-2.0-only OR LGPL-2.1-only AND (MIT OR Foo License)',
    );
  });

  test('finds exceptions', () => {
    expect(normalised('GPLv2 with Classpath-exception-2.0')).toBe('GPL-2.0-only WITH Classpath-exception-2.0');
  });

  test('never throws and is stable', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = normalised(text);

        if (once !== undefined) normalised(once);
      }),
    );
  });
});

describe('licenseOfUrl', () => {
  test('does not guess when several licences stand at the address', () => {
    expect(licenseOfUrl('http://www.microsoft.com/opensource/licenses.mspx')).toBeUndefined();
    expect(licenseOfUrl('https://example.com/license')).toBeUndefined();
  });

  test('unwraps one snapshot of the web archive', () => {
    expect(normaliseLicenseUrl('https://web.archive.org/web/20120101081418/http://rosenlaw.com:80/OSL3.0.htm')).toBe(
      'rosenlaw.com:80/OSL3.0',
    );
  });
});

describe('combineLicenses', () => {
  test('joins with AND and names what is not listed', () => {
    const combined = combineLicenses(['GPLv2+', 'my own or MIT', 'GPL-2.0-or-later']);

    expect(combined).toEqual({
      expression: 'GPL-2.0-or-later AND (LicenseRef-my-own OR MIT)',
      references: [{ id: 'LicenseRef-my-own', name: 'my own' }],
    });
  });

  test('keeps two names apart that look alike as ids', () => {
    const combined = combineLicenses(['a b', 'a_b']);

    expect(new Set(combined.references.map((item) => item.id)).size).toBe(2);
  });

  test('refers to a licence with an unknown exception as a whole', () => {
    const combined = combineLicenses(['AFL 3.0 with wrong-exception']);

    expect(combined.references[0]?.name).toBe('AFL-3.0 WITH wrong-exception');
  });

  test('names the references that the licences bring along', () => {
    expect(combineLicenses(['MIT AND LicenseRef-a', 'DocumentRef-b:LicenseRef-c'])).toEqual({
      expression: 'MIT AND LicenseRef-a AND LicenseRef-DocumentRef-b-LicenseRef-c',
      references: [
        { id: 'LicenseRef-a', name: 'LicenseRef-a' },
        { id: 'LicenseRef-DocumentRef-b-LicenseRef-c', name: 'DocumentRef-b:LicenseRef-c' },
      ],
    });
  });

  test('says NOASSERTION for no licence', () => {
    expect(combineLicenses(['', ' '])).toEqual({ expression: 'NOASSERTION', references: [] });
  });
});

describe('licensesOfExpression', () => {
  test('splits at AND and puts the words back', () => {
    const words = new Map([['LicenseRef-a-b', 'a b']]);

    expect(licensesOfExpression('MIT AND LicenseRef-a-b AND (ISC OR 0BSD)', words)).toEqual([
      'MIT',
      'a b',
      'ISC OR 0BSD',
    ]);
  });

  test('reads NONE and NOASSERTION as no licence', () => {
    expect([...licensesOfExpression('NONE', new Map()), ...licensesOfExpression('NOASSERTION', new Map())]).toEqual([]);
  });
});
