// SPDX-License-Identifier: Apache-2.0
import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { leaf, world } from '../../../test/support/signing/attempt.ts';
import { ecKeys, fulcioExtension } from '../../../test/support/signing/certificates.ts';
import { writable } from '../../../test/support/signing/image-proofs.ts';
import { transitEngine, vaultToken } from '../../../test/support/signing/key-keepers.ts';
import type { KeySigning } from '../../../test/support/signing/key-signatures.ts';
import { publicPem, signNewer, signOlder } from '../../../test/support/signing/key-signatures.ts';
import { authority, own } from '../../../test/support/signing/own-authority.ts';
import { makeLeaf, usualExtensions } from '../../../test/support/signing/sigstore.ts';
import {
  certificatePem,
  image,
  keys,
  named,
  noLog,
  pinned,
  registryWith,
  strangers,
} from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';

closeAfterEach();

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'signer', namespace: 'security' },
  data: { 'cosign.pub': Buffer.from(publicPem(keys)).toString('base64') },
};
const identity = { subject: 'https://github.com/owner/*', issuer: 'https://token.example' };
const byKey: KeySigning = { keys };
const byLeaf: KeySigning = { keys: leaf.keys, certificate: leaf, log: 'logged' };
const byOwn: KeySigning = { keys: own.keys, certificate: own };
const entryOf = (pair: typeof keys): JsonObject => ({ keys: { publicKeys: publicPem(pair), ...noLog } });

/** Kind of attestor, the entry that asks for it, who signs for it, and one who is somebody else. */
const rows: readonly (readonly [string, JsonObject, KeySigning, KeySigning])[] = [
  ['a key', entryOf(keys), byKey, { keys: strangers }],
  [
    'a key of a Secret by reference',
    { keys: { publicKeys: 'k8s://security/signer', ...noLog } },
    byKey,
    { keys: strangers },
  ],
  [
    'a key of a Secret',
    { keys: { secret: { name: 'signer', namespace: 'security' }, ...noLog } },
    byKey,
    { keys: strangers },
  ],
  ['a key of a key store', { keys: { kms: 'hashivault://release', ...noLog } }, byKey, { keys: strangers }],
  [
    'a key of a key store by reference',
    { keys: { publicKeys: 'hashivault://release', ...noLog } },
    byKey,
    { keys: strangers },
  ],
  ['an identity', { keyless: identity }, byLeaf, { ...byOwn, log: 'logged' }],
  ['a chain of certificates', { certificates: { certChain: certificatePem(authority), ...noLog } }, byOwn, byLeaf],
  ['a certificate', { certificates: { cert: certificatePem(own), ...noLog } }, byOwn, byLeaf],
  [
    'a certificate and its chain',
    { certificates: { cert: certificatePem(own), certChain: certificatePem(authority), ...noLog } },
    byOwn,
    byLeaf,
  ],
  ['a nested set', { attestor: { count: 1, entries: [entryOf(strangers), entryOf(keys)] } }, byKey, { keys: ecKeys() }],
];

describe.each(['older', 'newer'] as const)('attestors, for signatures in the %s layout', (layout) => {
  it.each(rows)('are %s', async (_, entry, signer, stranger) => {
    const signImage = layout === 'older' ? signOlder : signNewer;
    const vault = await transitEngine(keys.privateKey, (digest) => sign(null, digest, keys.privateKey));
    const environment = { VAULT_ADDR: vault.url, VAULT_TOKEN: vaultToken };
    const verdict = async (signing: KeySigning) => {
      const registry = await registryWith((it) => signImage(writable(it), image, signing));
      const set = setOf([imagePolicy({ attestors: [{ entries: [entry] }] })]);
      return judge(registry, set, podWith(named), [secret], environment);
    };

    const [good, bad] = [await verdict(signer), await verdict(stranger)];
    await vault.close();

    expect(good.lines).toEqual([expect.stringMatching(/^pass /)]);
    expect(good.images).toEqual([pinned]);
    expect(bad.lines).toEqual([expect.stringMatching(/^fail /)]);
    expect(bad.images).toEqual([named]);
  });
});

describe('key stores', () => {
  const lineFor = async (entry: JsonObject, environment: Readonly<Record<string, string>> = {}): Promise<string> => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys }));
    const set = setOf([imagePolicy({ attestors: [{ entries: [entry] }] })]);
    return (await judge(registry, set, podWith(named), [], environment)).lines.join(' ');
  };

  it.each([
    ['hashivault://release', 'VAULT_ADDR'],
    ['awskms:///alias/release', 'sigstore-kms-awskms'],
    ['gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k', 'sigstore-kms-gcpkms'],
    ['azurekms://vault.example/key', 'sigstore-kms-azurekms'],
  ])('that cannot be asked are an error that names what is missing: %s', async (kms, missing) => {
    expect(await lineFor({ keys: { kms, ...noLog } }, { PATH: '/nowhere' })).toMatch(new RegExp(`^error .*${missing}`));
  });

  it('that do not answer are an error', async () => {
    const environment = { VAULT_ADDR: 'http://127.0.0.1:1', VAULT_TOKEN: 'x' };

    expect(await lineFor({ keys: { kms: 'hashivault://release', ...noLog } }, environment)).toMatch(/^error /);
  });

  it('are no files, variables and addresses of this machine', async () => {
    for (const reference of ['file:///etc/key.pem', 'env://KEY', 'http://127.0.0.1/key', 'https://a.example/key'])
      expect(await lineFor({ keys: { publicKeys: reference, ...noLog } }, { KEY: publicPem(keys) })).toMatch(
        /^error .*no key store that a policy can name/,
      );
  });

  it.each(['/etc/key.pem', 'key', 'awskms:', ''])('have a name with a scheme, and %j is none', (kms) => {
    expect(setOf([imagePolicy({ attestors: [{ entries: [{ keys: { kms } }] }] })]).problems[0]?.message).toContain(
      'names no key store',
    );
  });
});

describe('entries', () => {
  it('may say the digest of their key themselves', async () => {
    const registry = await registryWith((it) => signOlder(writable(it), image, { keys, hash: 'sha512' }));
    const verdict = async (signatureAlgorithm: string): Promise<string> => {
      const attestors = [{ entries: [{ ...entryOf(keys), signatureAlgorithm }] }];
      return (await judge(registry, setOf([imagePolicy({ attestors })]), podWith(named))).lines.join(' ');
    };

    expect(await verdict('sha512')).toMatch(/^pass /);
    expect(await verdict('sha256')).toMatch(/^fail /);
  });

  it.each([
    ['oidcIssuer', '1.3.6.1.4.1.57264.1.1', 'https://token.example'],
    ['githubWorkflowTrigger', '1.3.6.1.4.1.57264.1.2', 'push'],
    ['githubWorkflowSha', '1.3.6.1.4.1.57264.1.3', 'a1b2'],
    ['githubWorkflowName', '1.3.6.1.4.1.57264.1.4', 'release'],
    ['githubWorkflowRepository', '1.3.6.1.4.1.57264.1.5', 'owner/repository'],
    ['githubWorkflowRef', '1.3.6.1.4.1.57264.1.6', 'refs/heads/main'],
  ])('ask for the extension %s by name and by object id', async (name, id, value) => {
    const number = Number(id.slice(id.lastIndexOf('.') + 1));
    const extensions = number === 1 ? usualExtensions : [...usualExtensions, fulcioExtension(number, value)];
    const signer = makeLeaf(world, { extensions });
    const registry = await registryWith((it) =>
      signNewer(writable(it), image, { keys: signer.keys, certificate: signer, log: 'logged' }),
    );
    const verdict = async (additionalExtensions: JsonObject): Promise<string> => {
      const attestors = [{ entries: [{ keyless: { ...identity, additionalExtensions } }] }];
      return (await judge(registry, setOf([imagePolicy({ attestors })]), podWith(named))).lines[0]?.slice(0, 4) ?? '';
    };

    expect(await verdict({ [name]: value })).toBe('pass');
    expect(await verdict({ [id]: `${value.slice(0, 2)}*` })).toBe('pass');
    expect(await verdict({ [name]: 'other' })).toBe('fail');
    expect(await verdict({ [id]: 'other' })).toBe('fail');
  });
});

describe('older fields', () => {
  const verdict = async (entry: JsonObject, signing: KeySigning): Promise<string> => {
    const registry = await registryWith((it) => signOlder(writable(it), image, signing));
    const { imageReferences: _, ...policy } = { imageReferences: undefined, image: '*', ...entry };
    return (await judge(registry, setOf([imagePolicy(policy)]), podWith(named))).lines.join(' ');
  };
  const logged: KeySigning = { keys, log: 'logged' };

  it('key: that key', async () => {
    expect(await verdict({ key: publicPem(keys) }, logged)).toMatch(/^pass /);
    expect(await verdict({ key: publicPem(strangers) }, logged)).toMatch(/^fail /);
  });

  it('key with annotations: both in one signature', async () => {
    const signing: KeySigning = { ...logged, annotations: { env: 'production' } };

    expect(await verdict({ key: publicPem(keys), annotations: { env: 'production' } }, signing)).toMatch(/^pass /);
    expect(await verdict({ key: publicPem(keys), annotations: { env: 'test' } }, signing)).toMatch(/^fail /);
  });

  it('issuer and subject: that identity', async () => {
    expect(await verdict(identity, byLeaf)).toMatch(/^pass /);
    expect(await verdict({ ...identity, subject: 'https://github.com/other/*' }, byLeaf)).toMatch(/^fail /);
    expect(await verdict({ ...identity, issuer: 'https://other.example' }, byLeaf)).toMatch(/^fail /);
  });

  it('roots: those authorities', async () => {
    const roots = certificatePem(world.intermediate) + certificatePem(world.root);

    expect(await verdict({ ...identity, roots }, byLeaf)).toMatch(/^pass /);
    expect(await verdict({ ...identity, roots: certificatePem(authority) }, byLeaf)).toMatch(/^fail /);
  });

  it('additionalExtensions: those of the certificate', async () => {
    expect(
      await verdict({ ...identity, additionalExtensions: { oidcIssuer: 'https://token.example' } }, byLeaf),
    ).toMatch(/^pass /);
    expect(await verdict({ ...identity, additionalExtensions: { githubWorkflowRef: 'x' } }, byLeaf)).toMatch(/^fail /);
  });
});
