// SPDX-License-Identifier: Apache-2.0
// TrustRoot resources as trust roots. A serialized repository is checked as one that is fetched: by TUF, from its initial root on, at the given time.
import { gunzipSync } from 'node:zlib';
import { isRefusal } from '../../evidence/signatures/refusal.ts';
import type { TrustRoot } from '../../evidence/signatures/trust-root.ts';
import { trustRootOf } from '../../evidence/signatures/trust-root.ts';
import { isFailure } from '../../evidence/trust-roots/failure.ts';
import type { Fetched, TufMirror, TufStore } from '../../evidence/trust-roots/tuf-files.ts';
import { fetchTarget } from '../../evidence/trust-roots/tuf-targets.ts';
import { updateTrust } from '../../evidence/trust-roots/tuf-update.ts';
import { readTarMembers } from '../../formats/tar-members.ts';
import { LandwaiterError, messageOf } from '../../model/error.ts';
import type { TrustRootResource } from '../../policy/image-policy/trust-root-resource.ts';

const most = { bytes: 64 * 1024 * 1024, members: 10_000 };
const targetName = 'trusted_root.json';

/** Throws INPUT_UNREADABLE. */
export async function trustRootOfResource({ name, content }: TrustRootResource, time: number): Promise<TrustRoot> {
  if (content.kind === 'remote') throw unreadable(name, `it lies at ${content.mirror}, which is not asked`);
  return trustRootIn(
    name,
    content.kind === 'file' ? Buffer.from(content.text) : await repositoryRoot(name, content, time),
  );
}

/** A `trusted_root.json` that a resource holds. Throws INPUT_UNREADABLE. */
export function trustRootIn(name: string, bytes: Uint8Array): TrustRoot {
  const root = trustRootOf(bytes);
  if (isRefusal(root)) throw unreadable(name, root.message);
  return root;
}

function unreadable(name: string, reason: string): LandwaiterError {
  return new LandwaiterError({ code: 'INPUT_UNREADABLE', message: `TrustRoot ${name}: ${reason}` });
}

async function repositoryRoot(
  name: string,
  { root, mirror, targets }: Extract<TrustRootResource['content'], { kind: 'repository' }>,
  time: number,
): Promise<Uint8Array> {
  const files = unpacked(name, mirror);
  const world = { mirror: mirrorOf(files, targets), store: memoryStore(), time };
  const trusted = await updateTrust({ initialRoot: root, ...world });
  if (isFailure(trusted)) throw unreadable(name, trusted.message);
  const target = await fetchTarget(trusted, targetName, world);
  if (isFailure(target)) throw unreadable(name, target.message);
  return target;
}

/** Files by path below the folder of the repository, which archives of policy-controller call `repository`. */
function unpacked(name: string, archive: Buffer): ReadonlyMap<string, Uint8Array> {
  let tar: Buffer;
  try {
    tar = gunzipSync(archive, { maxOutputLength: most.bytes });
  } catch (cause) {
    throw unreadable(name, `mirrorFS is no gzipped archive: ${messageOf(cause)}`);
  }
  const { members, broken } = readTarMembers(tar, most.members);
  if (broken !== undefined) throw unreadable(name, `mirrorFS: ${broken}`);
  return new Map(members.map(({ path, bytes }) => [path.replace(/^\/?(?:repository\/)?/, ''), bytes]));
}

function mirrorOf(files: ReadonlyMap<string, Uint8Array>, targets: string): TufMirror {
  const folder = targets.replaceAll(/^\/+|\/+$/g, '');
  const fetched = (path: string, maximum: number): Promise<Fetched> => {
    const bytes = files.get(path);
    if (bytes === undefined) return Promise.resolve({ kind: 'absent' });
    return Promise.resolve(bytes.length > maximum ? { kind: 'too-large' } : { kind: 'bytes', bytes });
  };
  return {
    metadata: fetched,
    target: (path, maximum) => fetched(folder === '' ? path : `${folder}/${path}`, maximum),
  };
}

function memoryStore(): TufStore {
  const files = new Map<string, Uint8Array>();
  return {
    read: (name) => files.get(name),
    write: (name, bytes) => void files.set(name, bytes),
    remove: (name) => void files.delete(name),
  };
}
