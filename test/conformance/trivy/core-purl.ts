// SPDX-License-Identifier: Apache-2.0
// core/pkg_purl.json: package URLs read, turned into packages, and matched. Names and versions are compared in our form: the version whole
// (epoch and release in it). What Trivy builds package URLs from (its own kinds of applications) has no counterpart of one function here.
import type { JsonObject } from '../../../src/formats/document.ts';
import { asObject, asString } from '../../../src/formats/document.ts';
import { packageOfPurl } from '../../../src/formats/purl-package.ts';
import { formatPurl, parsePurl } from '../../../src/model/purl.ts';
import { purlCovers } from '../../../src/model/purl-match.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed } from '../pack.ts';
import { purlText, wholeVersion } from './core-values.ts';
import type { Row, RowRunner } from './rows.ts';
import { wantedError } from './rows.ts';

export const purlRunners: readonly RowRunner[] = [
  { prefix: 'pkg/purl/purl_test.go#TestFromString', run: readText },
  { prefix: 'pkg/purl/purl_test.go#TestPackageURL_Package', run: toPackage },
  { prefix: 'pkg/purl/purl_test.go#TestPackageURL_Match', run: match },
];

function readText(row: Row): CaseResult {
  const parts = parsePurl(asString(row['purl']) ?? '');
  if (wantedError(row) === 'stated') return parts === undefined ? { outcome: 'passed' } : failed('an error', parts);
  return expectEqual(purlText(row['want']), parts === undefined ? undefined : formatPurl(parts));
}

function toPackage(row: Row): CaseResult {
  const want: JsonObject = asObject(row['wantPkg']) ?? {};
  const found = packageOfPurl(purlText(row['pkgURL']) ?? '');
  return expectEqual(
    {
      name: want['Name'],
      version: wholeVersion(want),
      architecture: want['Arch'],
      epoch: want['Epoch'],
      modularity: want['Modularitylabel'],
    },
    {
      name: found?.name,
      version: found?.version,
      architecture: found?.facts.architecture,
      epoch: found?.facts.epoch,
      modularity: found?.facts.modularity,
    },
  );
}

function match(row: Row): CaseResult {
  return expectEqual(
    row['want'] === true,
    purlCovers(asString(row['constraint']) ?? '', asString(row['target']) ?? ''),
  );
}
