// SPDX-License-Identifier: Apache-2.0
// A TUF repository in memory that tests change and break: it signs what it is told to and counts what is asked for.
import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import type { TrustUpdateFailure } from '../../src/evidence/trust-roots/failure.ts';
import type { Fetched, TufMirror, TufStore } from '../../src/evidence/trust-roots/tuf-files.ts';
import { encodedName } from '../../src/evidence/trust-roots/tuf-files.ts';
import { fetchTarget } from '../../src/evidence/trust-roots/tuf-targets.ts';
import type { TrustedMetadata } from '../../src/evidence/trust-roots/tuf-update.ts';
import { updateTrust } from '../../src/evidence/trust-roots/tuf-update.ts';
import { tufCanonicalBytes } from '../../src/formats/tuf-canonical-json.ts';

export interface TestKey {
  readonly id: string;
  readonly stated: Record<string, unknown>;
  readonly privateKey: KeyObject;
  readonly rsa?: 'pss' | 'pkcs1';
}

let count = 0;

export function makeTufKey(kind: 'ed25519' | 'p256' | 'p384' | 'rsa-pss' | 'rsa-pkcs1' = 'ed25519'): TestKey {
  count += 1;
  const pair =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : kind.startsWith('rsa')
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: kind === 'p256' ? 'P-256' : 'P-384' });
  const pem = String(pair.publicKey.export({ type: 'spki', format: 'pem' }));
  const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  const stated = {
    ed25519: { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: raw } },
    p256: { keytype: 'ecdsa', scheme: 'ecdsa-sha2-nistp256', keyval: { public: pem } },
    p384: { keytype: 'ecdsa', scheme: 'ecdsa-sha2-nistp384', keyval: { public: pem } },
    'rsa-pss': { keytype: 'rsa', scheme: 'rsassa-pss-sha256', keyval: { public: pem } },
    'rsa-pkcs1': { keytype: 'rsa', scheme: 'rsa-pkcs1v15-sha256', keyval: { public: pem } },
  }[kind];
  const rsa = kind === 'rsa-pss' ? { rsa: 'pss' as const } : kind === 'rsa-pkcs1' ? { rsa: 'pkcs1' as const } : {};
  return { id: `key-${count}`, stated, privateKey: pair.privateKey, ...rsa };
}

function signWith(key: TestKey, bytes: Buffer): string {
  const algorithm =
    key.privateKey.asymmetricKeyType === 'ed25519'
      ? null
      : key.stated['scheme'] === 'ecdsa-sha2-nistp384'
        ? 'sha384'
        : 'sha256';
  const options = key.rsa === 'pss' ? { key: key.privateKey, padding: 6, saltLength: 32 } : key.privateKey;
  return sign(algorithm, bytes, options).toString('hex');
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests write any shape on purpose
export type Body = Record<string, any>;

export const startTime = Date.parse('2026-01-10T00:00:00Z');
const later = '2026-02-01T00:00:00Z';

export class TufRepository {
  readonly signers: Record<string, TestKey[]> = {
    root: [makeTufKey()],
    timestamp: [makeTufKey()],
    snapshot: [makeTufKey()],
    targets: [makeTufKey()],
  };
  readonly root: Body;
  readonly timestamp: Body = {
    _type: 'timestamp',
    spec_version: '1.0.33',
    version: 1,
    expires: later,
    meta: { 'snapshot.json': { version: 1 } },
  };
  readonly snapshot: Body = {
    _type: 'snapshot',
    spec_version: '1.0.33',
    version: 1,
    expires: later,
    meta: { 'targets.json': { version: 1 } },
  };
  readonly roles = new Map<string, Body>([['targets', newTargets()]]);
  readonly files = new Map<string, Buffer>();
  readonly stored = new Map<string, Uint8Array>();
  readonly targetFiles = new Map<string, Buffer>();
  requests: string[] = [];
  time = startTime;
  initial: Buffer = Buffer.alloc(0);

  constructor() {
    const role = (name: string): Body => ({ keyids: (this.signers[name] ?? []).map(({ id }) => id), threshold: 1 });
    const keys = Object.fromEntries(
      Object.values(this.signers)
        .flat()
        .map((key) => [key.id, key.stated]),
    );
    this.root = {
      _type: 'root',
      spec_version: '1.0.33',
      version: 1,
      expires: later,
      consistent_snapshot: true,
      keys,
      roles: { root: role('root'), timestamp: role('timestamp'), snapshot: role('snapshot'), targets: role('targets') },
    };
    this.initial = this.publishRoot();
    this.publish();
  }

  signed(body: Body, keys: readonly TestKey[]): Buffer {
    const bytes = tufCanonicalBytes(body);
    return Buffer.from(
      JSON.stringify({ signatures: keys.map((key) => ({ keyid: key.id, sig: signWith(key, bytes) })), signed: body }),
    );
  }

  publishRoot(signers: readonly TestKey[] = this.signers['root'] ?? []): Buffer {
    const bytes = this.signed(this.root, signers);
    this.files.set(`${this.root['version']}.root.json`, bytes);
    return bytes;
  }

  /** A new version of root; `old` sign too. */
  bumpRoot(old: readonly TestKey[] = []): void {
    this.root['version'] += 1;
    this.publishRoot([...new Set([...(this.signers['root'] ?? []), ...old])]);
  }

  /** Another key for a role. */
  rotate(name: string): void {
    const key = makeTufKey();
    const old = this.signers['root'] ?? [];
    this.signers[name] = [key];
    this.root['keys'][key.id] = key.stated;
    this.root['roles'][name].keyids = [key.id];
    this.bumpRoot(name === 'root' ? old : []);
  }

  addTarget(role: string, path: string, content: string, algorithms: readonly string[] = ['sha256']): void {
    const bytes = Buffer.from(content);
    const hashes = Object.fromEntries(algorithms.map((name) => [name, hash(name, bytes)]));
    const body = this.roles.get(role);
    if (body !== undefined) body['targets'][path] = { length: bytes.length, hashes };
    const parts = path.split('/');
    for (const digest of Object.values(hashes))
      this.targetFiles.set([...parts.slice(0, -1), `${digest}.${parts.at(-1)}`].join('/'), bytes);
  }

  delegate(by: string, name: string, more: Body): void {
    const key = makeTufKey();
    this.signers[name] = [key];
    const body = this.roles.get(by);
    if (body === undefined) return;
    body['delegations'] ??= { keys: {}, roles: [] };
    body['delegations'].keys[key.id] = key.stated;
    body['delegations'].roles.push({ name, keyids: [key.id], threshold: 1, terminating: false, ...more });
    if (!this.roles.has(name)) this.roles.set(name, newTargets());
    this.snapshot['meta'][`${name}.json`] = { version: 1 };
  }

  /** Signs and serves all files as their bodies stand. */
  publish(): void {
    for (const [name, body] of this.roles) {
      const facts = this.snapshot['meta'][`${name}.json`];
      this.files.set(
        `${facts?.version ?? body['version']}.${encodedName(name)}.json`,
        this.signed(body, this.signers[name] ?? []),
      );
    }
    this.files.set(
      `${this.snapshot['version']}.snapshot.json`,
      this.signed(this.snapshot, this.signers['snapshot'] ?? []),
    );
    this.files.set('timestamp.json', this.signed(this.timestamp, this.signers['timestamp'] ?? []));
  }

  /** New versions of snapshot and timestamp, and of `role` if it is named. */
  bump(role?: string): void {
    const body = role === undefined ? undefined : this.roles.get(role);
    if (body !== undefined) {
      body['version'] += 1;
      this.snapshot['meta'][`${role}.json`].version = body['version'];
    }
    this.snapshot['version'] += 1;
    this.timestamp['version'] += 1;
    this.timestamp['meta']['snapshot.json'].version = this.snapshot['version'];
    this.publish();
  }

  get mirror(): TufMirror {
    const find = (files: ReadonlyMap<string, Buffer>, name: string, maximum: number): Promise<Fetched> => {
      this.requests.push(name);
      const bytes = files.get(name);
      if (bytes === undefined) return Promise.resolve({ kind: 'absent' });
      return Promise.resolve(bytes.length > maximum ? { kind: 'too-large' } : { kind: 'bytes', bytes });
    };
    return {
      metadata: (name, maximum) => find(this.files, name, maximum),
      target: (path, maximum) => find(this.targetFiles, path, maximum),
    };
  }

  get store(): TufStore {
    return {
      read: (name) => this.stored.get(name),
      write: (name, bytes) => void this.stored.set(name, bytes),
      remove: (name) => void this.stored.delete(name),
    };
  }

  async refresh(): Promise<TrustedMetadata | TrustUpdateFailure> {
    this.requests = [];
    return updateTrust({ initialRoot: this.initial, mirror: this.mirror, store: this.store, time: this.time });
  }

  async download(path: string): Promise<string> {
    const trusted = await this.refresh();
    if ('kind' in trusted) return trusted.code;
    const content = await fetchTarget(trusted, path, this);
    return content instanceof Uint8Array ? Buffer.from(content).toString() : 'kind' in content ? content.code : '';
  }

  /** `ok`, or the code of the refusal. */
  async outcome(): Promise<string> {
    const trusted = await this.refresh();
    return 'kind' in trusted ? trusted.code : 'ok';
  }
}

function newTargets(): Body {
  return { _type: 'targets', spec_version: '1.0.33', version: 1, expires: later, targets: {} };
}
