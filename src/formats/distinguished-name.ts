// SPDX-License-Identifier: Apache-2.0
// Distinguished names: the DER of certificates (RFC 5280 4.1.2.4) and the text of trust policies (RFC 4514), as attributes that can be compared.
import type { DerElement } from './der.ts';
import { childrenOf, cursorOf, encodeDer, objectIdOf, readDer, tags } from './der.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';
import { printableUtf8 } from './x509.ts';

/** Attributes by short name in upper case (C, ST, O), unknown ones by object id. Each stands once. */
export type DistinguishedName = ReadonlyMap<string, string>;

/** RFC 4514 section 3, RFC 4519 and what certificates of the field use besides. */
const names: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'TITLE',
  '2.5.4.17': 'POSTALCODE',
  '2.5.4.42': 'GN',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'EMAILADDRESS',
};
const latinStrings: readonly number[] = [tags.printableString, tags.ia5String];
const teletexString = 0x14;
const bmpString = 0x1e;

/** Reads a Name in DER. A relative name with two attributes, and an attribute that stands twice, are refused: comparing them is ambiguous. */
export function parseNameDer(encoded: Uint8Array): Parsed<DistinguishedName> {
  return parsing(() => {
    const name = new Map<string, string>();
    for (const relative of childrenOf(cursorChecked(readDer(encoded), tags.sequence))) {
      const [attribute, second] = childrenOf(cursorChecked(relative, tags.set));
      if (attribute === undefined || second !== undefined)
        return malformed('a name with several attributes in one step');
      const fields = cursorOf(attribute, tags.sequence, 'attribute of a name');
      const id = objectIdOf(fields.next(tags.objectId, 'attribute type'));
      const value = stringOf(fields.any());
      fields.end('attribute of a name');
      add(name, names[id] ?? id, value);
    }
    return name;
  });
}

function cursorChecked(element: DerElement, tag: number): DerElement {
  return element.tag === tag ? element : malformed('not a name');
}

function stringOf({ tag, content }: DerElement): string {
  if (tag === tags.utf8String || latinStrings.includes(tag)) return printableUtf8(content);
  // Old authorities; anything outside of ASCII could be read in two ways.
  if (tag === teletexString) return isAscii(content) ? content.toString('latin1') : malformed('a name in T.61');
  if (tag !== bmpString || content.length % 2 !== 0) return malformed('a name is not a text');
  const text = Buffer.from(content).swap16().toString('utf16le');
  return printableUtf8(Buffer.from(text, 'utf8'));
}

function isAscii(content: Buffer): boolean {
  return content.every((octet) => octet >= 0x20 && octet < 0x7f);
}

function add(name: Map<string, string>, key: string, value: string): void {
  if (name.has(key)) malformed(`the attribute ${key} stands twice`);
  name.set(key, value);
}

const longestText = 2_048;

/** Reads `C=US, ST=WA, O=example`. Backslash escapes as in RFC 4514 2.4; `S` is another name of `ST`. */
export function parseNameText(text: string): Parsed<DistinguishedName> {
  return parsing(() => {
    if (text.length > longestText) malformed('the name is too long');
    const name = new Map<string, string>();
    for (const part of splitUnescaped(text, ',')) {
      if (splitUnescaped(part, '+').length > 1) malformed('a name with several attributes in one step ("+")');
      const equals = part.indexOf('=');
      const key = part.slice(0, equals).trim().toUpperCase();
      if (equals === -1 || !/^[A-Z0-9.]{1,64}$/.test(key)) malformed(`"${part.trim().slice(0, 60)}" is not NAME=VALUE`);
      const value = unescapeValue(trimUnescaped(part.slice(equals + 1)));
      if (value === '') malformed(`${key} has no value`);
      add(name, key === 'S' ? 'ST' : (names[key] ?? key), value);
    }
    return name;
  });
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function trimUnescaped(text: string): string {
  const start = text.trimStart();
  const end = start.trimEnd();
  // A space behind a backslash belongs to the value.
  return end.endsWith('\\') && start.length > end.length ? `${end} ` : end;
}

const special = ' "#+,;<=>\\';

function unescapeValue(text: string): string {
  const bytes: Buffer[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character !== '\\') {
      // RFC 4514 2.4: these must be escaped; a leading "#" announces a value in hex, which nothing here compares.
      if ('";<>'.includes(character) || (character === '#' && at === 0)) malformed(`"${character}" must be escaped`);
      const point = String.fromCodePoint(text.codePointAt(at) ?? 0);
      at += point.length - 1;
      bytes.push(Buffer.from(point, 'utf8'));
      continue;
    }
    const next = text[at + 1] ?? '';
    const pair = text.slice(at + 1, at + 3);
    if (next !== '' && special.includes(next)) {
      bytes.push(Buffer.from(next));
      at += 1;
    } else if (/^[0-9a-fA-F]{2}$/.test(pair)) {
      bytes.push(Buffer.from(pair, 'hex'));
      at += 2;
    } else malformed('a backslash stands before nothing that it escapes');
  }
  return printableUtf8(Buffer.concat(bytes));
}

/** Text of a name, most general attribute first as certificates have it. */
export function formatName(name: DistinguishedName): string {
  return [...name].map(([key, value]) => `${key}=${value.replaceAll(/[,+"\\<>;]/g, '\\$&')}`).join(', ');
}

export interface NameParts {
  readonly country: string;
  readonly state: string;
  readonly locality?: string;
  readonly organization: string;
  readonly commonName: string;
}

/** A Name in DER for a certificate that is made here. */
export function encodeName(parts: NameParts): Buffer {
  const ids = { country: '550406', state: '550408', locality: '550407', organization: '55040a', commonName: '550403' };
  const steps = (['country', 'state', 'locality', 'organization', 'commonName'] as const).flatMap((key) => {
    const value = parts[key];
    if (value === undefined) return [];
    const tag = key === 'country' ? tags.printableString : tags.utf8String;
    const id = encodeDer(tags.objectId, Buffer.from(ids[key], 'hex'));
    const attribute = encodeDer(tags.sequence, Buffer.concat([id, encodeDer(tag, Buffer.from(value, 'utf8'))]));
    return [encodeDer(tags.set, attribute)];
  });
  return encodeDer(tags.sequence, Buffer.concat(steps));
}
