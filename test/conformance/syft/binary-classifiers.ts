// SPDX-License-Identifier: Apache-2.0
// binary-classifiers.json and the rows of tables/binary that state the same: snippets of well-known programs -> name, version, PURL.
// A snippet is a window of a program whose header is not in it. So a file that no cataloger takes by its name is shown as the program
// it comes from: behind the header of an ELF file. Syft's type `binary` says how a package was found, not what it is: not compared.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogRun } from '../../../src/evidence/packages/catalog.ts';
import type { Cataloger } from '../../../src/evidence/packages/cataloger.ts';
import { asArray, asObject, asString } from '../../../src/formats/document.ts';
import type { Package } from '../../../src/model/package.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { expectSameSet, failed } from '../pack.ts';
import type { FixtureFile, Row } from './fixture.ts';
import { catalogersNamed, readFixture, readRows } from './fixture.ts';

const snippets = 'syft/pkg/cataloger/binary/testdata/classifiers/snippets';
const marker = Buffer.from('### byte snippet to follow ###\n');
const elfHeader = Buffer.from('\x7fELF\x02\x01\x01'.padEnd(64, '\0'), 'latin1');

/** Case ids are `binary-classifiers/<test>`. */
export function cases(root: string): ConformanceCase[] {
  return readRows(join(root, 'binary-classifiers.json')).map((row) => ({
    id: `binary-classifiers/${row.id.slice(row.id.indexOf('#') + 1)}`,
    run: () => checkClassifier(row, root),
  }));
}

/** Rows of tables/binary name the snippet by `logicalFixture`. */
export function checkClassifier(row: Row, root: string): CaseResult {
  const stated = asObject(row['expected']) ?? row;
  const fixture = asString(row['logicalFixture']) ?? asString(stated['logicalFixture']);
  const input = fixture === undefined ? row.inputs?.[0] : join(snippets, fixture);
  const folder = join(root, 'inputs', input ?? '');
  const selected = catalogersNamed(['binary-classifier']);
  if (typeof selected === 'string') return failed('the cataloger', selected);
  if (input === undefined || !existsSync(folder))
    return { outcome: 'skipped', reason: 'the snippet is not in the pack' };

  const packages = classify(selected, readFixture(folder));

  const wanted = 'Name' in stated ? [stated] : asArray(stated['expectedPackages'] ?? stated['expected']);
  const ours = new Map(packages.map((item) => [`${item.name}@${item.version}`, stateOf(item)]));
  return expectSameSet(wanted.map(wantedState), [...ours.values()]);
}

function classify(selected: readonly Cataloger[], files: readonly FixtureFile[]): Package[] {
  const run = new CatalogRun(selected);
  for (const file of files) {
    const bytes = withoutHeader(file.bytes);
    run.take({ path: file.path, bytes: run.wants(file.path) ? bytes : Buffer.concat([elfHeader, bytes]) });
  }
  return run.finish().lists.flatMap((list) => list.packages);
}

function withoutHeader(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes);
  const at = buffer.indexOf(marker);
  return at === -1 ? buffer : buffer.subarray(at + marker.length);
}

function wantedState(value: unknown): unknown {
  const item = asObject(value);
  return { name: item?.['Name'], version: item?.['Version'], purl: item?.['PURL'] };
}

function stateOf(item: Package): unknown {
  return { name: item.name, version: item.version, purl: item.purl };
}
