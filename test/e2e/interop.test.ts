// SPDX-License-Identifier: Apache-2.0
// Keys, images, attestations and files that one program signed, verified by the other: Landwaiter against the real cosign and notation.
// Runs when LANDWAITER_INTEROP=1; no network but the registry in this process (building the programs needs the Go module proxy).
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { envelopeMediaTypes } from '../../src/formats/notation/envelope.ts';
import type { Outcome } from '../support/command-line.ts';
import { runCommand } from '../support/command-line.ts';
import type { InteropTools, ToolRun } from '../support/interop-tools.ts';
import { interopTools, reasonToSkipInterop, runTool } from '../support/interop-tools.ts';
import { closeAfterEach, closing, testRegistry } from '../support/registry/client.ts';
import { imageOf } from '../support/registry/content.ts';
import { pemOf } from '../support/signing/certificates.ts';
import { signingServices } from '../support/signing/services.ts';
import { read, removeFoldersAfterEach, testFolder } from '../support/signing/sign-and-verify.ts';
import { makeSigstore } from '../support/signing/sigstore.ts';

const reason = reasonToSkipInterop(process.env);
if (reason !== undefined) console.log(`test/e2e/interop.test.ts is skipped: ${reason}`);

closeAfterEach();
removeFoldersAfterEach();

let tools: InteropTools = { cosign: '', notation: '', notary: '' };
const password = 'correct horse';

function environmentOf(cwd: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: join(cwd, '.home'), COSIGN_PASSWORD: password };
}

function cosign(cwd: string, ...words: readonly string[]): Promise<ToolRun> {
  return runTool(tools.cosign, words, { cwd, environment: environmentOf(cwd) });
}

async function ours(cwd: string, ...words: readonly string[]): Promise<ToolRun> {
  const { status, stdout, stderr }: Outcome = await runCommand(words, {
    cwd,
    environment: environmentOf(cwd),
    now: Date.now(),
  });
  return { status, output: stdout + stderr };
}

/** The output is in the message when it did not work. */
function expectSuccess(run: ToolRun): void {
  expect(run.status === 0 ? 'done' : run.output).toBe('done');
}

const predicate = JSON.stringify({
  invocation: {},
  scanner: { uri: 'https://scanner.example' },
  metadata: { scanStartedOn: '2026-06-01T00:00:00Z', scanFinishedOn: '2026-06-01T00:00:01Z' },
});
const withoutLog = ['--tlog-upload=false', '--use-signing-config=false', '--yes'];
const plainHttp = ['--allow-insecure-registry', '--allow-http-registry'];
const keyTypes = ['ecdsa-p256', 'ed25519'] as const;
const layouts = { bundle: '--new-bundle-format=true', legacy: '--new-bundle-format=false' } as const;
const directions = keyTypes.flatMap((keyType) =>
  (['bundle', 'legacy'] as const).map((layout) => ({ keyType, layout })),
);

/** A folder with k.key and k.pub, made by cosign where it can and imported by it otherwise. */
async function folderWithCosignKey(keyType: (typeof keyTypes)[number]): Promise<string> {
  const cwd = testFolder({ app: 'the file', 'predicate.json': predicate });
  if (keyType === 'ecdsa-p256') {
    expectSuccess(await cosign(cwd, 'generate-key-pair', '--output-key-prefix', 'k'));
    return cwd;
  }
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
  writeFileSync(join(cwd, 'plain.pem'), pem);
  expectSuccess(await cosign(cwd, 'import-key-pair', '--key', 'plain.pem', '--output-key-prefix', 'k'));
  return cwd;
}

async function folderWithOurKey(keyType: string): Promise<string> {
  const cwd = testFolder({ app: 'the file', 'predicate.json': predicate });
  expectSuccess(await ours(cwd, 'key', 'generate', '--key-type', keyType, '--output-key-prefix', 'k'));
  return cwd;
}

async function pushedImage(referrers: 'on' | 'off' = 'on'): Promise<string> {
  const registry = await testRegistry({ referrers });
  const image = imageOf();
  registry.put('team/app', image, '1');
  return `${registry.host}/team/app@${image.digest}`;
}

describe.skipIf(reason !== undefined)('beside the programs of others', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    tools = await interopTools();
  }, 1_800_000);

  describe.each(directions)('cosign with $keyType and the layout $layout', ({ keyType, layout }) => {
    const form = layouts[layout];

    it('verifies an image that Landwaiter signed', async () => {
      const [cwd, image] = [await folderWithOurKey(keyType), await pushedImage()];

      expectSuccess(await ours(cwd, 'sign', '--key', 'k.key', form, image));

      const verify = ['verify', '--key', 'k.pub', '--insecure-ignore-tlog', form, ...plainHttp, image];
      expectSuccess(await cosign(cwd, ...verify));
    });

    it('signs an image that Landwaiter verifies', async () => {
      const [cwd, image] = [await folderWithCosignKey(keyType), await pushedImage()];

      expectSuccess(await cosign(cwd, 'sign', '--key', 'k.key', form, ...withoutLog, ...plainHttp, image));

      expectSuccess(await ours(cwd, 'verify', '--key', 'k.pub', '--insecure-ignore-tlog', image));
    });

    it('verifies an attestation that Landwaiter made', async () => {
      const [cwd, image] = [await folderWithOurKey(keyType), await pushedImage()];
      const attest = ['attest', '--key', 'k.key', '--type', 'vuln', '--predicate', 'predicate.json', form, image];

      expectSuccess(await ours(cwd, ...attest));

      const verify = ['verify-attestation', '--key', 'k.pub', '--type', 'vuln', '--insecure-ignore-tlog', form];
      expectSuccess(await cosign(cwd, ...verify, ...plainHttp, image));
    });

    it('makes an attestation that Landwaiter verifies', async () => {
      const [cwd, image] = [await folderWithCosignKey(keyType), await pushedImage()];
      const attest = ['attest', '--key', 'k.key', '--type', 'openvex', '--predicate', 'predicate.json', form];

      expectSuccess(await cosign(cwd, ...attest, ...withoutLog, ...plainHttp, image));

      const verify = ['verify-attestation', '--key', 'k.pub', '--type', 'openvex', '--insecure-ignore-tlog', image];
      expectSuccess(await ours(cwd, ...verify));
    });
  });

  describe('cosign where the registry knows no referrers', () => {
    it('finds the bundle that Landwaiter wrote', async () => {
      const [cwd, image] = [await folderWithOurKey('ecdsa-p256'), await pushedImage('off')];

      expectSuccess(await ours(cwd, 'sign', '--key', 'k.key', image));

      expectSuccess(await cosign(cwd, 'verify', '--key', 'k.pub', '--insecure-ignore-tlog', ...plainHttp, image));
    });

    it('writes a bundle that Landwaiter finds', async () => {
      const [cwd, image] = [await folderWithCosignKey('ecdsa-p256'), await pushedImage('off')];

      expectSuccess(await cosign(cwd, 'sign', '--key', 'k.key', ...withoutLog, ...plainHttp, image));

      expectSuccess(await ours(cwd, 'verify', '--key', 'k.pub', '--insecure-ignore-tlog', image));
    });
  });

  describe.each(keyTypes)('cosign with files and %s', (keyType) => {
    const verifyWords = ['verify-blob', '--key', 'k.pub', '--insecure-ignore-tlog', '--bundle', 'b.json', 'app'];

    it('verifies the bundle that Landwaiter made', async () => {
      const cwd = await folderWithOurKey(keyType);

      expectSuccess(await ours(cwd, 'sign-blob', '--key', 'k.key', '--bundle', 'b.json', 'app'));

      expectSuccess(await cosign(cwd, ...verifyWords));
    });

    // Cosign 3.1.3 writes an empty messageDigest for Ed25519 and then refuses its own bundle ("message is missing artifact digest").
    it.skipIf(keyType === 'ed25519')('makes a bundle that Landwaiter verifies', async () => {
      const cwd = await folderWithCosignKey(keyType);

      expectSuccess(await cosign(cwd, 'sign-blob', '--key', 'k.key', '--bundle', 'b.json', ...withoutLog, 'app'));

      expectSuccess(await ours(cwd, ...verifyWords));
    });

    it('shows the same public key for a key of the other program', async () => {
      const [mine, theirs] = [await folderWithOurKey(keyType), await folderWithCosignKey(keyType)];

      const taken = await cosign(mine, 'public-key', '--key', 'k.key', '--outfile', 'shown.pub');
      const shown = await ours(theirs, 'key', 'public', '--key', 'k.key', '--output', 'shown.pub');

      for (const run of [taken, shown]) expectSuccess(run);
      for (const cwd of [mine, theirs]) expect(read(cwd, 'shown.pub').toString()).toBe(read(cwd, 'k.pub').toString());
    });
  });

  it('refuses, as cosign does, the key of another', async () => {
    const [cwd, other, image] = [
      await folderWithCosignKey('ecdsa-p256'),
      await folderWithOurKey('ecdsa-p256'),
      await pushedImage(),
    ];
    expectSuccess(await cosign(cwd, 'sign', '--key', 'k.key', ...withoutLog, ...plainHttp, image));

    const words = ['verify', '--key', 'k.pub', '--insecure-ignore-tlog'];

    expect((await ours(other, ...words, image)).status).toBe(1);
    expect((await cosign(other, ...words, ...plainHttp, image)).status).not.toBe(0);
  });

  const envelopes = [
    { kind: 'rsa-2048', format: 'jws' },
    { kind: 'rsa-3072', format: 'cose' },
    { kind: 'ecdsa-p256', format: 'cose' },
    { kind: 'ecdsa-p384', format: 'jws' },
    { kind: 'ecdsa-p521', format: 'jws' },
  ] as const;

  describe.each(envelopes)('notation with $kind and $format', ({ kind, format }) => {
    it('verifies an image that Landwaiter signed', async () => {
      const [cwd, image] = [await notaryFolder(kind), await pushedImage()];

      expectSuccess(
        await ours(cwd, 'notation', 'sign', ...notationKey, '--signature-format', format, '-m', 'team=blue', image),
      );

      expectSuccess(await notation(cwd, 'verify', '--insecure-registry', '-m', 'team=blue', image));
    });

    it('signs an image that Landwaiter verifies', async () => {
      const [cwd, image] = [await notaryFolder(kind), await pushedImage()];
      const sign = ['sign', '--key', 'release', '--signature-format', format, '--insecure-registry'];

      expectSuccess(await notation(cwd, ...sign, '-m', 'team=blue', '--expiry', '24h', image));

      expectSuccess(await ours(cwd, 'notation', 'verify', ...ownConfiguration, '-a', 'team=blue', image));
    });

    it('verifies a file that Landwaiter signed', async () => {
      const cwd = await notaryFolder(kind);

      expectSuccess(await ours(cwd, 'notation', 'blob', 'sign', ...notationKey, '--signature-format', format, 'app'));

      expectSuccess(await notary(cwd, 'verify-blob', envelopeMediaTypes[format], cwd, 'app', `app.${format}.sig`));
    });

    it('signs a file that Landwaiter verifies', async () => {
      const cwd = await notaryFolder(kind);

      expectSuccess(await notary(cwd, 'sign-blob', envelopeMediaTypes[format], cwd, 'app', `app.${format}.sig`));

      const words = ['notation', 'blob', 'verify', ...ownConfiguration, '--policy-name', 'files', '-a', 'team=blue'];
      expectSuccess(await ours(cwd, ...words, '--signature', `app.${format}.sig`, 'app'));
    });
  });

  describe('notation and the configuration that the other program wrote', () => {
    it('signs with the key and verifies by the trust store and policy of Landwaiter', async () => {
      const [cwd, image] = [testFolder({ 'policy.json': policyFor('ca:mine') }), await pushedImage()];
      const steps = [
        ['cert', 'generate-test', '--trust', '--default', 'mine'],
        ['policy', 'import', 'policy.json'],
      ];
      for (const words of steps) expectSuccess(await ours(cwd, 'notation', ...words, ...ownConfiguration));

      expectSuccess(await notation(cwd, 'sign', '--insecure-registry', image));

      expectSuccess(await notation(cwd, 'verify', '--insecure-registry', image));
      expectSuccess(await ours(cwd, 'notation', 'verify', ...ownConfiguration, image));
    });

    it('makes a key, a trust store and a policy that Landwaiter uses', async () => {
      const [cwd, image] = [testFolder({ 'policy.json': policyFor('ca:theirs') }), await pushedImage()];
      expectSuccess(await notation(cwd, 'cert', 'generate-test', '--default', 'theirs'));
      expectSuccess(await notation(cwd, 'policy', 'import', 'policy.json'));

      expectSuccess(await ours(cwd, 'notation', 'sign', ...ownConfiguration, image));

      expectSuccess(await ours(cwd, 'notation', 'verify', ...ownConfiguration, image));
      expectSuccess(await notation(cwd, 'verify', '--insecure-registry', image));
    });

    it.each(['Landwaiter', 'notation'] as const)('verify a timestamp that %s had made', async (by) => {
      const world = makeSigstore();
      const stamps = closing(await signingServices(world, { now: Date.now() })).stamps;
      const [cwd, image] = [await notaryFolder('ecdsa-p256'), await pushedImage()];
      writeFileSync(join(cwd, 'stamp.pem'), pemOf('CERTIFICATE', world.stampRoot.certificate.encoded));
      writeFileSync(join(cwd, 'notation/trustpolicy.json'), policyFor('ca:interop', 'tsa:stamps'));
      const add = ['notation', 'cert', 'add', ...ownConfiguration, '--type', 'tsa', '--store', 'stamps', 'stamp.pem'];
      expectSuccess(await ours(cwd, ...add));
      const stamp = ['--timestamp-url', `${stamps.url}/api/v1/timestamp`, '--timestamp-root-cert', 'stamp.pem'];

      expectSuccess(
        by === 'notation'
          ? await notation(cwd, 'sign', '--key', 'release', '--insecure-registry', ...stamp, image)
          : await ours(cwd, 'notation', 'sign', ...notationKey, ...stamp, image),
      );

      expectSuccess(await ours(cwd, 'notation', 'verify', ...ownConfiguration, image));
      expectSuccess(await notation(cwd, 'verify', '--insecure-registry', image));
    });

    it('refuses, as notation does, a signer whom nobody trusts', async () => {
      const [cwd, other, image] = [
        await notaryFolder('ecdsa-p256'),
        await notaryFolder('ecdsa-p256'),
        await pushedImage(),
      ];
      expectSuccess(await ours(cwd, 'notation', 'sign', ...notationKey, image));

      expect((await ours(other, 'notation', 'verify', ...ownConfiguration, image)).status).toBe(1);
      expect((await notation(other, 'verify', '--insecure-registry', image)).status).not.toBe(0);
    });
  });
});

const notationKey = ['--key', 'key.pem', '--certificate-chain', 'chain.pem'];
const ownConfiguration = ['--notation-config', 'notation'];

function notation(cwd: string, ...words: readonly string[]): Promise<ToolRun> {
  const environment = { ...environmentOf(cwd), XDG_CONFIG_HOME: cwd };
  return runTool(tools.notation, words, { cwd, environment });
}

function notary(cwd: string, ...words: readonly string[]): Promise<ToolRun> {
  return runTool(tools.notary, words, { cwd, environment: environmentOf(cwd) });
}

function policyFor(...stores: readonly string[]): string {
  const statement = {
    name: 'all',
    registryScopes: ['*'],
    signatureVerification: { level: 'strict' },
    trustStores: stores,
    trustedIdentities: ['*'],
  };
  return JSON.stringify({ version: '1.0', trustPolicies: [statement] });
}

/** key.pem, chain.pem and a configuration `notation` that trusts their root and knows the key as `release`. */
async function notaryFolder(kind: string): Promise<string> {
  const blobs = policyFor('ca:interop').replace('"registryScopes":["*"],', '').replace('"all"', '"files"');
  const cwd = testFolder({
    app: 'the file',
    'notation/trustpolicy.json': policyFor('ca:interop'),
    'notation/trustpolicy.blob.json': blobs,
  });
  expectSuccess(await notary(cwd, 'certificates', kind, cwd));
  const add = ['notation', 'cert', 'add', ...ownConfiguration, '--type', 'ca', '--store', 'interop', 'root.pem'];
  expectSuccess(await ours(cwd, ...add));
  expectSuccess(await ours(cwd, 'notation', 'key', 'add', ...ownConfiguration, ...notationKey, 'release'));
  return cwd;
}
