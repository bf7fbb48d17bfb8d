// SPDX-License-Identifier: Apache-2.0
// *.gguf: models for llama.cpp and its like. Only the description at the beginning of the file is read.
import { parseGgufHead } from '../../formats/gguf.ts';
import type { Package } from '../../model/package.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import { lastSegment } from '../package-facts/model-card.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const ggufModel = defineCataloger({
  id: 'gguf-model',
  title: '*.gguf (AI models)',
  ecosystems: ['generic'],
  kind: 'installed',
  files: ['**/*.gguf'],
  reads: { part: 'beginning', limit: 'modelHeadBytes' },
  gather: { placeOf: folderOf, link: mergeParts },
  capabilities: {
    versions: 'declared',
    dependencies: 'none',
    scopes: false,
    licenses: true,
    digests: false,
    lines: false,
    gaps: ['models that do not say their name, unless they are parts of one that does', 'what a model was trained on'],
  },
  parse: parseModel,
});

function parseModel(file: SourceFile): CatalogResult {
  const { head, problems } = parseGgufHead(file.bytes, file.path);
  if (head === undefined) return { packages: [], problems };
  const text = (key: string): string | undefined => head.values.get(`general.${key}`) || undefined;
  const name = text('name');
  const version = text('version') ?? '';
  const license = text('license');
  const purl = name === undefined ? undefined : formatPurl({ type: 'generic', name, version });
  const other = {
    kind: 'model',
    format: `GGUF ${head.version}`,
    tensors: String(head.tensors),
    ...(name === undefined ? { part: 'yes' } : {}),
    ...valueOf('quantization', text('file_type')),
    ...valueOf('size', text('size_label')),
  };
  const found = packageOf({
    // Parts of a model that is cut into several files have no name; they are told apart by their file.
    id: name === undefined ? file.path : `${name}${version === '' ? '' : `@${version}`}`,
    name: name ?? lastSegment(file.path),
    version,
    type: 'generic',
    purl,
    locations: [{ path: file.path }],
    licenses: license === undefined ? [] : [license],
    facts: {
      ...valueOf('description', text('description')),
      ...valueOf('author', text('author')),
      ...valueOf('homepage', text('url')),
      ...valueOf('architecture', text('architecture')),
      other,
    },
  });
  return { packages: [found], problems };
}

function valueOf<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: string };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/**
 * Files of one folder: those without a name are parts of the one model that has a name. With several names nobody can say whose parts they
 * are, and what has no name at all is no package that could be looked up (matches Syft).
 */
function mergeParts(packages: readonly Package[]): readonly Package[] {
  const isPart = (item: Package): boolean => item.facts?.other?.['part'] === 'yes';
  const named = packages.filter((item) => !isPart(item));
  const [only] = named;
  if (only === undefined || named.length > 1) return named;
  const locations = [only, ...packages.filter(isPart)].flatMap((item) => item.locations);
  return [{ ...only, locations }];
}
