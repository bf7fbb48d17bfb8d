// SPDX-License-Identifier: Apache-2.0
// The list that Visual Studio Code keeps of installed extensions: .vscode/extensions/extensions.json (and of its relatives).
import { asObject, asString } from '../../formats/document.ts';
import { parseJson } from '../../formats/json.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const vscodeExtensions = defineCataloger({
  id: 'vscode-extensions',
  title: '.vscode/extensions/extensions.json',
  ecosystems: ['generic'],
  kind: 'installed',
  files: ['**/extensions/extensions.json'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['what an extension bundles: its own node_modules are read where they are'],
  },
  parse,
});

function parse(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const document = parseJson(text, file.path);
  const problems: Problem[] = [...encoding, ...document.problems];
  if (!Array.isArray(document.value)) {
    if (document.problems.length === 0) {
      problems.push({
        kind: 'schema',
        message: 'not a list of extensions',
        location: { path: file.path },
        hidesFindings: true,
      });
    }
    return { packages: [], problems };
  }
  const packages = new Map<string, Package>();
  for (const [index, item] of document.value.entries()) {
    const row = asObject(item);
    const name = asString(asObject(row?.['identifier'])?.['id']);
    const location = document.locate([index]);
    if (row === undefined || name === undefined) {
      problems.push({ kind: 'schema', message: 'an extension without an identifier', location, hidesFindings: true });
      continue;
    }
    const version = asString(row['version']) ?? '';
    const purl = formatPurl({ type: 'generic', name, version });
    const metadata = asObject(row['metadata']);
    const supplier = asString(metadata?.['publisherDisplayName']);
    const platform = asString(metadata?.['targetPlatform']);
    const found = packageOf({
      name,
      version,
      type: 'generic',
      ...(purl === undefined ? {} : { purl }),
      locations: [location],
      facts: {
        ...(supplier === undefined ? {} : { supplier }),
        ...(platform === undefined || platform === 'undefined' ? {} : { architecture: platform }),
      },
    });
    packages.set(found.id, found);
  }
  return { packages: [...packages.values()], problems };
}
