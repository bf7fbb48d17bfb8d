// SPDX-License-Identifier: Apache-2.0
// Package.resolved of the Swift Package Manager, versions 1 to 3. It is JSON without edges; names are the addresses of repositories.
import type { DocumentPath, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const swiftPackageResolved = defineCataloger({
  id: 'swift-package-resolved',
  title: 'Package.resolved',
  ecosystems: ['swift'],
  kind: 'declared',
  files: ['**/Package.resolved', '**/.package.resolved'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['direct and indirect', 'which package needs which: the file does not say'],
  },
  parse: parseResolved,
});

function parseResolved(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const root = asObject(document.value);
  // Version 1 keeps the pins in `object`.
  const [holder, prefix]: [JsonObject | undefined, DocumentPath] =
    root !== undefined && 'object' in root ? [asObject(root['object']), ['object']] : [root, []];
  const packages = new Map<string, Package>();
  for (const [index, value] of asArray(holder?.['pins']).entries()) {
    const location = document.locate([...prefix, 'pins', index]);
    const item = packageOfPin(asObject(value) ?? {}, location);
    if (item === undefined) {
      problems.push({ kind: 'schema', message: 'a pin without a name', location, hidesFindings: true });
    } else if (!packages.has(item.id)) packages.set(item.id, item);
  }
  return { packages: [...packages.values()], problems };
}

function packageOfPin(pin: JsonObject, location: Location): Package | undefined {
  const address = asString(pin['location']) ?? asString(pin['repositoryURL']);
  const identity = asString(pin['identity']) ?? asString(pin['package']);
  // A package of a registry has an identity `scope.name` and no location.
  const name = address === undefined || address === '' ? identity : repositoryName(address);
  if (name === undefined || name === '') return undefined;
  const state = asObject(pin['state']);
  const version = asString(state?.['version']) ?? '';
  const commit = asString(state?.['revision']);
  const branch = asString(state?.['branch']);
  const slash = name.lastIndexOf('/');
  const last = name.slice(slash + 1);
  // The identity is the name of the repository in the spelling that Swift compares by.
  const isSame = identity !== undefined && identity.toLowerCase() === last.toLowerCase();
  const purl = formatPurl({
    type: 'swift',
    namespace: name.slice(0, Math.max(0, slash)),
    name: isSame ? identity : last,
    version,
  });
  return packageOf({
    name,
    version,
    type: 'swift',
    ...(purl === undefined ? {} : { purl }),
    locations: [location],
    facts: {
      ...(address === undefined ? {} : { repository: address }),
      ...(commit === undefined ? {} : { commit }),
      ...(branch === undefined ? {} : { other: { branch } }),
    },
  });
}

/** `https://github.com/apple/swift-nio.git` and `git@github.com:apple/swift-nio` -> `github.com/apple/swift-nio`. */
function repositoryName(address: string): string {
  const scheme = /^[a-z][a-z0-9+.-]{0,20}:\/\/(?:[^@/]{1,200}@)?/i.exec(address)?.[0];
  const path =
    scheme === undefined ? address.replace(/^[^@/]{1,200}@([^:/]{1,200}):/, '$1/') : address.slice(scheme.length);
  return path.replace(/\/$/, '').replace(/\.git$/, '');
}
