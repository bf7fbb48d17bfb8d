// SPDX-License-Identifier: Apache-2.0
// Writes an OCI image layout (image-spec 1.1, image-layout.md) in a folder: blobs first, index.json last, so that a reader never finds a name
// without its content.
import { asArray, asObject, asString } from '../../formats/document.ts';
import { parseManifest } from '../../formats/oci/manifest.ts';
import { mediaTypes } from '../../formats/oci/media-types.ts';
import type { Digest } from '../../model/digest.ts';
import { defaultLimits } from '../../model/limits.ts';
import type { StoredFolder } from '../stored-files.ts';
import { storedFolder } from '../stored-files.ts';
import { checked, digestLike } from './checked-stream.ts';
import { openOciDirectory } from './oci-layout.ts';
import { invalidAnswer } from './outcome.ts';
import type { ManifestContent } from './push.ts';
import type { WritableStore } from './writable-store.ts';

const refName = 'org.opencontainers.image.ref.name';

export interface LayoutWriter extends WritableStore {
  /** Lists a manifest that was pushed in index.json, with these annotations. A manifest with the same name is replaced there. */
  list(digest: Digest, mediaType: string, annotations: Readonly<Record<string, string>>): void;
}

/** Opens a layout for writing; makes it when the folder is none yet. Throws OUTPUT_FAILED. */
export function openLayoutWriter(path: string): LayoutWriter {
  const folder = storedFolder(path);
  if (folder.size('oci-layout') === undefined) {
    folder.write('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
    writeIndex(folder, []);
  }
  // Read anew each time: what was written since must be seen.
  const read = (): ReturnType<typeof openOciDirectory> => openOciDirectory(path);
  const list: LayoutWriter['list'] = (digest, mediaType, annotations) => {
    const size = folder.size(blobPath(digest));
    if (size === undefined) throw invalidAnswer(`${path}: ${digest} is to be listed, but it is not there`);
    const name = annotations[refName];
    const others = entriesOf(folder).filter((entry) => {
      const source = asObject(entry);
      const isSameName = name !== undefined && asString(asObject(source?.['annotations'])?.[refName]) === name;
      return !isSameName && asString(source?.['digest']) !== digest;
    });
    writeIndex(folder, [
      ...others,
      { mediaType, digest, size, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    ]);
  };
  return {
    name: path,
    manifest: async (name) => read().manifest(name),
    listed: async () => read().listed?.() ?? { kind: 'none' },
    blob: async (wish) => read().blob(wish),
    referrers: async (digest) => read().referrers(digest),
    close: () => {},
    list,
    pushBlob: async (content) => {
      const place = blobPath(content.digest);
      if (folder.size(place) === content.size) return 'present';
      await writeBlob(folder, place, { name: `${path}/${place}`, chunks: content.open(), ...content });
      return 'uploaded';
    },
    pushManifest: async (content) => pushManifest(folder, content, list),
    deleteManifest: async (digest) => {
      const kept = entriesOf(folder).filter((entry) => asString(asObject(entry)?.['digest']) !== digest);
      const wasThere = kept.length < entriesOf(folder).length || folder.size(blobPath(digest)) !== undefined;
      writeIndex(folder, kept);
      folder.remove(blobPath(digest));
      return wasThere ? 'deleted' : 'absent';
    },
  };
}

function pushManifest(
  folder: StoredFolder,
  { bytes, mediaType, tag }: ManifestContent,
  list: LayoutWriter['list'],
): Awaited<ReturnType<WritableStore['pushManifest']>> {
  const digest = digestLike(bytes, undefined);
  const { manifest, problems } = parseManifest(bytes, { path: `${folder.name}@${digest}`, mediaType });
  if (manifest === undefined) throw invalidAnswer(`${folder.name}@${digest}: ${problems[0]?.message ?? ''}`);
  folder.write(blobPath(digest), bytes);
  // Referrers of a layout are found through index.json; a manifest below an index stands among the blobs only.
  if (tag !== undefined || manifest.subject !== undefined)
    list(digest, mediaType, tag === undefined ? {} : { [refName]: tag });
  return { digest, referrers: manifest.subject === undefined ? undefined : 'registry' };
}

function blobPath(digest: Digest): string {
  return `blobs/${digest.replace(':', '/')}`;
}

interface BlobWrite {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly digest: Digest;
  readonly size: number;
}

/** Beside the target and renamed, so that a blob that broke off is never taken for a whole one. */
async function writeBlob(
  folder: StoredFolder,
  place: string,
  { name, chunks, digest, size }: BlobWrite,
): Promise<void> {
  const beside = `${place}.part`;
  folder.write(beside, Buffer.alloc(0));
  try {
    for await (const chunk of checked(chunks, { name, digest, size, maximum: size })) folder.append(beside, chunk);
    folder.move(beside, place);
  } catch (error) {
    folder.remove(beside);
    throw error;
  }
}

function entriesOf(folder: StoredFolder): readonly unknown[] {
  const bytes = folder.read('index.json', defaultLimits.imageManifestBytes);
  if (bytes === undefined) return [];
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return asArray(asObject(value)?.['manifests']);
}

function writeIndex(folder: StoredFolder, manifests: readonly unknown[]): void {
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
  folder.write('index.json', Buffer.from(JSON.stringify(index)));
}
