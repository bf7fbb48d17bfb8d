// SPDX-License-Identifier: Apache-2.0
// A fault as cel-go prints it: place, message, the line it is in and a mark under the character.

import type { SyntaxFault } from './lexer.ts';

/** `ERROR: <input>:1:7: undefined field 'foo'`, the line, and a caret under it. */
export function printFault(text: string, { message, offset }: SyntaxFault): string {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  const column = offset - lineStart;
  const [shown = ''] = text.slice(lineStart).split('\n');
  return `ERROR: <input>:${line}:${column + 1}: ${message}\n | ${shown}\n | ${'.'.repeat(column)}^`;
}
