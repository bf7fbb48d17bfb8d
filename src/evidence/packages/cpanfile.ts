// SPDX-License-Identifier: Apache-2.0
// cpanfile of Perl: the modules a project asks for. It is Perl code; only the plain statements are read, nothing is run.
// The file format is that of Module::CPANfile.
import { decodeText } from '../../formats/text.ts';
import type { Package, Scope } from '../../model/package.ts';
import type { SourceFile } from '../../sources/source.ts';
import { cpanPackage } from '../package-facts/cpan.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const cpanfile = defineCataloger({
  id: 'cpanfile',
  title: 'cpanfile',
  ecosystems: ['cpan'],
  kind: 'declared',
  files: ['**/cpanfile'],
  yieldsTo: ['cpanfile-snapshot'],
  capabilities: {
    versions: 'declared',
    dependencies: 'direct',
    scopes: true,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['requirements that the code computes', 'versions of requirements that are not exact (==)'],
  },
  parse: parseCpanfile,
});

const phases: Readonly<Record<string, Scope>> = {
  runtime: 'runtime',
  configure: 'build',
  build: 'build',
  test: 'test',
  develop: 'development',
};

const relations = '(requires|recommends|suggests|configure_requires|build_requires|test_requires|author_requires)';
const quoted = `["']([^"']{1,200})["']`;
const statement = new RegExp(
  `^\\s*${relations}\\s*\\(?\\s*${quoted}(?:\\s*(?:,|=>)\\s*(?:${quoted}|([0-9._]{1,50})))?`,
);
const phaseStart = /^\s*on\s*\(?\s*["']?([a-z]{1,20})["']?\s*(?:,|=>)\s*sub\b/;
const longestLine = 2_000;

function parseCpanfile(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const found: Package[] = [];
  let phase: Scope = 'runtime';
  for (const [index, line] of text.split('\n').entries()) {
    if (line.length > longestLine || /^\s*#/.test(line)) continue;
    const opened = phaseStart.exec(line)?.[1];
    if (opened !== undefined) phase = phases[opened] ?? 'runtime';
    const rest = opened === undefined ? line : line.slice(line.indexOf('{') + 1);
    const match = statement.exec(rest);
    if (match !== null) found.push(moduleOf(match, phase, { path: file.path, line: index + 1 }));
    if (/^\s*\}/.test(line) || (opened !== undefined && line.includes('}'))) phase = 'runtime';
  }
  return { packages: withUniqueIds(found.filter((item) => item.name !== 'perl')), problems };
}

function moduleOf(match: RegExpExecArray, phase: Scope, location: Package['locations'][number]): Package {
  const [, relation = '', name = '', text = '', number = ''] = match;
  const constraint = (text === '' ? number : text).trim();
  const version = /^==\s*v?([0-9][0-9._]*)$/.exec(constraint)?.[1] ?? '';
  return cpanPackage({
    name,
    version,
    scope: scopeOf(relation, phase),
    relationship: 'direct',
    locations: [location],
    ...(constraint === '' || constraint === '0' ? {} : { constraint }),
  });
}

function scopeOf(relation: string, phase: Scope): Scope {
  const own = phases[/^(configure|build|test)_/.exec(relation)?.[1] ?? ''];
  if (relation === 'author_requires') return 'development';
  if (own !== undefined) return own;
  return relation === 'requires' || phase !== 'runtime' ? phase : 'optional';
}
