// SPDX-License-Identifier: Apache-2.0
// snap/<name>/<revision>/meta/snap.yaml: installed snaps. https://snapcraft.io/docs/snap-format
import { asObject, asString, asStrings } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const snapPackage = defineCataloger({
  id: 'snap-package',
  title: 'snap/*/*/meta/snap.yaml',
  ecosystems: ['snap'],
  kind: 'installed',
  files: ['snap/*/*/meta/snap.yaml', 'var/lib/snapd/snap/*/*/meta/snap.yaml'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['what is bundled in a snap'],
  },
  parse: parseSnap,
});

function parseSnap(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const fields = asObject(document.value);
  const name = asString(fields?.['name']);
  const version = asString(fields?.['version']);
  const problems = [...encoding, ...document.problems];
  if (name === undefined || version === undefined || name === '' || version === '') {
    const message = 'no name or version';
    return {
      packages: [],
      problems: [...problems, { kind: 'schema', message, location: { path: file.path }, hidesFindings: true }],
    };
  }
  const license = asString(fields?.['license']);
  const description = asString(fields?.['summary']);
  const architectures = asStrings(fields?.['architectures']).join(', ');
  const purl = formatPurl({ type: 'snap', name, version });
  const found = packageOf({
    name,
    version,
    type: 'snap',
    ...(purl === undefined ? {} : { purl }),
    locations: [document.locate(['name'])],
    licenses: license === undefined ? [] : [license],
    facts: {
      ...(description === undefined ? {} : { description }),
      ...(architectures === '' ? {} : { architecture: architectures }),
    },
  });
  return { packages: [found], problems };
}
