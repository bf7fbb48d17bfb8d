// SPDX-License-Identifier: Apache-2.0
// What is installed in an opam switch: `.opam-switch/switch-state` (opam 2), and lists of `name.version` lines.
import { parseOpamFile, textsOf } from '../../formats/opam-file.ts';
import { decodeText } from '../../formats/text.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { opamIdentity, opamPackage } from '../package-facts/opam.ts';
import { withUniqueIds } from '../package-facts/unique-ids.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const opamSwitch = defineCataloger({
  id: 'opam-switch',
  title: 'opam switch',
  ecosystems: ['opam'],
  kind: 'installed',
  files: ['**/.opam-switch/switch-state', '**/.opam-switch/install'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['licences: they stand in the opam files of the packages', 'relations between packages'],
  },
  parse: parseSwitch,
});

function parseSwitch(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const read = file.path.endsWith('/switch-state') ? readState(text, file.path) : readLines(text, file.path);
  return { packages: withUniqueIds(read.packages), problems: [...problems, ...read.problems] };
}

interface Read {
  readonly packages: readonly Package[];
  readonly problems: readonly Problem[];
}

/** `installed: ["dune.3.7.2" …]`; `roots` are those that were asked for. */
function readState(text: string, path: string): Read {
  const document = parseOpamFile(text, path);
  const problems: Problem[] = [...document.problems];
  const roots = new Set(textsOf(document.fields.get('roots')));
  const list = document.fields.get('installed')?.[0];
  const packages: Package[] = [];
  for (const value of list?.kind === 'list' ? list.items : []) {
    if (value.kind !== 'text') continue;
    const identity = opamIdentity(value.text);
    const location = { path, line: value.line };
    if (identity === undefined) problems.push(notAnEntry(value.text, location));
    else
      packages.push(
        opamPackage({
          ...identity,
          relationship: roots.has(value.text) ? 'direct' : 'indirect',
          locations: [location],
        }),
      );
  }
  return { packages, problems };
}

function readLines(text: string, path: string): Read {
  const packages: Package[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const entry = line.trim().split(/\s/)[0] ?? '';
    if (entry === '' || entry.startsWith('#')) continue;
    const identity = opamIdentity(entry);
    const location = { path, line: index + 1 };
    if (identity === undefined) problems.push(notAnEntry(entry, location));
    else packages.push(opamPackage({ ...identity, locations: [location] }));
  }
  return { packages, problems };
}

function notAnEntry(text: string, location: Package['locations'][number]): Problem {
  const message = `not of the form name.version: ${JSON.stringify(text.slice(0, 80))}`;
  return { kind: 'syntax', message, location, hidesFindings: true };
}
