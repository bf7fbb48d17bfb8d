// SPDX-License-Identifier: Apache-2.0
// The vulnerabilities of a scan and what is said of them, without the rest of the SBOM.
import { buildVex } from '../formats/cyclonedx/build.ts';
import { printBomJson } from '../formats/cyclonedx/print-json.ts';
import { bomContentOf, writtenMinor } from '../formats/cyclonedx/run-content.ts';
import { defineReport } from './report.ts';

export const cyclonedxVex = defineReport({
  id: 'cyclonedx-vex',
  aliases: [],
  title: 'Vulnerabilities and their analysis as CycloneDX VEX 1.6 (or 1.7), JSON',
  extension: 'vex.cdx.json',
  commands: ['scan'],
  write: (view, options) => {
    const minor = writtenMinor(options.formatVersion);
    return printBomJson(buildVex(bomContentOf(view)), minor);
  },
});
