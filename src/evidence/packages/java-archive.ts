// SPDX-License-Identifier: Apache-2.0
// Java archives (jar, war, ear ...): the archive itself, what is packed into it, and the archives inside, to a limited depth.
import { hash } from 'node:crypto';
import type { ZipMember } from '../../formats/zip.ts';
import { openZip } from '../../formats/zip.ts';
import { digestOf } from '../../model/digest.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { Package, PackageFacts } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { ArchiveContent, ArchiveRecord } from '../package-facts/java-archive.ts';
import { archiveTypes, manifestLicenses, ownRecord, readArchive } from '../package-facts/java-archive.ts';
import { guessIdentity, parseArchiveName } from '../package-facts/java-identity.ts';
import { mavenPackage } from '../package-facts/maven-coordinates.ts';
import { mergePackages } from '../package-facts/merge.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const javaArchive = defineCataloger({
  id: 'java-archive',
  title: 'Java archives: jar, war, ear, par, sar, nar, hpi, jpi, kar, lpkg, jmod',
  ecosystems: ['maven'],
  kind: 'installed',
  reads: { part: 'whole', limit: 'packageArchiveBytes' },
  files: archiveTypes.flatMap((type) => [`**/*.${type}`, `**/*.${type.toUpperCase()}`]),
  capabilities: {
    versions: 'exact',
    dependencies: 'direct',
    scopes: false,
    licenses: true,
    digests: true,
    lines: false,
    gaps: [
      'classes copied in without any record of where they come from (shaded and relocated)',
      'group and name are a guess where only the manifest or the file name tell of them (fact `identified-by`)',
      'licences that stand in a parent project file only',
    ],
  },
  parse: (file) => new ArchiveWalk(file).run(),
});

class ArchiveWalk {
  readonly #file: SourceFile;
  readonly #packages: Package[] = [];
  readonly #problems: Problem[] = [];
  /** `group:artifact` keys that a package's project file asks for, by package id. */
  readonly #needs = new Map<string, readonly string[]>();
  /** What all archives of the file together may still inflate to. */
  #left = defaultLimits.archiveExpandedBytes;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  run(): CatalogResult {
    this.#open(this.#file.bytes, []);
    return { packages: this.#withNeeds(mergePackages(this.#packages)), problems: this.#problems };
  }

  /** What a package needs and what lies in the same file are the same when group and artifact are. */
  #withNeeds(packages: readonly Package[]): Package[] {
    const ids = new Map(packages.map((item) => [item.name, item.id]));
    return packages.map((item) => {
      const found = (this.#needs.get(item.id) ?? []).map((key) => ids.get(key));
      const needed = found.filter((id): id is string => id !== undefined && id !== item.id);
      return needed.length === 0 ? item : { ...item, dependsOn: [...new Set([...item.dependsOn, ...needed])] };
    });
  }

  /** `inside`: members that lead to this archive. Returns the id of the archive's own package. */
  #open(bytes: Uint8Array, inside: readonly string[]): string | undefined {
    const path = [this.#file.path, ...inside].join('!/');
    const limits = {
      entries: defaultLimits.archiveEntries,
      entryBytes: defaultLimits.manifestBytes,
      expandedBytes: this.#left,
    };
    const archive = openZip(bytes, this.#file.path, limits);
    const content = readArchive(archive, path);
    const own = this.#ownPackage(content, path);
    const members: string[] = [];
    for (const record of content.records) {
      if (record === own?.record) continue;
      const item = this.#packageOf(record, path);
      this.#packages.push(this.#placed(item));
      members.push(item.id);
    }
    for (const member of content.nested) {
      const id = this.#openNested(member, archive.read(member), inside);
      if (id !== undefined) members.push(id);
    }
    this.#problems.push(...archive.problems);
    if (own === undefined) return undefined;
    const sum = digestOf('sha1', hash('sha1', bytes));
    const digests = sum === undefined ? [] : [sum];
    this.#packages.push(
      this.#placed({ ...own.item, digests, dependsOn: [...new Set([...own.item.dependsOn, ...members])] }),
    );
    return own.item.id;
  }

  #openNested(member: ZipMember, bytes: Uint8Array | undefined, inside: readonly string[]): string | undefined {
    if (bytes === undefined) return undefined;
    this.#left -= bytes.length;
    if (inside.length < defaultLimits.archiveDepth) return this.#open(bytes, [...inside, member.name]);
    const message = `archives nested deeper than ${defaultLimits.archiveDepth}: ${JSON.stringify(member.name)} is not read`;
    this.#problems.push({ kind: 'limit', message, location: { path: this.#file.path }, hidesFindings: true });
    return undefined;
  }

  #ownPackage(content: ArchiveContent, path: string): { item: Package; record: ArchiveRecord | undefined } | undefined {
    const record = ownRecord(content.records, parseArchiveName(path));
    const stated = manifestLicenses(content.manifest);
    const licenses = stated.length > 0 ? stated : content.packedLicenses;
    if (record !== undefined) {
      const item = this.#packageOf(record, path);
      return { record, item: item.licenses.length > 0 ? item : { ...item, licenses } };
    }
    const guessed = guessIdentity(path, content.manifest);
    // An archive full of records that are not its own has a name only if the manifest gives one; `app.jar` is none.
    const isNamed = guessed !== undefined && guessed.version !== '';
    if (!isNamed || (content.records.length > 0 && guessed.groupId === guessed.artifactId)) return undefined;
    return {
      record,
      item: mavenPackage(guessed, { licenses, facts: this.#factsOf(path, undefined, guessed.identifiedBy) }),
    };
  }

  #factsOf(path: string, record: ArchiveRecord | undefined, identifiedBy?: string): PackageFacts {
    const inside = path.slice(this.#file.path.length + 2);
    const other = {
      ...(inside === '' ? {} : { 'archive-member': inside }),
      ...(identifiedBy === undefined ? {} : { 'identified-by': identifiedBy }),
    };
    return {
      ...(record?.description === undefined ? {} : { description: record.description }),
      ...(record?.url === undefined ? {} : { homepage: record.url }),
      ...(Object.keys(other).length === 0 ? {} : { other }),
    };
  }

  #packageOf(record: ArchiveRecord, path: string): Package {
    const facts = this.#factsOf(path, record);
    const parts = { licenses: record.licenses, ...(Object.keys(facts).length === 0 ? {} : { facts }) };
    const item = mavenPackage(record, parts);
    if (record.needs.length > 0) this.#needs.set(item.id, record.needs);
    return item;
  }

  #placed(item: Package): Package {
    return { ...item, locations: [{ path: this.#file.path }] };
  }
}
