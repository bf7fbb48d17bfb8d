// SPDX-License-Identifier: Apache-2.0
// `notation verify --revocation`: services of the suite's own authority on loopback say whether the signing certificate was revoked.
import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { HttpService } from '../../../test/support/http-service.ts';
import { closeAfterEach, testRegistry } from '../../../test/support/registry/client.ts';
import {
  leafExtensions,
  makeSigner,
  now,
  signer as otherSigner,
  root,
  strangerRoot,
} from '../../../test/support/signing/notation.ts';
import { attachSignature, image, publishImage, trustingFolder } from '../../../test/support/signing/notation-image.ts';
import { crlExtension, ocspAnswer, ocspExtension, revocationList } from '../../../test/support/signing/revocation.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';
import { certificatePem } from '../../../test/support/verified-image.ts';
import { imagePolicy } from '../../../test/support/verify-images.ts';

closeAfterEach();
removeFoldersAfterEach();

const hour = 3_600_000;
const fresh = { from: now - hour, until: now + hour };
const stale = { from: now - 3 * hour, until: now - hour };

const services: HttpService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

type Signer = ReturnType<typeof makeSigner>;

interface Case {
  readonly way: 'crl' | 'ocsp';
  /** What the service answers about the signing certificate. */
  readonly answer: (signer: Signer) => Uint8Array | number;
  readonly flags?: readonly string[];
}

async function verify({ way, answer, flags = ['--revocation', 'private-network'] }: Case) {
  const made: { signer?: Signer } = {};
  const service = await new HttpService(() => {
    const said = made.signer === undefined ? 500 : answer(made.signer);
    return typeof said === 'number' ? { status: said } : { status: 200, body: said };
  }).listen();
  services.push(service);
  const point = way === 'crl' ? crlExtension(service.url) : ocspExtension(service.url);
  const signer = makeSigner({ extensions: [...leafExtensions, point] });
  made.signer = signer;
  const registry = await testRegistry();
  const name = publishImage(registry);
  await attachSignature(registry, 'jws', { target: { ...image, annotations: new Map() }, by: signer });
  const cwd = trustingFolder();
  const words = ['notation', 'verify', '--notation-config', '.', ...flags, name];
  const outcome = await runCommand(words, { cwd, now });
  return { ...outcome, asked: service.requests.length };
}

const list = (parts: Partial<Parameters<typeof revocationList>[0]>): Uint8Array =>
  revocationList({ signer: root, revoked: [], ...fresh, ...parts });
const ocsp = ({ certificate }: Signer, parts: Partial<Parameters<typeof ocspAnswer>[0]>): Uint8Array =>
  ocspAnswer({ signer: root, certificate, issuer: root.certificate, status: 'good', ...fresh, ...parts });

describe('revocation asked over the network', () => {
  it.each<readonly [string, Case, number, string]>([
    ['a fresh list without the certificate', { way: 'crl', answer: () => list({}) }, 0, ''],
    [
      'a list with the certificate',
      { way: 'crl', answer: ({ certificate }) => list({ revoked: [certificate] }) },
      1,
      'CERTIFICATE_REVOKED',
    ],
    ['a list of yesterday', { way: 'crl', answer: () => list(stale) }, 3, 'the list is not fresh'],
    [
      'a list that another signed',
      { way: 'crl', answer: () => list({ signer: strangerRoot }) },
      3,
      'another authority',
    ],
    ['no list', { way: 'crl', answer: () => 404 }, 3, 'answered 404'],
    ['bytes that are no list', { way: 'crl', answer: () => Buffer.from('hello') }, 3, 'REVOCATION_UNKNOWN'],
    ['the answer "good"', { way: 'ocsp', answer: (signer) => ocsp(signer, {}) }, 0, ''],
    [
      'the answer "revoked"',
      { way: 'ocsp', answer: (signer) => ocsp(signer, { status: 'revoked' }) },
      1,
      'CERTIFICATE_REVOKED',
    ],
    [
      'the answer "unknown"',
      { way: 'ocsp', answer: (signer) => ocsp(signer, { status: 'unknown' }) },
      3,
      'does not know the certificate',
    ],
    ['an answer of yesterday', { way: 'ocsp', answer: (signer) => ocsp(signer, stale) }, 3, 'the answer is not fresh'],
    [
      'an answer that another signed',
      { way: 'ocsp', answer: (signer) => ocsp(signer, { signer: strangerRoot }) },
      3,
      'not signed by a responder of the issuer',
    ],
    [
      'an answer about another certificate',
      { way: 'ocsp', answer: () => ocsp(otherSigner, {}) },
      3,
      'about another certificate',
    ],
    [
      'an answer that is larger than any list',
      { way: 'crl', answer: () => Buffer.alloc(33 * 1024 * 1024) },
      3,
      'answered with more than',
    ],
  ])('%s', async (_name, given, status, said) => {
    const outcome = await verify(given);

    expect(outcome.stdout).toContain(said);
    expect(outcome.status).toBe(status);
    expect(outcome.asked).toBe(1);
  });

  it.each([[[]], [['--revocation', 'off']]])('asks nobody with %s', async (flags) => {
    const outcome = await verify({ way: 'crl', answer: () => list({}), flags });

    expect(outcome.status).toBe(3);
    expect(outcome.asked).toBe(0);
  });

  it('does not ask addresses of private networks unless they are allowed', async () => {
    const outcome = await verify({
      way: 'ocsp',
      answer: (signer) => ocsp(signer, {}),
      flags: ['--revocation', 'network'],
    });

    expect(outcome.status).toBe(3);
    expect(outcome.asked).toBe(0);
  });
});

describe('revocation asked for policies', () => {
  const policy = JSON.stringify(
    imagePolicy({ type: 'Notary', attestors: [{ entries: [{ certificates: { cert: certificatePem(root) } }] }] }),
  );

  it.each<readonly [string, readonly string[], boolean, number, string]>([
    ['not asked: nobody could look', [], false, 3, '--revocation network'],
    ['asked, and not revoked', ['--revocation', 'private-network'], false, 0, ''],
    ['asked, and revoked', ['--revocation', 'private-network'], true, 1, 'CERTIFICATE_REVOKED'],
  ])('%s', async (_name, flags, isRevoked, status, said) => {
    const service = await new HttpService(() => ({
      status: 200,
      body: list({ revoked: isRevoked ? [signer.certificate] : [] }),
    })).listen();
    services.push(service);
    const signer = makeSigner({ extensions: [...leafExtensions, crlExtension(service.url)] });
    const registry = await testRegistry();
    const name = publishImage(registry);
    await attachSignature(registry, 'jws', { target: { ...image, annotations: new Map() }, by: signer });
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'a', image: name }] },
    };
    const cwd = testFolder({ 'p.json': policy, 'pod.json': JSON.stringify(pod) });

    const run = await runCommand(['policy', 'apply', 'p.json', '-r', 'pod.json', '--registry', ...flags], { cwd, now });

    expect(run.stdout + run.stderr).toContain(said);
    expect(run.status).toBe(status);
  });
});
