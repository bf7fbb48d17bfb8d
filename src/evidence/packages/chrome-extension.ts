// SPDX-License-Identifier: Apache-2.0
// Extensions installed in a profile of Chrome or Chromium: Extensions/<id>/<version>/manifest.json. The id (32 letters a to p) is the name.
import type { JsonObject } from '../../formats/document.ts';
import { asObject, asString, asStrings } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult, CompanionFiles } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

const extensionId = '[a-p]'.repeat(32);

export const chromeExtension = defineCataloger({
  id: 'chrome-extension',
  title: 'manifest.json of installed Chrome extensions',
  ecosystems: ['generic'],
  kind: 'installed',
  files: [`**/${extensionId}/*/manifest.json`],
  companions: [`**/${extensionId}/*/_locales/*/messages.json`],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['libraries that the extension bundles'],
  },
  parse,
});

function parse(file: SourceFile, tree: CompanionFiles): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  const manifest = asObject(document.value);
  const version = asString(manifest?.['version']);
  const name = file.path.split('/').at(-3) ?? '';
  if (manifest === undefined || version === undefined) {
    if (document.problems.length === 0) {
      problems.push({
        kind: 'schema',
        message: 'a manifest without a version',
        location: { path: file.path },
        hidesFindings: true,
      });
    }
    return { packages: [], problems };
  }
  const messages = readMessages(manifest, file.path, tree, problems);
  const purl = formatPurl({ type: 'generic', name, version });
  const extension = packageOf({
    name,
    version,
    type: 'generic',
    ...(purl === undefined ? {} : { purl }),
    locations: [document.locate(['version'])],
    facts: factsOf(manifest, messages),
  });
  return { packages: [extension], problems };
}

type Messages = ReadonlyMap<string, string>;

/** Texts of the default language, by lower-case key (they are not case-sensitive). */
function readMessages(manifest: JsonObject, path: string, tree: CompanionFiles, problems: Problem[]): Messages {
  const locale = asString(manifest['default_locale']);
  if (locale === undefined) return new Map();
  const place = `${path.slice(0, path.lastIndexOf('/'))}/_locales/${locale}/messages.json`;
  const file = tree.get(place);
  if (file === undefined) {
    const message = `the texts of the default language (${locale}) are not there`;
    problems.push({ kind: 'unresolved', message, location: { path }, hidesFindings: false });
    return new Map();
  }
  const value = asObject(parseJson(decodeText(file.bytes, place).text, place).value) ?? {};
  return new Map(
    Object.entries(value).map(([key, item]) => [key.toLowerCase(), asString(asObject(item)?.['message']) ?? '']),
  );
}

function factsOf(manifest: JsonObject, messages: Messages): PackageFacts {
  const text = (key: string): string | undefined => translated(asString(manifest[key]), messages);
  const description = text('description');
  const homepage = asString(manifest['homepage_url']);
  const author = asString(asObject(manifest['author'])?.['email']) ?? asString(manifest['author']);
  const other = {
    title: text('name'),
    'manifest version':
      typeof manifest['manifest_version'] === 'number' ? String(manifest['manifest_version']) : undefined,
    'minimum Chrome version': asString(manifest['minimum_chrome_version']),
    permissions: joined(manifest['permissions']),
    'host permissions': joined(manifest['host_permissions']),
    'update URL': asString(manifest['update_url']),
  };
  return {
    ...(description === undefined ? {} : { description }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(author === undefined ? {} : { author }),
    other: Object.fromEntries(
      Object.entries(other).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

/** `__MSG_key__` stands for a text of the language files. */
function translated(text: string | undefined, messages: Messages): string | undefined {
  const key = /^__MSG_(.{1,200})__$/.exec(text ?? '')?.[1];
  return key === undefined ? text : messages.get(key.toLowerCase());
}

function joined(value: unknown): string | undefined {
  const list = asStrings(value);
  return list.length === 0 ? undefined : list.join(' ');
}
