// SPDX-License-Identifier: Apache-2.0
// The packages of a target, their dependencies, and after a scan the vulnerabilities, as CycloneDX JSON.
import { buildSbom } from '../formats/cyclonedx/build.ts';
import { printBomJsonInParts } from '../formats/cyclonedx/print-json.ts';
import { bomContentOf, writtenMinor } from '../formats/cyclonedx/run-content.ts';
import type { ReportOptions, ReportView } from './report.ts';
import { defineReport } from './report.ts';

export const cyclonedxJson = defineReport({
  id: 'cyclonedx-json',
  aliases: ['cyclonedx'],
  title: 'CycloneDX 1.6 (or 1.7), JSON',
  extension: 'cdx.json',
  commands: ['sbom', 'scan'],
  write: (view, options) => partsOf(view, options).join(''),
  writeInParts: partsOf,
});

function partsOf(view: ReportView, options: ReportOptions): readonly string[] {
  const minor = writtenMinor(options.formatVersion);
  return printBomJsonInParts(buildSbom(bomContentOf(view), minor), minor);
}
