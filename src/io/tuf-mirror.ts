// SPDX-License-Identifier: Apache-2.0
// A TUF repository as a place to fetch from: an HTTP(S) address or a folder. What comes is not trusted; who asks checks it. No redirects.
import { LandwaiterError } from '../model/error.ts';
import type { Transport } from './registry/transport.ts';
import { refusedBy, serviceClient } from './service.ts';
import type { StoredFolder } from './stored-files.ts';

export type MirrorFile =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'absent' }
  | { readonly kind: 'too-large' };

export interface UpdateMirror {
  metadata(name: string, maximum: number): Promise<MirrorFile>;
  target(path: string, maximum: number): Promise<MirrorFile>;
}

/** `targets` is the address below which targets lie. */
export function httpUpdateMirror(base: URL, targets: URL, transport: Transport): UpdateMirror {
  const get = (folder: URL, path: string, maximum: number): Promise<MirrorFile> =>
    fetchFile(new URL(path, folder), maximum, transport);
  const [metadataFolder, targetsFolder] = [asFolder(base), asFolder(targets)];
  return {
    metadata: (name, maximum) => get(metadataFolder, `./${name}`, maximum),
    target: (path, maximum) => get(targetsFolder, `./${path}`, maximum),
  };
}

function asFolder(url: URL): URL {
  const folder = new URL(url);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  return folder;
}

/** Statuses that say that there is no such file: object stores that do not let one list their contents say 403 for it. */
const absentStatuses: readonly number[] = [403, 404, 410];

async function fetchFile(url: URL, maximum: number, transport: Transport): Promise<MirrorFile> {
  const question = { method: 'GET', url, what: 'the mirror of the trust root' } as const;
  try {
    const answer = await serviceClient(transport, maximum).ask(question);
    if (absentStatuses.includes(answer.status)) return { kind: 'absent' };
    if (answer.status !== 200) throw refusedBy(question, answer);
    return { kind: 'bytes', bytes: answer.body };
  } catch (error) {
    return tooLarge(error);
  }
}

/** Names as the repository encodes them; `metadata` and `targets` are folders. */
export function folderUpdateMirror(metadata: StoredFolder, targets: StoredFolder): UpdateMirror {
  const get = (folder: StoredFolder, path: string, maximum: number): MirrorFile => {
    try {
      const bytes = folder.read(path, maximum);
      return bytes === undefined ? { kind: 'absent' } : { kind: 'bytes', bytes };
    } catch (error) {
      return tooLarge(error);
    }
  };
  return {
    metadata: (name, maximum) => Promise.resolve(get(metadata, name, maximum)),
    target: (path, maximum) => Promise.resolve(get(targets, path, maximum)),
  };
}

/** Any other error is thrown on. */
function tooLarge(error: unknown): MirrorFile {
  if (error instanceof LandwaiterError && error.code === 'LIMIT_EXCEEDED') return { kind: 'too-large' };
  throw error;
}
