// SPDX-License-Identifier: Apache-2.0
// What the answer of a package registry says of a licence: the JSON API of Python package indexes and the npm registry API.
import { asObject, asString, asStrings } from './document.ts';
import { parseJson } from './json.ts';

/** Path below the registry's base address that answers for one version of a package. */
export function registryPath(type: string, name: string, version: string): string | undefined {
  if (type === 'pypi') return `${encodeURIComponent(name)}/${encodeURIComponent(version)}/json`;
  if (type === 'npm')
    return `${name.split('/').map(encodeURIComponent).join('%2F').replace('%40', '@')}/${encodeURIComponent(version)}`;
  return undefined;
}

/** purl types for which `registryPath` knows an address. */
export const registryTypes: readonly string[] = ['npm', 'pypi'];

/** Licences as the registry states them; empty when it states none; undefined when the text is no such answer. */
export function registryLicenses(type: string, text: string): readonly string[] | undefined {
  const root = asObject(parseJson(text, 'registry answer').value);
  if (root === undefined) return undefined;
  return type === 'pypi' ? pythonLicenses(asObject(root['info'])) : npmLicenses(root);
}

/** `license_expression` (PEP 639), else `license`, else the classifiers: the order in which they were introduced, newest first. */
function pythonLicenses(info: Readonly<Record<string, unknown>> | undefined): readonly string[] | undefined {
  if (info === undefined) return undefined;
  const stated = [info['license_expression'], info['license']]
    .map(asString)
    .find((word) => word !== undefined && word.trim() !== '');
  if (stated !== undefined) return [stated.trim()];
  return asStrings(info['classifiers'])
    .filter((classifier) => classifier.startsWith('License ::'))
    .map((classifier) => classifier.slice(classifier.lastIndexOf('::') + 2).trim());
}

/** `license`: text or the old `{type}`; `licenses`: the old list of them. */
function npmLicenses(root: Readonly<Record<string, unknown>>): readonly string[] {
  const values = [root['license'], ...(Array.isArray(root['licenses']) ? (root['licenses'] as unknown[]) : [])];
  return values
    .map((value) => asString(value) ?? asString(asObject(value)?.['type']))
    .filter((word): word is string => word !== undefined && word !== '');
}
