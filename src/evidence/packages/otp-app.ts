// SPDX-License-Identifier: Apache-2.0
// *.app: the application resource file of a compiled Erlang/OTP application (https://www.erlang.org/doc/apps/kernel/app.html).
import { readErlangTerms, termItems, termOption, termText } from '../../formats/beam-terms.ts';
import { decodeText, LineIndex, syntaxProblem } from '../../formats/text.ts';
import { packageOf } from '../../model/package.ts';
import { formatPurl } from '../../model/purl.ts';
import type { SourceFile } from '../../sources/source.ts';
import type { CatalogResult } from './cataloger.ts';
import { defineCataloger } from './cataloger.ts';

export const otpApp = defineCataloger({
  id: 'otp-app',
  title: '*.app (Erlang/OTP)',
  ecosystems: ['otp'],
  kind: 'installed',
  files: ['**/*.app'],
  capabilities: {
    versions: 'exact',
    dependencies: 'none',
    scopes: false,
    licenses: false,
    digests: false,
    lines: true,
    gaps: ['which application needs which'],
  },
  parse: parseApp,
});

function parseApp(file: SourceFile): CatalogResult {
  const { text, problems } = decodeText(file.bytes, file.path);
  const { terms, failure } = readErlangTerms(text);
  const lines = new LineIndex(text);
  const [tag, nameTerm, options] = termItems(terms[0]?.term);
  const name = termText(nameTerm);
  if (termText(tag) === 'application' && name !== undefined) {
    const version = termText(termOption(options, 'vsn')) ?? '';
    const description = termText(termOption(options, 'description'));
    const purl = formatPurl({ type: 'otp', name, version });
    const found = packageOf({
      name,
      version,
      type: 'otp',
      ...(purl === undefined ? {} : { purl }),
      locations: [{ path: file.path, line: lines.lineAt(terms[0]?.start ?? 0) }],
      ...(description === undefined ? {} : { facts: { description } }),
    });
    return { packages: [found], problems };
  }
  // Files of other programs end in .app too: only what begins like Erlang is worth a problem.
  const start = text
    .slice(0, 4_000)
    .replace(/^[ \t]*%.*$/gm, '')
    .trimStart();
  if (failure === undefined || !start.startsWith('{')) return { packages: [], problems };
  const problem = syntaxProblem(file.path, `not Erlang terms: ${failure.message}`, lines.lineAt(failure.offset));
  return { packages: [], problems: [...problems, problem] };
}
