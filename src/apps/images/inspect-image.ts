// SPDX-License-Identifier: Apache-2.0
// The packages of an image: every layer is read once and parsed where it is read, the squashed view decides what counts.
import type { CatalogedFile } from '../../evidence/packages/catalog.ts';
import { CatalogRun } from '../../evidence/packages/catalog.ts';
import type { Cataloger } from '../../evidence/packages/cataloger.ts';
import type { Coverage, SkippedEntries } from '../../model/coverage.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { PackageList } from '../../model/package.ts';
import type { ImageInput } from '../../sources/image/image-input.ts';
import type { PrivilegedFile } from '../../sources/image/layer-record.ts';
import type { ReadImage } from '../../sources/image/read-image.ts';
import { readImage } from '../../sources/image/read-image.ts';
import type { FileOwners } from './file-owners.ts';
import { fileOwners, withoutFiles } from './file-owners.ts';
import { withLayers } from './layer-origins.ts';
import type { ClosableReader } from './layer-readers.ts';
import { localReader } from './layer-readers.ts';
import { pathOfItem } from './layer-reading.ts';

export interface ImageInspectionOptions {
  readonly catalogers: readonly Cataloger[];
  /** Paths of the image that are left out. */
  readonly isExcluded?: ((path: string) => boolean) | undefined;
  /** Told after each layer how many files were met, and how many bytes of wanted files read. */
  readonly onProgress?: ((files: number, bytes: number) => void) | undefined;
  /** Reads layers with these same catalogers and files; absent: this thread does. */
  readonly reader?: ClosableReader | undefined;
  /** `owned`: also which package brought each file. */
  readonly files?: 'owned' | undefined;
}

export interface ImageContents {
  readonly lists: readonly PackageList[];
  readonly coverage: Coverage;
  readonly privileged: readonly (PrivilegedFile & { readonly layer: number })[];
  /** Knows files only when they were asked for. */
  readonly owners: FileOwners;
}

export async function inspectImage(image: ImageInput, options: ImageInspectionOptions): Promise<ImageContents> {
  const asked = options.files === undefined ? {} : { files: options.files };
  const reader = options.reader ?? localReader(options.catalogers, defaultLimits, asked);
  const read = await readAndClose(image, reader, options);
  const { coverage, privileged } = read;
  const files = read.files.map((file) => ({ ...file, path: pathOfItem(file.path) }));
  const { isExcluded } = options;
  const kept = isExcluded === undefined ? files : files.filter((file) => !isExcluded(file.path));
  const run = new CatalogRun(options.catalogers, asked);
  for (const { path, result } of kept) run.add(path === result.path ? result : moved(result, path));
  const { lists, problems } = run.finish();
  const layers = image.layers.map((layer) => layer.digest);
  return {
    owners: fileOwners(lists, (path) => read.resolve(path)),
    lists: withLayers(withoutFiles(lists), { files: kept, layers, catalogers: options.catalogers }),
    coverage: {
      ...coverage,
      skipped: [...coverage.skipped, ...excluded(files.length - kept.length)],
      problems: [...coverage.problems, ...problems],
    },
    privileged,
  };
}

/** Other threads end before this one puts together what they read: their memory is not needed beside its own. */
async function readAndClose(
  image: ImageInput,
  reader: ClosableReader,
  options: ImageInspectionOptions,
): Promise<ReadImage<CatalogedFile>> {
  try {
    return await readImage(image, counted(reader, options), defaultLimits);
  } finally {
    await reader.close();
  }
}

/** The same file at the place that links in its path lead to. */
function moved(file: CatalogedFile, path: string): CatalogedFile {
  const move = (place: { readonly path: string }): { readonly path: string } =>
    place.path === file.path ? { ...place, path } : place;
  return {
    path,
    lists: file.lists.map((list) => ({
      ...list,
      path,
      packages: list.packages.map((item) => ({ ...item, locations: item.locations.map(move) })),
    })),
    problems: file.problems.map((problem) => ({
      ...problem,
      location: { ...problem.location, ...move(problem.location) },
    })),
    kept: file.kept.map((item) => ({ ...item, file: { ...item.file, path } })),
    waiting: file.waiting === undefined ? undefined : { ...file.waiting, file: { ...file.waiting.file, path } },
  };
}

function excluded(count: number): SkippedEntries[] {
  return count === 0 ? [] : [{ reason: 'excluded', count, examples: [] }];
}

function counted(reader: ClosableReader, { onProgress }: ImageInspectionOptions): ClosableReader {
  if (onProgress === undefined) return reader;
  let files = 0;
  let bytes = 0;
  return {
    ...reader,
    read: async (layer, only) => {
      const record = await reader.read(layer, only);
      files += record.coverage.filesSeen;
      bytes += record.coverage.bytesRead;
      onProgress(files, bytes);
      return record;
    },
  };
}
