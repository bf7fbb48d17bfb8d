// SPDX-License-Identifier: Apache-2.0
// AppStream metadata of installed Flatpak applications. https://www.freedesktop.org/software/appstream/docs/

import { decodeText } from '../../formats/text.ts';
import { childOf, childText, parseXml } from '../../formats/xml.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const flatpakApplication = defineCataloger({
  id: 'flatpak-application',
  title: 'flatpak/app/**/metainfo/*.metainfo.xml',
  ecosystems: ['flatpak'],
  kind: 'installed',
  files: ['**/flatpak/app/**/export/share/metainfo/*metainfo.xml'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['runtimes', 'what is bundled in an application'],
  },
  parse: parseMetainfo,
});

function parseMetainfo(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const { root, problems: broken } = parseXml(text, file.path);
  const problems = [...encoding, ...broken];
  const id = childText(root, 'id');
  // Releases are sorted by the publisher, the newest first.
  const release = childOf(childOf(root, 'releases'), 'release');
  const version = release?.attributes['version'];
  if (id === undefined || version === undefined || version === '') {
    const message = `no ${id === undefined ? 'id' : 'version'}`;
    const location = { path: file.path, line: root?.line ?? 1 };
    return { packages: [], problems: [...problems, { kind: 'schema', message, location, hidesFindings: true }] };
  }
  const purl = formatPurl({ type: 'flatpak', name: id, version });
  const license = childText(root, 'project_license');
  const author = childText(root, 'developer_name') ?? childText(childOf(root, 'developer'), 'name');
  const description = childText(root, 'summary');
  const found = packageOf({
    name: id,
    version,
    type: 'flatpak',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: file.path, line: release?.line ?? 1 }],
    licenses: license === undefined ? [] : [license],
    facts: { ...(author === undefined ? {} : { author }), ...(description === undefined ? {} : { description }) },
  });
  return { packages: [found], problems };
}
