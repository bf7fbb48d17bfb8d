// SPDX-License-Identifier: Apache-2.0
// The literal fields of a gemspec. A gemspec is a Ruby program; it is never run: assignments of strings, lists of strings and
// constants that stand in the same file or in a required `version.rb` are read, everything else is a problem.
import { posix } from 'node:path';
import { decodeText, LineIndex } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult, CompanionFiles } from '../packages/cataloger.ts';
import { readRubyStrings } from './ruby-literals.ts';

const opening = /Gem::Specification\.new\b([^|\n]{0,500})\|\s{0,8}(\w{1,50})\s{0,8}\|/;
const constant = /^(?:::)?(?:[A-Z]\w{0,100}::){0,10}([A-Z]\w{0,100})\b(?!\s{0,8}[.(])/;

/** Reads the one gem a gemspec describes; no specification block gives nothing, and no problem. */
export function gemspecPackage(
  file: SourceFile,
  tree: CompanionFiles,
  relationship: Package['relationship'],
): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const block = opening.exec(text);
  if (block === null) return { packages: [], problems: encoding };
  const fields = new GemspecFields(text, file.path, block[2] ?? '');
  const [givenName, givenVersion] = readRubyStrings(block[1] ?? '');
  const name = fields.string('name') ?? givenName;
  const version = fields.string('version') ?? givenVersion ?? versionFromConstant(fields, file, tree);
  const location = fields.location('name') ?? { path: file.path };
  const problems: Problem[] = [...encoding];
  for (const [field, value] of [['name', name] as const, ['version', version] as const]) {
    if (value !== undefined) continue;
    const message = `${field} of the gem is not a literal that can be read without running the file`;
    const at = fields.location(field) ?? location;
    problems.push({ kind: 'unresolved', message, location: at, hidesFindings: true });
  }
  if (name === undefined) return { packages: [], problems };
  return { packages: [packageOfGemspec(fields, { name, version: version ?? '', location, relationship })], problems };
}

/** Names of the gems that a specification needs at run time: `s.add_dependency("rack", ...)` and its longer form. */
export function gemspecRequirements(text: string): string[] {
  const names: string[] = [];
  for (const match of text.matchAll(/\.add_(?:runtime_)?dependency[ \t(]/g)) {
    const name = readRubyStrings(text.slice(match.index + match[0].length, match.index + match[0].length + 300))[0];
    if (name !== undefined && !names.includes(name)) names.push(name);
  }
  return names;
}

/** `s.files = ["lib/a.rb", ...]`, which few installed specifications keep. */
export function gemspecFiles(text: string): string[] {
  const match = /^[ \t]*\w{1,50}\.files[ \t]*=[ \t]*(?=[[%])/m.exec(text);
  return match === null ? [] : readRubyStrings(text.slice(match.index + match[0].length));
}

interface Known {
  readonly name: string;
  readonly version: string;
  readonly location: Location;
  readonly relationship: Package['relationship'];
}

function packageOfGemspec(fields: GemspecFields, known: Known): Package {
  const { name, version, location, relationship } = known;
  const resolve = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : resolveInterpolations(text, { name, version });
  const purl = formatPurl({ type: 'gem', name, version });
  const facts = {
    description: resolve(fields.string('summary') ?? fields.string('description')),
    homepage: resolve(fields.string('homepage')),
    author: fields.strings('authors').join(', ') || fields.string('author'),
  };
  const stated = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as PackageFacts;
  const licenses = fields.strings('licenses');
  return packageOf({
    name,
    version,
    type: 'gem',
    ...(purl === undefined ? {} : { purl }),
    relationship,
    locations: [location],
    licenses: licenses.length > 0 ? licenses : fields.strings('license'),
    ...(Object.keys(stated).length === 0 ? {} : { facts: stated }),
  });
}

/** `#{s.name}` and `#{spec.version}`, the two interpolations that need nothing but the file itself. */
function resolveInterpolations(text: string, fields: { readonly name: string; readonly version: string }): string {
  return text.replace(
    /#\{\s{0,8}(?:\w{1,50}\.)?(name|version)\s{0,8}\}/g,
    (whole, field: 'name' | 'version') => fields[field] || whole,
  );
}

class GemspecFields {
  readonly text: string;
  readonly path: string;
  readonly #lines: LineIndex;
  readonly #assignments = new Map<string, number>();

  constructor(text: string, path: string, variable: string) {
    this.text = text;
    this.path = path;
    this.#lines = new LineIndex(text);
    const assignment = new RegExp(`^[ \\t]*${variable}\\.([a-z_]{1,50})[ \\t]*=[ \\t]*(?=[^=~])`, 'gm');
    for (const match of text.matchAll(assignment)) {
      const field = match[1] ?? '';
      if (!this.#assignments.has(field)) this.#assignments.set(field, match.index + match[0].length);
    }
  }

  /** Text from the value of a field to the end of the file. */
  expression(field: string): string | undefined {
    const start = this.#assignments.get(field);
    return start === undefined ? undefined : this.text.slice(start);
  }

  strings(field: string): string[] {
    return readRubyStrings(this.expression(field) ?? '');
  }

  string(field: string): string | undefined {
    return this.strings(field)[0];
  }

  location(field: string): Location | undefined {
    const start = this.#assignments.get(field);
    return start === undefined ? undefined : { path: this.path, line: this.#lines.lineAt(start) };
  }
}

/** `spec.version = Some::VERSION`, the constant being assigned a string in this file or in one that it requires. */
function versionFromConstant(fields: GemspecFields, file: SourceFile, tree: CompanionFiles): string | undefined {
  const name = constant.exec(fields.expression('version') ?? '')?.[1];
  if (name === undefined) return undefined;
  const here = assignedConstant(fields.text, name);
  if (here !== undefined) return here;
  for (const required of requiredFiles(fields.text)) {
    const path = posix.join(posix.dirname(file.path), required.endsWith('.rb') ? required : `${required}.rb`);
    const found = tree.get(path) ?? tree.get(posix.join(posix.dirname(file.path), 'lib', `${required}.rb`));
    const value = found === undefined ? undefined : assignedConstant(decodeText(found.bytes, path).text, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function assignedConstant(text: string, name: string): string | undefined {
  // Constants differ only in case between `Version` and `VERSION`; gems use either for the same thing.
  const match = new RegExp(`^[ \\t]*${name}[ \\t]*=[ \\t]*`, 'im').exec(text);
  return match === null ? undefined : readRubyStrings(text.slice(match.index + match[0].length))[0];
}

/** String literals of each `require` and `require_relative`, joined by slashes: `File.join('lib', 'x', 'version')`. */
function requiredFiles(text: string): string[] {
  const paths: string[] = [];
  for (const match of text.matchAll(/^[ \t]*require(?:_relative)?\b/gm)) {
    const start = match.index + match[0].length;
    const lineEnd = text.indexOf('\n', start);
    let statement = text.slice(start, lineEnd === -1 ? undefined : lineEnd);
    if (/\([^)]*$/.test(statement)) statement = text.slice(start, text.indexOf('\n)', start) + 2 || undefined);
    const parts = [...statement.slice(0, 1_000).matchAll(/["']([^"'\n]{1,200})["']/g)].map((part) => part[1] ?? '');
    if (parts.length > 0) paths.push(parts.join('/'));
  }
  return paths;
}
