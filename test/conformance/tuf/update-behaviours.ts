// SPDX-License-Identifier: Apache-2.0
// What is asked of one refresh after another: versions that fall, keys that change, a clock that goes on.
import { makeTufKey, startTime } from '../../support/tuf-repository.ts';
import type { Behaviour } from './behaviour.ts';
import { after, versionOf } from './behaviour.ts';

export const updateBehaviours: Readonly<Record<string, Behaviour>> = {
  test_basic_refresh_requests: async (r) => {
    await r.refresh();
    const first = r.requests;
    await r.refresh();
    return [
      [
        ['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json'],
        ['2.root.json', 'timestamp.json'],
      ],
      [first, r.requests],
    ];
  },
  test_expired_local_root: after((r) => {
    r.time = Date.parse('2026-03-01T00:00:00Z');
    for (const body of [r.root, r.timestamp, r.snapshot, r.roles.get('targets') ?? {}])
      body['expires'] = '2026-04-01T00:00:00Z';
    r.bumpRoot();
    r.bump('targets');
  }, 'ok'),
  test_expired_local_timestamp: async (r) => {
    r.timestamp['expires'] = '2026-01-11T00:00:00Z';
    r.timestamp['version'] = 5;
    r.publish();
    const first = await r.outcome();
    r.time = startTime + 2 * 86_400_000;
    const frozen = await r.outcome();
    Object.assign(r.timestamp, { expires: '2026-02-01T00:00:00Z', version: 4 });
    r.publish();
    const older = await r.outcome();
    r.timestamp['version'] = 6;
    r.publish();
    return [
      ['ok', 'METADATA_EXPIRED', 'METADATA_ROLLBACK', 'ok'],
      [first, frozen, older, await r.outcome()],
    ];
  },
  test_faketime: async (r) => {
    const first = await r.outcome();
    r.time = Date.parse('2026-02-01T00:00:00Z');
    return [
      ['ok', 'METADATA_EXPIRED'],
      [first, await r.outcome()],
    ];
  },
  test_new_timestamp_version_rollback: after((r) => {
    r.timestamp['version'] = 0.5 + 0.5;
    r.stored.set('timestamp.json', r.signed({ ...r.timestamp, version: 2 }, r.signers['timestamp'] ?? []));
  }, 'METADATA_ROLLBACK'),
  test_snapshot_rollback: async (r) => {
    r.bump();
    const first = await r.outcome();
    r.timestamp['version'] += 1;
    r.timestamp['meta']['snapshot.json'].version = 1;
    r.publish();
    return [
      ['ok', 'METADATA_ROLLBACK'],
      [first, await r.outcome()],
    ];
  },
  test_targets_rollback: async (r) => {
    r.bump('targets');
    const first = await r.outcome();
    r.snapshot['meta']['targets.json'].version = 1;
    r.bump();
    return [
      ['ok', 'METADATA_ROLLBACK'],
      [first, await r.outcome()],
    ];
  },
  test_targets_role_removal: async (r) => {
    r.delegate('targets', 'extra', { paths: ['*'] });
    r.publish();
    const first = await r.outcome();
    delete r.snapshot['meta']['extra.json'];
    r.bump();
    return [
      ['ok', 'METADATA_ROLLBACK'],
      [first, await r.outcome()],
    ];
  },
  test_new_timestamp_fast_forward_recovery: async (r) => {
    r.timestamp['version'] = 99_999;
    r.publish();
    const first = await r.outcome();
    r.timestamp['version'] = 2;
    r.rotate('timestamp');
    r.publish();
    return [
      ['ok', 'ok', 2],
      [first, await r.outcome(), versionOf(r, 'timestamp.json')],
    ];
  },
  test_new_snapshot_fast_forward_recovery: async (r) => {
    r.snapshot['version'] = 99_999;
    r.bump();
    const first = await r.outcome();
    r.snapshot['version'] = 1;
    r.rotate('snapshot');
    r.bump();
    return [
      ['ok', 'ok', 2],
      [first, await r.outcome(), versionOf(r, 'snapshot.json')],
    ];
  },
  test_targets_fast_forward_recovery: async (r) => {
    (r.roles.get('targets') ?? {})['version'] = 99_999;
    r.bump('targets');
    const first = await r.outcome();
    (r.roles.get('targets') ?? {})['version'] = 1;
    r.rotate('snapshot');
    r.bump('targets');
    return [
      ['ok', 'ok', 2],
      [first, await r.outcome(), versionOf(r, 'targets.json')],
    ];
  },
  test_non_root_rotations: after((r) => {
    for (const name of ['timestamp', 'snapshot', 'targets']) r.rotate(name);
    r.bump('targets');
  }, 'ok'),
  test_root_rotation: async (r) => {
    const first = await r.outcome();
    r.rotate('root');
    r.rotate('root');
    const good = await r.outcome();
    r.signers['root'] = [makeTufKey()];
    r.bumpRoot();
    return [
      ['ok', 'ok', 'METADATA_UNSIGNED'],
      [first, good, await r.outcome()],
    ];
  },
  test_timestamp_content_changes: async (r) => {
    const first = await r.outcome();
    const before = r.stored.get('timestamp.json');
    r.timestamp['meta']['snapshot.json'].version = 2;
    r.publish();
    return [
      ['ok', 'ok', true],
      [first, await r.outcome(), before === r.stored.get('timestamp.json')],
    ];
  },
  test_cached_role_is_verified_against_current_delegator: async (r) => {
    const first = await r.outcome();
    r.rotate('targets');
    const other = r.signed(r.roles.get('targets') ?? {}, [makeTufKey()]);
    r.files.set('1.targets.json', other);
    return [
      ['ok', 'METADATA_UNSIGNED'],
      [first, await r.outcome()],
    ];
  },
};
