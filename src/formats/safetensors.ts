// SPDX-License-Identifier: Apache-2.0
// The head of a safetensors file: a JSON object that names every tensor with its type and shape. Tensors are not read.
// https://huggingface.co/docs/safetensors/index#format
import { defaultLimits } from '../model/limits.ts';
import type { Problem } from '../model/problem.ts';
import { ByteView } from './byte-view.ts';
import { asArray, asObject, asString, entriesOf } from './document.ts';
import { parseJson } from './json.ts';
import { cutOffProblem, syntaxProblem } from './text.ts';

export interface SafetensorsHead {
  readonly tensors: number;
  /** Numbers in all tensors together. */
  readonly parameters: number;
  /** The type that most of them have: `BF16`; empty without tensors. */
  readonly numberType: string;
  /** `__metadata__`, as the writer put it. */
  readonly metadata: ReadonlyMap<string, string>;
}

export interface SafetensorsResult {
  readonly head: SafetensorsHead | undefined;
  readonly problems: readonly Problem[];
}

/** `bytes` may be only the beginning of the file, as long as the head is whole. Never throws. */
export function parseSafetensorsHead(bytes: Uint8Array, path: string): SafetensorsResult {
  const view = new ByteView(bytes);
  const length = view.u64(0);
  if (bytes.length < 8 || length === 0) return none(syntaxProblem(path, 'not a safetensors file: no head'));
  if (length > defaultLimits.modelHeadBytes) {
    const message = `a head of ${length} bytes, more than the limit of ${defaultLimits.modelHeadBytes}; not read`;
    return none({ kind: 'limit', message, location: { path }, hidesFindings: true });
  }
  if (8 + length > bytes.length) return none(cutOffProblem(path, 'part of the head'));
  const document = parseJson(Buffer.from(view.slice(8, length)).toString('utf8'), path);
  const fields = asObject(document.value);
  if (fields === undefined)
    return { head: undefined, problems: [...document.problems, syntaxProblem(path, 'the head is no object')] };
  return { head: headOf(fields), problems: document.problems };
}

function none(problem: Problem): SafetensorsResult {
  return { head: undefined, problems: [problem] };
}

function headOf(fields: object): SafetensorsHead {
  const byType = new Map<string, number>();
  const metadata = new Map<string, string>();
  let tensors = 0;
  let parameters = 0;
  for (const [name, value] of entriesOf(fields)) {
    if (name === '__metadata__') {
      for (const [key, text] of entriesOf(value)) metadata.set(key, asString(text) ?? '');
      continue;
    }
    const type = asString(asObject(value)?.['dtype']) ?? '';
    const size = asArray(asObject(value)?.['shape']).reduce<number>(times, 1);
    tensors += 1;
    parameters += size;
    byType.set(type, (byType.get(type) ?? 0) + size);
  }
  const [most] = [...byType].sort(([, a], [, b]) => b - a);
  return { tensors, parameters, numberType: numberTypeOf(most?.[0] ?? ''), metadata };
}

function times(product: number, side: unknown): number {
  return typeof side === 'number' && side >= 0 ? product * side : product;
}

const numberTypes: Readonly<Record<string, string>> = {
  BFLOAT16: 'BF16',
  FLOAT16: 'F16',
  FP16: 'F16',
  HALF: 'F16',
  FLOAT32: 'F32',
  FP32: 'F32',
  FLOAT: 'F32',
  FLOAT64: 'F64',
  FP64: 'F64',
  DOUBLE: 'F64',
  INT8: 'I8',
  INT16: 'I16',
  INT32: 'I32',
  INT64: 'I64',
  UINT8: 'U8',
  UINT16: 'U16',
  UINT32: 'U32',
  UINT64: 'U64',
};

/** One spelling for what frameworks call differently: `float16`, `FP16` and `torch.float16` are `F16`. */
export function numberTypeOf(written: string): string {
  const plain = written.replace(/^torch\./, '').toUpperCase();
  return numberTypes[plain] ?? plain;
}
