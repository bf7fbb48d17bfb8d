// SPDX-License-Identifier: Apache-2.0
// root/buildinfo of Red Hat images: which image it is (from its Dockerfile), and from which content sets its packages came. Advisories of
// Red Hat name content sets and images, not releases alone.
import { posix } from 'node:path';
import { parseDockerfile } from '../../formats/dockerfile.ts';
import { asObject, asStrings } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const redhatBuild = defineCataloger({
  id: 'redhat-build',
  title: 'root/buildinfo/{Dockerfile-*,content_manifests/*.json}',
  ecosystems: ['oci'],
  kind: 'installed',
  files: ['root/buildinfo/Dockerfile-*', 'root/buildinfo/content_manifests/*.json'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: false,
    gaps: ['which package came from which content set'],
  },
  parse: (file) => (file.path.endsWith('.json') ? parseContentManifest(file) : parseBuildFile(file)),
});

/** The file is named after the image: `ubi8-minimal-container-8.5-218.json`. Manifests without content sets say nothing here. */
function parseContentManifest(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const { value, problems } = parseJson(text, file.path);
  const sets = asStrings(asObject(value)?.['content_sets']);
  const image = /^(.{1,200})-([^-]{1,100}-[^-]{1,100})\.json$/.exec(posix.basename(file.path));
  const [, name = posix.basename(file.path, '.json'), version = ''] = image ?? [];
  const packages = sets.length === 0 ? [] : [imageOf(name, version, file.path, { contentSets: sets.join(' ') })];
  return { packages, problems: [...encoding, ...problems] };
}

function parseBuildFile(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const labels = labelsOf(text);
  const name = labels.get('com.redhat.component') ?? labels.get('bzcomponent') ?? '';
  const [version = '', release = ''] = [labels.get('version'), labels.get('release')];
  const architecture = labels.get('architecture') ?? '';
  const problems: Problem[] = [...encoding];
  const missing = Object.entries({ component: name, version, release, architecture }).filter(
    ([, value]) => value === '',
  );
  if (missing.length > 0) {
    const message = `labels without ${missing.map(([label]) => label).join(', ')}; the image is not identified`;
    problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: false });
    return { packages: [], problems };
  }
  const found = imageOf(name, `${version}-${release}`, file.path, {});
  return { packages: [{ ...found, facts: { ...found.facts, architecture } }], problems };
}

function imageOf(name: string, version: string, path: string, other: Readonly<Record<string, string>>): Package {
  return packageOf({ name, version, type: 'oci', locations: [{ path }], facts: { other } });
}

/** A value that is put together from variables may not grow without end. */
const longestValue = 4096;

/** Labels by name in lower case, variables of ENV and ARG replaced. */
function labelsOf(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  const labels = new Map<string, string>();
  const replaced = (value: string): string =>
    value
      .replace(
        /\$(?:\{(\w{1,100})\}|(\w{1,100}))/g,
        (_text, braced?: string, bare?: string) => variables.get(braced ?? bare ?? '') ?? '',
      )
      .slice(0, longestValue);
  for (const { keyword, value } of parseDockerfile(text)) {
    if (keyword === 'LABEL') for (const [name, word] of pairsOf(value)) labels.set(name.toLowerCase(), replaced(word));
    if (keyword === 'ENV' || keyword === 'ARG') {
      for (const [name, word] of pairsOf(value)) variables.set(name, replaced(word));
    }
  }
  return labels;
}

/** `a=b "c"="d e"`, or `a b` with one name. */
function pairsOf(value: string): (readonly [string, string])[] {
  const pairs = [
    ...value.matchAll(/(?:"([^"]{1,500})"|([^\s="]{1,500}))=(?:"((?:[^"\\]|\\.){0,20000})"|(\S{0,20000}))/g),
  ];
  if (pairs.length > 0) {
    return pairs.map(([, quotedName, name, quoted, bare]) => [quotedName ?? name ?? '', quoted ?? bare ?? '']);
  }
  const single = /^(\S{1,500})\s+(.{0,20000})$/.exec(value);
  return single === null ? [] : [[single[1] ?? '', (single[2] ?? '').replace(/^"(.*)"$/, '$1')]];
}
