// SPDX-License-Identifier: Apache-2.0
// Kyverno's JMESPath functions with regular expressions, which are those of RE2.
import type { RE2JS } from 're2js';
import { compileRe2 } from '../../../formats/re2.ts';
import type { KyvernoFunction } from './define.ts';
import { define, functionFault, scalarText } from './define.ts';

const scalar = ['string', 'number'] as const;

export const regularExpressionFunctions: readonly KyvernoFunction[] = [
  define('regex_match', {
    parameters: ['string', scalar],
    returns: 'boolean',
    note: 'Whether a regular expression (RE2) fits anywhere in a text or number.',
    run: ([pattern, text]) =>
      withPattern('regex_match', pattern, (compiled) => compiled.matcher(scalarText(text) ?? '').find()),
  }),
  define('regex_replace_all', {
    parameters: ['string', scalar, scalar],
    returns: 'string',
    note: 'Replaces all places a regular expression fits; `$1` and `${name}` in the replacement stand for groups.',
    run: ([pattern, text, replacement], { budget }) =>
      withPattern('regex_replace_all', pattern, (compiled) =>
        replaceAll(compiled, scalarText(text) ?? '', (match) => {
          const expanded = expand(scalarText(replacement) ?? '', match);
          budget.spend(expanded.length);
          return expanded;
        }),
      ),
  }),
  define('regex_replace_all_literal', {
    parameters: ['string', scalar, scalar],
    returns: 'string',
    note: 'Replaces all places a regular expression fits by a text in which `$` has no meaning.',
    run: ([pattern, text, replacement], { budget }) =>
      withPattern('regex_replace_all_literal', pattern, (compiled) =>
        replaceAll(compiled, scalarText(text) ?? '', () => {
          const literal = scalarText(replacement) ?? '';
          budget.spend(literal.length);
          return literal;
        }),
      ),
  }),
];

function withPattern(name: string, pattern: unknown, run: (compiled: RE2JS) => unknown): unknown {
  const compiled = compileRe2(String(pattern));
  return compiled.kind === 'fault' ? functionFault(name, compiled.message) : run(compiled.pattern);
}

interface Match {
  readonly groups: readonly (string | null)[];
  readonly names: Readonly<Record<string, number>>;
}

function replaceAll(compiled: RE2JS, text: string, replacement: (match: Match) => string): string {
  const matcher = compiled.matcher(text);
  const names = compiled.namedGroups();
  let result = '';
  let at = 0;
  while (matcher.find()) {
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index));
    result += text.slice(at, matcher.start()) + replacement({ groups, names });
    at = matcher.end();
  }
  return result + text.slice(at);
}

/** `$1`, `$name`, `${1}`, `${name}` and `$$` as Go's Regexp.Expand reads them: the longest name counts, and an unknown one is nothing. */
function expand(template: string, { groups, names }: Match): string {
  return template.replaceAll(
    /\$(?:\$|([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})/g,
    (whole: string, bare?: string, braced?: string) => {
      if (whole === '$$') return '$';
      const name = bare ?? braced ?? '';
      const index = /^[0-9]+$/.test(name) ? Number(name) : names[name];
      return index === undefined ? '' : (groups[index] ?? '');
    },
  );
}
