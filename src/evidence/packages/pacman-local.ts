// SPDX-License-Identifier: Apache-2.0
// var/lib/pacman/local/*/desc: one installed package of Arch Linux each. alpm-db-desc(5), https://alpm.archlinux.page/specifications/
import { posix } from 'node:path';
import { decodeText } from '../../formats/text.ts';
import type { Distribution, Package, PackageFacts, PackageFile } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { distributionIn, osReleaseFiles, systemPurl } from '../package-facts/distribution.ts';
import { pacmanFiles } from '../package-facts/pacman-files.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pacmanLocal = defineCataloger({
  id: 'pacman-local',
  title: 'var/lib/pacman/local/*/desc',
  ecosystems: ['alpm'],
  kind: 'installed',
  files: ['var/lib/pacman/local/*/desc'],
  gather: { placeOf: () => 'var/lib/pacman/local', link: linkPackages },
  companions: [...osReleaseFiles],
  ownershipFiles: ['var/lib/pacman/local/*/{files,mtree}'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: [],
  },
  parse: parseDesc,
});

function parseDesc(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const sections = readSections(text);
  const distribution = distributionIn(tree);
  const found = packageOfDesc(sections, file.path, distribution);
  const item =
    found === undefined || tree.files === undefined ? found : { ...found, files: filesBeside(file, sections, tree) };
  const place = distribution === undefined ? {} : { distribution };
  if (item !== undefined) return { packages: [item], problems, ...place };
  const message = 'no package name or version';
  const problem = { kind: 'schema', message, location: { path: file.path }, hidesFindings: true } as const;
  return { packages: [], problems: [...problems, problem], ...place };
}

function filesBeside(
  file: SourceFile,
  sections: ReadonlyMap<string, readonly string[]>,
  tree: CompanionFiles,
): readonly PackageFile[] {
  const folder = posix.dirname(file.path);
  const files = tree.get(`${folder}/files`);
  const listed = files === undefined ? [] : readSections(decodeText(files.bytes, files.path).text);
  return pacmanFiles(new Map([...sections, ...listed]), tree.get(`${folder}/mtree`)?.bytes);
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
  const provides = (sections.get('PROVIDES') ?? []).map(bareName);
  return packageOf({
    name,
    version,
    type: 'alpm',
    ...(purl === undefined ? {} : { purl }),
    locations: [{ path: posix.normalize(path) }],
    licenses: sections.get('LICENSE') ?? [],
    sources: [{ name: base, version }],
    dependsOn: (sections.get('DEPENDS') ?? []).map(bareName),
    facts: {
      ...(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as PackageFacts),
      ...(provides.length === 0 ? {} : { other: { provides: provides.join(' ') } }),
    },
  });
}

/** `libtree-sitter.so=0-64`, `glibc>=2.38` -> what comes before the operator. */
function bareName(requirement: string): string {
  return /^[^<>=]{1,300}/.exec(requirement)?.[0] ?? requirement;
}

/** Requirements name packages, or what packages say they provide. */
function linkPackages(packages: readonly Package[]): readonly Package[] {
  const ids = new Map<string, string>();
  for (const item of packages) {
    for (const name of item.facts?.other?.['provides']?.split(' ') ?? []) if (!ids.has(name)) ids.set(name, item.id);
  }
  for (const item of packages) ids.set(item.name, item.id);
  return packages.map((item) => {
    const needed = item.dependsOn.map((name) => ids.get(name)).filter((id) => id !== undefined && id !== item.id);
    return { ...item, dependsOn: [...new Set(needed)].filter((id) => id !== undefined) };
  });
}
