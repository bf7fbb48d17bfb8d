// SPDX-License-Identifier: Apache-2.0
// Rows of Trivy's analyzer of SBOMs in images. Trivy makes an application of every type and file that a document names; here all packages
// of a document are one list, so all applications of a row are taken together. Root packages and names that only group others are no
// packages in Trivy.
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import { catalogInput, wouldRead } from './catalog.ts';
import { inputOf } from './inputs.ts';
import type { TrivyMapping } from './mapping.ts';
import type { WantedPackage } from './packages.ts';
import { comparePackages } from './packages.ts';
import type { Row, RowRunner } from './rows.ts';
import { unmapped, wantedError } from './rows.ts';

export const sbomAnalyzerRunners: readonly RowRunner[] = [{ prefix: 'pkg/fanal/analyzer/sbom/', run: runRow }];

function mappingOf(row: Row): TrivyMapping {
  return {
    catalogers: ['cyclonedx-file', 'spdx-file', 'sbom-file', 'bitnami-components'],
    name: asString(row['filePath']) ?? '',
    relationship: 'unstated',
    // Trivy takes the names of Bitnami's packages from their package URL, where they are in lower case.
    nameOf: (name) => (asString(row['filePath'])?.startsWith('opt/bitnami/') === true ? name.toLowerCase() : name),
    licensesOf: (item) => item.licenses.flatMap(licenseParts),
    // What has no package URL is an application, a file or a grouping.
    leavesOut: (item) => item.purl === undefined,
  };
}

function runRow(row: Row, root: string): CaseResult {
  const mapping = mappingOf(row);
  const { want } = row;
  if (typeof want === 'boolean') return expectEqual(want, wouldRead(asString(row['filePath']) ?? '', mapping));
  const input = inputOf({ ...row, filePath: undefined }, root);
  const output =
    input === undefined
      ? undefined
      : catalogInput(
          { kind: 'folder', files: input.files.map((file) => ({ ...file, path: asString(row['filePath']) ?? '' })) },
          mapping,
          row,
        );
  if (output === undefined) return unmapped(row);
  if (wantedError(row) === 'stated') {
    const isTold = output.problems.some((problem) => problem.hidesFindings);
    return isTold ? passed : failed('a problem that hides findings', output.lists);
  }
  const result = asObject(want);
  const stated = [...asArray(result?.['Applications']), ...asArray(result?.['PackageInfos'])];
  const packages = stated.flatMap((part) => asArray(asObject(part)?.['Packages'])) as WantedPackage[];
  const wanted = packages.map((item) => ({ ...item, Licenses: (item.Licenses ?? []).flatMap(licenseParts) }));
  const ours = output.lists.flatMap((list) => list.packages);
  return comparePackages(wanted, ours, { row, mapping, dependencies: 'compared' });
}

/** Our readers give the members of an expression one by one, and nothing for NOASSERTION. */
function licenseParts(text: string): string[] {
  return text.split(' AND ').filter((part) => part !== 'NOASSERTION');
}
