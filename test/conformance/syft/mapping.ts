// SPDX-License-Identifier: Apache-2.0
// Which catalogers answer for which test of Syft. Keys: `<folder>/<test file without _test.go>` or with `#<test function>`; the longer key wins.
// What is not named in any of the parts fails; tests of Syft's own machinery say so with `outside`.
import type { CatalogerMapping } from './cataloger-mapping.ts';
import { javaMapping } from './mapping-java.ts';
import { javascriptMapping } from './mapping-javascript.ts';
import { languageMapping } from './mapping-languages.ts';
import { pythonMapping } from './mapping-python.ts';
import { systemMapping } from './mapping-systems.ts';

export const catalogerMapping: Readonly<Record<string, CatalogerMapping>> = {
  ...javascriptMapping,
  ...pythonMapping,
  ...javaMapping,
  ...languageMapping,
  ...systemMapping,
};

/** The entry for a short id such as `rust/parse_cargo_lock#TestX/row`. */
export function mappedBy<T>(mapping: Readonly<Record<string, T>>, id: string): T | undefined {
  const row = mapping[id];
  const hash = id.indexOf('#');
  const slash = id.indexOf('/', hash);
  return row ?? (slash === -1 ? undefined : mapping[id.slice(0, slash)]) ?? mapping[id.slice(0, hash)];
}
