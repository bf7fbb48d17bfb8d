// SPDX-License-Identifier: Apache-2.0
// `strategy` with its matrix: rows, combinations to add and to leave out, and the values in them, which may be of any shape.
import type { YamlNode } from '../../../../formats/yaml-tree.ts';
import type { Combinations, Matrix, MatrixRow, Members, RawValue, Strategy } from '../workflow.ts';
import type { EmptyText, SectionReader } from './section-reader.ts';
import { members } from './section-reader.ts';

export function readStrategy(reader: SectionReader, node: YamlNode): Strategy {
  const strategy: { -readonly [K in keyof Strategy]: Strategy[K] } = {};
  for (const { key, id, value } of reader.section('strategy', node, { empty: 'refused', keys: 'exact' }) ?? []) {
    if (id === 'matrix') strategy.matrix = readMatrix(reader, key.offset, value);
    else if (id === 'fail-fast') {
      const failFast = reader.boolean(value);
      if (failFast !== undefined) strategy.failFast = failFast;
    } else if (id === 'max-parallel') {
      const maxParallel = reader.positive(id, value, 'integer');
      if (maxParallel !== undefined) strategy.maxParallel = maxParallel;
    } else reader.unexpectedKey(key, '"strategy" section', ['fail-fast', 'matrix', 'max-parallel']);
  }
  return strategy;
}

function readMatrix(reader: SectionReader, offset: number, node: YamlNode): Matrix {
  if (node.kind === 'scalar' && !reader.isBrokenAlias(node)) {
    const expression = reader.expression(node, 'mapping value for "matrix" section');
    return { offset, rows: new Map(), ...(expression === undefined ? {} : { expression }) };
  }
  const entries = reader.section('matrix', node, { empty: 'refused', keys: 'any-case' }) ?? [];
  const rows = entries.filter(({ id }) => id !== 'include' && id !== 'exclude');
  const include = entries.find(({ id }) => id === 'include');
  const exclude = entries.find(({ id }) => id === 'exclude');
  return {
    offset,
    rows: members(rows, (value) => readRow(reader, value)),
    ...(include === undefined ? {} : { include: readCombinations(reader, 'include', include.value) }),
    ...(exclude === undefined ? {} : { exclude: readCombinations(reader, 'exclude', exclude.value) }),
  };
}

function readRow(reader: SectionReader, node: YamlNode): MatrixRow {
  if (node.kind === 'scalar' && !reader.isBrokenAlias(node)) {
    const expression = reader.expression(node, 'array value for matrix variations');
    return { values: [], ...(expression === undefined ? {} : { expression }) };
  }
  return { values: (reader.sequence('matrix values', node, 'refused') ?? []).flatMap((item) => readRaw(reader, item)) };
}

function readCombinations(reader: SectionReader, name: 'include' | 'exclude', node: YamlNode): Combinations {
  if (node.kind === 'scalar' && !reader.isBrokenAlias(node)) {
    const expression = reader.expression(node, 'array value for matrix combinations');
    return { combinations: [], ...(expression === undefined ? {} : { expression }) };
  }
  const what = `element in ${JSON.stringify(name)} section`;
  return {
    combinations: (reader.sequence(name, node, 'refused') ?? []).map((item) => {
      const expression = item.kind === 'scalar' ? reader.expression(item, 'mapping of matrix combination') : undefined;
      if (item.kind === 'scalar') return { assigns: new Map(), ...(expression === undefined ? {} : { expression }) };
      return { assigns: rawMembers(reader, what, item, 'refused') };
    }),
  };
}

function rawMembers(reader: SectionReader, what: string, node: YamlNode, empty: EmptyText): Members<RawValue> {
  const entries = reader.mapping(what, node, { empty, keys: 'any-case' }) ?? [];
  const found = members(entries, (value) => readRaw(reader, value)[0]);
  return new Map(
    [...found].flatMap(([id, { name, value }]) => (value === undefined ? [] : [[id, { name, value }] as const])),
  );
}

/** One value, or none when it could not be read. */
function readRaw(reader: SectionReader, node: YamlNode): readonly RawValue[] {
  if (!reader.mayRead()) return [];
  const offset = reader.offsetOf(node);
  if (reader.isBrokenAlias(node)) {
    reader.fault(offset, 'unexpected alias node on parsing value in matrix row');
    return [];
  }
  if (node.kind === 'scalar') return [{ kind: 'scalar', text: reader.text(node, 'allowed'), offset }];
  if (node.kind === 'sequence')
    return [{ kind: 'array', items: reader.itemsOf(node).flatMap((item) => readRaw(reader, item)), offset }];
  return [{ kind: 'object', members: rawMembers(reader, 'matrix row value', node, 'allowed'), offset }];
}
