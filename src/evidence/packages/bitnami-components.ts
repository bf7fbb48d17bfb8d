// SPDX-License-Identifier: Apache-2.0
// opt/bitnami/.bitnami_components.json: what older Bitnami images say of themselves. Newer ones carry SPDX documents instead.
import { asString, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const bitnamiComponents = defineCataloger({
  id: 'bitnami-components',
  title: 'opt/bitnami/.bitnami_components.json',
  ecosystems: ['bitnami'],
  kind: 'installed',
  trust: 'asserted',
  files: ['opt/bitnami/.bitnami_components.json'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['what a component is made of'],
  },
  parse: parseComponents,
});

function parseComponents(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const packages: Package[] = [];
  for (const [name, value] of entriesOf(document.value)) {
    const entry = Object.fromEntries(entriesOf(value));
    const version = asString(entry['version']) ?? '';
    const location = document.locate([name]);
    if (version === '') {
      const message = `component ${JSON.stringify(name.slice(0, 100))} has no version`;
      problems.push({ kind: 'schema', message, location, hidesFindings: true });
      continue;
    }
    const architecture = asString(entry['arch']);
    const purl = formatPurl({
      type: 'bitnami',
      name,
      version,
      qualifiers: { arch: architecture, distro: asString(entry['distro']) },
    });
    const digest = digestOf('sha256', asString(entry['digest']) ?? '');
    packages.push(
      packageOf({
        name,
        version,
        type: 'bitnami',
        ...(purl === undefined ? {} : { purl }),
        locations: [location],
        digests: digest === undefined ? [] : [digest],
        ...(architecture === undefined ? {} : { facts: { architecture } }),
      }),
    );
  }
  return { packages, problems };
}
