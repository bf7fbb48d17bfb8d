// SPDX-License-Identifier: Apache-2.0
// A package location of Stack, as stack.yaml (extra-deps) and stack.yaml.lock (completed) write it.
// https://docs.haskellstack.org/en/stable/topics/package_location
import { asObject, asString } from '../../formats/document.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts } from '../../model/package.ts';
import { hackagePackage, hackageReference } from './hackage.ts';

/**
 * Packages a location stands for: a text or `{hackage: text}`, or `{git|url, commit, name, version}`. Undefined when it is none of them;
 * no package for a folder of the tree, or a repository whose package is not named.
 */
export function packagesOfLocation(value: unknown, location: Location): readonly Package[] | undefined {
  const table = asObject(value);
  const text = asString(value) ?? asString(table?.['hackage']);
  if (text !== undefined) {
    if (/^\.{0,2}\//.test(text) || /^\.{1,2}$/.test(text)) return [];
    const reference = hackageReference(text);
    // A path without a leading dot names a folder as well.
    if (reference === undefined) return asString(value) === undefined ? undefined : [];
    const { name, version, cabalFile } = reference;
    const facts = cabalFile === undefined ? {} : { facts: { other: { cabalFile: `sha256:${cabalFile}` } } };
    return [hackagePackage({ name, version, locations: [location], ...facts })];
  }
  if (table === undefined) return undefined;
  const name = asString(table['name']);
  if (name === undefined) return [];
  const version = asString(table['version']) ?? '';
  return [hackagePackage({ name, version, locations: [location], facts: originOf(table) })];
}

function originOf(table: Readonly<Record<string, unknown>>): PackageFacts {
  const repository = asString(table['git']) ?? asString(table['github']);
  const commit = asString(table['commit']);
  const downloadUrl = asString(table['url']) ?? asString(table['archive']);
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(commit === undefined ? {} : { commit }),
    ...(downloadUrl === undefined ? {} : { downloadUrl }),
  };
}
