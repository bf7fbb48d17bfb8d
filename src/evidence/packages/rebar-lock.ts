// SPDX-License-Identifier: Apache-2.0
// rebar.lock of Erlang: `{"1.2.0", [{<<"app">>, {pkg, <<"name">>, <<"version">>}, Level}]}.` and the checksums of the archives.
import type { Term } from '../../formats/beam-terms.ts';
import { readErlangTerms, termItems, termOption, termText } from '../../formats/beam-terms.ts';
import { decodeText, LineIndex, syntaxProblem } from '../../formats/text.ts';
import type { Location } from '../../model/location.ts';
import type { Package } from '../../model/package.ts';
import type { Problem } from '../../model/problem.ts';
import type { SourceFile } from '../../sources/source.ts';
import { hexPackage } from '../package-facts/hex.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const rebarLock = defineCataloger({
  id: 'rebar-lock',
  title: 'rebar.lock',
  ecosystems: ['hex'],
  kind: 'declared',
  files: ['**/rebar.lock'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: true,
    lines: true,
    gaps: ['which package needs which: the lock file has only the depth of each'],
  },
  parse: parseRebarLock,
});

function parseRebarLock(file: SourceFile): CatalogResult {
  const { text, problems: encoding } = decodeText(file.bytes, file.path);
  const problems: Problem[] = [...encoding];
  const { terms, failure } = readErlangTerms(text);
  const lines = new LineIndex(text);
  if (failure !== undefined) {
    problems.push(syntaxProblem(file.path, `not Erlang terms: ${failure.message}`, lines.lineAt(failure.offset)));
  }
  // `{Version, List}.` since rebar 3.7, the bare list before.
  const entries = terms[0]?.term.kind === 'tuple' ? termItems(terms[0].term.items[1]) : termItems(terms[0]?.term);
  const checksums = terms[1]?.term;
  const packages: Package[] = [];
  for (const entry of entries) {
    const app = termText(termItems(entry)[0]) ?? '';
    const item = packageOfEntry(entry, placeOf(text, app, { path: file.path, lines }), checksums);
    if (item !== undefined) packages.push(item);
    else {
      const message = `${app === '' ? 'an entry' : app} is neither a package nor from git`;
      problems.push({ kind: 'schema', message, location: { path: file.path }, hidesFindings: true });
    }
  }
  return { packages, problems };
}

function placeOf(text: string, app: string, file: { readonly path: string; readonly lines: LineIndex }): Location {
  const offset = text.indexOf(`{<<"${app}">>`);
  return offset === -1 ? { path: file.path } : { path: file.path, line: file.lines.lineAt(offset) };
}

function packageOfEntry(entry: Term, location: Location, checksums: Term | undefined): Package | undefined {
  const [appTerm, sourceTerm, levelTerm] = termItems(entry);
  const app = termText(appTerm);
  const [kind, second, third] = termItems(sourceTerm);
  const relationship = levelTerm?.kind === 'number' ? (levelTerm.text === '0' ? 'direct' : 'indirect') : 'unknown';
  if (app === undefined) return undefined;
  if (termText(kind) === 'pkg') {
    const name = termText(second) ?? app;
    const archiveChecksum = termText(termOption(termOption(checksums, 'pkg_hash_ext'), app));
    const innerChecksum = termText(termOption(termOption(checksums, 'pkg_hash'), app));
    return hexPackage({ name, version: termText(third) ?? '', location, relationship, archiveChecksum, innerChecksum });
  }
  if (termText(kind) !== 'git' && termText(kind) !== 'git_subdir') return undefined;
  return hexPackage({
    name: app,
    version: termText(termItems(third)[1]) ?? '',
    location,
    relationship,
    repository: termText(second),
    commit: termText(termItems(third)[1]),
  });
}
