// SPDX-License-Identifier: Apache-2.0
// Context entries of a rule for which somebody stated values: they are not looked up, because the values stand in their place (Kyverno's command line, which
// looks nothing up then). Entries that are computed from others are computed all the same.
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { DataProvider } from '../data-provider.ts';
import { contextEntries } from './context-entries.ts';
import type { LazyEntry } from './evaluation-context.ts';

/** The entries of a `context` list, in its order. `stated`: values by dotted name, of which the first part is the name of an entry. */
export function statedContextEntries(
  list: unknown,
  data: DataProvider,
  stated: Readonly<Record<string, unknown>>,
): readonly LazyEntry[] {
  const names = new Set<unknown>(Object.keys(stated).map((key) => key.split('.', 1)[0]));
  const isLeft = (item: unknown): boolean => {
    const entry = asObject(item);
    return entry?.['variable'] !== undefined || !names.has(asString(entry?.['name']));
  };
  return contextEntries(asArray(list).filter(isLeft), data);
}
