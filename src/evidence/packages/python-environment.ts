// SPDX-License-Identifier: Apache-2.0
// pyvenv.cfg: the Python that a virtual environment was made with. https://docs.python.org/3/library/site.html
import { decodeText } from '../../formats/text.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const pythonEnvironment = defineCataloger({
  id: 'python-environment',
  title: 'pyvenv.cfg (virtual environments)',
  ecosystems: ['generic'],
  kind: 'installed',
  files: ['**/pyvenv.cfg'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: [
      'whether the Python of the environment was replaced later',
      'relations to packages of the system, which it may see',
    ],
  },
  parse: parseEnvironment,
});

/** `key = value` lines; the last one of a key counts. Keys of one word with dashes: other lines mean nothing to Python. */
function parseEnvironment(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const values = new Map<string, { readonly value: string; readonly line: number }>();
  for (const [index, raw] of text.split('\n').entries()) {
    const [, key = '', value = ''] =
      /^\s{0,40}([A-Za-z_-]{1,60})\s{0,40}=\s{0,40}(.{0,500})$/.exec(raw.trimEnd()) ?? [];
    if (key !== '') values.set(key.toLowerCase(), { value: value.trim(), line: index + 1 });
  }
  const stated = values.get('version') ?? values.get('version_info');
  if (stated === undefined) {
    const message = 'no version of Python';
    return {
      packages: [],
      problems: [...problems, { kind: 'schema', message, location: { path: file.path }, hidesFindings: false }],
    };
  }
  // `3.12.1.final.0` of virtualenv.
  const version = /^\d+\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?/.exec(stated.value)?.[0] ?? stated.value;
  const seesSystem = values.get('include-system-site-packages')?.value.toLowerCase() === 'true';
  const home = values.get('home')?.value;
  const found = packageOf({
    name: 'python',
    version,
    type: 'generic',
    purl: formatPurl({ type: 'generic', name: 'python', version }),
    locations: [{ path: file.path, line: stated.line }],
    facts: { other: { systemPackages: seesSystem ? 'yes' : 'no', ...(home === undefined ? {} : { home }) } },
  });
  return { packages: [found], problems };
}
