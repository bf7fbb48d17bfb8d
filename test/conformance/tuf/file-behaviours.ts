// SPDX-License-Identifier: Apache-2.0
// What is asked of each file for itself: its form, signatures, keys, expiry, and the facts that are stated of it elsewhere.
import { makeTufKey, TufRepository } from '../../support/tuf-repository.ts';
import type { Behaviour } from './behaviour.ts';
import { changed, once, past, stateFacts, versionOf } from './behaviour.ts';

export const fileBehaviours: Readonly<Record<string, Behaviour>> = {
  test_basic_refresh_trusted_data: async (r) => [
    ['ok', 1, 1, 1],
    [await r.outcome(), ...['timestamp.json', 'snapshot.json', 'targets.json'].map((name) => versionOf(r, name))],
  ],
  test_metadata_bytes_match: async (r) => [
    ['ok', true],
    [await r.outcome(), r.files.get('timestamp.json')?.equals(r.stored.get('timestamp.json') ?? Buffer.alloc(0))],
  ],
  test_basic_metadata_hash_support: once((r) => {
    stateFacts(r, 'targets', ['sha256', 'sha512'], true);
    stateFacts(r, 'snapshot', ['sha256', 'sha512'], true);
  }, 'ok'),
  test_custom_fields: once((r) => {
    Object.assign(r.timestamp, { 'x-own': { a: [1, null, true, 'ü"\\'] } });
    r.publish();
  }, 'ok'),
  test_deprecated_keyid_hash_algorithms: once((r) => {
    for (const key of Object.values(r.root['keys'] as Record<string, object>))
      Object.assign(key, { keyid_hash_algorithms: ['sha256', 'sha512'] });
    r.initial = r.publishRoot();
  }, 'ok'),
  test_duplicate_keys: once((r) => {
    const key = r.signers['snapshot']?.[0] ?? makeTufKey();
    const twins = ['a', 'b', 'c'].map((id) => ({ ...key, id }));
    r.signers['snapshot'] = twins;
    for (const twin of twins) r.root['keys'][twin.id] = twin.stated;
    r.root['roles'].snapshot = { keyids: twins.map(({ id }) => id), threshold: 3 };
    r.bumpRoot();
    r.publish();
  }, 'METADATA_UNSIGNED'),
  test_duplicate_sig_keyids: once((r) => {
    r.files.set(
      '1.snapshot.json',
      changed(r.files.get('1.snapshot.json'), (file) => file.signatures.push(...file.signatures)),
    );
  }, 'METADATA_MALFORMED'),
  test_incorrect_metadata_type: once(
    (r) => r.files.set('timestamp.json', r.signed(r.snapshot, r.signers['timestamp'] ?? [])),
    'METADATA_MALFORMED',
  ),
  test_invalid_initial_root: once((r) => (r.initial = Buffer.from('{"signed": 1}')), 'METADATA_MALFORMED'),
  test_unsigned_initial_root: once((r) => (r.initial = r.signed(r.root, [])), 'METADATA_UNSIGNED'),
  test_invalid_sig_in_valid_metadata: once((r) => {
    const extra = makeTufKey();
    r.root['keys'][extra.id] = extra.stated;
    r.root['roles'].timestamp.keyids.unshift(extra.id);
    r.bumpRoot();
    r.files.set(
      'timestamp.json',
      changed(r.files.get('timestamp.json'), (file) => file.signatures.unshift({ keyid: extra.id, sig: 'abcd' })),
    );
  }, 'ok'),
  test_unsigned_metadata: async (r) => {
    const actual: string[] = [];
    for (const [file, role] of [
      ['timestamp.json', 'timestamp'],
      ['1.snapshot.json', 'snapshot'],
      ['1.targets.json', 'targets'],
    ] as const) {
      const one = new TufRepository();
      one.files.set(file, one.signed(role === 'targets' ? (one.roles.get(role) ?? {}) : one[role], []));
      actual.push(await one.outcome());
    }
    r.root['version'] = 2;
    r.publishRoot([]);
    return [Array(4).fill('METADATA_UNSIGNED'), [...actual, await r.outcome()]];
  },
  test_keytype_and_scheme: async () => {
    const kinds = ['ed25519', 'p256', 'p384', 'rsa-pss', 'rsa-pkcs1'] as const;
    const actual: string[] = [];
    for (const kind of kinds) {
      const one = new TufRepository();
      const key = makeTufKey(kind);
      one.signers['timestamp'] = [key];
      one.root['keys'][key.id] = key.stated;
      one.root['roles'].timestamp.keyids = [key.id];
      one.bumpRoot();
      one.publish();
      actual.push(await one.outcome());
    }
    return [kinds.map(() => 'ok'), actual];
  },
  test_root_expired: once((r) => {
    r.root['expires'] = past;
    r.bumpRoot();
  }, 'METADATA_EXPIRED'),
  test_timestamp_expired: once((r) => {
    r.timestamp['expires'] = past;
    r.publish();
  }, 'METADATA_EXPIRED'),
  test_snapshot_expired: once((r) => {
    r.snapshot['expires'] = past;
    r.publish();
  }, 'METADATA_EXPIRED'),
  test_targets_expired: once((r) => {
    (r.roles.get('targets') ?? {})['expires'] = past;
    r.publish();
  }, 'METADATA_EXPIRED'),
  test_timestamp_404: once((r) => r.files.delete('timestamp.json'), 'METADATA_MISSING'),
  test_snapshot_404: once((r) => r.files.delete('1.snapshot.json'), 'METADATA_MISSING'),
  test_targets_404: once((r) => r.files.delete('1.targets.json'), 'METADATA_MISSING'),
  test_snapshot_does_not_meet_threshold: once((r) => {
    const second = makeTufKey();
    r.root['keys'][second.id] = second.stated;
    r.root['roles'].snapshot.keyids.push(second.id);
    r.root['roles'].snapshot.threshold = 2;
    r.bumpRoot();
  }, 'METADATA_UNSIGNED'),
  test_snapshot_has_too_few_keys: once((r) => {
    r.root['roles'].snapshot.threshold = 2;
    r.bumpRoot();
  }, 'METADATA_UNSIGNED'),
  test_snapshot_hash_mismatch: once((r) => stateFacts(r, 'snapshot', ['sha256'], false), 'METADATA_MISMATCH'),
  test_targets_hash_mismatch: once((r) => stateFacts(r, 'targets', ['sha256'], false), 'METADATA_MISMATCH'),
  test_url_and_metadata_version_mismatch: once((r) => {
    r.files.set('1.snapshot.json', r.signed({ ...r.snapshot, version: 2 }, r.signers['snapshot'] ?? []));
  }, 'METADATA_MISMATCH'),
};
