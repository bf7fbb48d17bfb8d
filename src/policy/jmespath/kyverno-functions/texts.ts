// SPDX-License-Identifier: Apache-2.0
// Kyverno's JMESPath functions on texts. Characters are code points, as in Go.
import { matchesWildcard } from '../../../formats/wildcard.ts';
import { compareStrings } from '../values.ts';
import type { KyvernoFunction } from './define.ts';
import { define, functionFault, scalarText } from './define.ts';

const scalar = ['string', 'number'] as const;

export const textFunctions: readonly KyvernoFunction[] = [
  define('compare', {
    parameters: ['string', 'string'],
    returns: 'number',
    note: 'Order of two texts: -1, 0 or 1.',
    run: ([left, right]) => Math.sign(compareStrings(String(left), String(right))),
  }),
  define('equal_fold', {
    parameters: ['string', 'string'],
    returns: 'boolean',
    note: 'Whether two texts are the same but for upper and lower case.',
    run: ([left, right]) => {
      const [a, b] = [String(left), String(right)];
      return a.toLowerCase() === b.toLowerCase() || a.toUpperCase() === b.toUpperCase();
    },
  }),
  define('replace', {
    parameters: ['string', 'string', 'string', 'number'],
    returns: 'string',
    note: 'Replaces the first so many places of a text by another; all of them if the number is negative.',
    run: ([text, from, to, count], { budget }) => {
      const replaced = replaceFirst(String(text), {
        from: String(from),
        to: String(to),
        count: Math.trunc(Number(count)),
      });
      budget.spend(replaced.length);
      return replaced;
    },
  }),
  define('replace_all', {
    parameters: ['string', 'string', 'string'],
    returns: 'string',
    note: 'Replaces all places of a text by another.',
    run: ([text, from, to]) => replaceFirst(String(text), { from: String(from), to: String(to), count: -1 }),
  }),
  define('to_upper', {
    parameters: ['string'],
    returns: 'string',
    note: 'The text in upper case.',
    run: ([text]) => String(text).toUpperCase(),
  }),
  define('to_lower', {
    parameters: ['string'],
    returns: 'string',
    note: 'The text in lower case.',
    run: ([text]) => String(text).toLowerCase(),
  }),
  define('trim', {
    parameters: ['string', 'string'],
    returns: 'string',
    note: 'Takes the characters of the second text off both ends of the first.',
    run: ([text, cut]) => trim(String(text), String(cut)),
  }),
  define('trim_prefix', {
    parameters: ['string', 'string'],
    returns: 'string',
    note: 'Takes the second text off the beginning of the first, if it stands there.',
    run: ([text, prefix]) => {
      const [whole, start] = [String(text), String(prefix)];
      return whole.startsWith(start) ? whole.slice(start.length) : whole;
    },
  }),
  define('split', {
    parameters: ['string', 'string'],
    returns: 'array[string]',
    note: 'The parts of a text between a separator; an empty separator gives the characters.',
    run: ([text, separator]) => (separator === '' ? Array.from(String(text)) : String(text).split(String(separator))),
  }),
  define('truncate', {
    parameters: ['string', 'number'],
    returns: 'string',
    note: 'At most so many characters from the beginning of a text.',
    run: ([text, length]) =>
      Array.from(String(text))
        .slice(0, Math.max(0, Math.trunc(Number(length))))
        .join(''),
  }),
  define('path_canonicalize', {
    parameters: ['string'],
    returns: 'string',
    note: 'A path without `.`, `..` and doubled slashes.',
    run: ([path]) => canonicalPath(String(path)),
  }),
  define('pattern_match', {
    parameters: ['string', scalar],
    returns: 'boolean',
    note: 'Whether a pattern with the wildcards `*` and `?` fits a text or number.',
    run: ([pattern, text]) => matchesWildcard(String(pattern), scalarText(text) ?? ''),
  }),
  define('to_boolean', {
    parameters: ['string'],
    returns: 'boolean',
    note: 'True or false from `true` or `false`, in any case.',
    run: ([text]) => {
      const lower = String(text).toLowerCase();
      if (lower === 'true' || lower === 'false') return lower === 'true';
      return functionFault('to_boolean', `lowercase argument must be 'true' or 'false' (provided: '${String(text)}')`);
    },
  }),
];

interface Replacement {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

function replaceFirst(text: string, { from, to, count }: Replacement): string {
  const parts = from === '' ? ['', ...Array.from(text), ''] : text.split(from);
  if (count < 0 || parts.length - 1 <= count) return parts.join(to);
  return `${parts.slice(0, count + 1).join(to)}${from}${parts.slice(count + 1).join(from)}`;
}

function trim(text: string, cut: string): string {
  const unwanted = new Set(Array.from(cut));
  const characters = Array.from(text);
  const isKept = (character: string): boolean => !unwanted.has(character);
  const first = characters.findIndex(isKept);
  return first === -1 ? '' : characters.slice(first, characters.findLastIndex(isKept) + 1).join('');
}

/** As Go's filepath.Join of one path. */
function canonicalPath(path: string): string {
  if (path === '') return '';
  const isAbsolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isAbsolute) parts.push(part);
  }
  if (isAbsolute) return `/${parts.join('/')}`;
  return parts.length === 0 ? '.' : parts.join('/');
}
