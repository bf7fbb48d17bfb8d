// SPDX-License-Identifier: Apache-2.0
// Which layer brought a package. For a file of its own that is the layer of the file; in a database that every layer writes anew, it is the
// lowest layer from which on the package was in it.
import type { CatalogedFile } from '../../evidence/packages/catalog.ts';
import { CatalogRun } from '../../evidence/packages/catalog.ts';
import type { Cataloger } from '../../evidence/packages/cataloger.ts';
import type { Location } from '../../model/location.ts';
import type { Package, PackageList } from '../../model/package.ts';
import type { SquashedFile } from '../../sources/image/squash.ts';

export interface OriginsOptions {
  readonly files: readonly SquashedFile<CatalogedFile>[];
  /** Digests from the base upwards. */
  readonly layers: readonly string[];
  readonly catalogers: readonly Cataloger[];
}

/** The lists with the layer in every location that is a file of the image. */
export function withLayers(lists: readonly PackageList[], options: OriginsOptions): readonly PackageList[] {
  const files = new Map(options.files.map((file) => [file.path, file]));
  return lists.map((list) => {
    const own = files.get(list.path);
    const originOf = own === undefined ? undefined : databaseOrigins(list, own, options);
    const packages = list.packages.map((item) => {
      const origin = originOf?.(item);
      const locate = (location: Location): Location => {
        const file = files.get(location.path);
        const layer = location.path === list.path ? (origin ?? own?.layer) : (file ?? own)?.layer;
        const digest = layer === undefined ? undefined : options.layers[layer];
        return digest === undefined ? location : { ...location, layer: digest };
      };
      const locations = item.locations.length > 0 || own === undefined ? item.locations : [{ path: list.path }];
      return { ...item, locations: locations.map(locate) };
    });
    return { ...list, packages };
  });
}

/** For a file that lower layers have too; undefined where the layer of the file is all there is to know. */
function databaseOrigins(
  list: PackageList,
  file: SquashedFile<CatalogedFile>,
  options: OriginsOptions,
): ((item: Package) => number) | undefined {
  if (list.kind !== 'installed' || file.replaced.length === 0 || list.packages.length < 2) return undefined;
  const earlier = file.replaced.map(({ layer, result }) => ({
    layer,
    keys: new Set(listsOf(result, options.catalogers).flatMap((old) => old.packages.map(keyOf))),
  }));
  return (item) => {
    const key = keyOf(item);
    let { layer } = file;
    for (const version of earlier) {
      if (!version.keys.has(key)) break;
      layer = version.layer;
    }
    return layer;
  };
}

function listsOf(file: CatalogedFile, catalogers: readonly Cataloger[]): readonly PackageList[] {
  if (file.waiting === undefined) return file.lists;
  const asked = new Set(file.waiting.catalogers);
  const run = new CatalogRun(catalogers.filter((cataloger) => asked.has(cataloger.id)));
  run.add(file);
  return run.finish().lists;
}

function keyOf(item: Package): string {
  return `${item.name}\0${item.version}\0${item.facts?.architecture ?? ''}`;
}
