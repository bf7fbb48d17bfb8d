// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/registry/client.ts';
import { world } from '../../../test/support/signing/attempt.ts';
import {
  authorityExtensions,
  ecKeys,
  issue,
  namesExtension,
  purposeExtension,
  signingKeyUsage,
} from '../../../test/support/signing/certificates.ts';
import { attach, imageBundle, writable } from '../../../test/support/signing/image-proofs.ts';
import { publicPem } from '../../../test/support/signing/key-signatures.ts';
import { stranger, validity } from '../../../test/support/signing/own-authority.ts';
import { makeLeaf, statementBundle, statementOf, usualExtensions } from '../../../test/support/signing/sigstore.ts';
import {
  certificatePem,
  image,
  keys,
  named,
  noLog,
  registryWith,
  strangers,
} from '../../../test/support/verified-image.ts';
import { imagePolicy, judge, podWith, setOf } from '../../../test/support/verify-images.ts';
import { signPredicateType } from '../signatures/attachment.ts';

closeAfterEach();

describe('keyless signatures', () => {
  const keyless = (entry: Record<string, unknown>) => imagePolicy({ attestors: [{ entries: [{ keyless: entry }] }] });
  const outcomeOf = async (entry: Record<string, unknown>): Promise<string> => {
    const registry = await registryWith((it) => attach(writable(it), image, imageBundle(image)));
    const { lines } = await judge(registry, setOf([keyless(entry)]), podWith(named));
    return lines.join(' ');
  };

  it.each([
    ['a glob of the subject', { subject: 'https://github.com/owner/*', issuer: 'https://token.example' }, 'pass'],
    [
      'an expression for a part of the subject',
      { subjectRegExp: 'release[.]yml@refs/heads/main$', issuerRegExp: '^https://token' },
      'pass',
    ],
    ['another subject', { subject: 'https://github.com/other/*', issuer: 'https://token.example' }, 'fail'],
    ['a subject that a glob with a dot does not mean', { subject: 'https://githubXcom/*', issuer: '*' }, 'fail'],
    ['another issuer', { subject: '*', issuer: 'https://other.example' }, 'fail'],
    ['glob and expression of which one does not match', { subject: '*', subjectRegExp: 'nobody', issuer: '*' }, 'fail'],
    ['nobody in particular', {}, 'pass'],
    [
      'another extension of the certificate',
      { subject: '*', issuer: '*', additionalExtensions: { githubWorkflowRepository: 'owner/*' } },
      'fail',
    ],
    ['other roots', { subject: '*', issuer: '*', roots: certificatePem(stranger) }, 'fail'],
    [
      'these roots',
      { subject: '*', issuer: '*', roots: certificatePem(world.intermediate) + certificatePem(world.root) },
      'pass',
    ],
    ['a log of certificates with this key', { ctlog: { pubkey: publicPem(world.certificateLog) } }, 'pass'],
    ['another log of certificates', { ctlog: { pubkey: publicPem(strangers) } }, 'fail'],
    ['no log of certificates', { ctlog: { pubkey: publicPem(strangers), ignoreSCT: true } }, 'pass'],
    ['a timestamp of an authority', { ctlog: { tsaCertChain: certificatePem(world.stampRoot) } }, 'fail'],
  ])('ask for %s', async (_, entry, expected) => {
    expect(await outcomeOf(entry)).toMatch(new RegExp(`^${expected} `));
  });

  it('need names that the certificate has', async () => {
    const leaf = makeLeaf(world, { extensions: usualExtensions.toSpliced(2, 1) });
    const registry = await registryWith((it) => attach(writable(it), image, imageBundle(image, undefined, leaf)));

    const { lines } = await judge(
      registry,
      setOf([keyless({ subject: 'https://github.com/owner/*', issuer: '*' })]),
      podWith(named),
    );

    expect(lines).toEqual([expect.stringMatching(/^fail .*IDENTITY_AMBIGUOUS/)]);
  });
});

describe('certificates of an own authority', () => {
  const authority = issue({ subject: 'own root', keys: ecKeys(), extensions: authorityExtensions(), ...validity });
  const own = issue({
    subject: 'signer',
    keys,
    issuer: authority,
    extensions: [signingKeyUsage(), purposeExtension('codeSigning'), namesExtension('https://builds.example')],
    ...validity,
  });
  const certificates = (entry: Record<string, unknown>) =>
    imagePolicy({ attestors: [{ entries: [{ certificates: { ...noLog, ...entry } }] }] });
  const signed = () =>
    registryWith(async (it) => {
      const payload = statementOf(image.bytes, signPredicateType);
      const bundle = statementBundle(world, { leaf: own, payload });
      await attach(writable(it), image, {
        ...bundle,
        verificationMaterial: { ...bundle.verificationMaterial, tlogEntries: [] },
      });
    });

  it.each([
    ['the chain', { certChain: certificatePem(authority) }, 'pass'],
    ['certificate and chain', { cert: certificatePem(own), certChain: certificatePem(authority) }, 'pass'],
    ['the certificate alone', { cert: certificatePem(own) }, 'pass'],
    ['the certificate in base64', { cert: Buffer.from(certificatePem(own)).toString('base64') }, 'pass'],
    ['another chain', { certChain: certificatePem(stranger) }, 'fail'],
    [
      'another certificate of the chain',
      { cert: certificatePem(stranger), certChain: certificatePem(authority) },
      'fail',
    ],
    ['another certificate alone', { cert: certificatePem(stranger) }, 'fail'],
  ])('are those of %s', async (_, entry, expected) => {
    const { lines } = await judge(await signed(), setOf([certificates(entry)]), podWith(named));

    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${expected} `))]);
  });

  it('are refused in a chain without end', () => {
    const set = setOf([certificates({ certChain: certificatePem(authority).repeat(12) })]);

    expect(set.problems[0]?.message).toContain('more than 11 certificates');
  });
});
