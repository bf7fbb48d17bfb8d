// SPDX-License-Identifier: Apache-2.0
// composer.lock: all packages of a PHP project; composer.json beside it says which ones the project asks for itself.
import type { Document, JsonObject } from '../../formats/document.ts';
import { asArray, asObject, asString, asStrings } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package, Scope } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { ComposerEntry } from '../package-facts/composer-package.ts';
import { composerPackages, requiredIds } from '../package-facts/composer-package.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const composerLock = defineCataloger({
  id: 'composer-lock',
  title: 'composer.lock',
  ecosystems: ['composer'],
  kind: 'declared',
  files: ['**/composer.lock'],
  companions: ['**/composer.json'],
  capabilities: {
    versions: 'exact',
    dependencies: 'transitive',
    scopes: true,
    licenses: true,
    digests: true,
    lines: true,
    gaps: ['direct and indirect are told apart only with composer.json in the same folder'],
  },
  parse: parseComposerLock,
});

function parseComposerLock(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const lock = asObject(document.value);
  if (lock === undefined) {
    if (document.value !== undefined) {
      const location = { path: file.path, line: 1 };
      problems.push({ kind: 'schema', message: 'not an object', location, hidesFindings: true });
    }
    return { packages: [], problems };
  }
  const entries = [...entriesIn(lock, 'packages', document), ...entriesIn(lock, 'packages-dev', document)];
  const read = composerPackages(entries);
  problems.push(...read.problems);
  const manifest = manifestBeside(file.path, tree);
  return { packages: manifest === undefined ? read.packages : withManifest(read.packages, manifest), problems };
}

function entriesIn(lock: JsonObject, field: 'packages' | 'packages-dev', document: Document): ComposerEntry[] {
  const scope: Scope = field === 'packages' ? 'runtime' : 'development';
  return asArray(lock[field]).map((value, index) => ({ value, scope, location: document.locate([field, index]) }));
}

interface Manifest {
  readonly value: JsonObject;
  readonly path: string;
}

/** A missing or broken manifest leaves the relationships unknown; nothing is hidden by that. */
function manifestBeside(path: string, tree: CompanionFiles): Manifest | undefined {
  const file = tree.get(`${path.slice(0, -'composer.lock'.length)}composer.json`);
  if (file === undefined) return undefined;
  const value = asObject(parseJson(decodeText(file.bytes, file.path).text, file.path).value);
  return value === undefined ? undefined : { value, path: file.path };
}

function withManifest(packages: readonly Package[], { value, path }: Manifest): Package[] {
  const ids = new Map(packages.map((item) => [item.name.toLowerCase(), item.id]));
  const direct = new Set([...requiredIds(value['require'], ids), ...requiredIds(value['require-dev'], ids)]);
  const related = packages.map(
    (item): Package => ({ ...item, relationship: direct.has(item.id) ? 'direct' : 'indirect' }),
  );
  const name = asString(value['name']);
  if (name === undefined) return related;
  const version = asString(value['version']) ?? '';
  const root = packageOf({
    id: ids.has(name.toLowerCase()) ? `${name} (${path})` : version === '' ? name : `${name}@${version}`,
    name,
    version,
    type: 'composer',
    relationship: 'root',
    locations: [{ path }],
    licenses: asStrings(value['license']),
    dependsOn: [...direct],
  });
  return [root, ...related];
}
