// SPDX-License-Identifier: Apache-2.0
// file-required/*.json: is a path one that the extractor reads? Answered by a walk over a folder that holds one file of the row's
// path and size. Upstream's option `maxFileSizeBytes` is our limit on manifests; 0 or absent is upstream's "no limit".

import type { Cataloger } from '../../../src/evidence/packages/cataloger.ts';
import { CatalogerSelector } from '../../../src/evidence/packages/selector.ts';
import { asString } from '../../../src/formats/document.ts';
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

  const taken = await isTaken(mapped.catalogers, { path, size, limit: limit > 0 ? limit : Number.MAX_SAFE_INTEGER });

  return expectEqual(want, taken);
}

async function isTaken(
  catalogers: readonly Cataloger[],
  file: { path: string; size: number; limit: number },
): Promise<boolean> {
  const selector = new CatalogerSelector(catalogers);
  const limits = { ...defaultLimits, manifestBytes: file.limit };
  const source = directorySource({
    disk: diskWith(file.path, file.size),
    limits,
    path: '.',
    root: '/',
    isExcluded: () => false,
  });
  let taken = false;
  await source.visit({
    wants: (path) => selector.parsersOf(path).length > 0,
    take: () => {
      taken = true;
    },
  });
  return taken;
}

/** A disk that holds one file; its content is never looked at. */
function diskWith(path: string, size: number): Disk {
  const segments = path.split('/').filter((segment) => segment !== '');
  return {
    list: (folder) => {
      const depth = folder.split('/').filter((segment) => segment !== '').length;
      const name = segments[depth];
      return name === undefined ? [] : [{ name, kind: depth === segments.length - 1 ? 'file' : 'directory' }];
    },
    read: (_path, maximum): ReadResult =>
      size > maximum ? { kind: 'too-large', size } : { kind: 'bytes', bytes: new Uint8Array(0), mode: 0o644 },
    resolve: () => undefined,
    kindOf: () => undefined,
  };
}
