// SPDX-License-Identifier: Apache-2.0
// Grype's tables on whether an entry concerns a package: architecture, module stream, platform, Go symbols, target software, supplier.
import { isOfArchitecture } from '../../../src/advisories/architectures.ts';
import { formatGoImport, holdsVulnerableSymbol, mergeGoImports } from '../../../src/advisories/go-symbols.ts';
import { matcherOf } from '../../../src/advisories/matchers/index.ts';
import { isPossiblePlatform } from '../../../src/advisories/platforms.ts';
import { supplierOf } from '../../../src/advisories/suppliers.ts';
import { isOfTarget } from '../../../src/advisories/target-software.ts';
import { parseCpe } from '../../../src/formats/cpe.ts';
import type { AffectedPackage } from '../../../src/model/advisory.ts';
import { type ConformanceCase, expectEqual } from '../pack.ts';
import { packageOfGrype } from './advisories.ts';
import { callOf, casesFor, fields, list, plain, type Runners, text, texts } from './rows.ts';
import { distributionOf, ecosystemOfType } from './vocabulary.ts';

function unaffected(parts: Partial<AffectedPackage>): AffectedPackage {
  return { ecosystem: 'rpm', name: 'a', order: 'rpm', ranges: [], versions: [], fixState: 'not-affected', ...parts };
}

const qualifiers: Runners = {
  'grype/pkg/qualifier/architecture/qualifier_test.go#TestArchitecture_Satisfied': (row) =>
    expectEqual(
      row['want'] ?? false,
      isOfArchitecture({ architectures: [text(row['qualifierArch'])], fixState: 'unknown' }, text(row['pkgArch'])),
    ),
  'grype/pkg/qualifier/architecture/qualifier_test.go#TestUnaffectedArchitecture_Satisfied': (row) =>
    expectEqual(
      row['want'] ?? false,
      isOfArchitecture({ architectures: [text(row['qualifierArch'])], fixState: 'not-affected' }, text(row['pkgArch'])),
    ),
  'grype/pkg/qualifier/gosymbols/qualifier_test.go#TestGoSymbolsQualifier_Satisfied': (row) => {
    const imports = list(row['imports']).map((one) => ({
      path: text(fields(one)['Path']),
      symbols: texts(fields(one)['Symbols']),
    }));
    const affected = unaffected({ importPaths: imports.map(formatGoImport) });
    return expectEqual(row['satisfied'] ?? false, holdsVulnerableSymbol(affected, packageOfGrype(row['pkg'])));
  },
  'grype/pkg/qualifier/platformcpe/qualifier_test.go#TestPlatformCPE_Satisfied': (row) => {
    const platform = text(callOf(row['platformCPE'])?.args[0]);
    const distribution = distributionOf(fields(row['pkg'])['Distro']);
    return expectEqual(row['satisfied'] ?? false, isPossiblePlatform(platform, distribution));
  },
  'grype/pkg/qualifier/rootio/qualifier_test.go#TestRootIO_Satisfied': (row) => {
    const item = packageOfGrype(row['pkg']);
    const supplier = supplierOf(ecosystemOfType(fields(row['pkg'])['Type']), item.name, item.version);
    return expectEqual(row['want'] ?? false, supplier?.ecosystem.startsWith('Root:') ?? false);
  },
  'grype/pkg/qualifier/rpmmodularity/qualifier_test.go#TestRpmModularity_Satisfied': (row) => {
    const modularity = text(callOf(row['rpmModularity'])?.args[0]);
    const given = fields(row['pkg']);
    const item = packageOfGrype({ ...given, Type: 'RpmPkg' });
    const affected = unaffected({ modularity, fixState: 'unknown' });
    return expectEqual(
      row['satisfied'] ?? false,
      matcherOf('rpm')?.concerns?.(affected, item, distributionOf(given['Distro'])) ?? true,
    );
  },
  'grype/db/v6/build/govulndb_merge_test.go#TestGoVulnDBMerge_SharedImportPathUnionsSymbols': (row) => {
    const imports = [row['first'], row['second']].map((one) => ({
      path: text(fields(one)['Path']),
      symbols: texts(fields(one)['Symbols']),
    }));
    const expected = list(row['want']).map((one) => ({
      path: text(fields(one)['Path']),
      symbols: texts(fields(one)['Symbols']),
    }));
    return expectEqual(expected, mergeGoImports(imports));
  },
  'grype/matcher/internal/only_vulnerable_targets_test.go#TestIsVulnerableTarget': (row) => {
    const item = packageOfGrype(row['pkg']);
    const names = (values: readonly string[]) => values.map(parseCpe).filter((name) => name !== undefined);
    const vulnerable = names(texts(plain(fields(row['vuln'])['CPEs'])));
    return expectEqual(row['expectedMatches'] ?? false, isOfTarget(item, names(item.cpes ?? []), vulnerable));
  },
};

export function cases(root: string): readonly ConformanceCase[] {
  return casesFor(root, { ...qualifiers });
}
