// SPDX-License-Identifier: Apache-2.0
// The text of a scalar in a YAML document. js-yaml ends every block scalar with a line break; at the end of a text that has none there is none
// (YAML 1.2.2 section 8.1.1.2, b-chomped-last), and readers of other languages give none.

import type { ScalarEvent } from 'js-yaml';
import { getScalarValue, SCALAR_STYLE } from 'js-yaml';

export function scalarText(source: string, event: ScalarEvent): string {
  const value = getScalarValue(source, event);
  const isBlock = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
  if (!isBlock || event.valueEnd < source.length || source.endsWith('\n')) return value;
  return value.replace(/\n$/, '');
}
