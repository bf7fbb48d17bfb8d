// SPDX-License-Identifier: Apache-2.0
// Core metadata of a built or installed Python package (METADATA of wheels, PKG-INFO of eggs) as a package:
// https://packaging.python.org/specifications/core-metadata
import type { HeaderFields } from '../../formats/header-fields.ts';
import { parseHeaderFields } from '../../formats/header-fields.ts';
import { parseRequirement } from '../../formats/pep508.ts';
import { decodeText } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CompanionFiles } from '../packages/cataloger.ts';
import { normalizePythonName, pythonPackage } from './python.ts';

export interface MetadataResult {
  readonly item: Package | undefined;
  /** What the package requires, names as written. Requirements of extras are included: an installed one is there for a reason. */
  readonly requires: readonly string[];
  readonly problems: readonly Problem[];
}

/** `location` is where the package is said to be; the line of its name is added. */
export function readPythonMetadata(file: SourceFile, location: Location): MetadataResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const fields = parseHeaderFields(text);
  const name = fields.first('Name') ?? '';
  const version = fields.first('Version') ?? '';
  if (name === '' || version === '') {
    const message = 'no Name and Version, so not the metadata of a Python package';
    return {
      item: undefined,
      requires: [],
      problems: [...encoding, { kind: 'schema', message, location, hidesFindings: true }],
    };
  }
  const line = fields.lineOf('Name');
  const item = pythonPackage({
    name,
    version,
    locations: [{ ...location, ...(line === undefined ? {} : { line }) }],
    licenses: licensesOf(fields),
    facts: factsOf(fields),
  });
  const requires = fields.all('Requires-Dist').map((requirement) => parseRequirement(requirement)?.name);
  return { item, requires: requires.filter((required) => required !== undefined), problems: encoding };
}

/**
 * PEP 639's expression; else the licence classifiers; else the free text. Like Trivy, because classifiers are a closed list and the
 * free text is often a whole licence. The free text stands in `facts.other.license` as well.
 */
function licensesOf(fields: HeaderFields): readonly string[] {
  const expression = fields.first('License-Expression');
  if (expression !== undefined && expression !== '') return [expression];
  const classifiers = fields
    .all('Classifier')
    .filter((classifier) => classifier.startsWith('License ::'))
    .map((classifier) => classifier.slice(classifier.lastIndexOf('::') + 2).trim())
    .filter((name) => name !== 'OSI Approved');
  if (classifiers.length > 0) return [...new Set(classifiers)];
  const text = freeText(fields);
  return text === undefined ? [] : [text];
}

const longestLicenseName = 200;

function freeText(fields: HeaderFields): string | undefined {
  const text = fields.first('License');
  if (text === undefined || text === '' || text === 'UNKNOWN' || text.length > longestLicenseName) return undefined;
  return text;
}

function factsOf(fields: HeaderFields): PackageFacts {
  const known = (name: string): string | undefined => {
    const value = fields.first(name);
    return value === undefined || value === '' || value === 'UNKNOWN' ? undefined : value;
  };
  const author = [known('Author'), known('Author-email')].filter((part) => part !== undefined);
  const description = known('Summary');
  const homepage = known('Home-page') ?? projectUrl(fields, /^home-?page$/i);
  const downloadUrl = known('Download-URL');
  const repository = projectUrl(fields, /^(?:source|source code|repository|code|github)$/i);
  const license = freeText(fields);
  const licenseFile = known('License-File');
  const requiresPython = known('Requires-Python');
  const other = {
    ...(license === undefined ? {} : { license }),
    ...(licenseFile === undefined ? {} : { licenseFile }),
    ...(requiresPython === undefined ? {} : { requiresPython }),
  };
  return {
    ...(description === undefined ? {} : { description }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(downloadUrl === undefined ? {} : { downloadUrl }),
    ...(repository === undefined ? {} : { repository }),
    ...(author.length === 0 ? {} : { author: author.length === 2 ? `${author[0]} <${author[1]}>` : (author[0] ?? '') }),
    ...(Object.keys(other).length === 0 ? {} : { other }),
  };
}

/** `Project-URL: Label, https://…`. */
function projectUrl(fields: HeaderFields, label: RegExp): string | undefined {
  const found = fields.all('Project-URL').find((entry) => label.test(entry.split(',')[0]?.trim() ?? ''));
  return found?.slice(found.indexOf(',') + 1).trim();
}

const wantedForLicenses = /^(?:name|version|license|license-expression|classifier)$/i;

/** For `condense` of catalogers that look licences up: of METADATA only what names the package and its licence is kept. */
export function condenseMetadata(file: SourceFile): Uint8Array {
  if (!file.path.endsWith('/METADATA')) return file.bytes;
  const fields = parseHeaderFields(decodeText(file.bytes, file.path).text).fields.filter(
    ({ name, value }) => wantedForLicenses.test(name) && value.length <= longestLicenseName,
  );
  const lines = fields.map(({ name, value }) => `${name}: ${value.replaceAll('\n', ' ')}`);
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

const lookups = new WeakMap<CompanionFiles, ReadonlyMap<string, readonly string[]>>();

/** Licences of the Python packages installed anywhere in the target, by name and version: for files that state none themselves. */
export function installedLicenses(tree: CompanionFiles): (name: string, version: string) => readonly string[] {
  let known = lookups.get(tree);
  if (known === undefined) {
    const found = new Map<string, readonly string[]>();
    for (const path of tree.match(metadataOfInstalled)) {
      const file = tree.get(path);
      const item = file === undefined ? undefined : readPythonMetadata(file, { path }).item;
      if (item !== undefined) found.set(`${normalizePythonName(item.name)}@${item.version}`, item.licenses);
    }
    known = found;
    lookups.set(tree, found);
  }
  const licenses = known;
  return (name, version) => licenses.get(`${normalizePythonName(name)}@${version}`) ?? [];
}

/** Glob of the metadata that `installedLicenses` reads; a cataloger that uses it lists it as a companion. */
export const metadataOfInstalled = '**/*.dist-info/METADATA';
