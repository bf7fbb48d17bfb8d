// SPDX-License-Identifier: Apache-2.0
// Keyless signing against the services of a test Sigstore, verified by the core with the trust root of that Sigstore.
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import { imageOf } from '../../../test/support/registry/content.ts';
import {
  blobWords,
  closeServicesAfterEach,
  judgement,
  now,
  run,
  services,
  token,
  world,
} from '../../../test/support/signing/keyless-run.ts';
import type { ServiceOptions, SigningServices } from '../../../test/support/signing/services.ts';
import { identityToken, tokenSecret } from '../../../test/support/signing/services.ts';
import {
  imageProofs,
  outcomeOf,
  read,
  removeFoldersAfterEach,
  testFolder,
  verifyBlob,
} from '../../../test/support/signing/sign-and-verify.ts';
import { issuer, makeSigstore, subject } from '../../../test/support/signing/sigstore.ts';
import { flagTable } from './flags.ts';

closeAfterEach();
closeServicesAfterEach();
removeFoldersAfterEach();

describe.each([1, 2] as const)('with a log of version %i', (version) => {
  it('a file is signed, and the core verifies it offline', async () => {
    const started = await services();
    const cwd = testFolder({ app: 'the file', 'config.json': started.config(version), token });

    const { status, stderr } = await run({
      services: started,
      cwd,
      words: [...blobWords, '--identity-token', 'token'],
    });

    expect(stderr).toMatch(`signed app by ${subject} (${issuer}); entry 2 of http://127.0.0.1`);
    expect(status).toBe(0);
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), Buffer.from('the file'), judgement))).toBe('verified');
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), Buffer.from('another'), judgement))).toBe('ARTIFACT_MISMATCH');
  });

  it('an image is signed and attested', async () => {
    const started = await services();
    const cwd = testFolder({ 'p.json': '{"anything":1}', 'config.json': started.config(version), token });
    const registry = await testRegistry();
    const image = imageOf();
    registry.put('team/app', image, '1');
    const name = `${registry.host}/team/app`;
    const common = ['--yes', '--signing-config', 'config.json', '--identity-token', 'token', `${name}@${image.digest}`];

    const signed = await run({ services: started, cwd, words: ['sign', ...common] });
    const attested = await run({
      services: started,
      cwd,
      words: ['attest', '--type', 'https://example.test/note', '--predicate', 'p.json', ...common],
    });

    expect([signed.status, attested.status]).toEqual([0, 0]);
    const proofs = await imageProofs(name, image.digest, judgement);
    expect(proofs.map(({ verification }) => outcomeOf(verification))).toEqual(['verified', 'verified']);
  });
});

it('the older layout holds certificate, chain and promise of the log, and the core verifies both kinds', async () => {
  const started = await services();
  const cwd = testFolder({ 'p.json': '{"anything":1}', token });
  const registry = await testRegistry();
  const image = imageOf();
  registry.put('team/app', image, '1');
  const name = `${registry.host}/team/app`;
  const places = [
    '--fulcio-url',
    started.authority.url,
    '--rekor-url',
    started.log.url,
    '--timestamp-server-url',
    started.stamps.url,
  ];
  const common = ['--legacy', '--yes', ...places, '--identity-token', 'token', `${name}@${image.digest}`];

  await run({ services: started, cwd, words: ['sign', ...common] });
  await run({
    services: started,
    cwd,
    words: ['attest', '--type', 'https://example.test/note', '--predicate', 'p.json', ...common],
  });

  const proofs = await imageProofs(name, image.digest, judgement);
  expect(proofs.map(({ form, verification }) => `${form} ${outcomeOf(verification)}`)).toEqual([
    'signature-layer verified',
    'attestation-layer verified',
  ]);
});

it('the older layout refuses a log whose entries it cannot hold, before anybody is asked', async () => {
  const started = await services();
  const cwd = testFolder({ 'config.json': started.config(2), token });

  const { status, stderr } = await run({
    services: started,
    cwd,
    words: [
      'sign',
      '--legacy',
      '--yes',
      '--signing-config',
      'config.json',
      '--identity-token',
      'token',
      'registry.example/app:1',
    ],
  });

  expect(status).toBe(2);
  expect(stderr).toMatch(/older layout holds one entry of a log of version 1/);
});

describe('the identity', () => {
  it.each([
    [
      'GitHub Actions',
      (started: SigningServices) => ({
        ACTIONS_ID_TOKEN_REQUEST_URL: `${started.tokens.url}/token?api-version=2`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: tokenSecret,
      }),
    ],
    ['GitLab CI', () => ({ GITLAB_CI: 'true', SIGSTORE_ID_TOKEN: token })],
  ])('comes from %s without being named', async (source, environmentOf) => {
    const started = await services();
    const cwd = testFolder({ app: 'the file', 'config.json': started.config(1) });

    const { stderr } = await run({ services: started, cwd, words: blobWords, environment: environmentOf(started) });

    expect(stderr).toMatch(`identity from ${source}`);
    expect(outcomeOf(verifyBlob(read(cwd, 'b.json'), Buffer.from('the file'), judgement))).toBe('verified');
  });

  it('is asked for with the audience of Sigstore', async () => {
    const started = await services();
    const cwd = testFolder({ app: 'the file', 'config.json': started.config(1) });

    await run({
      services: started,
      cwd,
      words: blobWords,
      environment: { ACTIONS_ID_TOKEN_REQUEST_URL: started.tokens.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: tokenSecret },
    });

    expect(started.tokens.requests[0]?.path).toBe('/?audience=sigstore');
  });

  it('is said to be missing where nothing gives one', async () => {
    const started = await services();
    const cwd = testFolder({ app: 'the file', 'config.json': started.config(1) });

    const { status, stderr } = await run({ services: started, cwd, words: blobWords });

    expect(status).toBe(2);
    expect(stderr).toMatch(/nothing here says who signs/);
    expect(started.authority.requests).toEqual([]);
  });

  it('that has expired is refused before anybody is asked', async () => {
    const started = await services();
    const old = identityToken({ iss: issuer, sub: subject, exp: now / 1000 - 1 });
    const cwd = testFolder({ app: 'the file', 'config.json': started.config(1), token: old });

    const { stderr } = await run({ services: started, cwd, words: [...blobWords, '--identity-token', 'token'] });

    expect(stderr).toMatch(/has expired/);
    expect(started.authority.requests).toEqual([]);
  });
});

describe('without being asked', () => {
  it('nobody is contacted: the services are named, and --yes is wanted', async () => {
    const started = await services();
    const cwd = testFolder({ app: 'the file', 'config.json': started.config(1), token });
    const words = blobWords.filter((word) => word !== '--yes');

    const { status, stderr } = await run({ services: started, cwd, words: [...words, '--identity-token', 'token'] });

    expect(status).toBe(2);
    expect(stderr).toContain(`certificate authority ${started.authority.url}`);
    expect(stderr).toContain(`transparency log ${started.log.url} (version 1)`);
    expect(stderr).toMatch(/agree with --yes/);
    expect([...started.authority.requests, ...started.log.requests]).toEqual([]);
  });

  it('no keyless signature is made that nothing would date', async () => {
    const { status, stderr } = await runCommand(
      ['sign-blob', '--yes', '--tlog-upload=false', '--identity-token', token, 'app'],
      {
        cwd: testFolder({ app: 'x' }),
        now,
      },
    );

    expect(status).toBe(2);
    expect(stderr).toMatch(/nothing would prove when the certificate was used/);
  });
});

describe('an identity token', () => {
  it('is not sent in the clear', async () => {
    const words = ['sign-blob', '--yes', '--identity-token', token, '--fulcio-url', 'http://fulcio.example', 'app'];

    const { status, stderr } = await runCommand(words, { cwd: testFolder({ app: 'x' }), now });

    expect(status).toBe(2);
    expect(stderr).toMatch(/would get the identity token in the clear/);
  });

  it('goes nowhere that a configuration file could name', () => {
    const names = [
      'yes',
      'fulcio-url',
      'rekor-url',
      'timestamp-server-url',
      'signing-config',
      'identity-token',
      'tlog-upload',
    ];

    expect(names.filter((name) => flagTable[name]?.configurable !== false)).toEqual([]);
  });
});

/** The answer with one text in it replaced. */
function replacing(from: string | RegExp, to: string): (body: unknown) => unknown {
  return (body) => JSON.parse(JSON.stringify(body).replace(from, to)) as unknown;
}

describe('a service that lies', () => {
  const other = makeSigstore();

  it.each([
    [
      'gives the certificate of another key',
      async (): Promise<Partial<ServiceOptions>> => {
        const { makeLeaf } = await import('../../../test/support/signing/sigstore.ts');
        const { pemOf } = await import('../../../test/support/signing/certificates.ts');
        const certificates = [pemOf('CERTIFICATE', makeLeaf(other).certificate.encoded)];
        const body = { signedCertificateEmbeddedSct: { chain: { certificates } } };
        return { distort: (service, reply) => (service === 'authority' ? { ...reply, body } : reply) };
      },
      /for another key than the one that was sent/,
    ],
    [
      'gives no certificate',
      async (): Promise<Partial<ServiceOptions>> => ({
        distort: (service, reply) => (service === 'authority' ? { ...reply, body: {} } : reply),
      }),
      /gave no certificate/,
    ],
    [
      'enters another signature',
      async (): Promise<Partial<ServiceOptions>> => ({
        distort: (service, reply) => (service === 'log' ? { ...reply, body: withOtherEntry(reply.body) } : reply),
      }),
      /the log entry is about another/,
    ],
    [
      'answers two entries',
      async (): Promise<Partial<ServiceOptions>> => ({
        distort: (service, reply) =>
          service === 'log' ? { ...reply, body: { ...(reply.body as object), second: {} } } : reply,
      }),
      /exactly one entry/,
    ],
    [
      'has a malformed number',
      async (): Promise<Partial<ServiceOptions>> => ({
        distort: (service, reply) =>
          service === 'log' ? { ...reply, body: replacing(/"logIndex":2/, '"logIndex":-2')(reply.body) } : reply,
      }),
      /not of the form of a bundle/,
    ],
    [
      'refuses',
      async (): Promise<Partial<ServiceOptions>> => ({
        distort: (service, reply) => (service === 'log' ? { status: 503, body: { message: 'in maintenance' } } : reply),
      }),
      /transparency log at http:.* answered 503: in maintenance/,
    ],
  ])('and %s ends the signing, and no file is written', async (_name, optionsOf, reason) => {
    const started = await services(await optionsOf());
    const cwd = testFolder({ app: 'the file', 'config.json': started.config(1), token });

    const { status, stderr } = await run({
      services: started,
      cwd,
      words: [...blobWords, '--identity-token', 'token'],
    });

    expect(status).toBe(3);
    expect(stderr).toMatch(reason);
    expect(() => read(cwd, 'b.json')).toThrow();
  });

  it('and stamps other bytes ends the signing', async () => {
    const { timestampResponse } = await import('../../../test/support/signing/timestamps.ts');
    const body = timestampResponse({ signer: world.stamper, time: now, stamped: Buffer.from('other') });
    const started = await services({
      distort: (service, reply) => (service === 'stamps' ? { ...reply, body } : reply),
    });
    const cwd = testFolder({ app: 'the file', 'config.json': started.config(2), token });

    const { status, stderr } = await run({
      services: started,
      cwd,
      words: [...blobWords, '--identity-token', 'token'],
    });

    expect(status).toBe(3);
    expect(stderr).toMatch(/over other bytes than the signature/);
  });
});

/** The same entry about a signature of somebody else. */
function withOtherEntry(body: unknown): unknown {
  const [[id, entry]] = Object.entries(body as Record<string, { body: string }>) as [[string, { body: string }]];
  const inside = JSON.parse(Buffer.from(entry.body, 'base64').toString()) as {
    spec: { signature: { content: string } };
  };
  inside.spec.signature.content = Buffer.from('another signature').toString('base64');
  return { [id]: { ...entry, body: Buffer.from(JSON.stringify(inside)).toString('base64') } };
}

it('neither token nor request secret appears in anything that is said', async () => {
  const started = await services({
    distort: (service, reply) => (service === 'log' ? { status: 400, body: { message: 'no' } } : reply),
  });
  const cwd = testFolder({ app: 'the file', 'config.json': started.config(1), token });
  const environment = { ACTIONS_ID_TOKEN_REQUEST_URL: started.tokens.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: tokenSecret };

  const ambient = await run({ services: started, cwd, words: blobWords, environment });
  const given = await run({ services: started, cwd, words: [...blobWords, '--identity-token', token] });

  for (const { stdout, stderr } of [ambient, given])
    for (const secret of [token, tokenSecret, token.split('.')[1] ?? '', token.split('.')[2] ?? ''])
      expect(stdout + stderr).not.toContain(secret);
});
