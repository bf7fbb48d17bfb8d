// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  affectedPackage,
  aliasesOrFixes,
  cveOf,
  cwesOf,
  dateTimeOf,
  ecosystemKey,
  isDistribution,
  isIdentifier,
  otherIds,
  severityOfNumber,
  severityOfVector,
  severityOfWord,
} from './feed-facts.ts';

describe('facts of feeds', () => {
  it.each([
    ['2024-03-18T12:38:25Z', '2024-03-18T12:38:25Z'],
    ['2024-03-18T12:38:25.256677Z', '2024-03-18T12:38:25Z'],
    ['2024-03-18T14:38:25+02:00', '2024-03-18T12:38:25Z'],
    ['2024-03-18 12:38:25', '2024-03-18T12:38:25Z'],
    ['2024-03-18', '2024-03-18T00:00:00Z'],
    ['0001-01-01T00:00:00Z', undefined],
    ['2024-13-45', undefined],
    ['yesterday', undefined],
    [7, undefined],
  ])('date %s is %s', (text, date) => {
    expect(dateTimeOf(text)).toBe(date);
  });

  it('ids are kept once, sorted, without the own one and without placeholders', () => {
    expect(
      otherIds('A-1', ['CVE-2024-2', 'A-1', 'CVE-2024-1', 'CVE-2024-2', 'CVE-XXXX-XXXX', 'see the website', 7]),
    ).toEqual(['CVE-2024-1', 'CVE-2024-2']);
    expect(isIdentifier('GHSA-gxr4-xjj5-5px2')).toBe(true);
    expect(cveOf('2020-8264')).toBe('CVE-2020-8264');
    expect(cveOf('CVE-XXXX-XXXX')).toBeUndefined();
  });

  it('one CVE is an alias, several are vulnerabilities of their own', () => {
    expect(aliasesOrFixes('DSA-1', ['CVE-2024-1', 'GHSA-1111-2222-3333'])).toEqual({
      aliases: ['CVE-2024-1', 'GHSA-1111-2222-3333'],
    });
    expect(aliasesOrFixes('DSA-1', ['CVE-2024-2', 'CVE-2024-1'])).toEqual({
      aliases: [],
      fixes: ['CVE-2024-1', 'CVE-2024-2'],
    });
  });

  it('ratings are vectors, words or scores, and nothing else', () => {
    expect(severityOfVector('CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'x')?.type).toBe('cvss3');
    expect(severityOfVector('(AV:N/AC:L/Au:N/C:P/I:P/A:P)', 'x')).toEqual({
      source: 'x',
      type: 'cvss2',
      value: 'AV:N/AC:L/Au:N/C:P/I:P/A:P',
    });
    expect(severityOfVector('9.8', 'x')).toBeUndefined();
    expect(severityOfWord('Moderate', 'x')?.value).toBe('Moderate');
    expect(severityOfWord('Unknown', 'x')).toBeUndefined();
    expect(severityOfNumber('7.5', 'x')?.value).toBe('high');
    expect(severityOfNumber('', 'x')).toBeUndefined();
    expect(severityOfNumber(11, 'x')).toBeUndefined();
  });

  it('weaknesses are numbers of CWE', () => {
    expect(cwesOf(['CWE-94', 79, 'CWE-226: Sensitive', 'NVD-CWE-noinfo', undefined, 'CWE-94'])).toEqual([
      'CWE-79',
      'CWE-94',
      'CWE-226',
    ]);
  });

  it('ecosystems of languages lose their repository, those of distributions keep their release', () => {
    expect(
      [
        'Maven:https://repo.example',
        'Debian:12',
        'Ubuntu:Pro:22.04:LTS',
        'Packagist:https://packages.example/8',
        'github-actions',
      ].map(ecosystemKey),
    ).toEqual(['Maven', 'Debian:12', 'Ubuntu:Pro:22.04:LTS', 'Packagist', 'GitHub Actions']);
    expect([
      isDistribution('Red Hat:rhel_aus:8.6::appstream'),
      isDistribution('PyPI'),
      isDistribution('Maven:https://repo.example'),
    ]).toEqual([true, false, false]);
  });

  it('a package has its name and order as its ecosystem has them', () => {
    expect(affectedPackage({ ecosystem: 'PyPI', name: 'Zope.Interface', ranges: [{}] })).toMatchObject({
      name: 'zope-interface',
      order: 'pep440',
      fixState: 'not-fixed',
    });
    expect(affectedPackage({ ecosystem: 'Nobody knows', name: 'x', ranges: [{}] })?.order).toBe('fuzzy');
    expect(
      affectedPackage({ ecosystem: 'npm', name: 'x', ranges: [], versions: ['', 'v'.repeat(600)] }),
    ).toBeUndefined();
    expect(affectedPackage({ ecosystem: 'npm', name: ' ', ranges: [{}] })).toBeUndefined();
  });
});
