// SPDX-License-Identifier: Apache-2.0
// Adapter of the osv-scanner pack: one sub-adapter per part of its layout, each in osv-scanner/. Rows of `core` and `snapshots`
// are added by the parts of the program they are about.
import { extractorCases } from './osv-scanner/extractors.ts';
import { fileRequiredCases } from './osv-scanner/file-required.ts';
import { queryCases } from './osv-scanner/queries.ts';
import type { ConformanceCase, ConformancePack } from './pack.ts';

/** Each gives the cases of one folder of the pack; a folder that is missing gives none. */
const parts: readonly ((root: string) => readonly ConformanceCase[])[] = [
  extractorCases,
  fileRequiredCases,
  queryCases,
];

export const osvScanner: ConformancePack = {
  name: 'osv-scanner',
  cases: (root) => parts.flatMap((cases) => cases(root)),
};
