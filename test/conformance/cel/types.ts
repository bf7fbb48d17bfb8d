// SPDX-License-Identifier: Apache-2.0
// Types of the suite to static types, and both to one text for comparison.
import type { CelType } from '../../../src/policy/cel/types.ts';
import {
  anyType,
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  messageType,
  nullType,
  opaqueType,
  parameter,
  printType,
  stringType,
  timestampType,
  typeOf,
  uintType,
  wrapperOf,
} from '../../../src/policy/cel/types.ts';
import type { SuiteType } from './suite.ts';

const primitives: Readonly<Record<string, CelType>> = {
  BOOL: boolType,
  INT64: intType,
  UINT64: uintType,
  DOUBLE: doubleType,
  STRING: stringType,
  BYTES: bytesType,
};

const wellKnown: Readonly<Record<string, CelType>> = { ANY: anyType, TIMESTAMP: timestampType, DURATION: durationType };

/** Messages that stand for another type, as cel-go maps them. */
export const wellKnownMessages: Readonly<Record<string, CelType>> = {
  'google.protobuf.Any': anyType,
  'google.protobuf.Timestamp': timestampType,
  'google.protobuf.Duration': durationType,
  'google.protobuf.Value': dynType,
  'google.protobuf.ListValue': listOf(dynType),
  'google.protobuf.Struct': mapOf(stringType, dynType),
  'google.protobuf.BoolValue': wrapperOf(boolType),
  'google.protobuf.BytesValue': wrapperOf(bytesType),
  'google.protobuf.DoubleValue': wrapperOf(doubleType),
  'google.protobuf.FloatValue': wrapperOf(doubleType),
  'google.protobuf.Int32Value': wrapperOf(intType),
  'google.protobuf.Int64Value': wrapperOf(intType),
  'google.protobuf.StringValue': wrapperOf(stringType),
  'google.protobuf.UInt32Value': wrapperOf(uintType),
  'google.protobuf.UInt64Value': wrapperOf(uintType),
};

const scalars: Readonly<Record<string, CelType>> = {
  int32: intType,
  int64: intType,
  uint32: uintType,
  uint64: uintType,
  float: doubleType,
  double: doubleType,
  bool: boolType,
  string: stringType,
  bytes: bytesType,
};

/** Static type of a protobuf scalar. */
export function scalarType(name: string): CelType {
  return scalars[name] ?? dynType;
}

export function typeFromSuite(type: SuiteType): CelType {
  if (type.primitive !== undefined) return primitives[type.primitive] ?? dynType;
  if (type.wrapper !== undefined) return wrapperOf(primitives[type.wrapper] ?? dynType);
  if (type.wellKnown !== undefined) return wellKnown[type.wellKnown] ?? dynType;
  if (type.typeParam !== undefined) return parameter(type.typeParam);
  if (type.listType !== undefined) return listOf(typeFromSuite(type.listType.elemType ?? {}));
  if (type.mapType !== undefined)
    return mapOf(typeFromSuite(type.mapType.keyType ?? {}), typeFromSuite(type.mapType.valueType ?? {}));
  if (type.messageType !== undefined) return wellKnownMessages[type.messageType] ?? messageType(type.messageType);
  if (type.abstractType !== undefined)
    return opaqueType(type.abstractType.name, ...(type.abstractType.parameterTypes ?? []).map(typeFromSuite));
  if (type.type !== undefined) return typeOf(typeFromSuite(type.type));
  return 'null' in type ? nullType : dynType;
}

export function printStaticType(type: CelType): string {
  return printType(type);
}
