// SPDX-License-Identifier: Apache-2.0
// What the answer of a package registry says of a licence: the JSON API of Python package indexes, the npm registry API, and the archives
// of Go module proxies.
import { asObject, asString, asStrings } from './document.ts';
import { escapedModulePath } from './go-module-path.ts';
import { parseJson } from './json.ts';
import { licenseOfText } from './license-text.ts';
import { openZip } from './zip.ts';

/** Path below the registry's base address that answers for one version of a package. */
export function registryPath(type: string, name: string, version: string): string | undefined {
  if (name === '' || version === '') return undefined;
  if (type === 'pypi') return `${encodeURIComponent(name)}/${encodeURIComponent(version)}/json`;
  if (type === 'npm')
    return `${name.split('/').map(encodeURIComponent).join('%2F').replace('%40', '@')}/${encodeURIComponent(version)}`;
  if (type === 'golang') return `${escapedModulePath(name)}/@v/${escapedModulePath(version)}.zip`;
  return undefined;
}

/** purl types for which `registryPath` knows an address. */
export const registryTypes: readonly string[] = ['npm', 'pypi', 'golang'];

/** Licences as the registry states them; empty when it states none; undefined when the bytes are no such answer. */
export function registryLicenses(type: string, answer: Uint8Array): readonly string[] | undefined {
  if (type === 'golang') return archiveLicenses(answer);
  const text = Buffer.from(answer).toString('utf8');
  const root = asObject(parseJson(text, 'registry answer').value);
  if (root === undefined) return undefined;
  return type === 'pypi' ? pythonLicenses(asObject(root['info'])) : npmLicenses(root);
}

/** The archive of a module has its files in a folder `module@version`. */
function archiveLicenses(bytes: Uint8Array): readonly string[] | undefined {
  const archive = openZip(bytes, 'module.zip');
  if (archive.entries.length === 0) return undefined;
  const member = archive.entries.find(({ name }) =>
    /@v[^/]{1,100}\/(?:licen[cs]e|copying)(?:\.[a-z]{2,4})?$/i.test(name),
  );
  const text = member === undefined ? undefined : archive.read(member);
  const license = text === undefined ? undefined : licenseOfText(Buffer.from(text).toString('utf8'));
  return license === undefined ? [] : [license];
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
