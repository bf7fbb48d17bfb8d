// SPDX-License-Identifier: Apache-2.0
// The packages of a target, their dependencies, and after a scan the vulnerabilities, as CycloneDX XML.
import { buildSbom } from '../formats/cyclonedx/build.ts';
import { BuiltList } from '../formats/cyclonedx/built-list.ts';
import { serialNumberOfTree } from '../formats/cyclonedx/print-json.ts';
import { printBomXml } from '../formats/cyclonedx/print-xml.ts';
import { bomContentOf, writtenMinor } from '../formats/cyclonedx/run-content.ts';
import { defineReport } from './report.ts';

export const cyclonedxXml = defineReport({
  id: 'cyclonedx-xml',
  aliases: [],
  title: 'CycloneDX 1.6 (or 1.7), XML',
  extension: 'cdx.xml',
  commands: ['sbom', 'scan'],
  write: (view, options) => {
    const minor = writtenMinor(options.formatVersion);
    const tree = buildSbom(bomContentOf(view), minor);
    const lists = Object.entries(tree).map(([name, value]) => [name, value instanceof BuiltList ? [...value] : value]);
    return printBomXml({ ...Object.fromEntries(lists), serialNumber: serialNumberOfTree(tree, minor) }, minor);
  },
});
