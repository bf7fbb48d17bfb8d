// SPDX-License-Identifier: Apache-2.0
// Where the files of a database lie. Published (a mirror, the shipped snapshot): index.json, index.sig.json and shards/. Installed: the
// same behind a pointer file, so that an update becomes visible in one rename; imported feeds are small published databases of
// their own under local/.
import { asObject, asString } from '../../formats/document.ts';
import type { StoredFolder } from '../../io/stored-files.ts';
import { defaultLimits } from '../../model/limits.ts';
import { invalidDatabase } from './failures.ts';
import type { KeyRole, TrustedKey } from './trusted-keys.ts';
import { loadKey } from './trusted-keys.ts';

export const indexFile = 'index.json';
export const envelopeFile = 'index.sig.json';
export const shardFolder = 'shards';
export const pointerFile = 'current.json';
export const indexFolder = 'indexes';
export const partialFolder = 'partial';
export const localFolder = 'local';
export const keyFolder = 'keys';

/** What the pointer says: the folder of the index in use, and what must never be undercut again. */
export interface Pointer {
  readonly folder: string;
  readonly sequence: number;
  readonly rotation: number;
  /** Who numbers the sequence: `release`, or the id of a mirror's own key. */
  readonly lineage: string;
}

/** Undefined when nothing is installed; throws DATABASE_INVALID for a pointer that is none. */
export function readPointer(folder: StoredFolder): Pointer | undefined {
  const bytes = folder.read(pointerFile, defaultLimits.configBytes);
  if (bytes === undefined) return undefined;
  const object = asObject(parseJsonBytes(bytes, `${folder.name}/${pointerFile}`));
  const path = asString(object?.['folder']);
  const lineage = asString(object?.['lineage']) ?? 'release';
  const { sequence, rotation } = object ?? {};
  if (path === undefined || !/^indexes\/[0-9a-z-]{1,100}$/.test(path) || !isWhole(sequence) || !isWhole(rotation)) {
    throw invalidDatabase(`${folder.name}/${pointerFile}: not a pointer to an installed database`);
  }
  return { folder: path, sequence, rotation, lineage };
}

export function writePointer(folder: StoredFolder, pointer: Pointer): void {
  folder.write(pointerFile, Buffer.from(`${JSON.stringify(pointer, undefined, 1)}\n`));
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Keys that the owner of this installation trusts beside the pinned ones: of a mirror, and of imports made here. */
export function readOwnKeys(folder: StoredFolder): readonly TrustedKey[] {
  return folder
    .list(keyFolder)
    .filter((name) => name.endsWith('.pub.json'))
    .map((name) => {
      const path = `${keyFolder}/${name}`;
      const object = asObject(parseJsonBytes(folder.read(path, defaultLimits.configBytes) ?? new Uint8Array(0), path));
      const role: KeyRole = 'local';
      const key: TrustedKey = {
        id: asString(object?.['id']) ?? '',
        role,
        publicKey: asString(object?.['publicKey']) ?? '',
      };
      loadKey(key);
      return key;
    });
}

export function writeOwnKey(folder: StoredFolder, key: TrustedKey): void {
  const content = { id: key.id, publicKey: key.publicKey };
  folder.write(`${keyFolder}/${key.id}.pub.json`, Buffer.from(`${JSON.stringify(content, undefined, 1)}\n`));
}

function parseJsonBytes(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (error) {
    throw invalidDatabase(`${name}: not JSON`, error);
  }
}
