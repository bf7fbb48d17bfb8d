// SPDX-License-Identifier: Apache-2.0
// Prints a tree as CycloneDX JSON.
import type { BomObject } from './faults.ts';
import type { Minor } from './notation.ts';
import { openSerialNumber, serialNumberOf } from './serial-number.ts';

/** The document, indented by two spaces, with a final line feed. Format and version come first, whatever the tree says of them. */
export function printBomJson(tree: Readonly<BomObject>, minor: Minor): string {
  const text = print(tree, minor);
  return tree['serialNumber'] === openSerialNumber ? text.replace(openSerialNumber, serialNumberOf(text)) : text;
}

/** The serial number that `printBomJson` gives a tree whose serial number is open; the tree's own otherwise. */
export function serialNumberOfTree(tree: Readonly<BomObject>, minor: Minor): unknown {
  return tree['serialNumber'] === openSerialNumber ? serialNumberOf(print(tree, minor)) : tree['serialNumber'];
}

function print(tree: Readonly<BomObject>, minor: Minor): string {
  const { $schema, bomFormat: _format, specVersion: _version, ...rest } = tree;
  const head = { ...($schema === undefined ? {} : { $schema }), bomFormat: 'CycloneDX', specVersion: `1.${minor}` };
  return `${JSON.stringify({ ...head, ...rest }, undefined, 2)}\n`;
}
