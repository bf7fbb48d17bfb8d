// SPDX-License-Identifier: Apache-2.0
// Rows of Trivy's Go packages that are not "file -> packages".
import { standardLibrary } from '../../../src/evidence/package-facts/go.ts';
import { asObject, asString } from '../../../src/formats/document.ts';
import type { CaseResult } from '../pack.ts';
import { expectEqual } from '../pack.ts';
import type { Row, RowRunner } from './rows.ts';

/**
 * Release of the standard library that a go.mod asks for. Trivy leaves out what is older than 1.21, where a `go` line is no release;
 * `1.21` is its first release 1.21.0.
 */
function runToolchain(row: Row): CaseResult {
  const file = asObject(row['modFile']);
  const location = { path: 'go.mod' };
  const go = asString(asObject(file?.['Go'])?.['Version']);
  const toolchain = asString(asObject(file?.['Toolchain'])?.['Name']);
  const library = standardLibrary({
    go: go === undefined ? undefined : { version: go, location },
    toolchain: toolchain === undefined ? undefined : { version: toolchain, location },
  });
  const version = library?.version ?? '';
  const [, minor = '0'] = version.split(/[.a-z]/);
  const release = /^[0-9]+\.[0-9]+$/.test(version) ? `${version}.0` : version;
  return expectEqual(row['want'], Number(minor) < 21 ? '' : release);
}

export const goRunners: readonly RowRunner[] = [
  { prefix: 'pkg/dependency/parser/golang/mod/parse_test.go#TestToolchainVersion/', run: runToolchain },
];
