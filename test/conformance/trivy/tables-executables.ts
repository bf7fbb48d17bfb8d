// SPDX-License-Identifier: Apache-2.0
// Rows about executables: Go and Rust programs, files of no package manager. The programs themselves are not in the pack; what is left
// are files that are none, permissions, and tables of inner functions.
import { chooseMainVersion, goStandardLibrary } from '../../../src/evidence/package-facts/go-binary.ts';
import { goLinkerVersion } from '../../../src/evidence/package-facts/go-linker-version.ts';
import { asObject, asString, asStrings } from '../../../src/formats/document.ts';
import { readExecutable } from '../../../src/formats/executable.ts';
import { mayBeExecutable } from '../../../src/sources/executables.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual, failed, passed } from '../pack.ts';
import { inputOf } from './inputs.ts';
import type { Row, RowRunner } from './rows.ts';
import { unmapped, wantedError } from './rows.ts';

/** Trivy writes the standard library with the `v` of modules; here it has Go's own number. */
function runStandardLibrary(row: Row): CaseResult {
  const library = goStandardLibrary(asString(row['goVersion']) ?? '', { path: 'x' });
  return expectEqual(row['want'] ?? '', library === undefined ? '' : `v${library.version}`);
}

function runMainVersion(row: Row): CaseResult {
  const chosen = chooseMainVersion({
    stated: asString(row['version']) ?? '',
    linked: asString(row['ldflagsVersion']) || undefined,
    symbol: asString(row['elfVersion']) || undefined,
  });
  return expectEqual(row['want'] ?? '', chosen);
}

function runLinkerFlags(row: Row): CaseResult {
  const input = asObject(row['args']);
  const flags = asStrings(input?.['flags']).join(' ');
  return expectEqual(row['want'] ?? '', goLinkerVersion(flags, asString(input?.['name']) ?? '') ?? '');
}

/** "unrecognized executable format" is a file that is not taken here. What is one needs its file, which the pack does not have. */
function runNoProgram(row: Row, root: string): CaseResult {
  const file = inputOf(row, root)?.files[0];
  if (file === undefined) return unmapped(row);
  const isProgram = readExecutable(file.bytes) !== undefined;
  const wantsNothing = wantedError(row) === 'stated' || row['want'] === '' || row['want'] === null;
  return isProgram || !wantsNothing ? failed(row['want'] ?? row['wantErr'], { isProgram }) : passed;
}

/** The permissions of the fixture are lost in the pack; the name of the row states them. */
function runPermission(row: Row): CaseResult {
  const mode = /perm (0[0-7]{3})/.exec(row.id)?.[1];
  const path = asString(row['filePath']);
  if (mode === undefined || path === undefined) return unmapped(row);
  return expectEqual(row['want'] ?? false, mayBeExecutable(path, mode));
}

const parser = 'pkg/dependency/parser';
const analyzer = 'pkg/fanal/analyzer';

export const executableRunners: readonly RowRunner[] = [
  { prefix: `${parser}/golang/binary/parse_internal_test.go#TestParseStdlibVersion/`, run: runStandardLibrary },
  { prefix: `${parser}/golang/binary/parse_test.go#TestParser_ChooseMainVersion/`, run: runMainVersion },
  { prefix: `${parser}/golang/binary/parse_test.go#TestParser_ParseLDFlags/`, run: runLinkerFlags },
  { prefix: `${parser}/golang/binary/parse_test.go#`, run: runNoProgram },
  { prefix: `${parser}/rust/binary/parse_test.go#`, run: runNoProgram },
  {
    prefix: `${analyzer}/language/golang/binary/binary_test.go#Test_gobinaryLibraryAnalyzer_Required/`,
    run: runPermission,
  },
  {
    prefix: `${analyzer}/language/rust/binary/binary_test.go#Test_rustBinaryLibraryAnalyzer_Required/`,
    run: runPermission,
  },
  { prefix: `${analyzer}/executable/executable_test.go#Test_executableAnalyzer_Analyze/`, run: runNoProgram },
];
