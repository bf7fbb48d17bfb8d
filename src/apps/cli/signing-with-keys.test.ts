// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf, indexOf } from '../../../test/support/registry/content.ts';
import { byKey, environment, judgement, keyWords as key, pem, time } from '../../../test/support/signing/own-key.ts';
import type { FoundProof } from '../../../test/support/signing/sign-and-verify.ts';
import {
  imageProofs,
  outcomeOf,
  read,
  removeFoldersAfterEach,
  testFolder,
  verifyBlob,
} from '../../../test/support/signing/sign-and-verify.ts';

closeAfterEach();
removeFoldersAfterEach();

const kinds = {
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  RSA: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  Ed25519: generateKeyPairSync('ed25519'),
} as const;
const pems = Object.fromEntries(
  Object.entries(kinds).map(([name, { privateKey }]) => [
    name,
    privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  ]),
);
describe.each(Object.keys(kinds))('a key of the kind %s', (kind) => {
  const text = pems[kind] ?? '';
  const environment = { SIGNING_KEY: text };

  it('signs a file so that the core verifies the bundle', async () => {
    const cwd = testFolder({ app: 'the file' });

    const { status } = await runCommand(['sign-blob', '--key', 'env://SIGNING_KEY', '--bundle', 'b.json', 'app'], {
      cwd,
      environment,
    });

    expect(status).toBe(0);
    const bundle = read(cwd, 'b.json');
    expect(outcomeOf(verifyBlob(bundle, Buffer.from('the file'), { policy: byKey(text), time }))).toBe('verified');
    expect(outcomeOf(verifyBlob(bundle, Buffer.from('another'), { policy: byKey(text), time }))).not.toBe('verified');
  });

  it.each(['bundle', 'legacy'])('signs an image in the layout %s so that the core verifies it', async (layout) => {
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('team/app', image, '1');
    const name = `${registry.host}/team/app`;
    const words = [
      'sign',
      '--key',
      'env://SIGNING_KEY',
      ...(layout === 'legacy' ? ['--legacy'] : []),
      `${name}@${image.digest}`,
    ];

    const { status, stdout } = await runCommand(words, { cwd: testFolder(), environment });

    expect(status).toBe(0);
    expect(stdout).toMatch(`signed ${name}@${image.digest} by key env://SIGNING_KEY`);
    const proofs = await imageProofs(name, image.digest, { policy: byKey(text), time });
    expect(proofs.map(summary)).toEqual([`${layout === 'legacy' ? 'signature-layer' : 'bundle'} verified`]);
  });
});

function summary({ form, verification }: FoundProof): string {
  return `${form} ${outcomeOf(verification)}`;
}

describe('sign', () => {
  it.each(['on', 'off'] as const)('is found where the referrers API is %s', async (referrers) => {
    const registry = await testRegistry({ referrers });
    const image = imageOf();
    registry.put('team/app', image, '1');
    const name = `${registry.host}/team/app`;

    await runCommand(['sign', ...key, `${name}@${image.digest}`], { cwd: testFolder(), environment });

    expect((await imageProofs(name, image.digest, judgement)).map(summary)).toEqual(['bundle verified']);
  });

  it('resolves a tag once and says which digest it signs', async () => {
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('team/app', image, '1');

    const { stderr } = await runCommand(['sign', ...key, `${registry.host}/team/app:1`], {
      cwd: testFolder(),
      environment,
    });

    expect(stderr).toMatch(`team/app:1 is ${image.digest} now`);
    expect(registry.asked(/GET .*manifests\/1$/)).toHaveLength(1);
  });

  it('signs every image of an index when it is asked to', async () => {
    const registry = await testRegistry();
    const [amd, arm] = [imageOf({ layers: ['amd'] }), imageOf({ layers: ['arm'] })];
    const index = indexOf({ 'linux/amd64': amd, 'linux/arm64': arm });
    for (const image of [amd, arm]) registry.put('team/app', image);
    registry.put('team/app', index, '1');
    const name = `${registry.host}/team/app`;

    await runCommand(['sign', '-r', ...key, `${name}@${index.digest}`], { cwd: testFolder(), environment });

    for (const { digest } of [index, amd, arm])
      expect((await imageProofs(name, digest, judgement)).map(summary)).toEqual(['bundle verified']);
  });

  it.each([[], ['--legacy']])('signs annotations %s', async (...layout) => {
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('team/app', image, '1');
    const name = `${registry.host}/team/app`;

    await runCommand(['sign', ...key, ...layout, '-a', 'team=shop', `${name}@${image.digest}`], {
      cwd: testFolder(),
      environment,
    });

    const wanted = async (value: string): Promise<string[]> => {
      const policy = byKey(pem, { annotations: { team: value } });
      return (await imageProofs(name, image.digest, { policy, time })).map(({ verification }) =>
        outcomeOf(verification),
      );
    };
    expect(await wanted('shop')).toEqual(['verified']);
    expect(await wanted('other')).toEqual(['ANNOTATION_MISMATCH']);
  });

  it('adds to the older layout and leaves what is there', async () => {
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('team/app', image, '1');
    const name = `${registry.host}/team/app`;
    const sign = (reference: string) =>
      runCommand(['sign', '--new-bundle-format=false', '--key', reference, `${name}@${image.digest}`], {
        cwd: testFolder(),
        environment: { ...environment, OTHER_KEY: pems['P-384'] },
      });

    await sign('env://SIGNING_KEY');
    await sign('env://OTHER_KEY');

    const found = (await imageProofs(name, image.digest, judgement)).map(summary);
    expect(found.sort()).toEqual(['signature-layer SIGNATURE_INVALID', 'signature-layer verified']);
  });

  it('writes nothing and asks for no key when it only tells', async () => {
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('team/app', image, '1');

    const { status, stdout } = await runCommand(
      [
        'sign',
        '--dry-run',
        '--key',
        'no-such-key',
        '--tlog-upload',
        '--rekor-url',
        'https://log.example',
        `${registry.host}/team/app:1`,
      ],
      { cwd: testFolder() },
    );

    expect(status).toBe(0);
    expect(stdout).toMatch(/would sign .*\nwould ask transparency log https:\/\/log\.example .*\nnothing was signed/);
    expect(registry.asked(/PUT|POST|PATCH/)).toEqual([]);
  });

  it('gives the proof to the caller instead of the registry with --no-upload', async () => {
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('team/app', image, '1');

    const { stdout } = await runCommand(['sign', ...key, '--no-upload', `${registry.host}/team/app:1`], {
      cwd: testFolder(),
      environment,
    });

    expect(JSON.parse(stdout)).toMatchObject({ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' });
    expect(registry.asked(/PUT|POST|PATCH/)).toEqual([]);
  });

  it('keeps proofs where COSIGN_REPOSITORY says', async () => {
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('team/app', image, '1');
    const place = `${registry.host}/signatures/all`;

    await runCommand(['sign', ...key, `${registry.host}/team/app:1`], {
      cwd: testFolder(),
      environment: { ...environment, COSIGN_REPOSITORY: place },
    });

    expect((await imageProofs(place, image.digest, judgement)).map(summary)).toEqual(['bundle verified']);
    expect(await imageProofs(`${registry.host}/team/app`, image.digest, judgement)).toEqual([]);
  });

  it('says that there is no such image', async () => {
    const registry = await testRegistry();

    const { status, stderr } = await runCommand(['sign', ...key, `${registry.host}/team/none:1`], {
      cwd: testFolder(),
      environment,
    });

    expect(status).toBe(2);
    expect(stderr).toMatch(/there is no such image/);
  });

  it('does not sign when the registry does not answer', async () => {
    const registry = await testRegistry();
    registry.fail({ path: /manifests/, effect: { kind: 'answer', status: 403 } });

    const { status } = await runCommand(['sign', ...key, `${registry.host}/team/app:1`], {
      cwd: testFolder(),
      environment,
    });

    expect(status).not.toBe(0);
    expect(registry.asked(/PUT|POST/)).toEqual([]);
  });
});

describe('a certificate of an own authority', () => {
  it('is refused when it is of another key', async () => {
    const { makeLeaf, makeSigstore } = await import('../../../test/support/signing/sigstore.ts');
    const { pemOf } = await import('../../../test/support/signing/certificates.ts');
    const leaf = makeLeaf(makeSigstore());
    const cwd = testFolder({ app: 'x', 'c.pem': pemOf('CERTIFICATE', leaf.certificate.encoded) });

    const { status, stderr } = await runCommand(['sign-blob', ...key, '--certificate', 'c.pem', 'app'], {
      cwd,
      environment,
    });

    expect(status).toBe(2);
    expect(stderr).toMatch(/the certificate of another key/);
  });
});

describe('an image in a layout', () => {
  it.each(['bundle', 'legacy'])('is signed in the layout %s, without a registry', async (layout) => {
    const registry = await testRegistry();
    registry.put('team/app', imageOf(), '1');
    const cwd = testFolder({ 'k.pub': publicText(pem) });
    await runCommand(['save', `${registry.host}/team/app:1`, 'saved'], { cwd });
    await registry.close();
    const form = layout === 'legacy' ? ['--legacy'] : [];
    const environment = { SIGNING_KEY: pem };

    const signed = await runCommand(['sign', '--key', 'env://SIGNING_KEY', ...form, 'oci-dir:saved'], {
      cwd,
      environment,
    });
    const verified = await runCommand(['verify', '--key', 'k.pub', '--insecure-ignore-tlog', 'oci-dir:saved'], { cwd });

    expect(signed.stdout).toContain('signed oci-dir:saved@sha256:');
    expect([signed.status, verified.status]).toEqual([0, 0]);
  });

  it('is not signed in an archive', async () => {
    const environment = { SIGNING_KEY: pem };
    const words = ['sign', '--key', 'env://SIGNING_KEY', 'oci-archive:a.tar'];

    expect((await runCommand(words, { cwd: testFolder(), environment })).status).toBe(2);
  });
});

function publicText(privateKey: string): string {
  return createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString();
}
