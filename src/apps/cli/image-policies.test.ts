// SPDX-License-Identifier: Apache-2.0
// ClusterImagePolicies applied to images that this suite signed, in a registry in this process: `verify --policy` and `policy apply --registry`.

import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry, TestRegistryOptions } from '../../../test/support/registry/test-registry.ts';
import { world } from '../../../test/support/signing/attempt.ts';
import { pemOf } from '../../../test/support/signing/certificates.ts';
import { attach, attachOlder, imageBundle, repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';
import { issuer, subject, trustedRootJson } from '../../../test/support/signing/sigstore.ts';
import { writeTar } from '../../../test/support/tar-writer.ts';
import { TufRepository } from '../../../test/support/tuf-repository.ts';

closeAfterEach();
removeFoldersAfterEach();

const image = imageOf({ layers: ['the program'] });
const root = JSON.stringify(trustedRootJson(world));
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicPem = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string;
const environment = { SIGNING_KEY: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
const slsa = 'https://slsa.dev/provenance/v1';

function policy(authorities: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name: 'signed' },
    spec: { images: [{ glob: '**team/app**' }], authorities, ...more },
  });
}

const identities = [{ issuer, subject }];
const keyless = { keyless: { identities }, ctlog: {} };
const key = { key: { data: publicPem } };

interface World {
  readonly registry: TestRegistry;
  readonly name: string;
}

async function imageIn(options: TestRegistryOptions = {}): Promise<World> {
  const registry = await testRegistry(options);
  registry.put(repository, image, 'v1');
  return { registry, name: `${registry.host}/${repository}:v1` };
}

async function verify(
  { name }: Pick<World, 'name'>,
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const cwd = testFolder({ 'root.json': root, 'policies/p.json': text, ...files });
  return runCommand(['verify', '--policy', 'policies', '--trusted-root', 'root.json', name], { cwd });
}

async function sign({ name }: Pick<World, 'name'>, ...more: readonly string[]): Promise<void> {
  const { status, stderr } = await runCommand(['sign', '--key', 'env://SIGNING_KEY', ...more, name], {
    cwd: testFolder(),
    environment,
  });
  if (status !== 0) throw new Error(stderr);
}

describe('verify --policy', () => {
  it('is satisfied by a keyless signature of the older layout', async () => {
    const place = await imageIn();
    await attachOlder(writable(place.registry), image);

    const { status, stdout } = await verify(place, policy([keyless]));

    expect(stdout).toContain(`satisfied: signed: authority-0: signature by ${subject} of ${issuer}`);
    expect(status).toBe(0);
  });

  it('reads bundles only where the policy says so', async () => {
    const place = await imageIn();
    await attach(writable(place.registry), image, imageBundle(image));

    const older = await verify(place, policy([keyless]));
    const newer = await verify(place, policy([{ ...keyless, signatureFormat: 'bundle' }]));

    expect(older.stdout).toContain('refused: signed: authority-0: there is no signature (there are proofs in bundles');
    expect([older.status, newer.status]).toEqual([1, 0]);
  });

  it.each([
    ['another subject', { issuer, subject: `${subject}-evil` }, 1],
    ['another issuer', { issuer: 'https://other.example', subject }, 1],
    ['an expression that matches a part of the name only', { issuer, subjectRegExp: 'https://github.com/owner' }, 1],
    ['expressions that match whole names', { issuerRegExp: '.*example', subjectRegExp: '.*/owner/.*' }, 0],
    ['a name that its own expression does not let through', { issuer, subject, subjectRegExp: 'nobody' }, 3],
  ])('judges a keyless signature by %s', async (_name, identity, expected) => {
    const place = await imageIn();
    await attachOlder(writable(place.registry), image);

    const { status } = await verify(place, policy([{ keyless: { identities: [identity] } }]));

    expect(status).toBe(expected);
  });

  it('takes a key without a log, and with one only when the signature is logged', async () => {
    const place = await imageIn();
    await sign(place, '--legacy');

    const without = await verify(place, policy([key]));
    const withLog = await verify(place, policy([{ ...key, ctlog: { url: 'https://rekor.sigstore.dev' } }]));

    expect(without.status).toBe(0);
    expect(withLog.stdout).toContain('LOG_MISSING');
    expect(withLog.status).toBe(1);
  });

  it('uses the hash that the policy names for a key', async () => {
    const place = await imageIn();
    await sign(place, '--legacy');

    const same = await verify(place, policy([{ key: { ...key.key, hashAlgorithm: 'sha256' } }]));
    const other = await verify(place, policy([{ key: { ...key.key, hashAlgorithm: 'sha512' } }]));
    const unknown = await verify(place, policy([{ key: { ...key.key, hashAlgorithm: 'sha224' } }]));

    expect([same.status, other.status, unknown.status]).toEqual([0, 1, 3]);
  });

  it('finds a key in a Secret that was handed in, and says when there is none', async () => {
    const place = await imageIn();
    await sign(place, '--legacy');
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'image-key', namespace: 'cosign-system' },
      data: { 'cosign.pub': Buffer.from(publicPem).toString('base64') },
    };
    const named = policy([{ key: { secretRef: { name: 'image-key' } } }]);

    const there = await verify(place, named, { 'policies/s.json': JSON.stringify(secret) });
    const missing = await verify(place, named);

    expect(there.status).toBe(0);
    expect(missing.stdout).toContain('could not look: signed: authority-0: the Secret cosign-system/image-key');
    expect(missing.status).toBe(3);
  });

  it.each(['env://HOME', 'file:///etc/passwd', 'https://keys.example/k'])(
    'does not let a policy name %s',
    async (kms) => {
      const place = await imageIn();

      const { status, stdout } = await verify(place, policy([{ key: { kms } }]));

      expect(stdout).toContain('is no key store that a policy can name');
      expect(status).toBe(3);
    },
  );

  it('is satisfied by one authority of several, and needs every policy', async () => {
    const place = await imageIn();
    await sign(place, '--legacy');

    const one = await verify(place, policy([keyless, key]));
    const two = await verify(place, policy([key]), { 'policies/q.json': policy([keyless]) });

    expect([one.status, two.status]).toEqual([0, 1]);
  });

  it('asks for an attestation of each type, and for no signature then', async () => {
    const place = await imageIn();
    await attach(writable(place.registry), image, imageBundle(image, slsa));
    const wish = (...types: readonly string[]): string => {
      const attestations = types.map((predicateType, at) => ({ name: `a${at}`, predicateType }));
      return policy([{ ...keyless, signatureFormat: 'bundle', attestations }]);
    };

    const one = await verify(place, wish('slsaprovenance1'));
    const both = await verify(place, wish(slsa, 'https://spdx.dev/Document'));

    expect(one.status).toBe(0);
    expect(both.stdout).toContain('there is no attestation https://spdx.dev/Document');
    expect(both.status).toBe(1);
  });

  it.each([
    ['CUE that is met', { type: 'cue', data: `predicateType: "${slsa}"` }, 0, 'satisfied'],
    ['CUE that is not met', { type: 'cue', data: 'predicateType: "x"' }, 1, 'predicateType: is not "x"'],
    ['CUE that is not known here', { type: 'cue', data: 'a: *1 | 2' }, 3, 'defaults'],
    ['Rego', { type: 'rego', data: 'package sigstore' }, 3, 'its language is rego'],
    ['a policy that lies elsewhere', { type: 'cue', url: 'https://example.com' }, 3, 'it lies elsewhere'],
  ])(
    'judges what an attestation says by %s, and refuses one that is not there',
    async (_name, language, status, said) => {
      const place = await imageIn();
      const attestations = [{ name: 'a', predicateType: slsa, policy: language }];
      const wish = policy([{ ...keyless, signatureFormat: 'bundle', attestations }]);

      const absent = await verify(place, wish);
      await attach(writable(place.registry), image, imageBundle(image, slsa));
      const present = await verify(place, wish);

      expect(present.stdout).toContain(said);
      expect([absent.status, present.status]).toEqual([1, status]);
    },
  );

  it('judges all findings by the policy over them, with the configuration of the image', async () => {
    const place = await imageIn();
    await attachOlder(writable(place.registry), image);
    const judge = async (data: string): Promise<number> =>
      (await verify(place, policy([keyless, key], { policy: { type: 'cue', fetchConfigFile: true, data } }))).status;

    expect(await judge('import "list"\nauthorityMatches: "authority-0": signatures: list.MinItems(1)')).toBe(0);
    expect(await judge('authorityMatches: "authority-1": signatures: [...]')).toBe(1);
    expect(await judge('config: "linux/amd64": os: "linux"')).toBe(0);
    expect(await judge('config: "linux/amd64": config: User: "1000"')).toBe(1);
  });

  it('looks in the repository and under the tags that the policy names', async () => {
    const place = await imageIn();
    const store = writable(place.registry, 'proofs');
    await attachOlder(store, image);
    const source = [{ oci: `${place.registry.host}/proofs` }];
    const tags = place.registry.repository('proofs').tags;
    const [[tag, digest] = ['', '']] = tags;

    const elsewhere = await verify(place, policy([{ ...keyless, source }]));
    tags.delete(tag);
    tags.set(`prefix-${tag}`, digest);
    const gone = await verify(place, policy([{ ...keyless, source }]));
    const prefixed = await verify(place, policy([{ ...keyless, source: [{ ...source[0], tagPrefix: 'prefix-' }] }]));

    expect([elsewhere.status, gone.status, prefixed.status]).toEqual([0, 1, 0]);
  });

  it('logs in with the pull Secret that the policy names, and runs no program for it', async () => {
    const free = await imageIn();
    await attachOlder(writable(free.registry), image);
    const place = await imageIn({ access: { kind: 'basic', username: 'robot', password: 'word' } });
    place.registry.repositories.set(repository, free.registry.repository(repository));
    const auths = { [place.registry.host]: { auth: Buffer.from('robot:word').toString('base64') } };
    const config = Buffer.from(JSON.stringify({ auths, credsStore: 'never-run' })).toString('base64');
    const data = { '.dockerconfigjson': config };
    const secret = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pull' }, data });
    const wish = policy([{ ...keyless, source: [{ signaturePullSecrets: [{ name: 'pull' }] }] }]);

    const anonymous = await verify(place, wish);
    const known = await verify(place, wish, { 'policies/s.json': secret });

    expect([anonymous.status, known.status]).toEqual([3, 0]);
  });

  it('never takes a registry that refuses to answer for an unsigned image', async () => {
    const place = await imageIn();
    place.registry.fail({ path: /manifests\/sha256-/, effect: { kind: 'answer', status: 403 } });

    const { status, stdout } = await verify(place, policy([key], { mode: 'warn' }));

    expect(`${status} ${stdout}`).toMatch(/^3 [^]*could not look/);
  });

  it('only warns in the mode warn', async () => {
    const { status, stdout } = await verify(await imageIn(), policy([key], { mode: 'warn' }));

    expect(stdout).toContain('warning: signed: authority-0: there is no signature');
    expect(status).toBe(0);
  });

  it('does not verify an image that no policy is about', async () => {
    const { status, stdout } = await verify(await imageIn(), policy([key], { images: [{ glob: 'other' }] }));

    expect(stdout).toContain('no image policy is about it');
    expect(status).toBe(1);
  });

  it('takes or refuses without looking where the policy says so', async () => {
    const place = await imageIn();

    const pass = await verify(place, policy([{ static: { action: 'pass' } }]));
    const fail = await verify(place, policy([{ static: { action: 'fail', message: 'not this one' } }]));

    expect(fail.stdout).toContain('not this one');
    expect([pass.status, fail.status]).toEqual([0, 1]);
  });

  it('reads trust roots from TrustRoot resources', async () => {
    const place = await imageIn();
    await attachOlder(writable(place.registry), image);
    const base = { apiVersion: 'policy.sigstore.dev/v1alpha1', kind: 'TrustRoot', metadata: { name: 'own' } };
    const chain = (...certificates: readonly { readonly encoded: Buffer }[]): string =>
      Buffer.from(certificates.map(({ encoded }) => pemOf('CERTIFICATE', encoded)).join('')).toString('base64');
    const subjectOf = { organization: 'o', commonName: 'c' };
    const publicKey = (pair: { readonly publicKey: typeof keys.publicKey }): string =>
      Buffer.from(pair.publicKey.export({ type: 'spki', format: 'pem' }) as string).toString('base64');
    const sigstoreKeys = {
      certificateAuthorities: [
        {
          subject: subjectOf,
          uri: 'https://ca.example',
          certChain: chain(world.root.certificate, world.intermediate.certificate),
        },
      ],
      tLogs: [{ baseURL: 'https://log.example', hashAlgorithm: 'sha-256', publicKey: publicKey(world.log.keys) }],
      ctLogs: [{ baseURL: 'https://ct.example', hashAlgorithm: 'sha-256', publicKey: publicKey(world.certificateLog) }],
    };
    const wish = policy([{ keyless: { identities, trustRootRef: 'own' }, ctlog: { trustRootRef: 'own' } }]);
    const judge = async (spec: unknown): Promise<number> => {
      const files = { 'policies/t.json': JSON.stringify({ ...base, spec }), 'root.json': '{}' };
      return (await verify(place, wish, files)).status;
    };

    expect(await judge({ sigstoreKeys })).toBe(0);
    expect(await judge({ sigstoreKeys: { ...sigstoreKeys, tLogs: [] } })).toBe(1);
    expect(await judge({ trustedRootJSON: root })).toBe(0);
    expect((await verify(place, wish)).stdout).toContain('the TrustRoot own is not among what was handed in');
  });

  it('checks a serialized repository of a TrustRoot from its initial root on', async () => {
    const place = await imageIn();
    await attachOlder(writable(place.registry), image);
    const repositoryOf = (expires: string): TufRepository => {
      const tuf = new TufRepository();
      tuf.timestamp['expires'] = expires;
      tuf.snapshot['expires'] = expires;
      tuf.root['expires'] = '2027-01-01T00:00:00Z';
      for (const role of tuf.roles.values()) role['expires'] = '2027-01-01T00:00:00Z';
      tuf.initial = tuf.publishRoot();
      tuf.addTarget('targets', 'trusted_root.json', root);
      tuf.publish();
      return tuf;
    };
    const judge = async (tuf: TufRepository, initial = tuf.initial): Promise<string> => {
      const members = [
        ...[...tuf.files].map(([name, content]) => ({ path: `repository/${name}`, content })),
        ...[...tuf.targetFiles].map(([name, content]) => ({ path: `repository/targets/${name}`, content })),
      ];
      const spec = {
        repository: { root: initial.toString('base64'), mirrorFS: gzipSync(writeTar(members)).toString('base64') },
      };
      const own = { apiVersion: 'policy.sigstore.dev/v1alpha1', kind: 'TrustRoot', metadata: { name: 'own' }, spec };
      const wish = policy([{ keyless: { identities, trustRootRef: 'own' }, ctlog: { trustRootRef: 'own' } }]);
      const { status, stdout } = await verify(place, wish, { 'policies/t.json': JSON.stringify(own) });
      return `${status} ${stdout}`;
    };
    const fresh = repositoryOf('2027-01-01T00:00:00Z');

    expect(await judge(fresh)).toMatch(/^0 /);
    expect(await judge(repositoryOf('2026-03-01T00:00:00Z'))).toMatch(/^3 [^]*TrustRoot own: .*expired/);
    expect(await judge(fresh, new TufRepository().initial)).toMatch(/^3 [^]*TrustRoot own: /);
  });
});

describe('policy apply --registry', () => {
  const workload = (name: string, labels: Readonly<Record<string, string>> = {}): string =>
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels },
      spec: {
        template: { spec: { initContainers: [{ name: 'i', image: name }], containers: [{ name: 'c', image: name }] } },
      },
    });
  const apply = (cwd: string, ...more: readonly string[]) =>
    runCommand(['policy', 'apply', 'p.json', '-r', 'w.json', '--trusted-root', 'root.json', ...more], { cwd });

  it('judges the images of workloads, each once', async () => {
    const place = await imageIn();
    const cwd = testFolder({ 'root.json': root, 'p.json': policy([keyless]), 'w.json': workload(place.name) });

    const unsigned = await apply(cwd, '--registry');
    await attachOlder(writable(place.registry), image);
    const signed = await apply(cwd, '--registry');

    expect(unsigned.stdout).toMatch(/high\s+signed[^]*there is no signature/);
    expect(unsigned.stdout.match(/there is no signature/g)).toHaveLength(1);
    expect([unsigned.status, signed.status]).toEqual([1, 0]);
  });

  it('asks nobody without --registry, and says that nobody looked', async () => {
    const place = await imageIn();
    const cwd = testFolder({ 'root.json': root, 'p.json': policy([keyless]), 'w.json': workload(place.name) });
    const before = place.registry.requests.length;

    const { status, stdout } = await apply(cwd);

    expect(`${status} ${stdout}`).toMatch(/^3 [^]*registries are not asked/);
    expect(place.registry.requests).toHaveLength(before);
  });

  it('holds a policy with a match to the objects that it names', async () => {
    const place = await imageIn();
    const match = [
      { resource: 'deployments', group: 'apps', version: '*', selector: { matchLabels: { tier: 'front' } } },
    ];
    const files = { 'root.json': root, 'p.json': policy([keyless], { match }) };

    const other = await apply(testFolder({ ...files, 'w.json': workload(place.name) }), '--registry');
    const named = await apply(
      testFolder({ ...files, 'w.json': workload(place.name, { tier: 'front' }) }),
      '--registry',
    );

    expect([other.status, named.status]).toEqual([0, 1]);
  });

  it('follows what the cluster does with images that no policy is about', async () => {
    const place = await imageIn();
    const settings = (word: string): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'config-policy-controller' },
        data: { 'no-match-policy': word },
      });
    const judge = async (word: string): Promise<number> => {
      const files = { 'p.json': `${policy([keyless], { images: [{ glob: 'other' }] })}\n---\n${settings(word)}` };
      return (await apply(testFolder({ ...files, 'root.json': root, 'w.json': workload(place.name) }), '--registry'))
        .status;
    };

    expect([await judge('allow'), await judge('warn'), await judge('deny')]).toEqual([0, 0, 1]);
  });
});
