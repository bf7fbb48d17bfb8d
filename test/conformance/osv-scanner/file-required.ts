// SPDX-License-Identifier: Apache-2.0
// file-required/*.json: is a path one that the extractor reads? Answered by a walk over a folder that holds one file of the row's
// path, size and mode (0755 where the row states none). Upstream's option `maxFileSizeBytes` is our limit on manifests and executables;
// 0 or absent is upstream's "no limit". Extractors of executables look at the path only: the file begins as one of their format.

import { CatalogRun } from '../../../src/evidence/packages/catalog.ts';
import type { Cataloger } from '../../../src/evidence/packages/cataloger.ts';
import { CatalogerSelector } from '../../../src/evidence/packages/selector.ts';
import { asString } from '../../../src/formats/document.ts';
import { executableCandidate } from '../../../src/formats/executable-image.ts';
import type { Disk, ReadResult } from '../../../src/io/disk.ts';
import { defaultLimits } from '../../../src/model/limits.ts';
import { directorySource } from '../../../src/sources/directory.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { expectEqual, failed } from '../pack.ts';
import type { Row } from './rows.ts';
import { rowsOf, sizeOf, treePath } from './rows.ts';
import { mappedExtractor } from './run.ts';

export function fileRequiredCases(root: string): readonly ConformanceCase[] {
  return rowsOf(root, 'file-required').map((row) => ({ id: row.id, run: () => runRow(row) }));
}

async function runRow(row: Row): Promise<CaseResult> {
  const mapped = mappedExtractor(row.extractor);
  if (mapped === undefined) return { outcome: 'skipped', reason: `no cataloger for ${row.extractor}` };
  const { fields } = row;
  const want = fields['want'] ?? fields['wantRequired'] ?? fields['wantIsRequired'] ?? fields['wantScan'] ?? false;
  if (typeof want !== 'boolean') return failed('a readable expectation', fields);
  const path = treePath(asString(fields['inputPath'] ?? fields['path']) ?? '');
  const size = sizeOf(fields['fileSizeBytes'] ?? fields['fileSize']) ?? 1;
  const ownLimit = sizeOf(fields['pluginSpecificMaxSize']) ?? 0;
  const limit = ownLimit > 0 ? ownLimit : (sizeOf(fields['maxFileSizeBytes'] ?? fields['maxFileSize']) ?? 0);

  const mode = sizeOf(fields['mode']) ?? 0o755;

  const taken = await isTaken(mapped.catalogers, {
    path,
    size,
    mode,
    limit: limit > 0 ? limit : Number.MAX_SAFE_INTEGER,
  });

  return expectEqual(want, taken);
}

async function isTaken(
  catalogers: readonly Cataloger[],
  file: { path: string; size: number; mode: number; limit: number },
): Promise<boolean> {
  const selector = new CatalogerSelector(catalogers);
  const limits = { ...defaultLimits, manifestBytes: file.limit, executableBytes: file.limit };
  const format = catalogers.flatMap((cataloger) => cataloger.executables ?? [])[0];
  const source = directorySource({
    disk: diskWith(file, headers[format ?? 'elf'] ?? ''),
    limits,
    path: '.',
    root: '/',
  });
  let taken = false;
  // Folders that are packages by their name are noted, and nothing in them is read.
  const run = new CatalogRun(catalogers);
  await source.visit({
    wants: (path) => {
      run.wants(path);
      return selector.parsersOf(path).length > 0;
    },
    wantsExecutable: (path) => format !== undefined && executableCandidate(path) !== undefined,
    take: () => {
      taken = true;
    },
  });
  return taken || run.takeFolders().length > 0;
}

/** First bytes by format. */
const headers: Readonly<Record<string, string>> = { elf: '\x7fELF\x02\x01\x01\0', pe: 'MZ\x90\0\x03\0\0\0' };

/** A disk that holds one file; of its content only the first bytes are looked at. */
function diskWith(file: { path: string; size: number; mode: number }, header: string): Disk {
  const { size, mode } = file;
  const segments = file.path.split('/').filter((segment) => segment !== '');
  return {
    list: (folder) => {
      const depth = folder.split('/').filter((segment) => segment !== '').length;
      const name = segments[depth];
      const isFile = depth === segments.length - 1;
      const entry = { isFile: () => isFile, isDirectory: () => !isFile, isSymbolicLink: () => false };
      return name === undefined ? [] : [{ name, ...entry }];
    },
    read: (_path, maximum): ReadResult =>
      size > maximum ? { kind: 'too-large', size } : { kind: 'bytes', bytes: new Uint8Array(0), mode },
    head: (_path, length) => ({ bytes: Buffer.from(header, 'latin1').subarray(0, length), mode }),
    resolve: () => undefined,
    kindOf: () => undefined,
  };
}
