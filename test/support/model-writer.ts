// SPDX-License-Identifier: Apache-2.0
// For tests: the beginnings of AI model files.

function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([length, bytes]);
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function number64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** A GGUF file with these text properties and a list of numbers, as vocabularies are. */
export function ggufFile(
  values: Readonly<Record<string, string>>,
  head: { readonly version?: number; readonly tensors?: number } = {},
): Buffer {
  const pairs = Object.entries(values).map(([key, value]) =>
    Buffer.concat([counted(key), number32(8), counted(value)]),
  );
  const list = Buffer.concat([
    counted('tokenizer.scores'),
    number32(9),
    number32(4),
    number64(2),
    number32(1),
    number32(2),
  ]);
  return Buffer.concat([
    Buffer.from('GGUF'),
    number32(head.version ?? 3),
    number64(head.tensors ?? 0),
    number64(pairs.length + 1),
    list,
    ...pairs,
  ]);
}

/** A safetensors file with this head and no tensors. */
export function safetensorsFile(head: unknown): Buffer {
  return counted(JSON.stringify(head));
}
