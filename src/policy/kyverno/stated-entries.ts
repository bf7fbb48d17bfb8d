// SPDX-License-Identifier: Apache-2.0
// Context entries of a rule for which somebody stated values: what cannot be looked up for them is not at fault then, because the values stand in for it.
// Kyverno's command line does not look at all in that case; here what can be found counts beside the values.
import { asArray, asObject, asString } from '../../formats/document.ts';
import type { DataProvider, Lookup } from '../data-provider.ts';
import { contextEntries } from './context-entries.ts';
import type { LazyEntry } from './evaluation-context.ts';

/** The entries of a `context` list, in its order. `stated`: values by dotted name, of which the first part is the name of an entry. */
export function statedContextEntries(
  list: unknown,
  data: DataProvider,
  stated: Readonly<Record<string, unknown>>,
): readonly LazyEntry[] {
  const names = new Set(Object.keys(stated).map((key) => key.split('.', 1)[0]));
  const lenient = withStandIns(data);
  return asArray(list).flatMap((entry) =>
    contextEntries([entry], names.has(asString(asObject(entry)?.['name'])) ? lenient : data),
  );
}

function withStandIns(data: DataProvider): DataProvider {
  return {
    ...data,
    configMap: (namespace, name) => orUnavailable(data.configMap(namespace, name)),
    apiCall: (call) => orUnavailable(data.apiCall(call)),
    imageData: (reference) => orUnavailable(data.imageData(reference)),
    globalContext: (name, projection) => orUnavailable(data.globalContext(name, projection)),
  };
}

function orUnavailable<T>(lookup: Lookup<T>): Lookup<T> {
  return lookup.kind === 'absent' || lookup.kind === 'failed' ? { kind: 'unavailable' } : lookup;
}
