// SPDX-License-Identifier: Apache-2.0
// SPDX 3.0.1 as JSON-LD.
import { buildSpdx3 } from '../formats/spdx/build3.ts';
import { printSpdx3 } from '../formats/spdx/spdx3.ts';
import { packageListsOf } from '../model/projection.ts';
import { defineReport } from './report.ts';

export const spdx3Json = defineReport({
  id: 'spdx3-json',
  aliases: ['spdx3'],
  title: 'SPDX 3.0.1, JSON-LD',
  extension: 'spdx3.json',
  commands: ['sbom'],
  write: ({ target, tool, createdAt, graph }) =>
    printSpdx3(buildSpdx3({ target, tool, createdAt, lists: packageListsOf(graph) })),
});
