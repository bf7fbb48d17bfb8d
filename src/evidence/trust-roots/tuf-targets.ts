// SPDX-License-Identifier: Apache-2.0
// From the path of a target to its bytes: the search through delegations (TUF 5.6.7) and the checks of what is fetched (5.7).
import { hash } from 'node:crypto';
import type { TufDelegation, TufTarget, TufTargets } from '../../formats/tuf.ts';
import type { TrustUpdateFailure } from './failure.ts';
import { fail, isFailure } from './failure.ts';
import type { TufMirror, TufStore } from './tuf-files.ts';
import { checkFile, encodedName } from './tuf-files.ts';
import type { TrustedMetadata, TufUpdateRequest } from './tuf-update.ts';
import { updateTargets } from './tuf-update.ts';

/** Roles that one search visits. */
const mostRoles = 32;
/** Most bytes of a target: they are held in memory. */
const mostTargetBytes = 64 * 1024 * 1024;

type World = Pick<TufUpdateRequest, 'mirror' | 'store' | 'time'>;

/** Depth first, in the order in which delegations stand; a terminating one that matches ends the search of all that stand after it. */
export async function findTarget(
  trusted: TrustedMetadata,
  path: string,
  world: World,
): Promise<TufTarget | TrustUpdateFailure> {
  const visited = new Set<string>();
  const open: { readonly delegation: TufDelegation; readonly by: TufTargets }[] = [];
  let current = trusted.targets;
  for (;;) {
    const target = current.targets.get(path);
    if (target !== undefined) return target;
    const matching = current.delegations.filter((delegation) => matches(delegation, path));
    const end = matching.findIndex(({ terminating }) => terminating);
    if (end !== -1) open.length = 0;
    const next = end === -1 ? matching : matching.slice(0, end + 1);
    open.unshift(...next.map((delegation) => ({ delegation, by: current })));
    // A role is visited once, whoever else delegates to it: circles end here.
    while (open[0] !== undefined && visited.has(open[0].delegation.name)) open.shift();
    const item = open.shift();
    if (item === undefined) return fail('TARGET_UNKNOWN', `no role names the target ${path}`);
    if (visited.size >= mostRoles)
      return fail('LIMIT_EXCEEDED', `more than ${mostRoles} roles had to be asked for ${path}`);
    visited.add(item.delegation.name);
    const { delegation, by } = item;
    const found = await updateTargets(trusted, { name: delegation.name, ring: by, role: delegation }, world);
    if (isFailure(found)) return found;
    current = found;
  }
}

/** Whether a delegation is about the path. A star stays within one part of it (4.5). */
export function matches({ matches: rule }: TufDelegation, path: string): boolean {
  if (rule.kind === 'hash-prefixes') {
    const digest = hash('sha256', path);
    return rule.prefixes.some((prefix) => prefix !== '' && digest.startsWith(prefix.toLowerCase()));
  }
  const parts = path.split('/');
  return rule.patterns.some((pattern) => {
    const wanted = pattern.split('/');
    return wanted.length === parts.length && wanted.every((part, index) => matchesPart(part, parts[index] ?? ''));
  });
}

/** `*` and `?` of one part, in linear time for one star and never worse than the product of both lengths. */
function matchesPart(pattern: string, text: string): boolean {
  let [at, from] = [0, 0];
  let [star, restart] = [-1, 0];
  while (from < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      restart = from;
      at += 1;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[from])) {
      at += 1;
      from += 1;
    } else if (star !== -1) {
      restart += 1;
      from = restart;
      at = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** The bytes of a target: from the store if they are still right, else from the mirror. */
export async function fetchTarget(
  trusted: TrustedMetadata,
  path: string,
  world: World,
): Promise<Uint8Array | TrustUpdateFailure> {
  const target = await findTarget(trusted, path, world);
  if (isFailure(target)) return target;
  const stored = storedTarget(path, target, world);
  if (stored !== undefined) return stored;
  if (target.hashes.size === 0) return fail('TARGET_MISMATCH', `the metadata states no digest for ${path}`);
  if (target.length > mostTargetBytes) return fail('LIMIT_EXCEEDED', `${path} has more than ${mostTargetBytes} bytes`);
  const place = targetPlace(trusted, path, target);
  if (place === undefined) return fail('TARGET_UNKNOWN', `${path} is not a path of a target`);
  const fetched = await world.mirror.target(place, target.length);
  if (fetched.kind === 'absent') return fail('METADATA_MISSING', `the repository has no target ${place}`);
  if (fetched.kind === 'too-large')
    return fail('TARGET_MISMATCH', `${path} has more than the ${target.length} bytes that are stated`);
  const other = checkFile(fetched.bytes, target, path);
  if (other !== undefined) return fail('TARGET_MISMATCH', other);
  world.store.write(storedTargetName(path), fetched.bytes);
  return fetched.bytes;
}

/** The bytes that an earlier run stored, if the stored metadata still names them. Asks nobody. */
export async function readTarget(
  trusted: TrustedMetadata,
  path: string,
  store: TufStore,
): Promise<Uint8Array | TrustUpdateFailure> {
  const nobody: TufMirror = {
    metadata: () => Promise.resolve({ kind: 'absent' }),
    target: () => Promise.resolve({ kind: 'absent' }),
  };
  // Expiry is the caller's to show: what was right when it was fetched is what is pinned.
  return fetchTarget(trusted, path, { mirror: nobody, store, time: Number.NEGATIVE_INFINITY });
}

function storedTarget(path: string, target: TufTarget, { store }: World): Uint8Array | undefined {
  const bytes = target.hashes.size === 0 ? undefined : store.read(storedTargetName(path));
  return bytes === undefined || checkFile(bytes, target, path) !== undefined ? undefined : bytes;
}

/** Where a target is kept. */
export function storedTargetName(path: string): string {
  return `targets/${encodedName(path)}`;
}

/** With consistent snapshots the digest stands in front of the last part (7.2). Undefined for paths that would leave the folder. */
function targetPlace({ root }: TrustedMetadata, path: string, { hashes }: TufTarget): string | undefined {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return undefined;
  const digest = hashes.get('sha256') ?? hashes.values().next().value ?? '';
  const last = encodedName(parts.at(-1) ?? '');
  const name = root.consistentSnapshot ? `${digest.toLowerCase()}.${last}` : last;
  return [...parts.slice(0, -1).map(encodedName), name].join('/');
}
