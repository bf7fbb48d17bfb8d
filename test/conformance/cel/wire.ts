// SPDX-License-Identifier: Apache-2.0
// Messages in protobuf's wire format inside of a google.protobuf.Any, for the suite's own types: read by @bufbuild/protobuf, handed on as protobuf JSON.
import { TestAllTypesSchema as proto2 } from '@bufbuild/cel-spec/cel/expr/conformance/proto2/test_all_types_pb.js';
import { TestAllTypesSchema as proto3 } from '@bufbuild/cel-spec/cel/expr/conformance/proto3/test_all_types_pb.js';
import { fromBinary, toJson } from '@bufbuild/protobuf';

const schemas = [proto2, proto3];

/** The message as JSON; undefined when its type is unknown, the bytes are none of it, or it holds fields that the type does not have. */
export function messageFromWire(type: string, bytes: Uint8Array): unknown {
  const schema = schemas.find(({ typeName }) => typeName === type);
  if (schema === undefined) return undefined;
  try {
    const message = fromBinary(schema, bytes);
    // An Any without a type has no form in JSON.
    const isOpaque = message.singleAny !== undefined && message.singleAny.typeUrl === '';
    return isOpaque || (message.$unknown ?? []).length > 0 ? undefined : toJson(schema, message);
  } catch {
    return undefined;
  }
}
