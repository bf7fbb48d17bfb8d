// SPDX-License-Identifier: Apache-2.0
// The simple values of CycloneDX: what JSON and XML accept for each, and how XML text becomes a value.
// Where the JSON schema and the XSD differ, each is followed in its own syntax.
import { listedExceptions, listedLicenses } from '../spdx-license.ts';
import type { Minor, Syntax } from './notation.ts';

export interface ScalarContext {
  readonly syntax: Syntax;
  readonly minor: Minor;
}

/** Message for a value of the right JSON type that is not allowed; undefined when it is fine. */
type FaultOf<T> = (value: T, context: ScalarContext) => string | undefined;

/** `collapse`: XML types derived from xs:token and the like ignore white space around the value. */
export type Scalar =
  | { readonly json: 'string'; readonly fault?: FaultOf<string>; readonly collapse?: true }
  | { readonly json: 'number' | 'integer'; readonly fault?: FaultOf<number>; readonly collapse: true }
  | { readonly json: 'boolean'; readonly collapse: true };

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

function matching(pattern: RegExp, meaning: string): FaultOf<string> {
  return (value) => (pattern.test(value) ? undefined : `is not ${meaning}`);
}

function between(low: number, high: number): FaultOf<number> {
  return (value) => (value >= low && value <= high ? undefined : `is not between ${low} and ${high}`);
}

function length(low: number, high: number): FaultOf<string> {
  return (value) => {
    // Code points, as both schema languages count; most values are short enough to need no counting.
    const count = value.length <= high ? value.length : Array.from(value).length;
    return count >= low && count <= high ? undefined : `has not between ${low} and ${high} characters`;
  };
}

const scalars = {
  string: { json: 'string' },
  uri: { json: 'string', collapse: true },
  /** `bom-ref` and what points to one: not empty since 1.5. */
  ref: { json: 'string', fault: (value, { minor }) => (minor >= 5 && value === '' ? 'is empty' : undefined) },
  version: {
    json: 'string',
    fault: (value, { minor }) => (minor >= 6 ? length(0, 1_024)(value, anyContext) : undefined),
  },
  versionRange: { json: 'string', fault: length(1, 4_096) },
  affectedVersionText: {
    json: 'string',
    fault: (value, { syntax, minor }) =>
      minor >= 6
        ? length(0, 1_024)(value, anyContext)
        : syntax === 'json'
          ? length(1, 1_024)(value, anyContext)
          : undefined,
  },
  affectedRange: {
    json: 'string',
    fault: (value, { syntax, minor }) =>
      minor >= 6
        ? length(1, 4_096)(value, anyContext)
        : syntax === 'json'
          ? length(1, 1_024)(value, anyContext)
          : undefined,
  },
  boolean: { json: 'boolean', collapse: true },
  number: { json: 'number', collapse: true },
  integer: { json: 'integer', collapse: true },
  natural: { json: 'integer', collapse: true, fault: (value) => (value >= 0 ? undefined : 'is negative') },
  quantumLevel: { json: 'integer', collapse: true, fault: between(0, 6) },
  fraction: { json: 'number', collapse: true, fault: between(0, 1) },
  cwe: {
    json: 'integer',
    collapse: true,
    fault: (value, { syntax }) => (syntax === 'json' && value < 1 ? 'is less than 1' : undefined),
  },
  bomVersion: {
    json: 'integer',
    collapse: true,
    fault: (value, { minor }) => (minor >= 5 && value < 1 ? 'is less than 1' : undefined),
  },
  serial: {
    json: 'string',
    fault: (value, { syntax }) => {
      const pattern = syntax === 'xml' ? `^(?:urn:uuid:${uuid}|\\{${uuid}\\})$` : `^urn:uuid:${uuid}$`;
      return new RegExp(pattern).test(value) ? undefined : 'is not a UUID as urn:uuid:... in lower case';
    },
  },
  hashValue: {
    json: 'string',
    collapse: true,
    fault: matching(
      /^(?:[a-fA-F0-9]{32}|[a-fA-F0-9]{40}|[a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128})$/,
      'a hash value of 32, 40, 64, 96 or 128 hexadecimal digits',
    ),
  },
  mime: {
    json: 'string',
    collapse: true,
    fault: matching(/^[-+a-z0-9.]+\/[-+a-z0-9.]+$/, 'a media type in lower case'),
  },
  locale: { json: 'string', fault: matching(/^[a-z]{2}(?:-[A-Z]{2})?$/, 'a locale such as en or en-US') },
  openCre: { json: 'string', fault: matching(/^CRE:[0-9]+-[0-9]+$/, 'a common requirement number, CRE:1-2') },
  patentNumber: {
    json: 'string',
    fault: matching(/^[A-Za-z0-9][A-Za-z0-9\-/.()\s]{0,28}[A-Za-z0-9]$/, 'a patent number of 2 to 30 characters'),
  },
  jurisdiction: { json: 'string', fault: matching(/^[A-Z]{2}$/, 'a code of two capital letters') },
  licenseId: {
    json: 'string',
    fault: (value) => (isLicenseId(value) ? undefined : 'is not the id of a licence or exception in the SPDX list'),
  },
  dateTime: {
    json: 'string',
    collapse: true,
    fault: (value, { syntax }) => (isDateTime(value, syntax) ? undefined : 'is not a date with time (RFC 3339)'),
  },
  date: {
    json: 'string',
    collapse: true,
    fault: (value, { syntax }) => {
      const match = /^(-?\d{4,9}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?$/.exec(value);
      const isDate = match !== null && isCalendarDate(match[1] ?? '') && (match[2] === undefined || syntax === 'xml');
      return isDate ? undefined : 'is not a date';
    },
  },
  cpe: {
    json: 'string',
    fault: (value, { syntax }) =>
      syntax === 'json' || isCpe(value) ? undefined : 'is not a CPE name of version 2.2 or 2.3',
  },
  signatureAlgorithm: {
    json: 'string',
    fault: matching(
      /^(?:[RP]S(?:256|384|512)|ES(?:256|384|512)|HS(?:256|384|512)|Ed25519|Ed448|[a-zA-Z][a-zA-Z0-9+.-]*:\S+)$/,
      'a signature algorithm of JSF or a URI',
    ),
  },
} as const satisfies Record<string, Scalar>;

const anyContext: ScalarContext = { syntax: 'json', minor: 7 };

/** The scalar of that name. Throws for a name that no table may use. */
export function scalarOf(name: string): Scalar {
  const found = Object.hasOwn(scalars, name) ? scalars[name as keyof typeof scalars] : undefined;
  if (found === undefined) throw new Error(`no scalar ${name}`);
  return found;
}

/** Says what is wrong with a JSON value of a scalar type; undefined when nothing is. */
export function scalarFault(scalar: Scalar, value: unknown, context: ScalarContext): string | undefined {
  switch (scalar.json) {
    case 'string':
      return typeof value === 'string' ? scalar.fault?.(value, context) : 'is not a string';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'is not a boolean';
    default: {
      if (typeof value !== 'number') return 'is not a number';
      if (scalar.json === 'integer' && !Number.isInteger(value)) return 'is not a whole number';
      return scalar.fault?.(value, context);
    }
  }
}

/** The value that XML or protobuf text stands for; undefined when the text is not of the type. */
export function scalarFromText(scalar: Scalar, text: string): unknown {
  const value = scalar.collapse === true ? text.trim().replace(/\s+/g, ' ') : text;
  switch (scalar.json) {
    case 'string':
      return value;
    case 'boolean':
      return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : undefined;
    case 'integer':
      return /^[+-]?\d+$/.test(value) ? Number(value) : undefined;
    default:
      return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(value) ? Number(value) : undefined;
  }
}

function isLicenseId(id: string): boolean {
  const key = id.toLowerCase();
  return listedLicenses().get(key)?.id === id || listedExceptions().get(key)?.id === id;
}

/** RFC 3339 in JSON (with a zone; a blank may stand for the T), xs:dateTime in XML (the zone may be missing). */
function isDateTime(value: string, syntax: Syntax): boolean {
  const match = /^(-?\d{4,9}-\d\d-\d\d)([Tt ])(\d\d):(\d\d):(\d\d)(?:\.\d+)?([Zz]|[+-]\d\d(?::?\d\d)?)?$/.exec(value);
  if (match === null || !isCalendarDate(match[1] ?? '')) return false;
  const [, , separator, hours, minutes, seconds, zone] = match;
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  if (minute > 59) return false;
  if (syntax === 'xml') {
    const zoneFits = zone === undefined || zone === 'Z' || /^[+-](?:0\d|1[0-3]):[0-5]\d$|^[+-]14:00$/.test(zone);
    return (
      separator === 'T' && zoneFits && second <= 59 && (hour <= 23 || (hour === 24 && minute === 0 && second === 0))
    );
  }
  const zoneFits = zone !== undefined && (/^z$/i.test(zone) || /^[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?$/.test(zone));
  return zoneFits && /^\d{4}-/.test(value) && hour <= 23 && second <= 60;
}

function isCalendarDate(date: string): boolean {
  const match = /^(-?\d{4,9})-(\d\d)-(\d\d)$/.exec(date);
  const [year, month, day] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** The pattern of the XSD: a URI of CPE 2.2, or a formatted string of CPE 2.3 (NISTIR 7695, 6.2). */
function isCpe(value: string): boolean {
  if (/^cpe:\//i.test(value)) return /^[c][pP][eE]:\/[AHOaho]?(?::[A-Za-z0-9._\-~%]*){0,6}$/.test(value);
  const parts = splitUnescaped(value);
  if (parts.length !== 13 || parts[0] !== 'cpe' || parts[1] !== '2.3' || !/^[aho*-]$/.test(parts[2] ?? ''))
    return false;
  return parts.slice(3).every((part, index) => (index === 5 ? isCpeLanguage(part) : isCpeAttribute(part)));
}

function isCpeLanguage(part: string): boolean {
  return /^(?:[a-zA-Z]{2,3}(?:-(?:[a-zA-Z]{2}|[0-9]{3}))?|[*-])$/.test(part);
}

/** Wildcards at the ends only; punctuation only after a backslash. */
function isCpeAttribute(part: string): boolean {
  if (part === '*' || part === '-') return true;
  let rest = part;
  if (rest.startsWith('*')) rest = rest.slice(1);
  else rest = rest.replace(/^\?+/, '');
  if (rest.endsWith('*') && !rest.endsWith('\\*')) rest = rest.slice(0, -1);
  else rest = rest.replace(/(?<!\\)\?+$/, '');
  return /^(?:[a-zA-Z0-9\-._]|\\[\\*?!"#$%&'()+,/:;<=>@[\]^`{|}~])+$/.test(rest);
}

function splitUnescaped(text: string): string[] {
  const parts: string[] = [''];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === ':') parts.push('');
    else {
      const taken = character === '\\' ? text.slice(at, at + 2) : character;
      parts[parts.length - 1] += taken;
      at += taken.length - 1;
    }
  }
  return parts;
}
