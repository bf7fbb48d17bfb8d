// SPDX-License-Identifier: Apache-2.0
// SPDX 2.3 in the tag-value form: the same document as spdx-json.ts writes.
import { buildSpdx } from '../formats/spdx/build2.ts';
import { printSpdxTagValue } from '../formats/spdx/tag-value-print.ts';
import { packageListsOf } from '../model/projection.ts';
import { defineReport } from './report.ts';

export const spdxTagValue = defineReport({
  id: 'spdx-tag-value',
  aliases: [],
  title: 'SPDX 2.3, tag-value',
  extension: 'spdx',
  commands: ['sbom'],
  write: ({ target, tool, createdAt, graph }) =>
    printSpdxTagValue(buildSpdx({ target, tool, createdAt, lists: packageListsOf(graph) })),
});
