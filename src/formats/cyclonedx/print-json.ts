// SPDX-License-Identifier: Apache-2.0
// Prints a tree as CycloneDX JSON.
import type { BomObject } from './faults.ts';
import type { Minor } from './notation.ts';

/** The document, indented by two spaces, with a final line feed. Format and version come first, whatever the tree says of them. */
export function printBomJson(tree: Readonly<BomObject>, minor: Minor): string {
  const { $schema, bomFormat: _format, specVersion: _version, ...rest } = tree;
  const head = { ...($schema === undefined ? {} : { $schema }), bomFormat: 'CycloneDX', specVersion: `1.${minor}` };
  return `${JSON.stringify({ ...head, ...rest }, null, 2)}\n`;
}
