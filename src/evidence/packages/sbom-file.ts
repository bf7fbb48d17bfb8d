// SPDX-License-Identifier: Apache-2.0
// SBOMs of any format under names that people and tools give them beyond those of the specifications.
import { sbomCapabilities, sbomFilePackages } from '../package-facts/sbom-file.ts';
import { defineCataloger } from './cataloger.ts';

export const sbomFile = defineCataloger({
  id: 'sbom-file',
  title: '*.syft.json, *.{bom,sbom}, *.{bom,sbom}.{json,xml}, bom, sbom, *.cdx',
  ecosystems: ['generic'],
  kind: 'installed',
  trust: 'asserted',
  files: ['**/*.syft.json', '**/*.{bom,sbom}.{json,xml}', '**/*.{bom,sbom,cdx}', '**/{bom,sbom}'],
  capabilities: sbomCapabilities,
  parse: (file) => sbomFilePackages(file, /\.(?:cdx|syft\.json)$/.test(file.path) ? 'certain' : 'possible'),
});
