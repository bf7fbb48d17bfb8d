// SPDX-License-Identifier: Apache-2.0
// The Debian packages that snaps are made of: usr/share/snappy/dpkg.yaml of base snaps, snap/manifest.yaml of others.
import type { Document, JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseYamlDocument } from '../../formats/yaml.ts';
import type { Distribution, Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const snapContents = defineCataloger({
  id: 'snap-contents',
  title: 'usr/share/snappy/dpkg.yaml, snap/manifest.yaml',
  ecosystems: ['deb'],
  kind: 'installed',
  files: ['**/usr/share/snappy/dpkg.yaml', '**/snap/manifest.yaml'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['what a snap holds that is no Debian package', 'which package needs which'],
  },
  parse: parseContents,
});

function parseContents(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseYamlDocument(text, file.path, { resolver: 'strings' });
  const fields = asObject(document.value) ?? {};
  const key = file.path.endsWith('dpkg.yaml') ? 'packages' : 'primed-stage-packages';
  const problems: Problem[] = [...encoding, ...document.problems];
  const packages: Package[] = [];
  for (const [index, entry] of asStrings(fields[key]).entries()) {
    const item = packageOfEntry(entry, { document, key, index }, asStrings(fields['architectures'])[0]);
    if (item !== undefined) packages.push(item);
    else {
      const message = `not "name=version": ${JSON.stringify(entry.slice(0, 100))}`;
      problems.push({ kind: 'schema', message, location: document.locate([key, index]), hidesFindings: true });
    }
  }
  const distribution = distributionOf(fields, file.path);
  return { packages: withUniqueIds(packages), problems, ...(distribution === undefined ? {} : { distribution }) };
}

/** `gcc-10-base:amd64=10.5.0-1ubuntu1~20.04` */
function packageOfEntry(
  entry: string,
  place: { readonly document: Document; readonly key: string; readonly index: number },
  snapArchitecture: string | undefined,
): Package | undefined {
  const match = /^([a-z0-9][a-z0-9+.-]{0,200})(?::([a-z0-9-]{1,40}))?=(\S{1,200})$/.exec(entry);
  const [, name, own, version] = match ?? [];
  if (name === undefined || version === undefined) return undefined;
  const architecture = own ?? snapArchitecture;
  const purl = formatPurl({ type: 'deb', namespace: 'ubuntu', name, version, qualifiers: { arch: architecture } });
  return packageOf({
    name,
    version,
    type: 'deb',
    ...(purl === undefined ? {} : { purl }),
    locations: [place.document.locate([place.key, place.index])],
    ...(architecture === undefined ? {} : { facts: { architecture } }),
  });
}

/** The system that the snap was built on, else the one that the name of a base snap (`core22`) stands for. */
function distributionOf(fields: JsonObject, path: string): Distribution | undefined {
  const stated = asString(fields['snapcraft-os-release-version-id']);
  const core = /(?:^|\/)core(\d{2})\//.exec(path)?.[1];
  const versionId = stated ?? (core === undefined ? undefined : `${core}.04`);
  if (versionId === undefined) return undefined;
  return {
    id: asString(fields['snapcraft-os-release-id']) ?? 'ubuntu',
    idLike: ['debian'],
    versionId,
    name: `Ubuntu ${versionId}`,
  };
}
