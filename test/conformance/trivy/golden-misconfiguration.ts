// SPDX-License-Identifier: Apache-2.0
// Golden reports of misconfigurations: which check failed in which file. Our checks that Trivy has no number for are not compared, nor texts and places.

import { inspect } from '../../../src/apps/inspect.ts';
import { manifestFileScanner } from '../../../src/apps/source-scan/manifest-file-scanner.ts';
import type { Target } from '../../../src/apps/target.ts';
import { fileNamesOf } from '../../../src/evidence/misconfiguration/file-patterns.ts';
import type { JsonObject } from '../../../src/formats/document.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { CaseResult } from '../pack.ts';
import { expectSameSet, failed } from '../pack.ts';

/** Scans as `scan --scanners misconfig --misconfig-profile trivy --file-patterns …` does. */
export async function compareMisconfigurations(
  golden: JsonObject,
  target: Target,
  patterns: readonly string[],
): Promise<CaseResult> {
  const reading = fileNamesOf(patterns);
  if (reading.kind === 'fault') return failed('patterns that can be used', reading.message);
  const scanner = manifestFileScanner({ profile: 'trivy', names: reading.names, today: '2021-08-25' });
  const { scans } = await inspect(target, {
    catalogers: [],
    observedAt: '2021-08-25T12:20:30Z',
    scopes: 'all',
    scanners: [scanner],
  });
  const found = scans
    .flatMap(({ scan }) => scan.decisions)
    .flatMap(({ outcome, finding, locations }) => {
      if (outcome !== 'fail' || finding?.kind !== 'misconfiguration') return [];
      const number = finding.aliases.find((alias) => /^(?:DS|KSV)-\d{4}$/.test(alias));
      return number === undefined ? [] : [{ file: locations[0]?.path, number }];
    });
  return expectSameSet(statedIn(golden), found);
}

function statedIn(golden: JsonObject): readonly { readonly file: string | undefined; readonly number: unknown }[] {
  return asArray(golden['Results']).flatMap((item) => {
    const result = asObject(item);
    return asArray(result?.['Misconfigurations']).flatMap((fault) => {
      const { ID: number, Status: status } = asObject(fault) ?? {};
      return status === 'FAIL' ? [{ file: asString(result?.['Target']), number }] : [];
    });
  });
}
