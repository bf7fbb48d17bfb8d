// SPDX-License-Identifier: Apache-2.0
// Paragraphs of a dpkg or opkg status database as packages: source packages, dependencies over virtual packages, licences.
// https://www.debian.org/doc/debian-policy/ch-controlfields.html

import type { ControlParagraph } from '../../formats/deb822.ts';
import { parseControlFile } from '../../formats/deb822.ts';
import { decodeText } from '../../formats/text.ts';
import type { Digest } from '../../model/digest.ts';
import { digestOf } from '../../model/digest.ts';
import type { Package, PackageFacts, PackageFile, SourcePackage } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult, CompanionFiles } from '../packages/cataloger.ts';
import { copyrightLicenses } from './debian-copyright.ts';
import { declaredLicenses, distributionIn, systemPurl } from './distribution.ts';
import { dpkgFiles } from './dpkg-files.ts';

/** Companion with the checksums of package archives. */
export const availableFile = 'var/lib/dpkg/available';

/** Reads a status file. `type` is the purl type; licences come from copyright files in the tree, or from the paragraph (opkg). */
export function statusPackages(file: SourceFile, tree: CompanionFiles, type: 'deb' | 'opkg'): CatalogResult {
  return packagesOf(file, tree, { type, isTaken: isInstalled });
}

/** Reads the control file of one archive: what it describes counts, whether it is installed or not. */
export function controlPackages(file: SourceFile): CatalogResult {
  return packagesOf(file, { get: () => undefined, match: () => [] }, { type: 'deb', isTaken: () => true });
}

interface Reading {
  readonly type: 'deb' | 'opkg';
  readonly isTaken: (paragraph: ControlParagraph, path: string) => boolean;
}

function packagesOf(file: SourceFile, tree: CompanionFiles, { type, isTaken }: Reading): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const control = parseControlFile(text, file.path);
  const distribution = distributionIn(tree);
  const problems: Problem[] = [...encoding, ...control.problems];
  const archives = archivesIn(tree);
  const installed = control.paragraphs.filter((paragraph) => isTaken(paragraph, file.path));
  if (isTaken === isInstalled) problems.push(...withoutStatus(control.paragraphs, file.path));
  const providers = providersOf(installed);
  const packages = new Map<string, Package>();
  for (const paragraph of installed) {
    const name = paragraph.fields.get('package');
    const version = paragraph.fields.get('version') ?? '';
    if (name === undefined || name === '' || version === '') {
      const message = `an installed package without ${version === '' ? 'version' : 'name'}`;
      const location = { path: file.path, line: paragraph.line, endLine: paragraph.endLine };
      problems.push({ kind: 'schema', message, location, hidesFindings: true });
    }
    if (name === undefined || name === '') continue;
    const source = sourceOf(paragraph, name, version);
    const architecture = paragraph.fields.get('architecture');
    const upstream = source.name === name && source.version === version ? undefined : upstreamText(source, version);
    const purl = systemPurl({ type, name, version, architecture, upstream, distribution });
    const item = packageOf({
      id: idOf(paragraph),
      name,
      version,
      type,
      ...(purl === undefined ? {} : { purl }),
      locations: [{ path: file.path, line: paragraph.line, endLine: paragraph.endLine }],
      licenses: licensesOf(paragraph, name, tree),
      digests: [archives.get(`${name}@${version}`)].filter((digest) => digest !== undefined),
      dependsOn: dependenciesOf(paragraph, providers),
      sources: [source],
      facts: factsOf(paragraph, file.path, problems),
      ...(tree.files === 'owned' ? { files: filesOf(paragraph, name, { file, tree }) } : {}),
    });
    packages.set(item.id, item);
  }
  return { packages: [...packages.values()], problems, ...(distribution === undefined ? {} : { distribution }) };
}

/** dpkg's list of available archives, beside the status of installed packages, states their checksums. */
function archivesIn(tree: CompanionFiles): ReadonlyMap<string, Digest> {
  const file = tree.get(availableFile);
  const found = new Map<string, Digest>();
  if (file === undefined) return found;
  for (const { fields } of parseControlFile(decodeText(file.bytes, file.path).text, file.path).paragraphs) {
    const digest = digestOf('sha256', fields.get('sha256') ?? '') ?? digestOf('md5', fields.get('md5sum') ?? '');
    if (digest !== undefined) found.set(`${fields.get('package') ?? ''}@${fields.get('version') ?? ''}`, digest);
  }
  return found;
}

/** The third word of Status tells; files of status.d (distroless images) and of opkg's info folder have none, and are installed. */
function isInstalled({ fields }: ControlParagraph, path: string): boolean {
  const status = fields.get('status');
  if (status === undefined) return /\/(?:status\.d|info)\//.test(path);
  const state = status.split(/\s+/)[2];
  return state === 'installed';
}

/** dpkg writes the state of every package: a paragraph of its database without one is damaged. */
function withoutStatus(paragraphs: readonly ControlParagraph[], path: string): Problem[] {
  if (!/(?:^|\/)dpkg\/status$/.test(path)) return [];
  return paragraphs
    .filter(({ fields }) => !fields.has('status'))
    .map(({ line, endLine }) => ({
      kind: 'schema',
      message: 'a package without `Status`: nobody can tell whether it is installed',
      location: { path, line, endLine },
      hidesFindings: true,
    }));
}

/** Architectures of one package may be installed side by side. */
function idOf({ fields }: ControlParagraph): string {
  const architecture = fields.get('multi-arch') === 'same' ? `:${fields.get('architecture') ?? ''}` : '';
  const version = fields.get('version') ?? '';
  return `${fields.get('package') ?? ''}${architecture}${version === '' ? '' : `@${version}`}`;
}

/** `Source: glibc (2.36-9)`; without one the binary package is its own source. */
function sourceOf({ fields }: ControlParagraph, name: string, version: string): SourcePackage {
  const match = /^(\S{1,200})(?:\s+\(([^)]{1,200})\))?$/.exec(fields.get('source') ?? '');
  return { name: match?.[1] ?? name, version: match?.[2] ?? version };
}

function upstreamText(source: SourcePackage, version: string): string {
  return source.version === version ? source.name : `${source.name}@${source.version}`;
}

function providersOf(paragraphs: readonly ControlParagraph[]): ReadonlyMap<string, readonly string[]> {
  const providers = new Map<string, string[]>();
  for (const paragraph of paragraphs) {
    const names = [paragraph.fields.get('package') ?? '', ...relationNames(paragraph.fields.get('provides'))];
    for (const name of names) providers.set(name, [...(providers.get(name) ?? []), idOf(paragraph)]);
  }
  return providers;
}

/** All installed packages that satisfy one of the alternatives. */
function dependenciesOf(paragraph: ControlParagraph, providers: ReadonlyMap<string, readonly string[]>): string[] {
  const names = ['pre-depends', 'depends'].flatMap((field) => relationNames(paragraph.fields.get(field)));
  const ids = names.flatMap((name) => providers.get(name) ?? []);
  return [...new Set(ids)].filter((id) => id !== idOf(paragraph));
}

/** `libc6 (>= 2.34), debconf | debconf-2.0, python3:any [amd64]` -> names. */
function relationNames(field: string | undefined): string[] {
  const parts = (field ?? '').split(/[,|]/).map((part) => /^[a-zA-Z0-9][a-zA-Z0-9+._-]{0,200}/.exec(part.trim())?.[0]);
  return parts.filter((name) => name !== undefined);
}

function licensesOf({ fields }: ControlParagraph, name: string, tree: CompanionFiles): string[] {
  const stated = fields.get('license');
  if (stated !== undefined) return declaredLicenses(stated);
  const file = tree.get(`usr/share/doc/${name}/copyright`);
  return file === undefined ? [] : copyrightLicenses(decodeText(file.bytes, file.path).text);
}

function filesOf(
  { fields }: ControlParagraph,
  name: string,
  where: { readonly file: SourceFile; readonly tree: CompanionFiles },
): readonly PackageFile[] {
  const entry = { name, architecture: fields.get('architecture'), conffiles: fields.get('conffiles') };
  return dpkgFiles(entry, where.file.path, where.tree);
}

function factsOf({ fields, line }: ControlParagraph, path: string, problems: Problem[]): PackageFacts {
  const description = fields.get('description')?.split('\n')[0];
  const facts = {
    description,
    homepage: fields.get('homepage'),
    architecture: fields.get('architecture'),
    supplier: fields.get('maintainer'),
  };
  const size = fields.get('installed-size');
  const bytes = size === undefined ? undefined : installedBytes(size);
  if (size !== undefined && bytes === undefined) {
    const message = `Installed-Size ${JSON.stringify(size.slice(0, 40))} is no size`;
    problems.push({ kind: 'schema', message, location: { path, line }, hidesFindings: false });
  }
  return {
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== '')),
    ...(bytes === undefined ? {} : { other: { installedSize: String(bytes) } }),
  };
}

const sizeUnits: Readonly<Record<string, number>> = {
  '': 1024,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** `Installed-Size` in bytes. A number alone counts KiB (Debian Policy 5.6.20); other tools write units. Undefined for what is no size. */
export function installedBytes(text: string): number | undefined {
  const match = /^(\d{1,15})\s{0,4}([a-z]{0,3})$/.exec(text.trim().toLowerCase());
  const unit = sizeUnits[match?.[2] ?? 'none'];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
