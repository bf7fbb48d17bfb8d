// SPDX-License-Identifier: Apache-2.0
// The suite's protobuf messages for CEL environments: declarations from the schema, and messages from protobuf JSON.
import type { CelConstant, TypeProvider } from '../../../src/policy/cel/declarations.ts';
import { entriesOfMap, isMap } from '../../../src/policy/cel/equality.ts';
import type { CelMessage, FieldDeclaration, MessageDeclaration } from '../../../src/policy/cel/message.ts';
import { buildMessage } from '../../../src/policy/cel/message-building.ts';
import { parseDuration, parseTimestamp } from '../../../src/policy/cel/time-text.ts';
import type { CelType } from '../../../src/policy/cel/types.ts';
import { intType, listOf, mapOf, messageType, typeOf } from '../../../src/policy/cel/types.ts';
import type { CelValue } from '../../../src/policy/cel/values.ts';
import {
  CelBytes,
  CelDouble,
  CelDuration,
  CelError,
  CelMap,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  normalInt,
} from '../../../src/policy/cel/values.ts';
import { acceptEnum, acceptMessage, acceptScalar, jsonName, scalarDefault } from './conversion.ts';
import { EnumNumber, enumType } from './enum-number.ts';
import type { FieldShape } from './schema.ts';
import { enums, shapeOf, shapesOf, wrapperScalars } from './schema.ts';
import { scalarType, wellKnownMessages } from './types.ts';
import { messageFromWire } from './wire.ts';

type EnumMode = 'int' | 'typed';

const prefix = 'google.protobuf.';
const second = 1_000_000_000n;

export class SuiteTypes implements TypeProvider {
  readonly #enums: EnumMode;
  readonly #declarations = new Map<string, MessageDeclaration>();

  constructor(mode: EnumMode) {
    this.#enums = mode;
  }

  message(name: string): MessageDeclaration | undefined {
    const known = this.#declarations.get(name);
    const shapes = shapesOf(name);
    if (known !== undefined || shapes === undefined) return known;
    const type = wellKnownMessages[name];
    const finish = this.#finisher(name);
    const fields = new Map<string, FieldDeclaration>();
    const declaration: MessageDeclaration = {
      name,
      ...(type === undefined ? {} : { type }),
      ...(finish === undefined ? {} : { finish }),
      field: (field) => {
        const text = Object.hasOwn(shapes, field) ? shapes[field] : undefined;
        if (text === undefined) return undefined;
        const declared = fields.get(field) ?? this.#field(shapeOf(text));
        fields.set(field, declared);
        return declared;
      },
    };
    this.#declarations.set(name, declaration);
    return declaration;
  }

  constant(name: string): CelConstant | undefined {
    if (shapesOf(name) !== undefined) return { type: typeOf(messageType(name)), value: new CelTypeValue(name) };
    if (this.#enums === 'typed' && Object.hasOwn(enums, name))
      return { type: typeOf(enumType(name)), value: new CelTypeValue(name) };
    const dot = name.lastIndexOf('.');
    const type = name.slice(0, dot);
    const number = Object.hasOwn(enums, type) ? enums[type]?.[name.slice(dot + 1)] : undefined;
    if (number === undefined) return undefined;
    return { type: this.#enumType(type), value: this.#enumValue(type, number) };
  }

  #enumType(name: string): CelType {
    return this.#enums === 'typed' ? enumType(name) : intType;
  }

  #enumValue(type: string, number: number): CelValue {
    return this.#enums === 'typed' ? new EnumNumber(type, number) : number;
  }

  #field(shape: FieldShape): FieldDeclaration {
    const item = this.#itemType(shape);
    const isPlural = shape.repeated !== 'one';
    const type =
      shape.repeated === 'list'
        ? listOf(item)
        : shape.repeated === 'map'
          ? mapOf(scalarType(shape.key ?? ''), item)
          : item;
    const fallback = (): CelValue => this.#fallback(shape);
    return {
      type,
      get fallback() {
        return fallback();
      },
      presence: isPlural || shape.isImplicit ? 'unless-default' : 'always',
      accept: (value) => this.#accept(value, shape),
    };
  }

  #itemType({ isEnum, type }: FieldShape): CelType {
    if (isEnum) return this.#enumType(type);
    if (shapesOf(type) === undefined) return scalarType(type);
    return wellKnownMessages[type] ?? messageType(type);
  }

  #fallback({ repeated, type, isEnum, default: text }: FieldShape): CelValue {
    if (repeated === 'list') return [];
    if (repeated === 'map') return new CelMap();
    if (isEnum) return this.#enumValue(type, Number(text ?? 0));
    if (shapesOf(type) === undefined) return scalarDefault(type, text);
    if (wrapperScalars[type] !== undefined || type === `${prefix}Any` || type === `${prefix}Value`) return null;
    const declaration = this.message(type);
    return declaration === undefined ? null : buildMessage(declaration, []);
  }

  #accept(value: CelValue, shape: FieldShape): CelValue | undefined {
    if (shape.repeated === 'one') return this.#acceptItem(value, shape);
    if (shape.repeated === 'list') {
      if (!Array.isArray(value)) return new CelError('unsupported field type: not a list');
      const items = (value as readonly CelValue[]).map((item) => this.#acceptItem(item, shape));
      return items.find((item) => item instanceof CelError) ?? items.filter((item) => item !== undefined);
    }
    if (!isMap(value)) return new CelError('unsupported field type: not a map');
    const map = new CelMap();
    for (const [key, item] of entriesOfMap(value)) {
      const name = acceptScalar(key, shape.key ?? '');
      const accepted = this.#acceptItem(item, shape);
      if (name instanceof CelError) return name;
      if (accepted instanceof CelError) return accepted;
      if (accepted !== undefined) map.add(name, accepted);
    }
    return map;
  }

  #acceptItem(value: CelValue, { type, isEnum }: FieldShape): CelValue | undefined {
    if (type === `${prefix}NullValue`) return null;
    if (isEnum) return acceptEnum(value, this.#enums, type);
    return shapesOf(type) === undefined ? acceptScalar(value, type) : acceptMessage(value, type);
  }

  /** What a literal of a well-known type stands for. */
  #finisher(name: string): ((message: CelMessage) => CelValue) | undefined {
    const scalar = wrapperScalars[name];
    if (scalar !== undefined) return ({ fields }) => fields.get('value') ?? scalarDefault(scalar, undefined);
    switch (name) {
      case `${prefix}Struct`:
        return ({ fields }) => fields.get('fields') ?? new CelMap();
      case `${prefix}ListValue`:
        return ({ fields }) => fields.get('values') ?? [];
      case `${prefix}Value`:
        return ({ fields }) => [...fields.values()][0] ?? null;
      case `${prefix}Any`:
        return (message) => this.#unpacked(message);
      case `${prefix}Duration`:
        return ({ fields }) => new CelDuration(nanosecondsOf(fields));
      case `${prefix}Timestamp`:
        return ({ fields }) => new CelTimestamp(nanosecondsOf(fields));
      default:
        return undefined;
    }
  }

  /** The message in an Any literal; what cannot be read stays as it is and is compared by its bytes. */
  #unpacked(any: CelMessage): CelValue {
    const url = any.fields.get('type_url');
    const bytes = any.fields.get('value');
    const type = typeof url === 'string' ? (url.split('/').at(-1) ?? '') : '';
    if (type === '') return new CelError('conversion error: google.protobuf.Any without a type');
    const json = messageFromWire(type, bytes instanceof CelBytes ? bytes.value : new Uint8Array());
    return json === undefined ? any : this.#messageFromJson(json, type);
  }

  /** A message from the JSON of a `google.protobuf.Any`. */
  fromAny(object: Readonly<Record<string, unknown>>): CelValue {
    const type = String(object['@type']).split('/').at(-1) ?? '';
    if (wellKnownMessages[type] !== undefined) return this.#messageFromJson(object['value'], type);
    const { '@type': _, ...fields } = object;
    return this.#messageFromJson(fields, type);
  }

  #messageFromJson(json: unknown, type: string): CelValue {
    const scalar = wrapperScalars[type];
    if (scalar !== undefined) return json === null ? null : scalarFromJson(json, scalar);
    if (type === `${prefix}Duration`) return parseDuration(String(json));
    if (type === `${prefix}Timestamp`) return parseTimestamp(String(json));
    if (type === `${prefix}Any`) return this.fromAny(json as Readonly<Record<string, unknown>>);
    if (['Struct', 'Value', 'ListValue'].includes(type.slice(prefix.length)) && type.startsWith(prefix))
      return dynamicFromJson(json);
    const declaration = this.message(type);
    if (declaration === undefined) return new CelError(`no reader for ${type}`);
    // Extension fields stand under their full name in brackets, or under the last part of it.
    const names = new Map(
      Object.keys(shapesOf(type) ?? {}).map((name) => [jsonName(name.split('.').at(-1) ?? name), name]),
    );
    const fields = Object.entries(json as Readonly<Record<string, unknown>>).map(([key, value]) => {
      const name = key.startsWith('[') ? key.slice(1, -1) : (names.get(key) ?? key);
      const text = shapesOf(type)?.[name];
      return [name, text === undefined ? null : this.#fieldFromJson(value, shapeOf(text))] as const;
    });
    return buildMessage(declaration, fields);
  }

  #fieldFromJson(json: unknown, shape: FieldShape): CelValue {
    if (shape.repeated === 'list')
      return (json as readonly unknown[]).map((item) => this.#fieldFromJson(item, { ...shape, repeated: 'one' }));
    if (shape.repeated === 'map') {
      const map = new CelMap();
      for (const [key, item] of Object.entries(json as Readonly<Record<string, unknown>>))
        map.add(scalarFromJson(key, shape.key ?? ''), this.#fieldFromJson(item, { ...shape, repeated: 'one' }));
      return map;
    }
    if (shape.isEnum) return typeof json === 'number' ? json : (enums[shape.type]?.[String(json)] ?? 0);
    return shapesOf(shape.type) === undefined
      ? scalarFromJson(json, shape.type)
      : this.#messageFromJson(json, shape.type);
  }
}

function nanosecondsOf(fields: ReadonlyMap<string, CelValue>): bigint {
  return BigInt(Number(fields.get('seconds') ?? 0)) * second + BigInt(Number(fields.get('nanos') ?? 0));
}

function scalarFromJson(json: unknown, type: string): CelValue {
  const text = String(json);
  switch (type) {
    case 'int32':
    case 'int64':
      return normalInt(BigInt(text));
    case 'uint32':
    case 'uint64':
      return new CelUint(BigInt(text));
    case 'float':
    case 'double':
      return new CelDouble(Number(text));
    case 'bool':
      return text === 'true';
    case 'bytes':
      return new CelBytes(new Uint8Array(Buffer.from(text, 'base64')));
    default:
      return text;
  }
}

function dynamicFromJson(json: unknown): CelValue {
  if (typeof json === 'number') return new CelDouble(json);
  if (Array.isArray(json)) return json.map(dynamicFromJson);
  if (json === null || typeof json !== 'object') return json as CelValue;
  const map = new CelMap();
  for (const [key, value] of Object.entries(json)) map.add(key, dynamicFromJson(value));
  return map;
}
