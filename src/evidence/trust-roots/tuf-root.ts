// SPDX-License-Identifier: Apache-2.0
// The chain of roots (TUF 5.3): from the one that the user pinned to the newest, each signed by the threshold of the one before and by its own.
import type { TufMetadata, TufRole, TufRoot } from '../../formats/tuf.ts';
import { parseTufMetadata, tufLimits } from '../../formats/tuf.ts';
import type { TrustUpdateFailure } from './failure.ts';
import { fail, isFailure } from './failure.ts';
import type { TufMirror, TufStore } from './tuf-files.ts';
import { checkThreshold } from './tuf-signatures.ts';

/** New roots that one run follows; more is a repository that never ends (5.3.3). */
const mostRotations = 256;

/** A root that stands by itself: the pinned one. It must be signed by its own keys; it may be expired, and is not asked for anything else. */
export function pinnedRoot(bytes: Uint8Array): TufMetadata<TufRoot> | TrustUpdateFailure {
  const parsed = parseTufMetadata(bytes, 'root');
  if (parsed.kind === 'malformed') return fail('METADATA_MALFORMED', `the initial root: ${parsed.reason}`);
  const { signed } = parsed.value;
  return (
    checkThreshold(parsed.value, { name: 'the initial root', ring: signed, role: signed.roles.root }) ?? parsed.value
  );
}

/** The root that follows: right number, and signed by the threshold of both. */
export function nextRoot(current: TufRoot, bytes: Uint8Array): TufMetadata<TufRoot> | TrustUpdateFailure {
  const version = current.version + 1;
  const name = `root ${version}`;
  const parsed = parseTufMetadata(bytes, 'root');
  if (parsed.kind === 'malformed') return fail('METADATA_MALFORMED', `${name}: ${parsed.reason}`);
  const { signed } = parsed.value;
  const unsigned =
    checkThreshold(parsed.value, {
      name: `${name} (keys of root ${current.version})`,
      ring: current,
      role: current.roles.root,
    }) ?? checkThreshold(parsed.value, { name: `${name} (its own keys)`, ring: signed, role: signed.roles.root });
  if (unsigned !== undefined) return unsigned;
  // 5.3.5: exactly one more, or an old root could be played back under a new name.
  return signed.version === version
    ? parsed.value
    : fail('METADATA_ROLLBACK', `what is served as ${name} says that it is version ${signed.version}`);
}

/** Where a root of one version is kept: the chain is walked again from the pinned one in each run, without asking for it again. */
function storedRootName(version: number): string {
  return `roots/${version}.json`;
}

/** Follows the roots that were stored before. What does not follow is not trusted; the chain ends in front of it. */
export function storedRoot(pinned: TufRoot, store: TufStore): TufRoot {
  let root = pinned;
  for (let count = 0; count < mostRotations; count += 1) {
    const bytes = store.read(storedRootName(root.version + 1));
    const next = bytes === undefined ? undefined : nextRoot(root, bytes);
    if (next === undefined || isFailure(next)) break;
    root = next.signed;
  }
  return root;
}

/** Follows the roots of the mirror and stores each. Expiry is for the last one only (5.3.10). */
export async function newestRoot(
  current: TufRoot,
  mirror: TufMirror,
  store: TufStore,
): Promise<TufRoot | TrustUpdateFailure> {
  let root = current;
  for (let count = 0; ; count += 1) {
    const name = `${root.version + 1}.root.json`;
    const fetched = await mirror.metadata(name, tufLimits.root);
    if (fetched.kind === 'absent') return root;
    if (fetched.kind === 'too-large') return fail('LIMIT_EXCEEDED', `${name} is larger than ${tufLimits.root} bytes`);
    if (count >= mostRotations) return fail('LIMIT_EXCEEDED', `more than ${mostRotations} new roots`);
    const next = nextRoot(root, fetched.bytes);
    if (isFailure(next)) return next;
    store.write(storedRootName(next.signed.version), fetched.bytes);
    if (haveKeysChanged(root, next.signed)) {
      // 5.3.11, fast-forward recovery: versions that a stolen key wrote must not bind those who replaced it.
      store.remove('timestamp.json');
      store.remove('snapshot.json');
    }
    root = next.signed;
  }
}

/** Whether a key that signed timestamps or snapshots was taken away, or is another one under the same id. */
function haveKeysChanged(before: TufRoot, after: TufRoot): boolean {
  return (['timestamp', 'snapshot'] as const).some((name) => {
    const [old, now] = [keysOf(before, before.roles[name]), keysOf(after, after.roles[name])];
    return old.some((key) => !now.includes(key));
  });
}

function keysOf(root: TufRoot, role: TufRole): string[] {
  return role.keyIds.map((keyId) => root.keys.get(keyId)?.publicText ?? keyId);
}
