// SPDX-License-Identifier: Apache-2.0
// The update of top-level metadata (TUF 1.0.33, section 5): root, timestamp, snapshot, targets, in this order, each checked against those before.
// Mirror, store and time are handed in. Nothing that verifies signatures calls this: trust roots are files by then.
import type {
  TufMetadata,
  TufMetadataFacts,
  TufRole,
  TufRoot,
  TufSnapshot,
  TufTargets,
  TufTimestamp,
} from '../../formats/tuf.ts';
import { parseTufMetadata, tufLimits } from '../../formats/tuf.ts';
import type { TrustUpdateFailure } from './failure.ts';
import { fail, isFailure } from './failure.ts';
import type { TufMirror, TufStore } from './tuf-files.ts';
import { bytesOf, checkFile, encodedName } from './tuf-files.ts';
import { newestRoot, pinnedRoot, storedRoot } from './tuf-root.ts';
import type { KeyRing } from './tuf-signatures.ts';
import { checkThreshold } from './tuf-signatures.ts';

export interface TufUpdateRequest {
  /** Bytes of the root that the user trusts, got by another way than from the mirror. */
  readonly initialRoot: Uint8Array;
  readonly mirror: TufMirror;
  readonly store: TufStore;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Metadata that was checked as a whole; from here targets are looked up. */
export interface TrustedMetadata {
  readonly root: TufRoot;
  readonly timestamp: TufTimestamp;
  readonly snapshot: TufSnapshot;
  readonly targets: TufTargets;
}

/** Brings the store up to date. Throws only what mirror and store throw. */
export async function updateTrust(request: TufUpdateRequest): Promise<TrustedMetadata | TrustUpdateFailure> {
  const { initialRoot, mirror, store, time } = request;
  const pinned = pinnedRoot(initialRoot);
  if (isFailure(pinned)) return pinned;
  const root = await newestRoot(storedRoot(pinned.signed, store), mirror, store);
  if (isFailure(root)) return root;
  const stale = checkExpiry(root, `root ${root.version}`, time);
  if (stale !== undefined) return stale;
  const timestamp = await updateTimestamp(root, request);
  if (isFailure(timestamp)) return timestamp;
  const snapshot = await updateSnapshot(root, timestamp, request);
  if (isFailure(snapshot)) return snapshot;
  const targets = await updateTargets(
    { root, snapshot },
    { name: 'targets', ring: root, role: root.roles.targets },
    request,
  );
  return isFailure(targets) ? targets : { root, timestamp, snapshot, targets };
}

/** What an earlier run stored, checked from the pinned root on. Expiry is not judged: an air-gapped place works with what it has, and shows it. */
export function readTrust({
  initialRoot,
  store,
}: Pick<TufUpdateRequest, 'initialRoot' | 'store'>): TrustedMetadata | TrustUpdateFailure {
  const pinned = pinnedRoot(initialRoot);
  if (isFailure(pinned)) return pinned;
  const root = storedRoot(pinned.signed, store);
  const inCharge = (name: 'timestamp' | 'snapshot' | 'targets'): RoleInCharge => ({
    name,
    ring: root,
    role: root.roles[name],
  });
  const timestamp = storedFile(store, 'timestamp', inCharge('timestamp'));
  const snapshot = storedFile(store, 'snapshot', inCharge('snapshot'));
  const targets = storedFile(store, 'targets', inCharge('targets'));
  if (timestamp === undefined || snapshot === undefined || targets === undefined)
    return fail('METADATA_MISSING', 'nothing whole is stored here that the pinned root vouches for');
  const facts = snapshot.metadata.signed.meta.get('targets.json');
  if (
    isOther(snapshot, timestamp.metadata.signed.snapshot, 'snapshot') ||
    facts === undefined ||
    isOther(targets, facts, 'targets')
  )
    return fail('METADATA_MISMATCH', 'the stored files are of different times: an update was broken off');
  return {
    root,
    timestamp: timestamp.metadata.signed,
    snapshot: snapshot.metadata.signed,
    targets: targets.metadata.signed,
  };
}

/** 5.4. */
async function updateTimestamp(
  root: TufRoot,
  { mirror, store, time }: TufUpdateRequest,
): Promise<TufTimestamp | TrustUpdateFailure> {
  const name = 'timestamp.json';
  const before = storedTimestamp(root, store);
  const bytes = bytesOf(await mirror.metadata(name, tufLimits.timestamp), name);
  if (isFailure(bytes)) return bytes;
  const read = readSigned(bytes, 'timestamp', { name: 'timestamp', ring: root, role: root.roles.timestamp });
  if (isFailure(read)) return read;
  const { signed } = read;
  if (before !== undefined) {
    if (signed.version < before.version) return olderThan('timestamp', signed.version, before.version);
    // 5.4.3.1: the same version is the same file; the one that was seen first counts.
    if (signed.version === before.version) return checkExpiry(before, 'timestamp', time) ?? before;
    if (signed.snapshot.version < before.snapshot.version)
      return olderThan('the snapshot that the timestamp names', signed.snapshot.version, before.snapshot.version);
  }
  const stale = checkExpiry(signed, 'timestamp', time);
  if (stale !== undefined) return stale;
  store.write(name, bytes);
  return signed;
}

/** The timestamp of an earlier run, when it is still signed by who may; expired ones still say how new files must be. */
function storedTimestamp(root: TufRoot, store: TufStore): TufTimestamp | undefined {
  return storedFile(store, 'timestamp', { name: 'timestamp', ring: root, role: root.roles.timestamp })?.metadata.signed;
}

/** 5.5. */
async function updateSnapshot(
  root: TufRoot,
  timestamp: TufTimestamp,
  { mirror, store, time }: TufUpdateRequest,
): Promise<TufSnapshot | TrustUpdateFailure> {
  const role: RoleInCharge = { name: 'snapshot', ring: root, role: root.roles.snapshot };
  const facts = timestamp.snapshot;
  const before = storedFile(store, 'snapshot', role);
  const kept = before === undefined || isOther(before, facts, 'snapshot') ? undefined : before.metadata.signed;
  if (kept !== undefined) return checkExpiry(kept, 'snapshot', time) ?? kept;
  const name = root.consistentSnapshot ? `${facts.version}.snapshot.json` : 'snapshot.json';
  const bytes = bytesOf(await mirror.metadata(name, facts.length ?? tufLimits.snapshot), name);
  if (isFailure(bytes)) return bytes;
  const read = readNamed(bytes, 'snapshot', { ...role, facts });
  if (isFailure(read)) return read;
  const { signed } = read;
  for (const [file, old] of before?.metadata.signed.meta ?? []) {
    // Root files have a chain of their own; some repositories list the newest one beside the others.
    if (file === 'root.json') continue;
    const now = signed.meta.get(file);
    if (now === undefined) return fail('METADATA_ROLLBACK', `the snapshot no longer names ${file}`);
    if (now.version < old.version) return olderThan(file, now.version, old.version);
  }
  const stale = checkExpiry(signed, 'snapshot', time);
  if (stale !== undefined) return stale;
  store.write('snapshot.json', bytes);
  return signed;
}

/** A role that signs targets, and who says so. */
export interface RoleInCharge {
  readonly name: string;
  readonly ring: KeyRing;
  readonly role: TufRole;
}

/** 5.6: targets, or a role that targets delegate to. The delegator is the one of today, whoever it was when the file was stored. */
export async function updateTargets(
  { root, snapshot }: Pick<TrustedMetadata, 'root' | 'snapshot'>,
  inCharge: RoleInCharge,
  { mirror, store, time }: Pick<TufUpdateRequest, 'mirror' | 'store' | 'time'>,
): Promise<TufTargets | TrustUpdateFailure> {
  const label = inCharge.name;
  const facts = snapshot.meta.get(`${label}.json`);
  if (facts === undefined) return fail('METADATA_MISSING', `the snapshot does not name ${label}.json`);
  const before = storedFile(store, 'targets', inCharge);
  const kept = before === undefined || isOther(before, facts, label) ? undefined : before.metadata.signed;
  if (kept !== undefined) return checkExpiry(kept, label, time) ?? kept;
  const encoded = `${encodedName(label)}.json`;
  const name = root.consistentSnapshot ? `${facts.version}.${encoded}` : encoded;
  const bytes = bytesOf(await mirror.metadata(name, facts.length ?? tufLimits.targets), name);
  if (isFailure(bytes)) return bytes;
  const read = readNamed(bytes, 'targets', { ...inCharge, facts });
  if (isFailure(read)) return read;
  const stale = checkExpiry(read.signed, label, time);
  if (stale !== undefined) return stale;
  store.write(encoded, bytes);
  return read.signed;
}

interface Stored<T> {
  readonly bytes: Uint8Array;
  readonly metadata: TufMetadata<T>;
}

type Bodies = { readonly timestamp: TufTimestamp; readonly snapshot: TufSnapshot; readonly targets: TufTargets };

/** A file of an earlier run, if those who are in charge today signed it. */
function storedFile<R extends keyof Bodies>(
  store: TufStore,
  type: R,
  inCharge: RoleInCharge,
): Stored<Bodies[R]> | undefined {
  const bytes = store.read(`${encodedName(inCharge.name)}.json`);
  const metadata = bytes === undefined ? undefined : readSigned(bytes, type, inCharge);
  return bytes === undefined || metadata === undefined || isFailure(metadata) ? undefined : { bytes, metadata };
}

function isOther(stored: Stored<{ readonly version: number }>, facts: TufMetadataFacts, name: string): boolean {
  return stored.metadata.signed.version !== facts.version || checkFile(stored.bytes, facts, name) !== undefined;
}

function readSigned<R extends keyof Bodies>(
  bytes: Uint8Array,
  type: R,
  inCharge: RoleInCharge,
): TufMetadata<Bodies[R]> | TrustUpdateFailure {
  const parsed = parseTufMetadata(bytes, type);
  if (parsed.kind === 'malformed') return fail('METADATA_MALFORMED', `${inCharge.name}: ${parsed.reason}`);
  const metadata = parsed.value as TufMetadata<Bodies[R]>;
  return checkThreshold(metadata, inCharge) ?? metadata;
}

/** A file that another one names: digests come first (5.5.2), so that nothing foreign is parsed when they are stated. */
function readNamed<R extends 'snapshot' | 'targets'>(
  bytes: Uint8Array,
  type: R,
  { facts, ...inCharge }: RoleInCharge & { readonly facts: TufMetadataFacts },
): TufMetadata<Bodies[R]> | TrustUpdateFailure {
  const other = checkFile(bytes, facts, inCharge.name);
  if (other !== undefined) return fail('METADATA_MISMATCH', other);
  const read = readSigned(bytes, type, inCharge);
  if (isFailure(read)) return read;
  return read.signed.version === facts.version
    ? read
    : fail(
        'METADATA_MISMATCH',
        `${inCharge.name} is version ${read.signed.version}, version ${facts.version} is named`,
      );
}

function olderThan(name: string, version: number, seen: number): TrustUpdateFailure {
  return fail('METADATA_ROLLBACK', `${name} is version ${version}; version ${seen} was seen before`);
}

/** 5.4.4 and its likes: the end itself is past. */
function checkExpiry(signed: { readonly expires: number }, name: string, time: number): TrustUpdateFailure | undefined {
  if (time < signed.expires) return undefined;
  return fail('METADATA_EXPIRED', `${name} expired ${new Date(signed.expires).toISOString().slice(0, 19)}Z`);
}
