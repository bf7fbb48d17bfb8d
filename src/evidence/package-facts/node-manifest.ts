// SPDX-License-Identifier: Apache-2.0
// What a package.json says of its own package, for installed copies and for projects alike.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString } from '../../formats/document.ts';
import type { PackageFacts } from '../../model/package.ts';
import { npmPeople, npmRepository } from './npm.ts';

/** Facts of a package.json; undefined when it has none. */
export function manifestFacts(manifest: JsonObject): PackageFacts | undefined {
  const description = asString(manifest['description']);
  const homepage = asString(manifest['homepage']);
  const repository = npmRepository(manifest['repository']);
  const author = npmPeople(manifest['author'], manifest['authors'], manifest['contributors'], manifest['maintainers']);
  const downloadUrl = asString(manifest['_resolved']);
  const facts: PackageFacts = {
    ...(description === undefined ? {} : { description }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(repository === undefined ? {} : { repository }),
    ...(author === undefined ? {} : { author }),
    ...(downloadUrl === undefined ? {} : { downloadUrl }),
  };
  return Object.keys(facts).length === 0 ? undefined : facts;
}

/**
 * Does the file describe something that is not a package of npm although it has its name: a Visual Studio Code extension (they
 * have a publisher and `engines.vscode`) or a Unity package (`unity`)?
 */
export function isForeignManifest(manifest: JsonObject): boolean {
  const isExtension =
    asString(asObject(manifest['engines'])?.['vscode']) !== undefined && asString(manifest['publisher']) !== undefined;
  return isExtension || asString(manifest['unity']) !== undefined;
}
