// SPDX-License-Identifier: Apache-2.0
// The notation in which src/formats/cyclonedx/tables/*.ts state the shape of CycloneDX documents, and its parser.
// One table serves JSON, XML and text protobuf; docs/formats/cyclonedx.md explains the notation with examples.

/** Minor number of the specification version: 0 for 1.0 ... 7 for 1.7. */
export type Minor = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
export type Syntax = 'json' | 'xml' | 'textproto';

export const minors: readonly Minor[] = [0, 1, 2, 3, 4, 5, 6, 7];
const firstMinor: Readonly<Record<Syntax, Minor>> = { json: 2, xml: 0, textproto: 3 };
const syntaxes: readonly Syntax[] = ['json', 'xml', 'textproto'];

/** For each syntax the first and last version, both included; a syntax that is absent has none. */
export type Availability = Readonly<Partial<Record<Syntax, readonly [number, number]>>>;

export interface XmlPlace {
  readonly kind: 'attribute' | 'text' | 'element' | 'self';
  /** Name of the attribute or element; empty for `text` and `self`. With a choice as type: `*`, one element name per variant. */
  readonly name: string;
  /** Element around the items of a list. */
  readonly wrapper?: string;
  /** The wrapper takes elements of other namespaces, attributes of others, and may stand several times. */
  readonly wrapperForeign: boolean;
  readonly wrapperAttributes: boolean;
  readonly wrapperRepeats: boolean;
  /** The value stands in this attribute of the element, not in its text. */
  readonly valueAttribute?: string;
}

export interface Field {
  /** Member name in JSON. */
  readonly name: string;
  /** Name of a scalar, enumeration, shape or choice. */
  readonly type: string;
  readonly list: boolean;
  readonly availability: Availability;
  readonly needed: Availability;
  /** JSON: no two equal items. */
  readonly unique: boolean;
  readonly minimumItems: number;
  readonly xml: XmlPlace;
  /** Field name in protobuf text; a dot goes into a message that JSON does not have. */
  readonly textproto: string;
  /** Position in the XML sequence; fields of one name that are alternatives share it. */
  readonly order: number;
}

export interface Rule {
  /** `one`: exactly one member; `most`: at most one; `any`: at least one; `both`: the first needs the second; `when`: the first needs the second to be true. */
  readonly kind: 'one' | 'most' | 'any' | 'both' | 'when';
  /** Each a member, or several that count together, joined by `+`. */
  readonly members: readonly string[];
  readonly availability: Availability;
}

export interface Shape {
  readonly kind: 'shape';
  readonly name: string;
  readonly fields: readonly Field[];
  readonly fieldsByName: ReadonlyMap<string, readonly Field[]>;
  readonly rules: readonly Rule[];
  /** XML: elements of other namespaces are allowed. */
  readonly foreign: Availability;
  /** XML: other attributes are allowed. */
  readonly attributes: Availability;
  /** JSON: other members are allowed. */
  readonly open: Availability;
  /** XML: the elements may come in any order and number. */
  readonly anyOrder: boolean;
  /** XML: text may stand between the elements; it is not kept. */
  readonly mixed: boolean;
}

export interface Variant {
  /** Element name in XML, field name in protobuf text. */
  readonly element: string;
  readonly textproto: string;
  readonly type: string;
  readonly list: boolean;
  readonly availability: Availability;
}

export interface Choice {
  readonly kind: 'choice';
  readonly name: string;
  /** JSON: whether a value may fit several variants. */
  readonly mode: 'one' | 'any';
  readonly variants: readonly Variant[];
  /** Protobuf text states the choice as this shape instead. */
  readonly textproto?: string;
  /** A list with this variant has no other item. */
  readonly alone?: { readonly element: string; readonly availability: Availability };
}

export interface Enumeration {
  readonly kind: 'enumeration';
  readonly name: string;
  /** Syntaxes in which other words are wrong. */
  readonly closed: readonly Syntax[];
  readonly values: ReadonlyMap<string, Availability>;
  /** Protobuf name to value; `undefined` for the name that stands for "not given". */
  readonly textproto: ReadonlyMap<string, string | undefined>;
}

export type Definition = Shape | Choice | Enumeration;

/** true when a thing of this availability exists in that version of that syntax. */
export function isAvailable(availability: Availability, syntax: Syntax, minor: Minor): boolean {
  const range = availability[syntax];
  return range !== undefined && minor >= range[0] && minor <= range[1];
}

/** Parses one table. Throws an Error for a mistake in the table, which the tests would show. */
export function parseTable(text: string): Definition[] {
  const blocks: string[][] = [];
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\s*\/\/.*$/, '').trim();
    if (/^(?:shape|choice|enum) /.test(line)) blocks.push([line]);
    else if (line !== '') blocks.at(-1)?.push(line);
  }
  return blocks.map((lines) => {
    const [head = '', ...body] = lines;
    const [keyword, name = '', ...flags] = head.split(/\s+/);
    if (keyword === 'shape') return parseShape(name, flags, body);
    return keyword === 'choice' ? parseChoice(name, flags, body) : parseEnumeration(name, flags, body);
  });
}

function parseShape(name: string, flags: readonly string[], body: readonly string[]): Shape {
  const fields: Field[] = [];
  const rules: Rule[] = [];
  for (const line of body) {
    if (line.startsWith('? ')) rules.push(parseRule(line));
    else fields.push(parseField(line, fields.at(-1)));
  }
  const fieldsByName = new Map<string, Field[]>();
  for (const field of fields) fieldsByName.set(field.name, [...(fieldsByName.get(field.name) ?? []), field]);
  const flag = (word: string): Availability => {
    const found = flags.find((item) => item === word || item.startsWith(`${word}:`));
    return found === undefined ? {} : parseAvailability(found === word ? [] : [found.slice(word.length + 1)]);
  };
  return {
    kind: 'shape',
    name,
    fields,
    fieldsByName,
    rules,
    foreign: flag('foreign'),
    attributes: flag('attributes'),
    open: flag('open'),
    anyOrder: flags.includes('any-order'),
    mixed: flags.includes('mixed'),
  };
}

function parseField(line: string, previous: Field | undefined): Field {
  const [first = '', typeToken = '', ...rest] = line.split(/\s+/);
  const name = first.replace(/!$/, '');
  const places = rest.filter((token) => /^[@#<]/.test(token));
  const needs = rest
    .find((token) => token.startsWith('need='))
    ?.slice(5)
    .split(',');
  const availability = parseAvailability(rest.filter((token) => isRange(token)));
  const order = previous === undefined ? 0 : previous.name === name ? previous.order : previous.order + 1;
  return {
    name,
    type: typeToken.replace(/\[\]$/, ''),
    list: typeToken.endsWith('[]'),
    availability,
    needed: first.endsWith('!') ? availability : needs === undefined ? {} : parseAvailability(needs),
    unique: rest.includes('unique'),
    minimumItems: Number(rest.find((token) => token.startsWith('least='))?.slice(6) ?? 0),
    xml: parsePlace(places[0], name),
    textproto: rest.find((token) => token.startsWith('pb='))?.slice(3) ?? name.replaceAll('-', '_'),
    order,
  };
}

function parsePlace(token: string | undefined, name: string): XmlPlace {
  const plain = { wrapperForeign: false, wrapperAttributes: false, wrapperRepeats: false };
  if (token === undefined) return { kind: 'element', name, ...plain };
  if (token === '#') return { kind: 'text', name: '', ...plain };
  if (token.startsWith('@')) return { kind: 'attribute', name: token.length > 1 ? token.slice(1) : name, ...plain };
  if (token === '<.>') return { kind: 'self', name: '', ...plain };
  const match = /^<(?:(?<wrapper>[\w-]+)(?<marks>[+@*]*)\/)?(?<item>[\w-]+|\*)(?:@(?<attribute>[\w-]+))?>$/.exec(token);
  if (match?.groups === undefined) throw new Error(`unknown place ${token}`);
  const { wrapper, marks = '', item = '', attribute } = match.groups;
  return {
    kind: 'element',
    name: item,
    ...(wrapper === undefined ? {} : { wrapper }),
    wrapperForeign: marks.includes('+'),
    wrapperAttributes: marks.includes('@'),
    wrapperRepeats: marks.includes('*'),
    ...(attribute === undefined ? {} : { valueAttribute: attribute }),
  };
}

function parseRule(line: string): Rule {
  const [, kind, ...rest] = line.split(/\s+/);
  if (kind !== 'one' && kind !== 'most' && kind !== 'any' && kind !== 'both' && kind !== 'when') {
    throw new Error(`unknown rule ${line}`);
  }
  return {
    kind,
    members: rest.filter((token) => !isRange(token)),
    availability: parseAvailability(rest.filter((token) => isRange(token))),
  };
}

function parseChoice(name: string, flags: readonly string[], body: readonly string[]): Choice {
  const [mode] = flags;
  if (mode !== 'one' && mode !== 'any') throw new Error(`choice ${name} has no mode`);
  const textproto = flags.find((flag) => flag.startsWith('pb='))?.slice(3);
  const alone = body
    .find((line) => line.startsWith('? alone '))
    ?.split(/\s+/)
    .slice(2);
  const variants = body
    .filter((line) => !line.startsWith('? '))
    .map((line): Variant => {
      const [element = '', type = '', ...rest] = line.split(/\s+/);
      return {
        element,
        textproto: rest.find((token) => token.startsWith('pb='))?.slice(3) ?? element.replaceAll('-', '_'),
        type: type.replace(/\[\]$/, ''),
        list: type.endsWith('[]'),
        availability: parseAvailability(rest.filter((token) => isRange(token))),
      };
    });
  return {
    kind: 'choice',
    name,
    mode,
    variants,
    ...(textproto === undefined ? {} : { textproto }),
    ...(alone?.[0] === undefined
      ? {}
      : { alone: { element: alone[0], availability: parseAvailability(alone.slice(1)) } }),
  };
}

/** `value`, `value:1.2+`, `value=PROTO_NAME`; the name in protobuf is the value in capitals with the prefix of the enumeration. */
function parseEnumeration(name: string, flags: readonly string[], body: readonly string[]): Enumeration {
  const stem = flags.find((flag) => /^[A-Z]/.test(flag));
  const prefix = stem === undefined ? undefined : `${stem}_`;
  const values = new Map<string, Availability>();
  const textproto = new Map<string, string | undefined>();
  for (const token of body.join(' ').split(/\s+/)) {
    const [stated = '', protoName] = token.split('=');
    const range = /:(\d\.\d[+]?)$/.exec(stated)?.[1];
    const value = (range === undefined ? stated : stated.slice(0, -range.length - 1)).replaceAll('_SPACE_', ' ');
    values.set(value, parseAvailability(range === undefined ? [] : [range]));
    if (prefix !== undefined) textproto.set(`${prefix}${protoName ?? constantCase(value)}`, value);
  }
  for (const word of ['NULL', 'UNSPECIFIED']) if (prefix !== undefined) textproto.set(`${prefix}${word}`, undefined);
  return { kind: 'enumeration', name, closed: flags.includes('json') ? ['json'] : ['json', 'xml'], values, textproto };
}

function constantCase(value: string): string {
  return value
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}

/** `1.4+`, `1.2-1.5`, `1.7`, each optionally after `json:`, `xml:` or `textproto:`; or a syntax alone. */
function isRange(token: string): boolean {
  return /^(?:(?:json|xml|textproto)(?::\d\.\d(?:\+|-\d\.\d)?)?|\d\.\d(?:\+|-\d\.\d)?)$/.test(token);
}

/**
 * Without tokens: every version of every syntax. A range without a syntax holds for all; one with a syntax for that syntax.
 * When only syntaxes are named, the others have none.
 */
function parseAvailability(tokens: readonly string[]): Availability {
  const general = tokens.find((token) => /^\d/.test(token));
  const found: Partial<Record<Syntax, readonly [number, number]>> = {};
  for (const syntax of syntaxes) {
    const own = tokens.find((token) => token === syntax || token.startsWith(`${syntax}:`));
    if (own === undefined && general === undefined && tokens.length > 0) continue;
    const range = own === undefined ? general : own === syntax ? undefined : own.slice(syntax.length + 1);
    const [from, to] = range === undefined ? [0, 7] : parseRange(range);
    if (to >= firstMinor[syntax]) found[syntax] = [Math.max(from, firstMinor[syntax]), to];
  }
  return found;
}

function parseRange(range: string): [number, number] {
  const from = Number(range.slice(2, 3));
  if (range.endsWith('+')) return [from, 7];
  return range.includes('-') ? [from, Number(range.slice(-1))] : [from, from];
}
