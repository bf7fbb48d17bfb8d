// SPDX-License-Identifier: Apache-2.0
// CycloneDX documents under the names that its specification recommends.
import { sbomCapabilities, sbomFilePackages } from '../package-facts/sbom-file.ts';
import { defineCataloger } from './cataloger.ts';

export const cyclonedxFile = defineCataloger({
  id: 'cyclonedx-file',
  title: 'bom.json, bom.xml, *.cdx.json, *.cdx.xml',
  ecosystems: ['generic'],
  kind: 'installed',
  trust: 'asserted',
  files: ['**/bom.{json,xml}', '**/*.[cC][dD][xX].[jJ][sS][oO][nN]', '**/*.[cC][dD][xX].[xX][mM][lL]'],
  capabilities: sbomCapabilities,
  parse: (file) => sbomFilePackages(file, /(?:^|\/)bom\.\w+$/.test(file.path) ? 'possible' : 'certain'),
});
