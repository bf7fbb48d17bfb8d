// SPDX-License-Identifier: Apache-2.0
// SPDX documents under the names that its specification recommends (Annex K of 2.3), and the hidden ones that some images carry.
import { sbomCapabilities, sbomFilePackages } from '../package-facts/sbom-file.ts';
import { defineCataloger } from './cataloger.ts';

const spdx = '[sS][pP][dD][xX]';

export const spdxFile = defineCataloger({
  id: 'spdx-file',
  title: '*.spdx, *.spdx.{json,yaml,yml,rdf,rdf.xml}, .spdx.*.json',
  ecosystems: ['generic'],
  kind: 'installed',
  trust: 'asserted',
  files: [
    `**/*.${spdx}`,
    ...['json', 'yaml', 'yml', 'rdf', 'rdf.xml'].map((extension) => `**/*.${spdx}.${anyCase(extension)}`),
    '**/.spdx.*.json',
  ],
  capabilities: sbomCapabilities,
  parse: (file) => sbomFilePackages(file, 'certain'),
});

function anyCase(text: string): string {
  return text.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
