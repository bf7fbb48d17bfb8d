// SPDX-License-Identifier: Apache-2.0
// Every package URL once, sorted, one on a line. Packages without one are left out.
import { packageListsOf } from '../model/projection.ts';
import { defineReport } from './report.ts';

export const purls = defineReport({
  id: 'purls',
  aliases: ['purl'],
  title: 'Package URLs, one on a line',
  extension: 'txt',
  commands: ['sbom'],
  write: (view) => {
    const all = packageListsOf(view.graph).flatMap((list) => list.packages.map((item) => item.purl));
    // Without a comparing function texts are sorted by code unit, several times faster.
    const unique = [...new Set(all)].filter((purl) => purl !== undefined).sort();
    return unique.map((purl) => `${purl}\n`).join('');
  },
});
