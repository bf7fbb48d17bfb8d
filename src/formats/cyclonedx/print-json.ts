// SPDX-License-Identifier: Apache-2.0
// Prints a tree as CycloneDX JSON.
import { sha256OfParts } from '../../model/sha256.ts';
import { BuiltList } from './built-list.ts';
import type { BomObject } from './faults.ts';
import type { Minor } from './notation.ts';
import { openSerialNumber, serialNumberOf } from './serial-number.ts';

/**
 * The document, indented by two spaces, with a final line feed. Format and version come first, whatever the tree says of them. Each item of a long list
 * stands on a line of its own: a third less to write and to read than with a line for each member, and a comparison of two documents names the components
 * that differ.
 */
export function printBomJson(tree: Readonly<BomObject>, minor: Minor): string {
  return printBomJsonInParts(tree, minor).join('');
}

/** As `printBomJson`, in parts that make up the text. */
export function printBomJsonInParts(tree: Readonly<BomObject>, minor: Minor): readonly string[] {
  const parts = print(tree, minor);
  if (tree['serialNumber'] !== openSerialNumber) return parts;
  const serial = serialNumberOf(sha256OfParts(parts));
  const place = parts.findIndex((part) => part.includes(openSerialNumber));
  return parts.map((part, index) => (index === place ? part.replace(openSerialNumber, serial) : part));
}

/** The serial number that `printBomJson` gives a tree whose serial number is open; the tree's own otherwise. */
export function serialNumberOfTree(tree: Readonly<BomObject>, minor: Minor): unknown {
  const serial = tree['serialNumber'];
  return serial === openSerialNumber ? serialNumberOf(sha256OfParts(print(tree, minor))) : serial;
}

/** Items of a long list that are made and printed together. */
const groupSize = 200;

function print(tree: Readonly<BomObject>, minor: Minor): string[] {
  const { $schema, bomFormat: _format, specVersion: _version, ...rest } = tree;
  const head = { ...($schema === undefined ? {} : { $schema }), bomFormat: 'CycloneDX', specVersion: `1.${minor}` };
  const parts: string[] = [];
  for (const [name, value] of Object.entries({ ...head, ...rest })) {
    if (value === undefined) continue;
    parts.push(parts.length === 0 ? '{\n' : ',\n');
    if (value instanceof BuiltList) parts.push(...printList(name, value));
    else parts.push(printMember(name, value));
  }
  parts.push('\n}\n');
  return parts;
}

/** `  "name": value`, indented as in the document. */
function printMember(name: string, value: unknown): string {
  return JSON.stringify({ [name]: value }, undefined, 2).slice('{\n'.length, -'\n}'.length);
}

function* printList(name: string, list: BuiltList<unknown>): Generator<string> {
  let isEmpty = true;
  for (const group of list.groups(groupSize)) {
    yield isEmpty ? `  ${JSON.stringify(name)}: [\n    ` : ',\n    ';
    yield group.map((item) => JSON.stringify(item)).join(',\n    ');
    isEmpty = false;
  }
  yield isEmpty ? printMember(name, []) : '\n  ]';
}
