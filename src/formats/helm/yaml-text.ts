// SPDX-License-Identifier: Apache-2.0
// Values as Helm's toYaml writes them: sigs.k8s.io/yaml, which is go-yaml 2 over JSON. Checksums of templates are made of this text, and charts put it into
// literal blocks, so quotes and order count. `indented` is toYamlPretty: go-yaml 3, which indents lists.
import { bounded, boundedText, compareTexts, floatText, HelmObject, placeholder, unknown } from './value.ts';

export type YamlStyle = 'plain' | 'indented';

/** Without the line end that the last line would have. */
export function yamlText(value: unknown, style: YamlStyle = 'plain'): string {
  return boundedText(new Writer(style).document(bounded(value)));
}

/** Whether a value stands behind its key or its dash on the same line. */
function isInline(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true;
  return Object.keys(membersOf(value)).length === 0;
}

function membersOf(value: object): object {
  return value instanceof HelmObject ? value.fields : value;
}

/** Texts are folded at the first blank behind this column. */
const widest = 80;

class Writer {
  readonly #style: YamlStyle;

  constructor(style: YamlStyle) {
    this.#style = style;
  }

  document(value: unknown): string {
    return isInline(value) ? this.#scalar(value, { indent: 2, column: 0 }) : this.#block(value as object, 0);
  }

  /** Lines of a list or mapping; the first one without its blanks. */
  #block(value: object, indent: number): string {
    const lines = Array.isArray(value)
      ? value.map((item: unknown) => `- ${this.#node(item, indent)}`)
      : Object.entries(membersOf(value))
          .sort(([left], [right]) => compareKeys(left, right))
          .map(([key, member]) => this.#member(key, member, indent));
    return lines.join(`\n${' '.repeat(indent)}`);
  }

  #member(key: string, value: unknown, indent: number): string {
    if (hasBreak.test(key) || Buffer.byteLength(key) > longestKey) {
      const name = this.#scalar(key, { indent: indent + 2, column: indent + 2 });
      return `? ${name}\n${' '.repeat(indent)}: ${this.#node(value, indent)}`;
    }
    const style = styleOf(key);
    const name = quoted(key, style === 'plain' && key === '' ? 'single' : style);
    if (isInline(value))
      return `${name}: ${this.#scalar(value, { indent: indent + 2, column: indent + name.length + 2 })}`;
    const inner = Array.isArray(value) && this.#style === 'plain' ? indent : indent + 2;
    return `${name}:\n${' '.repeat(inner)}${this.#block(value as object, inner)}`;
  }

  /** What stands behind a dash. */
  #node(value: unknown, indent: number): string {
    return isInline(value)
      ? this.#scalar(value, { indent: indent + 2, column: indent + 2 })
      : this.#block(value as object, indent + 2);
  }

  #scalar(value: unknown, place: ScalarPlace): string {
    if (value === undefined || value === null) return 'null';
    if (value === unknown) return placeholder;
    if (typeof value === 'number') return numberText(value);
    if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
    if (typeof value !== 'string') return Array.isArray(value) ? '[]' : '{}';
    const style = styleOf(value);
    if (style === 'literal') return literal(value, place.indent);
    return this.#style === 'plain' ? folded(value, style, place) : quoted(value, style);
  }
}

interface ScalarPlace {
  /** Blanks before the lines that go on. */
  readonly indent: number;
  /** Where the first one begins. */
  readonly column: number;
}

/** Longer keys stand behind a question mark. */
const longestKey = 128;

/** A text over several lines, where it is long and has blanks. */
function folded(text: string, style: ScalarStyle, { indent, column }: ScalarPlace): string {
  if (column + text.length <= widest) return quoted(text, style);
  const characters = Array.from(text);
  let at = column + (style === 'plain' ? 0 : 1);
  const parts = characters.map((character, index) => {
    const isEdge = style !== 'plain' && (index === 0 || index === characters.length - 1);
    const isBreakable = character === ' ' && characters[index - 1] !== ' ' && at > widest && !isEdge;
    if (isBreakable && (characters[index + 1] !== ' ' || style === 'double')) {
      at = indent;
      return `\n${' '.repeat(indent)}${characters[index + 1] === ' ' ? '\\' : ''}`;
    }
    const written =
      style === 'single' && character === "'" ? "''" : style === 'double' ? doubleQuoted(character) : character;
    at += written.length;
    return written;
  });
  const quote = style === 'plain' ? '' : style === 'single' ? "'" : '"';
  return quote + parts.join('') + quote;
}

/** JSON has one kind of numbers: whole ones are read as integers, others as floats. */
function numberText(value: number): string {
  return Number.isInteger(value) && value < 2 ** 64 && value >= -(2 ** 63) ? String(value) : floatText(value);
}

type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

/** go-yaml 2, encode.go stringv and emitterc.go yaml_emitter_analyze_scalar and yaml_emitter_select_scalar_style. */
function styleOf(text: string): ScalarStyle {
  const facts = analysed(text);
  if (text.includes('\n')) return facts.isBlockAllowed ? 'literal' : 'double';
  if (!isText(text)) return 'double';
  if (facts.isPlainAllowed) return 'plain';
  return facts.isSingleAllowed ? 'single' : 'double';
}

interface ScalarFacts {
  readonly isPlainAllowed: boolean;
  readonly isSingleAllowed: boolean;
  readonly isBlockAllowed: boolean;
}

const lineBreak = '[\\r\\n\\u0085\\u2028\\u2029]';
const hasBreak = new RegExp(lineBreak);
const breakThenSpace = new RegExp(`${lineBreak} `);
const spaceThenBreak = new RegExp(` ${lineBreak}`);
const breakAtEdge = new RegExp(`^${lineBreak}|${lineBreak}$`);
/** go-yaml 2 writes neither tabs nor what lies beyond 16 bits as it is. */
const unprintable = /[^\n\x20-\x7E\u00A0-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD]/u;

function analysed(text: string): ScalarFacts {
  const isSpecial = unprintable.test(text) || spaceThenBreak.test(text);
  const isSpaced = /^ | $/.test(text) || breakAtEdge.test(text);
  const isIndicated =
    /^(?:---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[?:-](?:[ \t\r\n\u0085\u2028\u2029]|$)/.test(text) ||
    /:(?:[ \t\r\n\u0085\u2028\u2029]|$)/.test(text.slice(1)) ||
    /[ \t\r\n\u0085\u2028\u2029]#/.test(text);
  const isSingleAllowed = !isSpecial && !breakThenSpace.test(text);
  return {
    isPlainAllowed: isSingleAllowed && !isSpaced && !isIndicated && !hasBreak.test(text),
    isSingleAllowed,
    isBlockAllowed: !isSpecial && !text.endsWith(' '),
  };
}

const words = new Set(
  [
    'y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF ~ null Null NULL',
    '.nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF',
  ].flatMap((line) => line.split(' ')),
);

/** Whether it would be read as a text without quotes: go-yaml 2, resolve.go. */
function isText(text: string): boolean {
  if (text === '' || words.has(text)) return false;
  if (/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text)) return false;
  if (text.startsWith('.')) return !/^\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9]+)?$/.test(text);
  if (!/^[-+0-9]/.test(text)) return true;
  if (isTimestamp(text)) return false;
  const plain = text.replaceAll('_', '');
  if (isGoInteger(plain)) return false;
  return !/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(plain);
}

/** strconv.ParseInt and ParseUint with base 0 and 64 bits. */
function isGoInteger(text: string): boolean {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9][0-9]*)$/.exec(text);
  if (match === null || /^[-+]?0[oO]$/.test(text)) return false;
  const [, sign = '', digits = ''] = match;
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return sign === '-' ? value <= 2n ** 63n : sign === '+' ? value < 2n ** 63n : value < 2n ** 64n;
}

function isTimestamp(text: string): boolean {
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d{1,9})?(?:Z|[-+]\d\d:\d\d)?)?$/.exec(
      text,
    );
  if (match === null) return false;
  const [, year = '', month = '', day = ''] = match;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function quoted(text: string, style: ScalarStyle): string {
  if (style === 'plain') return text;
  if (style === 'single') return `'${text.replaceAll("'", "''")}'`;
  return `"${Array.from(text).map(doubleQuoted).join('')}"`;
}

const named: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1B': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00A0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

function doubleQuoted(character: string): string {
  const isPlain = !unprintable.test(character) && !hasBreak.test(character) && character !== '"' && character !== '\\';
  if (isPlain) return character;
  const name = named[character];
  if (name !== undefined) return `\\${name}`;
  const code = character.codePointAt(0) ?? 0;
  const width = code <= 0xff ? 2 : code <= 0xffff ? 4 : 8;
  const letter = width === 2 ? 'x' : width === 4 ? 'u' : 'U';
  return `\\${letter}${code.toString(16).toUpperCase().padStart(width, '0')}`;
}

function literal(text: string, indent: number): string {
  const start = /^[ \r\n\u0085\u2028\u2029]/.test(text) ? '2' : '';
  const end = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const blanks = ' '.repeat(indent);
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${start}${end}\n${lines.map((line) => (line === '' ? '' : blanks + line)).join('\n')}`;
}

/** Natural order: letters after digits, numbers in names by their size (go-yaml 2, sorter.go). */
function compareKeys(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const [x = '', y = ''] = [a[at], b[at]];
    if (x === y) continue;
    const [isLetter, isOtherLetter] = [/\p{L}/u.test(x), /\p{L}/u.test(y)];
    if (isLetter && isOtherLetter) return compareTexts(x, y);
    if (isLetter || isOtherLetter) return isOtherLetter ? -1 : 1;
    const start = (x === '0' || y === '0') && hasDigitBefore(a, at) ? 1 : 0;
    const [one, other] = [numberAt(a, at, start), numberAt(b, at, start)];
    if (one.value !== other.value) return one.value - other.value;
    if (one.end !== other.end) return one.end - other.end;
    return compareTexts(x, y);
  }
  return a.length - b.length;
}

function hasDigitBefore(characters: readonly string[], at: number): boolean {
  for (let before = at - 1; before >= 0 && /\d/.test(characters[before] ?? ''); before -= 1)
    if (characters[before] !== '0') return true;
  return false;
}

function numberAt(
  characters: readonly string[],
  from: number,
  start: number,
): { readonly value: number; readonly end: number } {
  let [value, end] = [start, from];
  for (; end < characters.length && /\d/.test(characters[end] ?? ''); end += 1)
    value = value * 10 + Number(characters[end]);
  return { value, end };
}
