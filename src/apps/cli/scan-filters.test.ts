// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { FixState, LicenseFinding, VulnerabilityFinding } from '../../model/finding.ts';
import type { Severity } from '../../model/severity.ts';
import type { FlagValues } from './arguments.ts';
import { parseArguments, resolveValues } from './arguments.ts';
import { filterOf, namesOf, scannersOf, thresholdOf } from './scan-filters.ts';

const names = [
  'severity',
  'ignore-unfixed',
  'only-notfixed',
  'ignore-status',
  'fail-on',
  'exit-code',
  'scanners',
  'license-allow',
];

function flags(...words: string[]): FlagValues {
  const { given } = parseArguments(words, names);
  return resolveValues(names, { given, environment: {}, configuration: new Map() });
}

const reference = {
  subject: 'package:pkg:npm/a@1',
  name: 'a',
  version: '1',
  type: 'npm',
  locations: [],
  scope: 'runtime',
  path: [],
};

function vulnerability(severity: Severity, fixState: FixState): VulnerabilityFinding {
  return {
    kind: 'vulnerability',
    id: 'CVE-2026-1',
    aliases: [],
    package: reference,
    severity,
    severitySource: 'vendor:x',
    cvss: [],
    risk: 1,
    fixState,
    fixedVersions: fixState === 'fixed' ? ['2'] : [],
    cwes: [],
    matches: [],
    urls: [],
  };
}

const license: LicenseFinding = {
  kind: 'license',
  expression: 'MPL-2.0',
  package: reference,
  category: 'reciprocal',
  severity: 'medium',
  basis: 'category',
  reason: '',
};

describe('--severity', () => {
  it('takes the upper case list of Trivy', () => {
    const keep = filterOf(flags('--severity', 'HIGH,CRITICAL'));

    expect(keep(vulnerability('critical', 'fixed'))).toBe(true);
    expect(keep(vulnerability('medium', 'fixed'))).toBe(false);
  });

  it('filters licences too', () => {
    expect(filterOf(flags('--severity', 'high'))(license)).toBe(false);
    expect(filterOf(flags('--severity', 'medium'))(license)).toBe(true);
  });
});

describe('filters on the state of a fix', () => {
  it('--ignore-unfixed (--only-fixed) leaves what has a fixed version', () => {
    for (const flag of ['--ignore-unfixed', '--only-fixed']) {
      const keep = filterOf(flags(flag));

      expect(keep(vulnerability('high', 'fixed'))).toBe(true);
      expect(keep(vulnerability('high', 'will-not-fix'))).toBe(false);
      expect(keep(license)).toBe(true);
    }
  });

  it('--only-notfixed leaves the rest', () => {
    const keep = filterOf(flags('--only-notfixed'));

    expect(keep(vulnerability('high', 'fixed'))).toBe(false);
    expect(keep(vulnerability('high', 'unknown'))).toBe(true);
  });

  it.each([
    ['will-not-fix', 'will-not-fix'],
    ['will_not_fix', 'will-not-fix'],
    ['wont-fix', 'will-not-fix'],
    ['affected', 'not-fixed'],
    ['end_of_life', 'end-of-life'],
  ] as const)('--ignore-status %s leaves out %s', (word, state) => {
    const keep = filterOf(flags('--ignore-status', word));

    expect(keep(vulnerability('high', state))).toBe(false);
    expect(keep(vulnerability('high', 'fixed'))).toBe(true);
  });

  it('takes the name that Grype gives the flag', () => {
    expect(filterOf(flags('--ignore-states', 'wont-fix,unknown'))(vulnerability('high', 'unknown'))).toBe(false);
  });
});

describe('the threshold', () => {
  it('is what --fail-on says, else the fallback', () => {
    expect(thresholdOf(flags(), 'high')).toBe('high');
    expect(thresholdOf(flags('--fail-on', 'low'), 'high')).toBe('low');
    expect(thresholdOf(flags('--fail-on', 'none'), 'high')).toBeUndefined();
    expect(thresholdOf(flags(), 'none')).toBeUndefined();
  });

  it('is any finding when only --exit-code is given, as users of Trivy expect', () => {
    expect(thresholdOf(flags('--exit-code', '1'), 'high')).toBe('unknown');
    expect(thresholdOf(flags('--exit-code', '1', '--fail-on', 'critical'), 'high')).toBe('critical');
  });
});

describe('lists', () => {
  it('may stand in one word or in several flags', () => {
    expect(namesOf(flags('--license-allow', 'MIT, Apache-2.0', '--license-allow', 'ISC'), 'license-allow')).toEqual([
      'MIT',
      'Apache-2.0',
      'ISC',
    ]);
  });

  it('of scanners hold all that the kind of target has, but licences, when nothing is said', () => {
    expect([...scannersOf(flags(), 'source')]).toEqual(['vuln', 'secret', 'pipeline', 'misconfig', 'code']);
    expect([...scannersOf(flags(), 'sbom')]).toEqual(['vuln']);
    expect([...scannersOf(flags(), 'image')]).toEqual(['vuln', 'misconfig']);
    expect([...scannersOf(flags('--scanners', 'vuln,license'), 'source')]).toEqual(['vuln', 'license']);
  });
});
