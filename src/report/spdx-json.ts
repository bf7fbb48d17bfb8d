// SPDX-License-Identifier: Apache-2.0
// SPDX 2.3 as JSON; with format version 3.0 the graph that spdx3-json.ts is also for.
import { buildSpdx } from '../formats/spdx/build2.ts';
import { buildSpdx3 } from '../formats/spdx/build3.ts';
import { printSpdxJson } from '../formats/spdx/json.ts';
import { printSpdx3 } from '../formats/spdx/spdx3.ts';
import { LandwaiterError } from '../model/error.ts';
import { packageListsOf } from '../model/projection.ts';
import { defineReport } from './report.ts';

export const spdxJson = defineReport({
  id: 'spdx-json',
  aliases: ['spdx'],
  title: 'SPDX 2.3, JSON',
  extension: 'spdx.json',
  commands: ['sbom'],
  write: (view, options) => {
    const { target, tool, createdAt, graph } = view;
    const content = { target, tool, createdAt, lists: packageListsOf(graph) };
    switch (options.formatVersion) {
      case undefined:
      case '2.3':
        return printSpdxJson(buildSpdx(content));
      case '3.0':
      case '3.0.1':
        return printSpdx3(buildSpdx3(content));
      default: {
        const message = `SPDX JSON is not written in version ${options.formatVersion}`;
        throw new LandwaiterError({ code: 'USAGE', message, hint: 'it takes 2.3 and 3.0.1' });
      }
    }
  },
});
