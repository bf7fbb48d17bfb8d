// SPDX-License-Identifier: Apache-2.0
// The commands that verify and carry proofs, run against a registry in this process.
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf, indexOf } from '../../../test/support/registry/content.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import { artifact, leaf, world } from '../../../test/support/signing/attempt.ts';
import { attach, attachOlder, imageBundle, repository, writable } from '../../../test/support/signing/image-proofs.ts';
import { read, removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';
import {
  issuer,
  messageBundle,
  statementBundle,
  statementOf,
  subject,
  trustedRootJson,
} from '../../../test/support/signing/sigstore.ts';

closeAfterEach();
removeFoldersAfterEach();

const image = imageOf({ layers: ['the program'] });
const root = JSON.stringify(trustedRootJson(world));
const signer = ['--certificate-identity', subject, '--certificate-oidc-issuer', issuer, '--trusted-root', 'root.json'];

interface Place {
  readonly registry: TestRegistry;
  readonly cwd: string;
  readonly name: string;
}

async function signedImage(): Promise<Place> {
  const registry = await testRegistry();
  registry.put(repository, image, 'v1');
  await attach(writable(registry), image, imageBundle(image));
  await attachOlder(writable(registry), image);
  return { registry, cwd: testFolder({ 'root.json': root }), name: `${registry.host}/${repository}:v1` };
}

describe('verify', () => {
  it('says who signed, when, and in which log', async () => {
    const { cwd, name } = await signedImage();

    const { status, stdout } = await runCommand(['verify', ...signer, name], { cwd });

    expect(stdout).toContain(`is signed by ${subject} (issuer ${issuer}), logged 2026-03-01 12:00:00Z (entry 2 of`);
    expect(status).toBe(0);
  });

  it('prints the payloads that Cosign prints', async () => {
    const { cwd, name } = await signedImage();

    const { stdout } = await runCommand(['verify', ...signer, '-o', 'json', name], { cwd });

    expect(JSON.parse(stdout)).toMatchObject([
      {
        critical: { image: { 'docker-manifest-digest': image.digest }, type: 'https://sigstore.dev/cosign/sign/v1' },
        optional: { Issuer: issuer, Subject: subject },
      },
      {
        critical: {
          identity: { 'docker-reference': 'registry.example/team/app' },
          image: { 'docker-manifest-digest': image.digest },
          type: 'cosign container image signature',
        },
      },
    ]);
  });

  it('exits with 1 for another signer, and names the one that signed', async () => {
    const { cwd, name } = await signedImage();
    const other = ['--certificate-identity', `${subject}-evil`, ...signer.slice(2)];

    const { status, stdout } = await runCommand(['verify', ...other, name], { cwd });

    expect(stdout).toContain(`refused: IDENTITY_MISMATCH  signed by ${subject}`);
    expect(status).toBe(1);
  });

  it('lets an expression match the whole name only', async () => {
    const { cwd, name } = await signedImage();
    const by = (expression: string): string[] => [
      'verify',
      '--certificate-identity-regexp',
      expression,
      ...signer.slice(2),
      name,
    ];

    const part = await runCommand(by('https://github.com/owner/repository'), { cwd });
    const whole = await runCommand(by('https://github.com/owner/repository/.*'), { cwd });

    expect([part.status, whole.status]).toEqual([1, 0]);
  });

  it('exits with 3 when the registry throttles, and does not say unsigned', async () => {
    const { registry, cwd, name } = await signedImage();
    registry.fail({
      path: /referrers|sha256-/,
      effect: { kind: 'answer', status: 429, headers: { 'retry-after': '3600' } },
    });

    const { status, stdout } = await runCommand(['verify', ...signer, name], { cwd });

    expect(stdout).toContain('nothing is known about its signatures');
    expect(stdout).toContain('could not look: REGISTRY_THROTTLED');
    expect(status).toBe(3);
  });

  it('writes what it verified as evidence', async () => {
    const { cwd, name } = await signedImage();

    await runCommand(['verify', ...signer, '--evidence', 'evidence.jsonl', name], { cwd });

    const [line = ''] = read(cwd, 'evidence.jsonl').toString().split('\n');
    expect(JSON.parse(line)).toMatchObject({
      subject: [{ digest: { sha256: image.digest.slice('sha256:'.length) } }],
      predicate: {
        trust: 'verified',
        body: { signedBy: { subjects: [subject], issuer }, mode: 'public-good-keyless' },
      },
    });
  });

  it.each([
    [[], /nobody is named/],
    [['--certificate-identity', subject], /issuer of the signer is not named/],
    [['--key', 'key.pub', ...signer], /cannot both say/],
    [[...signer, '--check-claims=false'], /always checked/],
    [[...signer, '--certificate-identity-regexp', 'x'], /cannot both be given/],
    [[...signer, '--platform', 'linux/arm64'], /is a single image/],
  ])('refuses the flags %j', async (flags, message) => {
    const { cwd, name } = await signedImage();

    const attempt = runCommand(['verify', ...flags, name], { cwd });

    await expect(attempt.then(({ stderr, status }) => `${status} ${stderr}`)).resolves.toMatch(message);
  });
});

describe('COSIGN_REPOSITORY', () => {
  it('says where the signatures are', async () => {
    const registry = await testRegistry();
    registry.put(repository, image, 'v1');
    await attachOlder(writable(registry, 'proofs'), image);
    const cwd = testFolder({ 'root.json': root });
    const name = `${registry.host}/${repository}:v1`;

    const without = await runCommand(['verify', ...signer, name], { cwd });
    const within = await runCommand(['verify', ...signer, name], {
      cwd,
      environment: { COSIGN_REPOSITORY: `${registry.host}/proofs` },
    });

    expect([without.status, within.status]).toEqual([1, 0]);
  });
});

describe('verify-attestation', () => {
  it('asks for a type, and prints envelopes as JSON', async () => {
    const { registry, cwd, name } = await signedImage();
    await attach(writable(registry), image, imageBundle(image, 'https://slsa.dev/provenance/v1'));

    const custom = await runCommand(['verify-attestation', ...signer, name], { cwd });
    const wanted = await runCommand(
      ['verify-attestation', '--type', 'slsaprovenance1', '-o', 'json', ...signer, name],
      { cwd },
    );

    expect(custom.status).toBe(1);
    expect(wanted.status).toBe(0);
    expect(JSON.parse(wanted.stdout)).toMatchObject({ payloadType: 'application/vnd.in-toto+json' });
  });
});

describe('verify-blob', () => {
  it('verifies a file by its bundle, and refuses another file', async () => {
    const cwd = testFolder({
      'root.json': root,
      'b.json': JSON.stringify(messageBundle(world, { artifact, leaf })),
      app: artifact,
      other: 'x',
    });

    const good = await runCommand(['verify-blob', ...signer, '--bundle', 'b.json', 'app'], { cwd });
    const bad = await runCommand(['verify-blob', ...signer, '--bundle', 'b.json', 'other'], { cwd });

    expect([good.status, bad.status]).toEqual([0, 1]);
    expect(bad.stdout).toContain('ARTIFACT_MISMATCH');
  });

  it('does not take an attestation for a signature', async () => {
    const bundle = statementBundle(world, { leaf, payload: statementOf(artifact) });
    const cwd = testFolder({ 'root.json': root, 'b.json': JSON.stringify(bundle), app: artifact });

    const { status, stdout } = await runCommand(['verify-blob', ...signer, '--bundle', 'b.json', 'app'], { cwd });

    expect(stdout).toContain('PREDICATE_TYPE');
    expect(status).toBe(1);
  });

  it('takes a signature by itself, and the older bundle of Cosign', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signature = sign('sha256', artifact, privateKey).toString('base64');
    const cwd = testFolder({
      'k.pub': publicKey.export({ format: 'pem', type: 'spki' }),
      'app.sig': `${signature}\n`,
      'older.json': JSON.stringify({ base64Signature: signature, cert: '' }),
      app: artifact,
    });
    const key = ['--key', 'k.pub', '--insecure-ignore-tlog'];

    const alone = await runCommand(['verify-blob', ...key, '--signature', 'app.sig', 'app'], { cwd });
    const older = await runCommand(['verify-blob', ...key, '--bundle', 'older.json', 'app'], { cwd });
    const logged = await runCommand(['verify-blob', '--key', 'k.pub', '--signature', 'app.sig', 'app'], { cwd });

    expect([alone.status, older.status, logged.status]).toEqual([0, 0, 1]);
    expect(logged.stdout).toContain('LOG_MISSING');
  });
});

describe('an image that is carried', () => {
  it('keeps its signatures through save, verification without a registry, and load', async () => {
    const { registry, cwd, name } = await signedImage();

    const saved = await runCommand(['save', name, 'out'], { cwd });
    const local = await runCommand(['verify', '--local-image', ...signer, 'out'], { cwd });
    const loaded = await runCommand(['load', 'out', `${registry.host}/mirror:v1`], { cwd });
    const verified = await runCommand(['verify', ...signer, `${registry.host}/mirror:v1`], { cwd });

    expect([saved, local, loaded, verified].map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    expect(verified.stdout.match(/is signed by/g)).toHaveLength(2);
  });

  it('keeps signatures and platforms through copy', async () => {
    const { registry, cwd } = await signedImage();
    const index = indexOf({ 'linux/amd64': image, 'linux/arm64': imageOf({ architecture: 'arm64' }) });
    registry.put(repository, imageOf({ architecture: 'arm64' }));
    registry.put(repository, index, 'multi');
    await attach(writable(registry), index, imageBundle(index));

    const copied = await runCommand(['copy', `${registry.host}/${repository}:multi`, `${registry.host}/mirror`], {
      cwd,
    });
    const child = await runCommand(
      ['verify', ...signer, '--platform', 'linux/arm64', `${registry.host}/mirror:multi`],
      { cwd },
    );

    expect([copied.status, child.status]).toEqual([0, 0]);
    expect(child.stdout).toContain('through its index');
  });

  it('is not copied without its signatures when they cannot be read', async () => {
    const { registry, cwd, name } = await signedImage();
    registry.fail({ path: /referrers/, effect: { kind: 'answer', status: 500 } });

    const { status } = await runCommand(['copy', name, `${registry.host}/mirror:v1`], { cwd });

    expect(status).toBe(3);
    expect(registry.repositories.get('mirror')?.tags.size ?? 0).toBe(0);
  });
});

describe('tree, triangulate and download', () => {
  it('show what hangs on an image', async () => {
    const { cwd, name } = await signedImage();

    const tree = await runCommand(['tree', name], { cwd });
    const tag = await runCommand(['triangulate', name], { cwd });
    const signatures = await runCommand(['download', 'signature', name], { cwd });
    const none = await runCommand(['download', 'attestation', name], { cwd });

    expect(tree.stdout).toContain('application/vnd.dev.sigstore.bundle.v0.3+json');
    expect(tag.stdout.trim()).toBe(`${name.slice(0, -3)}:${image.digest.replace(':', '-')}.sig`);
    expect(signatures.stdout.trim().split('\n')).toHaveLength(2);
    expect(none.status).toBe(1);
  });
});
