// SPDX-License-Identifier: Apache-2.0
// Changes in Polaris' format (JSON Patch with `*` for every item of a list) as members that should have a value or be gone.

import type { DocumentPath, JsonObject } from '../../../formats/document.ts';
import { asObject } from '../../../formats/document.ts';
import type { PolarisMutation } from '../../../formats/polaris-config.ts';
import type { WantedContent, WantedValue } from '../manifest-check.ts';
import { valueAt } from '../workload.ts';

/** Wanted values of an object for changes that are relative to `at`; those that do not apply are left out. */
export function wantedByMutations(
  mutations: readonly PolarisMutation[],
  at: DocumentPath,
  object: JsonObject,
): readonly WantedValue[] {
  return mutations.flatMap(({ op, path, value, comment }) =>
    placesOf(path, at, object).flatMap((place): WantedValue[] => {
      if (op === 'remove') return valueAt(object, place) === undefined ? [] : [{ at: place, value: undefined }];
      const content = asContent(value, 0);
      if (content === undefined) return [];
      return [{ at: place, value: content, ...(comment === undefined ? {} : { comment }) }];
    }),
  );
}

function placesOf(path: string, at: DocumentPath, object: JsonObject): readonly DocumentPath[] {
  let places: DocumentPath[] = [[...at]];
  for (const part of path.split('/').slice(1, 50)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    places = places.flatMap((place): DocumentPath[] => {
      const here = valueAt(object, place);
      if (!Array.isArray(here)) return [[...place, key]];
      if (key === '*') return here.map((_item, index) => [...place, index]);
      return /^[0-9]{1,6}$/.test(key) ? [[...place, Number(key)]] : [];
    });
  }
  return places;
}

function asContent(value: unknown, depth: number): WantedContent | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (depth > 20) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => asContent(item, depth + 1));
    return items.includes(undefined) ? undefined : items.filter((item) => item !== undefined);
  }
  const members = Object.entries(asObject(value) ?? {}).map(
    ([key, member]) => [key, asContent(member, depth + 1)] as const,
  );
  if (asObject(value) === undefined || members.some(([, member]) => member === undefined)) return undefined;
  return Object.fromEntries(members.flatMap(([key, member]) => (member === undefined ? [] : [[key, member] as const])));
}
