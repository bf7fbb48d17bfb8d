// SPDX-License-Identifier: Apache-2.0
// `notation verify` and `notation list`, run against a registry in this process.
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../test/support/command-line.ts';
import { runCommand } from '../../../test/support/command-line.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import type { TestRegistry } from '../../../test/support/registry/test-registry.ts';
import type { EnvelopeParts } from '../../../test/support/signing/notation.ts';
import { makeSigner, revocableSigner, strangerRoot } from '../../../test/support/signing/notation.ts';
import { attachSignature, image, publishImage, trustingFolder } from '../../../test/support/signing/notation-image.ts';
import { read, removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

closeAfterEach();
removeFoldersAfterEach();

const target = { ...image, annotations: new Map([['build', 'release']]) };

interface Place {
  readonly registry: TestRegistry;
  readonly cwd: string;
  readonly name: string;
}

async function place(statement?: Readonly<Record<string, unknown>>): Promise<Place> {
  const registry = await testRegistry();
  return { registry, name: publishImage(registry), cwd: trustingFolder(statement) };
}

async function signed(statement?: Readonly<Record<string, unknown>>, parts: EnvelopeParts = {}): Promise<Place> {
  const made = await place(statement);
  await attachSignature(made.registry, 'cose', { target, ...parts });
  return made;
}

function notation({ cwd, name }: Place, words: readonly string[] = ['verify'], ...flags: string[]): Promise<Outcome> {
  return runCommand(['notation', ...words, '--notation-config', '.', ...flags, name], { cwd });
}

const skip = { signatureVerification: { level: 'skip' }, trustStores: undefined, trustedIdentities: undefined };
const audit = { signatureVerification: { level: 'audit' } };
const stranger = { by: makeSigner({ issuer: strangerRoot }), above: [strangerRoot] };

describe('notation verify', () => {
  it('says who signed, by which statement, and how each check came out', async () => {
    const { status, stdout } = await notation(await signed());

    expect(status).toBe(0);
    expect(stdout).toContain('is signed by CN=Release signer (statement "release", level strict)');
    for (const check of ['integrity', 'authenticity', 'authenticTimestamp', 'expiry', 'revocation'])
      expect(stdout).toMatch(new RegExp(`${check} +passed +enforce`));
  });

  it('prints the same as JSON', async () => {
    const { stdout } = await notation(await signed(), ['verify'], '--format', 'json');

    expect(JSON.parse(stdout)).toMatchObject([
      {
        result: 'verified',
        digest: image.digest,
        signatures: [{ isAccepted: true, annotations: { build: 'release' } }],
      },
    ]);
  });

  it('finds the folder through NOTATION_CONFIG', async () => {
    const { cwd, name } = await signed();

    const { status } = await runCommand(['notation', 'verify', name], { cwd, environment: { NOTATION_CONFIG: cwd } });

    expect(status).toBe(0);
  });

  it('ends with 1 for a signer whom nobody trusts, and says why', async () => {
    const { status, stdout } = await notation(await signed({}, stranger));

    expect(status).toBe(1);
    expect(stdout).toContain('refused: CERTIFICATE_UNTRUSTED');
    expect(stdout).not.toContain('is signed by');
  });

  it('ends with 1 for an image without a signature', async () => {
    const { status, stdout } = await notation(await place());

    expect(status).toBe(1);
    expect(stdout).toContain('it has no signature of the Notary Project');
  });

  it('ends with 1 when an annotation that must be signed is not', async () => {
    const { status, stdout } = await notation(await signed(), ['verify'], '-a', 'build=nightly');

    expect(status).toBe(1);
    expect(stdout).toContain('ANNOTATION_MISMATCH');
  });

  it('ends with 3 when the registry does not tell what refers to the image', async () => {
    const made = await signed();
    made.registry.fail({ path: /referrers|manifests\/sha256-/, effect: { kind: 'answer', status: 403, headers: {} } });

    const { status, stdout } = await notation(made);

    expect(status).toBe(3);
    expect(stdout).toContain('could not look');
  });

  it('ends with 3 when only the state of revocation is open', async () => {
    const { status, stdout } = await notation(await signed({}, { by: revocableSigner }));

    expect(status).toBe(3);
    expect(stdout).toMatch(/revocation +unknown +enforce/);
  });

  it('warns and ends with 0 where the policy says to verify nothing', async () => {
    const { status, stdout, stderr } = await notation(await place(skip));

    expect(status).toBe(0);
    expect(stdout).toContain('was not verified');
    expect(stderr).toContain('level skip');
  });

  it('does not call an image signed when the policy only logs that nobody trusts the signer', async () => {
    const made = await signed(audit, stranger);

    const { status, stdout, stderr } = await notation(made, ['verify'], '--evidence', 'evidence.jsonl');

    expect(status).toBe(0);
    expect(stdout).toContain('has a signature of nobody who is trusted');
    expect(stderr).toContain('authenticity is only logged');
    expect(read(made.cwd, 'evidence.jsonl').toString('utf8')).toBe('');
  });

  it('writes evidence that is trusted as verified', async () => {
    const made = await signed();

    await notation(made, ['verify'], '--evidence', 'evidence.jsonl');

    const text = read(made.cwd, 'evidence.jsonl').toString('utf8');
    expect(text).toContain('notation-strict');
    expect(text).toContain('"verified"');
    expect(text).toContain('CN=Release signer');
  });

  it('ends with 2 without a trust policy, and without a statement for the image', async () => {
    const made = await signed({ registryScopes: ['registry.example/other/app'] });

    const unscoped = await notation(made);
    const without = await notation({ ...made, cwd: testFolder() });

    expect(unscoped).toMatchObject({ status: 2, stderr: expect.stringContaining('no statement of the trust policy') });
    expect(without).toMatchObject({ status: 2, stderr: expect.stringContaining('there is no trust policy') });
  });

  it('ends with 2 for an image that does not exist', async () => {
    const made = await place();

    const { status } = await notation({ ...made, name: `${made.name}-not` });

    expect(status).toBe(2);
  });
});

describe('notation list', () => {
  it('shows what signatures say of themselves, and that nothing was verified', async () => {
    const { status, stdout } = await notation(await signed({}, stranger), ['list']);

    expect(status).toBe(0);
    expect(stdout).toContain('signer: CN=Release signer');
    expect(stdout).toContain('none was verified');
  });

  it('ends with 1 when there is nothing', async () => {
    const { status } = await notation(await place(), ['list']);

    expect(status).toBe(1);
  });
});

describe('notation', () => {
  it.each([[[]], [['verfy']], [['toString']]])('%j is no use of the command', async (words) => {
    const outcome = await runCommand(['notation', ...words], { cwd: testFolder() });

    expect(outcome).toMatchObject({ status: 2, stderr: expect.stringContaining('[USAGE]') });
  });
});
