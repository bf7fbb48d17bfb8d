// SPDX-License-Identifier: Apache-2.0
import { parseDigest } from '../model/digest.ts';
import type { VexProduct } from '../model/vex.ts';

/** Classifies an identifier by its form. */
export function productOf(id: string, subcomponents: readonly VexProduct[]): VexProduct {
  const kind = id.startsWith('pkg:')
    ? 'purl'
    : id.startsWith('cpe:')
      ? 'cpe'
      : parseDigest(id) === undefined
        ? 'reference'
        : 'digest';
  return { id, kind, subcomponents };
}
