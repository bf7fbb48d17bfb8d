// SPDX-License-Identifier: Apache-2.0
// What the flags of `scan` and `convert` ask for: scanners, threshold, and which findings count at all.
import type { Finding, FixState } from '../../model/finding.ts';
import type { Severity } from '../../model/severity.ts';
import { parseSeverity } from '../../model/severity.ts';
import type { FlagValues } from './arguments.ts';

/** `--fail-on`; undefined: findings never fail the run. */
export function thresholdOf(values: FlagValues, fallback: Severity | 'none'): Severity | undefined {
  // Who names an exit status wants it for whatever is found (matches Trivy).
  const word = values.text('fail-on') ?? (values.number('exit-code') === undefined ? fallback : 'unknown');
  return word === 'none' ? undefined : parseSeverity(word);
}

/** `--scanners`; when not given everything that the kind of target has, but licences. */
export function scannersOf(values: FlagValues, kind: 'image' | 'source' | 'sbom'): ReadonlySet<string> {
  const named = values.list('scanners');
  if (named.length > 0) return new Set(named);
  return new Set(scannersByDefault[kind]);
}

const scannersByDefault: Readonly<Record<'image' | 'source' | 'sbom', readonly string[]>> = {
  image: ['vuln', 'misconfig'],
  source: ['vuln', 'secret', 'pipeline', 'misconfig', 'code'],
  sbom: ['vuln'],
};

/** A list whose members may also stand in one word, with commas. */
export function namesOf(values: FlagValues, flag: string): readonly string[] {
  const words = values.list(flag).flatMap((word) => word.split(','));
  return words.map((word) => word.trim()).filter((word) => word !== '');
}

/** Words of Trivy and Grype for the states of a fix. */
const fixStateSynonyms: Readonly<Record<string, FixState>> = {
  affected: 'not-fixed',
  will_not_fix: 'will-not-fix',
  'wont-fix': 'will-not-fix',
  fix_deferred: 'fix-deferred',
  end_of_life: 'end-of-life',
};

/** The filters that users of Trivy and Grype know; all that are given must let a finding through. */
export function filterOf(values: FlagValues): (finding: Finding) => boolean {
  const wanted = values.list('severity');
  const ignoredStates = values.list('ignore-status').map((word) => fixStateSynonyms[word] ?? word);
  return (finding) => {
    if (wanted.length > 0 && !wanted.includes(finding.severity)) return false;
    if (finding.kind !== 'vulnerability') return true;
    if (values.isSet('ignore-unfixed') && finding.fixedVersions.length === 0) return false;
    if (values.isSet('only-notfixed') && finding.fixedVersions.length > 0) return false;
    return !ignoredStates.includes(finding.fixState);
  };
}
