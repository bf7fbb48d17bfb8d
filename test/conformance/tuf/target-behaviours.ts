// SPDX-License-Identifier: Apache-2.0
// What is asked of downloads: which role answers for a file, and that it is the file that was stated.
import { createHash } from 'node:crypto';
import { TufRepository } from '../../support/tuf-repository.ts';
import type { Behaviour } from './behaviour.ts';

export const targetBehaviours: Readonly<Record<string, Behaviour>> = {
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
