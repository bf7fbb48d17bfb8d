// SPDX-License-Identifier: Apache-2.0
// A defect of the pack, mended on the way in: its conversion of the suite decoded the escapes of texts but `\u`, `\U` and `\?`, which stayed as they were
// written. Decided by the case alone: a literal that is not raw and holds no escaped backslash cannot give a backslash.
import type { CelTest, SuiteValue } from './suite.ts';

const rawLiteral = /^\s*b?r/i;
const undecoded = /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\\?/g;

/** The case with its expected text decoded, where that was left undone. */
export function withDecodedEscapes(test: CelTest): CelTest {
  const { expr, value } = test;
  if (value === undefined || !/^\s*b?["']/i.test(expr) || rawLiteral.test(expr) || mayGiveBackslash(expr)) return test;
  return { ...test, value: decodedValue(value) };
}

/** `\\`, and the numbers of a backslash in any notation. */
function mayGiveBackslash(expr: string): boolean {
  return /\\\\|\\134|\\x5c|\\u005c|\\U0000005c/i.test(expr);
}

function decodedValue(value: SuiteValue): SuiteValue {
  const { stringValue, bytesValue } = value;
  if (stringValue !== undefined) return { ...value, stringValue: decoded(stringValue) };
  if (bytesValue === undefined) return value;
  const text = decoded(Buffer.from(bytesValue, 'base64').toString('latin1'));
  return { ...value, bytesValue: Buffer.from(text, 'latin1').toString('base64') };
}

function decoded(text: string): string {
  return text.replace(undecoded, (_whole, short: string | undefined, long: string | undefined) => {
    const digits = short ?? long;
    return digits === undefined ? '?' : String.fromCodePoint(Number.parseInt(digits, 16));
  });
}
