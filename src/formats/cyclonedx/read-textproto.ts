// SPDX-License-Identifier: Apache-2.0
// From CycloneDX in protobuf text to the tree in JSON form, checked against the tables on the way.
import { type BomObject, brokenRules, type Fault } from './faults.ts';
import { type Choice, type Enumeration, type Field, isAvailable, type Minor, type Shape } from './notation.ts';
import { scalarFault, scalarOf } from './scalars.ts';
import { definitionOf, minorOf, shapeOf, variantsOf } from './specification.ts';
import type { TextField, TextMessage, TextScalar } from './textproto.ts';

export interface TextTree {
  readonly minor: Minor | undefined;
  readonly tree: BomObject;
  readonly faults: readonly Fault[];
}

/** Reads the message `Bom`. A message that states no version is of the newest; `minor` is undefined when it states an unknown one. */
export function readTextTree(message: TextMessage): TextTree {
  const stated = message.fields.find((field) => field.name === 'spec_version')?.value;
  const minor = stated === undefined ? 7 : stated.kind === 'string' ? minorOf(stated.text) : undefined;
  const isKnown = minor !== undefined && minor >= 3;
  const reader = new TextReader(isKnown ? minor : 7);
  if (!isKnown) {
    reader.faults.push({ path: [], message: 'states no version of CycloneDX that has a protobuf form', isFatal: true });
  }
  const tree = reader.readShape(shapeOf('bom'), message, { path: [], line: 1 });
  return { minor: isKnown ? minor : undefined, tree, faults: reader.faults };
}

interface Place {
  readonly path: readonly (string | number)[];
  readonly line: number;
}

class TextReader {
  readonly faults: Fault[] = [];
  readonly #minor: Minor;

  constructor(minor: Minor) {
    this.#minor = minor;
  }

  note(line: number, path: Place['path'], message: string): void {
    if (this.faults.length < 1_000) this.faults.push({ path, message, line });
  }

  readShape(shape: Shape, message: TextMessage, place: Place): BomObject {
    const value: BomObject = {};
    this.#readFields({ shape, value, place, prefix: '' }, message);
    for (const field of shape.fields) {
      if (value[field.name] === undefined && isAvailable(field.needed, 'textproto', this.#minor)) {
        this.note(place.line, place.path, `lacks ${field.textproto}`);
      }
    }
    for (const broken of brokenRules(shape, value, { syntax: 'textproto', minor: this.#minor })) {
      this.note(place.line, place.path, broken);
    }
    return value;
  }

  /** Fields whose path goes through messages that JSON does not have are found by their whole path. */
  #readFields(into: { shape: Shape; value: BomObject; place: Place; prefix: string }, message: TextMessage): void {
    const { shape, value, place, prefix } = into;
    const fields = shape.fields.filter((field) => isAvailable(field.availability, 'textproto', this.#minor));
    for (const given of message.fields) {
      const name = `${prefix}${given.name}`;
      const matching = fields.filter((field) => field.textproto === name);
      const field = this.#bestFit(matching, given);
      if (field !== undefined) this.#readField(field, given, value, place);
      else if (given.value.kind === 'message' && fields.some((other) => other.textproto.startsWith(`${name}.`))) {
        this.#readFields({ ...into, prefix: `${name}.` }, given.value);
      } else this.note(given.line, place.path, `the field ${name} is not known in CycloneDX 1.${this.#minor}`);
    }
  }

  #bestFit(fields: readonly Field[], given: TextField): Field | undefined {
    const fits = (field: Field): boolean => {
      const definition = definitionOf(field.type);
      if (given.value.kind !== 'message') return definition?.kind !== 'shape';
      if (definition?.kind !== 'shape') return false;
      return given.value.fields.every((inner) => definition.fields.some((member) => member.textproto === inner.name));
    };
    return fields.length < 2 ? fields[0] : (fields.find(fits) ?? fields[0]);
  }

  #readField(field: Field, given: TextField, value: BomObject, place: Place): void {
    const known = value[field.name];
    const items = Array.isArray(known) ? (known as unknown[]) : [];
    const path = [...place.path, field.name, ...(field.list ? [items.length] : [])];
    const read = this.#readType(field.type, given.value, { path, line: given.line });
    if (read === undefined) return;
    if (field.list) {
      items.push(read);
      value[field.name] = items;
    } else if (typeof known === 'object' && typeof read === 'object')
      value[field.name] = merged(known as BomObject, read as BomObject);
    else value[field.name] = read;
  }

  #readType(type: string, given: TextMessage | TextScalar, place: Place): unknown {
    const definition = definitionOf(type);
    if (definition?.kind === 'choice') return this.#readChoice(definition, given, place);
    if (definition?.kind === 'enumeration') return this.#readWord(definition, given, place);
    if (definition?.kind === 'shape') {
      const [only] = definition.fields;
      if (only?.xml.kind === 'self') return { [only.name]: this.#readType(only.type, given, place) };
      if (given.kind === 'message') return this.readShape(definition, given, place);
      this.note(place.line, place.path, 'is not a message');
      return undefined;
    }
    return this.#readScalar(type, given, place);
  }

  #readChoice(choice: Choice, given: TextMessage | TextScalar, place: Place): unknown {
    if (choice.textproto !== undefined) return this.#readType(choice.textproto, given, place);
    const fields = given.kind === 'message' ? given.fields : [];
    const [field] = fields;
    const variant = variantsOf(choice, 'textproto', this.#minor).find(
      (candidate) => candidate.textproto === field?.name,
    );
    if (field === undefined || variant === undefined || fields.length > 1) {
      this.note(
        place.line,
        place.path,
        `needs exactly one of ${choice.variants.map((item) => item.textproto).join(', ')}`,
      );
      return undefined;
    }
    return this.#readType(variant.type, field.value, { path: place.path, line: field.line });
  }

  #readWord(enumeration: Enumeration, given: TextMessage | TextScalar, place: Place): unknown {
    if (given.kind === 'message') {
      this.note(place.line, place.path, 'is not a word');
      return undefined;
    }
    if (enumeration.textproto.size === 0) return given.text;
    if (!enumeration.textproto.has(given.text))
      this.note(place.line, place.path, `${given.text} is not a ${enumeration.name}`);
    return enumeration.textproto.get(given.text);
  }

  #readScalar(type: string, given: TextMessage | TextScalar, place: Place): unknown {
    const scalar = scalarOf(type);
    const value =
      type === 'dateTime' || type === 'date'
        ? timeOf(given, type)
        : given.kind === 'message'
          ? undefined
          : plainValue(scalar.json, given);
    const context = { syntax: 'textproto', minor: this.#minor } as const;
    const fault =
      value === undefined
        ? `is not a ${type}`
        : checkedInText.has(type)
          ? scalarFault(scalar, value, context)
          : undefined;
    if (fault !== undefined) this.note(place.line, place.path, fault);
    return value;
  }
}

/** Protobuf knows strings and numbers only; of what they mean, these are checked because a reader relies on them. */
const checkedInText = new Set(['serial', 'natural', 'fraction']);

function plainValue(json: 'string' | 'number' | 'integer' | 'boolean', given: TextScalar): unknown {
  if (json === 'string') return given.kind === 'string' ? given.text : undefined;
  if (json === 'boolean')
    return given.text === 'true' || given.text === '1' ? true : /^(?:false|0)$/.test(given.text) ? false : undefined;
  if (given.kind !== 'number') return undefined;
  const isHexadecimal = /^-?0x/i.test(given.text);
  const digits = isHexadecimal ? given.text.replace('-', '') : given.text.replace(/f$/i, '');
  const value = isHexadecimal && given.text.startsWith('-') ? -Number(digits) : Number(digits);
  return json === 'integer' && !Number.isInteger(value) ? undefined : value;
}

/** google.protobuf.Timestamp: seconds and nanoseconds since 1970. */
function timeOf(given: TextMessage | TextScalar, type: 'dateTime' | 'date'): string | undefined {
  if (given.kind !== 'message') return undefined;
  let seconds = 0;
  let nanos = 0;
  for (const field of given.fields) {
    const value = field.value.kind === 'number' ? Number(field.value.text) : Number.NaN;
    if (field.name === 'seconds') seconds = value;
    else if (field.name === 'nanos') nanos = value;
    else return undefined;
  }
  // The range of Timestamp: years 1 to 9999.
  if (!(seconds >= -62_135_596_800 && seconds <= 253_402_300_799) || !(nanos >= 0 && nanos <= 999_999_999))
    return undefined;
  const base = new Date(seconds * 1_000).toISOString();
  if (type === 'date') return base.slice(0, 10);
  const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
  return `${base.slice(0, 19)}${fraction}Z`;
}

/** As protobuf merges a message that is given twice: lists are joined, other members of the later one win. */
function merged(first: BomObject, second: BomObject): BomObject {
  const result: BomObject = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const known = result[name];
    result[name] =
      Array.isArray(known) && Array.isArray(value) ? [...(known as unknown[]), ...(value as unknown[])] : value;
  }
  return result;
}
