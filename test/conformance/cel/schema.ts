// SPDX-License-Identifier: Apache-2.0
// The message and enum types that the suite's expressions use, as data (schema.json): a field is `[list | map KEY | implicit] TYPE [= DEFAULT]`.
import { readFileSync } from 'node:fs';

interface SchemaFile {
  readonly messages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface FieldShape {
  readonly repeated: 'one' | 'list' | 'map';
  /** Type of the keys of a map. */
  readonly key: string | undefined;
  /** A scalar's name, or that of a message or enum. */
  readonly type: string;
  readonly isEnum: boolean;
  readonly default: string | undefined;
  /** proto3 scalars: a field equal to its default is not set. */
  readonly isImplicit: boolean;
}

const wrappers: Readonly<Record<string, string>> = {
  BoolValue: 'bool',
  BytesValue: 'bytes',
  DoubleValue: 'double',
  FloatValue: 'float',
  Int32Value: 'int32',
  Int64Value: 'int64',
  StringValue: 'string',
  UInt32Value: 'uint32',
  UInt64Value: 'uint64',
};

/** Scalar types of the wrapper messages by full name. */
export const wrapperScalars: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(wrappers).map(([name, scalar]) => [`google.protobuf.${name}`, scalar]),
);

const wellKnown: SchemaFile = {
  messages: {
    ...Object.fromEntries(Object.entries(wrapperScalars).map(([name, scalar]) => [name, { value: scalar }])),
    'google.protobuf.Any': { type_url: 'string', value: 'bytes' },
    'google.protobuf.Duration': { seconds: 'int64', nanos: 'int32' },
    'google.protobuf.Timestamp': { seconds: 'int64', nanos: 'int32' },
    'google.protobuf.Struct': { fields: 'map string google.protobuf.Value' },
    'google.protobuf.ListValue': { values: 'list google.protobuf.Value' },
    'google.protobuf.Value': {
      null_value: 'enum google.protobuf.NullValue',
      number_value: 'double',
      string_value: 'string',
      bool_value: 'bool',
      struct_value: 'google.protobuf.Struct',
      list_value: 'google.protobuf.ListValue',
    },
    'google.protobuf.FieldMask': { paths: 'list string' },
    'google.protobuf.Empty': {},
  },
  enums: { 'google.protobuf.NullValue': { NULL_VALUE: 0 } },
};

const own = JSON.parse(readFileSync(new URL('./schema.json', import.meta.url), 'utf8')) as SchemaFile;

const messages: SchemaFile['messages'] = { ...wellKnown.messages, ...own.messages };
export const enums: SchemaFile['enums'] = { ...wellKnown.enums, ...own.enums };

/** Fields of a message type; undefined when the suite has no such type. */
export function shapesOf(message: string): Readonly<Record<string, string>> | undefined {
  return Object.hasOwn(messages, message) ? messages[message] : undefined;
}

export function shapeOf(text: string): FieldShape {
  const [description = '', fallback] = text.split(' = ');
  const words = description.split(' ');
  const repeated = words[0] === 'list' || words[0] === 'map' ? words[0] : 'one';
  return {
    repeated,
    key: repeated === 'map' ? words[1] : undefined,
    type: words.at(-1) ?? '',
    isEnum: words.includes('enum'),
    default: fallback,
    isImplicit: words[0] === 'implicit',
  };
}
