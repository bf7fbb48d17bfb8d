// SPDX-License-Identifier: Apache-2.0
// Go's fmt, as templates use it: print and printf with their verbs, and what is said of wrong ones.
import {
  boundedText,
  floatText,
  goText,
  HelmObject,
  kindOf,
  longestText,
  sortedEntries,
  TooLarge,
  typeOf,
} from './value.ts';

/** fmt.Sprint: blanks between values of which neither is a text. */
export function printed(values: readonly unknown[]): string {
  return values
    .map((value, index) => {
      const isApart = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
      return (isApart ? ' ' : '') + goText(value);
    })
    .join('');
}

/** strconv.Quote. */
export function quotedText(value: string): string {
  const escaped = Array.from(value).map((character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    const named = { '\x07': 'a', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\v': 'v' }[character];
    if (named !== undefined) return `\\${named}`;
    if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${escaped.join('')}"`;
}

interface Verb {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly letter: string;
}

const verbs = /%([-+# 0]{0,5})(\*|\d{1,6})?(?:\.(\*|\d{0,6}))?(?:\[(\d{1,3})\])?(?:(\p{L}|%|$)|(.))/gsu;

/** fmt.Sprintf. */
export function formatted(format: string, values: readonly unknown[]): string {
  let [next, isOrdered, length] = [0, true, 0];
  const text = format.replace(
    verbs,
    (_all, flags: string, width?: string, precision?: string, at?: string, letter?: string, other?: string) => {
      if (letter === '%') return '%';
      if (letter === '') return '%!(NOVERB)';
      const amount = (given: string | undefined): number | undefined => {
        if (given === undefined) return undefined;
        if (given !== '*') return Number(given);
        next += 1;
        return Number(values[next - 1]);
      };
      const verb: Verb = { flags, width: amount(width), precision: amount(precision), letter: letter ?? other ?? '' };
      if ((verb.width ?? 0) > 100_000) throw new TooLarge();
      if (at !== undefined) [next, isOrdered] = [Number(at) - 1, false];
      if (next >= values.length) return `%!${verb.letter}(MISSING)`;
      next += 1;
      const written = oneValue(verb, values[next - 1]);
      length += written.length;
      if (length > longestText) throw new TooLarge();
      return written;
    },
  );
  const extra = values.slice(next).map((value) => (isNil(value) ? '<nil>' : `${typeOf(value)}=${goText(value)}`));
  return boundedText(extra.length === 0 || !isOrdered ? text : `${text}%!(EXTRA ${extra.join(', ')})`);
}

function isNil(value: unknown): boolean {
  return value === undefined || value === null;
}

function padded(text: string, { flags, width = 0 }: Verb): string {
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + text;
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function oneValue(verb: Verb, value: unknown): string {
  const { letter, flags } = verb;
  // With %+v and %#v the signs mean something else.
  if (letter === 'v' && flags.includes('+')) return oneValue({ ...verb, flags: flags.replaceAll('+', '') }, value);
  if (letter === 'T') return padded(typeOf(value), verb);
  if (letter === 'v' && flags.includes('#')) return padded(goSyntax(value), verb);
  if (isNil(value)) return letter === 'v' ? padded('<nil>', verb) : `%!${letter}(<nil>)`;
  if (Array.isArray(value)) return `[${value.map((item) => memberText(verb, item)).join(' ')}]`;
  if (typeof value === 'object' && !(value instanceof HelmObject))
    return `map[${sortedEntries(value as Readonly<Record<string, unknown>>)
      .map(([key, member]) => `${oneValue(verb, key)}:${memberText(verb, member)}`)
      .join(' ')}]`;
  const known = scalarText(verb, value);
  // What is said of a wrong verb keeps width and precision.
  return known === undefined
    ? `%!${letter}(${kindOf(value)}=${oneValue({ ...verb, letter: 'v' }, value)})`
    : padded(known, verb);
}

function memberText(verb: Verb, value: unknown): string {
  return isNil(value) ? '<nil>' : oneValue(verb, value);
}

/** undefined: the verb is none for such a value. */
function scalarText(verb: Verb, value: unknown): string | undefined {
  const { letter } = verb;
  if (typeof value === 'string') return textVerb(verb, value);
  if (typeof value === 'bigint') return wholeVerb(verb, value);
  if (typeof value === 'number') return floatVerb(verb, value);
  return letter === 'v' ||
    (letter === 't' && typeof value === 'boolean') ||
    (letter === 's' && typeof value === 'object')
    ? goText(value)
    : undefined;
}

function signed(text: string, flags: string, value: unknown): string {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if (!isNumber || text.startsWith('-')) return text;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}

function textVerb({ letter, precision, flags }: Verb, value: string): string | undefined {
  const cut = precision === undefined ? value : Array.from(value).slice(0, precision).join('');
  if (letter === 's' || letter === 'v') return cut;
  if (letter === 'q') return quotedText(cut);
  if (letter === 'x' || letter === 'X') {
    const plain = Buffer.from(cut).toString('hex');
    const hex = flags.includes(' ') ? plain.replace(/..(?=.)/g, '$& ') : plain;
    return letter === 'x' ? hex : hex.toUpperCase();
  }
  return undefined;
}

function wholeVerb({ letter, flags, precision = 0 }: Verb, value: bigint): string | undefined {
  const base = { d: 10, v: 10, b: 2, o: 8, x: 16, X: 16 }[letter];
  if (base !== undefined) {
    const plain = value.toString(base).replace(/\d.*|[a-f].*/, (amount) => amount.padStart(precision, '0'));
    const digits = signed(plain, flags, value);
    return letter === 'X' ? digits.toUpperCase() : digits;
  }
  if (letter === 'c') return String.fromCodePoint(Number(value));
  if (letter === 'q') return `'${String.fromCodePoint(Number(value))}'`;
  return letter === 'U' ? `U+${value.toString(16).toUpperCase().padStart(4, '0')}` : undefined;
}

function floatVerb({ letter, precision, flags }: Verb, value: number): string | undefined {
  const places = Math.min(100, precision ?? 6);
  if (letter === 'f' || letter === 'F') return signed(value.toFixed(places), flags, value);
  if (letter === 'e') return signed(value.toExponential(places).replace(/e([-+])(\d)$/, 'e$10$2'), flags, value);
  if (letter !== 'g' && letter !== 'G' && letter !== 'v') return undefined;
  const rounded = precision === undefined ? value : Number(value.toPrecision(Math.max(1, Math.min(100, precision))));
  const text = signed(floatText(rounded), flags, value);
  return letter === 'G' ? text.toUpperCase() : text;
}

/** %#v of what templates hold. */
function goSyntax(value: unknown): string {
  if (isNil(value)) return '<nil>';
  if (typeof value === 'string') return quotedText(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goMember).join(', ')}}`;
  if (typeof value !== 'object') return goText(value);
  const members = sortedEntries(value as Readonly<Record<string, unknown>>).map(
    ([key, member]) => `${quotedText(key)}:${goMember(member)}`,
  );
  return `map[string]interface {}{${members.join(', ')}}`;
}

function goMember(value: unknown): string {
  return isNil(value) ? 'interface {}(nil)' : goSyntax(value);
}
