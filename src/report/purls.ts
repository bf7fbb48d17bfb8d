// SPDX-License-Identifier: Apache-2.0
// Every package URL once, sorted, one on a line. Packages without one are left out.
import { compareText, packageListsOf } from '../model/projection.ts';
import { defineReport } from './report.ts';

export const purls = defineReport({
  id: 'purls',
  aliases: ['purl'],
  title: 'Package URLs, one on a line',
  extension: 'txt',
  commands: ['sbom'],
  write: (view) => {
    const all = packageListsOf(view.graph).flatMap((list) => list.packages.map((item) => item.purl));
    const unique = [...new Set(all)].filter((purl) => purl !== undefined).toSorted(compareText);
    return unique.map((purl) => `${purl}\n`).join('');
  },
});
