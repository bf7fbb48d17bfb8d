// SPDX-License-Identifier: Apache-2.0
// ClusterImagePolicies applied to images that this suite signed, in a registry in this process: `verify --policy`.

import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import {
  image,
  imageIn,
  key,
  keyless,
  policy,
  publicPem,
  sign,
  slsa,
  verify,
} from '../../../test/support/signing/image-policy.ts';
import { attach, attachOlder, imageBundle, repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { removeFoldersAfterEach } from '../../../test/support/signing/sign-and-verify.ts';
import { issuer, subject } from '../../../test/support/signing/sigstore.ts';

closeAfterEach();
removeFoldersAfterEach();

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

  it('policies of another dialect beside those that were judged were passed over in silence', async () => {
    const place = await imageIn();
    await attachOlder(writable(place.registry), image);
    const other = { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'other' }, spec: {} };

    const { status } = await verify(place, policy([keyless]), { 'policies/o.json': JSON.stringify(other) });

    expect(status).toBe(3);
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
});
