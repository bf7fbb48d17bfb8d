// SPDX-License-Identifier: Apache-2.0
// The behaviours that the conformance suite of TUF names, rebuilt from the specification against a repository made in the test. Each gives what was
// expected and what came, in the same shape. One table with a short entry for each of 53 names, which is why the file is longer than others.
import { createHash } from 'node:crypto';
import { makeTufKey, startTime, TufRepository } from '../support/tuf-repository.ts';

type Behaviour = (repository: TufRepository) => Promise<readonly [expected: unknown, actual: unknown]>;
const past = '2026-01-01T00:00:00Z';
const versionOf = (repository: TufRepository, name: string): unknown => {
  const bytes = repository.stored.get(name);
  return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString()).signed.version;
};

/** Refreshes, changes something, and refreshes again. */
function after(change: (repository: TufRepository) => void, expected: string): Behaviour {
  return async (repository) => {
    const first = await repository.outcome();
    change(repository);
    return [
      ['ok', expected],
      [first, await repository.outcome()],
    ];
  };
}

function once(change: (repository: TufRepository) => void, expected: string): Behaviour {
  return async (repository) => {
    change(repository);
    return [expected, await repository.outcome()];
  };
}

function break_(
  bytes: Buffer | undefined,
  change: (file: { signatures: { keyid: string; sig: string }[] }) => void,
): Buffer {
  const file = JSON.parse(String(bytes));
  change(file);
  return Buffer.from(JSON.stringify(file));
}

function stateFacts(
  repository: TufRepository,
  kind: 'snapshot' | 'targets',
  algorithms: readonly string[],
  right: boolean,
): void {
  const name = `1.${kind}.json`;
  const bytes = repository.files.get(name) ?? Buffer.alloc(0);
  const hashes = Object.fromEntries(
    algorithms.map((algorithm) => [
      algorithm,
      createHash(algorithm)
        .update(bytes)
        .update(right ? '' : 'x')
        .digest('hex'),
    ]),
  );
  const facts = { version: 1, length: bytes.length, hashes };
  if (kind === 'snapshot') repository.timestamp['meta']['snapshot.json'] = facts;
  else repository.snapshot['meta']['targets.json'] = facts;
  repository.publish();
}

export const tufBehaviours: Readonly<Record<string, Behaviour>> = {
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
      break_(r.files.get('1.snapshot.json'), (file) => file.signatures.push(...file.signatures)),
    );
  }, 'METADATA_MALFORMED'),
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
      break_(r.files.get('timestamp.json'), (file) => file.signatures.unshift({ keyid: extra.id, sig: 'abcd' })),
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
  test_url_and_metadata_version_mismatch: once((r) => {
    r.files.set('1.snapshot.json', r.signed({ ...r.snapshot, version: 2 }, r.signers['snapshot'] ?? []));
  }, 'METADATA_MISMATCH'),
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
  test_client_downloads_expected_file: async (r) => {
    r.addTarget('targets', 'file.txt', 'content');
    r.publish();
    return ['content', await r.download('file.txt')];
  },
  test_client_downloads_expected_file_in_sub_dir: async (r) => {
    r.addTarget('targets', 'a/b/file.txt', 'content');
    r.publish();
    return [
      ['content', 'a/b/'],
      [await r.download('a/b/file.txt'), r.requests.at(-1)?.slice(0, 4)],
    ];
  },
  test_artifact_cache: async (r) => {
    r.addTarget('targets', 'file.txt', 'content');
    r.publish();
    await r.download('file.txt');
    return [
      ['content', ['2.root.json', 'timestamp.json']],
      [await r.download('file.txt'), r.requests],
    ];
  },
  test_implicit_refresh: async (r) => {
    r.addTarget('targets', 'file.txt', 'content');
    r.publish();
    await r.download('file.txt');
    return [5, r.requests.length];
  },
  test_multiple_changes_to_target: async (r) => {
    const actual: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      r.addTarget('targets', 'file.txt', text);
      r.bump('targets');
      actual.push(await r.download('file.txt'));
    }
    return [['one', 'two', 'three'], actual];
  },
  test_repository_substitutes_target_file: async (r) => {
    r.addTarget('targets', 'file.txt', 'content');
    r.publish();
    for (const name of r.targetFiles.keys()) r.targetFiles.set(name, Buffer.from('CONTENT'));
    const same = await r.download('file.txt');
    for (const name of r.targetFiles.keys()) r.targetFiles.set(name, Buffer.from('much longer content'));
    return [
      ['TARGET_MISMATCH', 'TARGET_MISMATCH'],
      [same, await r.download('file.txt')],
    ];
  },
  test_download_with_hash_algorithms: async (r) => {
    r.addTarget('targets', 'a', 'one', ['sha512']);
    r.addTarget('targets', 'b', 'two', ['sha256', 'sha384']);
    r.publish();
    return [
      ['one', 'two'],
      [await r.download('a'), await r.download('b')],
    ];
  },
  test_download_with_unknown_hash_algorithm: async (r) => {
    r.addTarget('targets', 'a', 'one');
    (r.roles.get('targets') ?? {})['targets'].a.hashes = { nonsense: 'aa' };
    r.targetFiles.set('aa.a', Buffer.from('one'));
    r.publish();
    return ['TARGET_MISMATCH', await r.download('a')];
  },
  test_delegation_not_in_snapshot: async (r) => {
    r.delegate('targets', 'extra', { paths: ['*'] });
    delete r.snapshot['meta']['extra.json'];
    r.publish();
    return ['METADATA_MISSING', await r.download('file')];
  },
  test_unusual_role_name: async (r) => {
    const names = ['?', '#', '/x', '../../above', 'ö', '.'];
    const actual: string[] = [];
    for (const name of names) {
      const one = new TufRepository();
      one.delegate('targets', name, { paths: ['*'] });
      one.addTarget(name, 'file', name);
      one.publish();
      actual.push(await one.download('file'));
    }
    return [
      [...names, 'ok'],
      [...actual, await r.outcome()],
    ];
  },
  test_targetfile_search: async (r) => {
    r.delegate('targets', 'star', { paths: ['a/*.txt'] });
    r.delegate('targets', 'hash', { path_hash_prefixes: [createHash('sha256').update('h').digest('hex').slice(0, 4)] });
    r.addTarget('star', 'a/x.txt', 'star');
    r.addTarget('star', 'a/b/x.txt', 'too deep');
    r.addTarget('hash', 'h', 'hash');
    r.publish();
    return [
      ['star', 'TARGET_UNKNOWN', 'hash'],
      [await r.download('a/x.txt'), await r.download('a/b/x.txt'), await r.download('h')],
    ];
  },
  test_graph_traversal: async (r) => {
    r.delegate('targets', 'A', { paths: ['*'] });
    r.delegate('targets', 'B', { paths: ['*'], terminating: true });
    r.delegate('targets', 'C', { paths: ['*'] });
    r.delegate('A', 'D', { paths: ['*'] });
    r.delegate('D', 'A', { paths: ['*'] });
    r.signers['A'] = [...(r.signers['A'] ?? [])];
    for (const list of [r.roles.get('targets'), r.roles.get('D')])
      for (const role of list?.['delegations'].roles ?? [])
        if (role.name === 'A') role.keyids = (r.signers['A'] ?? []).map(({ id }) => id);
    for (const key of r.signers['A'] ?? []) (r.roles.get('targets') ?? {})['delegations'].keys[key.id] = key.stated;
    r.publish();
    const outcome = await r.download('file');
    const order = r.requests
      .map((name) => name.split('.')[1])
      .filter((name) => name !== undefined && name.length === 1);
    return [
      ['TARGET_UNKNOWN', ['A', 'D', 'B']],
      [outcome, order],
    ];
  },
};
