// SPDX-License-Identifier: Apache-2.0
// Tables of Syft's functions for Homebrew formulae, Nix derivations, kernel snaps and SWI-Prolog packs that have a counterpart here.
import { gzipSync } from 'node:zlib';
import { isStatement, quotedValue } from '../../../src/evidence/package-facts/homebrew-formula.ts';
import { kernelOfChangelog } from '../../../src/evidence/package-facts/ubuntu-kernel.ts';
import { snapKernel } from '../../../src/evidence/packages/snap-kernel.ts';
import { swiplPack } from '../../../src/evidence/packages/swipl-pack.ts';
import { asArray, asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { catalogText } from '../../catalog-text.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import type { Row, TableChecks } from './fixture.ts';
import { notShown } from './fixture.ts';

function text(row: Row, field: string): string {
  return asString(row[field]) ?? '';
}

function checkKernelLine(row: Row): CaseResult {
  const want = asObject(row['expected']);
  const found = kernelOfChangelog(text(row, 'firstLine'));
  const isError = row['expectError'] !== undefined;
  return expectEqual(
    isError
      ? undefined
      : [want?.['fullVersion'], want?.['baseVersion'], want?.['releaseVersion'], want?.['majorVersion']],
    found === undefined ? undefined : [found.version, found.abi, found.upload, found.series],
  );
}

/** `{call: gzipContent, args: [t, text]}`, the text perhaps `{call: strings.Join, args: [lines, separator]}`. */
function bytesOf(value: unknown): Uint8Array {
  const call = asObject(value);
  if (call?.['call'] !== 'gzipContent') return Buffer.from(asString(value) ?? '');
  const content = asArray(call['args'])[1];
  const [lines, separator] = asArray(asObject(content)?.['args']);
  return gzipSync(asString(content) ?? asStrings(lines).join(asString(separator)));
}

function checkChangelog(row: Row): CaseResult {
  const path = 'doc/linux-modules-x/changelog.Debian.gz';
  const { packages, problems } = catalogText(snapKernel, { [path]: bytesOf(row['input']) });
  if (row['expectError'] === true) return problems.length > 0 ? passed : failed('a problem', packages);
  return expectEqual(
    [row['expectedNames'], row['expectedVers']],
    [packages.map((item) => item.name), packages.map((item) => item.version)],
  );
}

function checkPack(row: Row): CaseResult {
  const args = asObject(row['args']);
  const lines = `name('${asString(args?.['name'])}').\nversion('${asString(args?.['version'])}').\n`;
  return expectEqual(row['want'], catalogText(swiplPack, { 'pack/x/pack.pl': lines }).packages[0]?.purl);
}

export const systemTables: TableChecks = {
  'homebrew/parse_homebrew_formula#TestGetQuotedValue': (row) =>
    expectEqual(row['expected'] ?? '', quotedValue(text(row, 'input'))),
  'homebrew/parse_homebrew_formula#TestGetTapFromPath': () => ({
    outcome: 'skipped',
    reason: 'formulae of taps are packages that could be installed; they are not read',
  }),
  'homebrew/parse_homebrew_formula#TestMatchesVariable': (row) =>
    expectEqual(row['expected'] ?? false, isStatement(text(row, 'line'), text(row, 'variableName'))),
  'nix/derivation#TestDerivationCollection_FindDerivationForOutputPath': notShown,
  'nix/derivation#TestDerivationCollection_FindDependencies': notShown,
  'nix/derivation#TestDerivationCollection_NamedOutputStorePath': notShown,
  'snap/parse_kernel_changelog#TestExtractKernelVersion': checkKernelLine,
  'snap/parse_kernel_changelog#TestParseKernelChangelog': checkChangelog,
  'swipl/package#Test_swiplpackPackageURL': checkPack,
};
