// SPDX-License-Identifier: Apache-2.0
// mise.toml: tools that the developers of a project use. https://mise.jdx.dev/configuration.html
import { asArray, asObject, asString, entriesOf } from '../../formats/document.ts';
import { decodeText } from '../../formats/text.ts';
import { parseToml } from '../../formats/toml.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const miseToml = defineCataloger({
  id: 'mise-toml',
  title: 'mise.toml',
  ecosystems: ['generic'],
  kind: 'declared',
  files: ['**/mise.toml', '**/.mise.toml'],
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['versions such as `latest` or a prefix, which are settled at installation'],
  },
  parse: parseMise,
});

function parseMise(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const document = parseToml(text, file.path);
  const header = document.headerLines('tools')[0];
  const packages = new Map<string, Package>();
  for (const [name, value] of entriesOf(document.value?.['tools'])) {
    const line = header === undefined ? undefined : document.keyLine(name, header);
    for (const wanted of Array.isArray(value) ? asArray(value) : [value]) {
      const constraint = asString(wanted) ?? asString(asObject(wanted)?.['version']);
      if (constraint === undefined) continue;
      const version = /^\d+\.\d+\.\d+[0-9A-Za-z.+_-]{0,100}$/.test(constraint) ? constraint : '';
      const purl = formatPurl({ type: 'generic', name, version });
      const item = packageOf({
        name,
        version,
        type: 'generic',
        ...(purl === undefined ? {} : { purl }),
        scope: 'development',
        relationship: 'direct',
        locations: [{ path: file.path, ...(line === undefined ? {} : { line }) }],
        constraint,
      });
      packages.set(item.id, item);
    }
  }
  return { packages: [...packages.values()], problems: [...problems, ...document.problems] };
}
