// SPDX-License-Identifier: Apache-2.0
// var/lib/pacman/local/*/desc: one installed package of Arch Linux each. alpm-db-desc(5), https://alpm.archlinux.page/specifications/
import { posix } from 'node:path';
import { decodeText } from '../../formats/text.ts';
import type { Distribution, Package, PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { distributionIn, osReleaseFiles, systemPurl } from '../package-facts/distribution.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pacmanLocal = defineCataloger({
  id: 'pacman-local',
  title: 'var/lib/pacman/local/*/desc',
  ecosystems: ['alpm'],
  kind: 'installed',
  files: ['var/lib/pacman/local/*/desc'],
  companions: [...osReleaseFiles],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: ['which package needs which: each stands in a file of its own'],
  },
  parse: parseDesc,
});

function parseDesc(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const sections = readSections(text);
  const distribution = distributionIn(tree);
  const item = packageOfDesc(sections, file.path, distribution);
  const place = distribution === undefined ? {} : { distribution };
  if (item !== undefined) return { packages: [item], problems, ...place };
  const message = 'no package name or version';
  const problem = { kind: 'schema', message, location: { path: file.path }, hidesFindings: true } as const;
  return { packages: [], problems: [...problems, problem], ...place };
}

/** `%NAME%` followed by lines of values, ended by an empty line. */
function readSections(text: string): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const name = /^%([A-Z0-9]{1,40})%$/.exec(line)?.[1];
    if (name !== undefined) {
      values = [];
      sections.set(name, values);
    } else if (line === '') values = undefined;
    else values?.push(line);
  }
  return sections;
}

function packageOfDesc(
  sections: ReadonlyMap<string, readonly string[]>,
  path: string,
  distribution: Distribution | undefined,
): Package | undefined {
  const one = (key: string): string | undefined => sections.get(key)?.[0];
  const name = one('NAME');
  const version = one('VERSION');
  if (name === undefined || version === undefined) return undefined;
  const base = one('BASE') ?? name;
  const architecture = one('ARCH');
  const upstream = base === name ? undefined : base;
  const purl = systemPurl({ type: 'alpm', name, version, architecture, upstream, distribution });
  const facts = {
    description: one('DESC'),
    homepage: one('URL'),
    supplier: one('PACKAGER'),
    architecture,
  };
  const needs = sections.get('DEPENDS') ?? [];
  return packageOf({
    name,
    version,
    type: 'alpm',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: posix.normalize(path) }],
    licenses: sections.get('LICENSE') ?? [],
    sources: [{ name: base, version }],
    facts: {
      ...(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as PackageFacts),
      ...(needs.length === 0 ? {} : { other: { depends: needs.join(', ') } }),
    },
  });
}
