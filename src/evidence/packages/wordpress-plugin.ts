// SPDX-License-Identifier: Apache-2.0
// Installed WordPress plugins: the header comment of a plugin's main file.
// https://developer.wordpress.org/plugins/plugin-basics/header-requirements/
import { decodeText } from '../../formats/text.ts';
import type { PackageFacts } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const wordpressPlugin = defineCataloger({
  id: 'wordpress-plugin',
  title: 'wp-content/plugins/*/*.php',
  ecosystems: ['wordpress'],
  kind: 'installed',
  files: ['**/wp-content/plugins/*/*.php'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: true,
    gaps: ['themes', 'plugins without a header'],
  },
  parse: parsePlugin,
});

/** WordPress itself reads the header from the first 8 KiB (get_file_data). */
const headerBytes = 8_192;

function parsePlugin(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes.subarray(0, headerBytes), file.path);
  const fields = new Map<string, { readonly value: string; readonly line: number }>();
  for (const [index, raw] of text.split(/\r?\n|\r/).entries()) {
    const match =
      /^[ \t/*#@]{0,80}(Plugin Name|Version|License|Author|Author URI|Plugin URI|Description|Text Domain):(.{0,4000})$/i.exec(
        raw,
      );
    const key = match?.[1]?.toLowerCase() ?? '';
    const value = (match?.[2] ?? '').replace(/\s*(?:\*\/|\?>).*$/, '').trim();
    if (key !== '' && value !== '' && !fields.has(key)) fields.set(key, { value, line: index + 1 });
  }
  const name = fields.get('plugin name');
  // A character may be cut in half at the end of the header; that is no problem of the file.
  const relevant = file.bytes.length > headerBytes ? [] : problems;
  if (name === undefined) return { packages: [], problems: [] };
  const license = fields.get('license')?.value;
  const found = packageOf({
    name: name.value,
    version: fields.get('version')?.value ?? '',
    type: 'wordpress',
    locations: [{ path: file.path, line: name.line }],
    licenses: license === undefined ? [] : [license],
    facts: factsOf(fields, file.path),
  });
  return { packages: [found], problems: relevant };
}

function factsOf(fields: ReadonlyMap<string, { readonly value: string }>, path: string): PackageFacts {
  const description = fields.get('description')?.value;
  const homepage = fields.get('plugin uri')?.value;
  const author = fields.get('author')?.value;
  const authorPage = fields.get('author uri')?.value;
  // The folder is the name under which the plugin directory, and advisories, know it.
  const slug = path.split('/').at(-2) ?? '';
  return {
    ...(description === undefined ? {} : { description }),
    ...(homepage === undefined ? {} : { homepage }),
    ...(author === undefined ? {} : { author }),
    other: { slug, ...(authorPage === undefined ? {} : { authorPage }) },
  };
}
