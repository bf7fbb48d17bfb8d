// SPDX-License-Identifier: Apache-2.0
// Joins the lists of installed packages that have a file each into one list per place, so that relations can be stated.
import { defaultLimits } from '../../model/limits.ts';
import type { PackageList } from '../../model/package.ts';
import type { Cataloger, Gathering } from './cataloger.ts';

/** Lists of catalogers with `gather` are joined by place; a place with one file keeps that file's path. Others pass through. */
export function gathered(lists: readonly PackageList[], catalogers: readonly Cataloger[]): readonly PackageList[] {
  const byId = new Map(catalogers.map((cataloger) => [cataloger.id, cataloger]));
  const places = new Map<
    string,
    { readonly gathering: Gathering; readonly place: string; readonly parts: PackageList[] }
  >();
  const found: PackageList[] = [];
  for (const list of lists) {
    const gathering = byId.get(list.cataloger)?.gather;
    if (gathering === undefined) {
      found.push(list);
      continue;
    }
    const place = gathering.placeOf(list.path);
    const key = `${list.cataloger}\0${place}`;
    const known = places.get(key);
    if (known !== undefined) known.parts.push(list);
    else places.set(key, { gathering, place, parts: [list] });
  }
  for (const { gathering, place, parts } of places.values()) {
    const first = parts[0];
    if (first === undefined) continue;
    const packages = parts.flatMap((part) => part.packages).slice(0, defaultLimits.packagesPerFile);
    found.push({ ...first, path: parts.length === 1 ? first.path : place, packages: gathering.link(packages) });
  }
  return found;
}
