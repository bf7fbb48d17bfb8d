// SPDX-License-Identifier: Apache-2.0
// TrustRoot resources that ClusterImagePolicies name: keys, a whole trusted root, a serialized repository.

import type { KeyObject } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { world } from '../../../test/support/signing/attempt.ts';
import { pemOf } from '../../../test/support/signing/certificates.ts';
import { identities, image, imageIn, policy, root, verify } from '../../../test/support/signing/image-policy.ts';
import { attachOlder, writable } from '../../../test/support/signing/image-proofs.ts';
import { removeFoldersAfterEach } from '../../../test/support/signing/sign-and-verify.ts';
import { writeTar } from '../../../test/support/tar-writer.ts';
import { TufRepository } from '../../../test/support/tuf-repository.ts';

closeAfterEach();
removeFoldersAfterEach();

describe('a policy with a trust root of its own', () => {
  it('reads trust roots from TrustRoot resources', async () => {
    const place = await imageIn();
    await attachOlder(writable(place.registry), image);
    const base = { apiVersion: 'policy.sigstore.dev/v1alpha1', kind: 'TrustRoot', metadata: { name: 'own' } };
    const chain = (...certificates: readonly { readonly encoded: Buffer }[]): string =>
      Buffer.from(certificates.map(({ encoded }) => pemOf('CERTIFICATE', encoded)).join('')).toString('base64');
    const subjectOf = { organization: 'o', commonName: 'c' };
    const publicKey = (pair: { readonly publicKey: KeyObject }): string =>
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
