// SPDX-License-Identifier: Apache-2.0
// packages.lock.json of NuGet, versions 1 and 2: https://learn.microsoft.com/en-us/nuget/consume-packages/package-references-in-project-files#locking-dependencies
import type { Document, JsonObject } from '../../formats/document.ts';
import { asObject, asString, entriesOf } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package, Relationship } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { mergePackages } from '../package-facts/merge.ts';
import { nugetDigests, nugetLicenses, nugetPackage, nuspecCompanions } from '../package-facts/nuget.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const nugetLock = defineCataloger({
  id: 'nuget-lock',
  title: 'packages.lock.json',
  ecosystems: ['nuget'],
  kind: 'declared',
  files: ['**/packages.lock.json'],
  companions: nuspecCompanions,
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: false,
    licenses: true,
    digests: true,
    lines: true,
    gaps: ['licences, unless the package folder of NuGet is in the target'],
  },
  parse: parseNugetLock,
});

const relationships: Readonly<Record<string, Relationship>> = {
  Direct: 'direct',
  Transitive: 'indirect',
  CentralTransitive: 'indirect',
  Project: 'workspace',
};

function parseNugetLock(file: SourceFile, files: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const frameworks = entriesOf(asObject(document.value)?.['dependencies']);
  const packages: Package[] = [];
  for (const [framework, entries] of frameworks) {
    // `net8.0/linux-x64` lists what differs from `net8.0`.
    const base = asObject(asObject(asObject(document.value)?.['dependencies'])?.[framework.split('/')[0] ?? '']) ?? {};
    const list = { ...base, ...asObject(entries) };
    const ids = idsOf(list);
    for (const [name, value] of entriesOf(entries)) {
      packages.push(packageOfEntry({ name, framework, row: asObject(value) ?? {} }, { document, ids, files }));
    }
  }
  return { packages: mergePackages(packages), problems };
}

/** Names are compared without regard to case. */
function idsOf(list: JsonObject): ReadonlyMap<string, string> {
  const ids = entriesOf(list).map(([name, value]): [string, string] => {
    const resolved = asString(asObject(value)?.['resolved']);
    return [name.toLowerCase(), resolved === undefined ? name : `${name}@${resolved}`];
  });
  return new Map(ids);
}

interface LockEntry {
  readonly name: string;
  readonly framework: string;
  readonly row: JsonObject;
}

interface LockContext {
  readonly document: Document;
  readonly ids: ReadonlyMap<string, string>;
  readonly files: CompanionFiles;
}

function packageOfEntry(entry: LockEntry, context: LockContext): Package {
  const { name, framework, row } = entry;
  const version = asString(row['resolved']) ?? '';
  const requested = asString(row['requested']);
  const needed = entriesOf(row['dependencies']).map(([key]) => context.ids.get(key.toLowerCase()));
  return nugetPackage(name, version, {
    relationship: relationships[asString(row['type']) ?? ''] ?? 'unknown',
    locations: [context.document.locate(['dependencies', framework, name])],
    licenses: nugetLicenses(name, version, context.files),
    digests: nugetDigests(asString(row['contentHash'])),
    dependsOn: needed.filter((id) => id !== undefined),
    ...(requested === undefined ? {} : { constraint: requested }),
  });
}
