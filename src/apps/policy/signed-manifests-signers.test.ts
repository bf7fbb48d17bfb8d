// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { compiled } from '../../../test/support/kyverno-rule.ts';
import {
  byKey,
  judged,
  keys,
  manifests,
  others,
  policyFor,
  service,
  signed,
} from '../../../test/support/signed-manifest.ts';
import { leaf, world } from '../../../test/support/signing/attempt.ts';
import { publicPem } from '../../../test/support/signing/key-signatures.ts';
import { authority, own } from '../../../test/support/signing/own-authority.ts';
import { certificatePem } from '../../../test/support/verified-image.ts';
import type { JsonObject } from '../../formats/document.ts';

describe('who signed manifests', () => {
  it.each([
    ['one of two with a count', manifests([byKey(others), byKey()], {}, 1), [{ keys }], 'pass'],
    ['both without a count', manifests([byKey(others), byKey()]), [{ keys }], 'fail'],
    ['both, with two signatures', manifests([byKey(others), byKey()]), [{ keys }, { keys: others }], 'pass'],
    [
      'two keys in one text',
      manifests([{ keys: { publicKeys: publicPem(keys) + publicPem(others) } }]),
      [{ keys }],
      'fail',
    ],
    ['a nested set', manifests([{ attestor: { count: 1, entries: [byKey(others), byKey()] } }]), [{ keys }], 'pass'],
  ])('are counted: %s', (_, block, signings, expected) => {
    expect(judged(signed(service(), signings), block)).toMatch(new RegExp(`^${expected} `));
  });

  it('may have a log entry, which must then be right', () => {
    expect(judged(signed(service(), [{ keys, log: 'logged' }]))).toMatch(/^pass /);
    expect(judged(signed(service(), [{ keys, log: others }]))).toMatch(/^fail .*LOG_ENTRY_MISMATCH/);
  });

  it('must have a log entry where the policy asks for one', () => {
    const logged = manifests([byKey(keys, { rekor: { url: 'https://log.example' } })]);
    const policy = { metadata: { annotations: { 'landwaiter.dev/require-transparency-log': 'true' } } };

    expect(judged(signed(service()), logged)).toMatch(/^fail .*LOG_MISSING/);
    expect(judged(signed(service(), [{ keys, log: 'logged' }]), logged)).toMatch(/^pass /);
    expect(judged(signed(service()), undefined, { policy })).toMatch(/^fail .*LOG_MISSING/);
  });

  it.each([
    ['that subject', { subject: 'https://github.com/owner/*', issuer: 'https://token.example' }, 'pass'],
    ['another subject', { subject: 'https://github.com/other/*', issuer: 'https://token.example' }, 'fail'],
    ['another issuer', { subject: '*', issuer: 'https://other.example' }, 'fail'],
    ['other roots', { subject: '*', issuer: '*', roots: certificatePem(authority) }, 'fail'],
  ])('have a certificate: %s', (_, identity, expected) => {
    const object = signed(service(), [{ keys: leaf.keys, certificate: leaf, log: 'logged' }]);

    expect(judged(object, manifests([{ keyless: identity }]))).toMatch(new RegExp(`^${expected} `));
  });

  it('need a log entry with such a certificate, and a certificate at all', () => {
    const block = manifests([{ keyless: { subject: '*', issuer: '*' } }]);

    expect(judged(signed(service(), [{ keys: leaf.keys, certificate: leaf }]), block)).toMatch(/^fail .*LOG_MISSING/);
    expect(judged(signed(service()), block)).toMatch(/^fail /);
  });

  it.each([
    ['chain', { certChain: certificatePem(authority) }, 'pass'],
    ['certificate and chain', { cert: certificatePem(own), certChain: certificatePem(authority) }, 'pass'],
    ['certificate alone', { cert: certificatePem(own) }, 'pass'],
    ['another certificate', { cert: certificatePem(leaf), certChain: certificatePem(authority) }, 'fail'],
    ['another chain', { certChain: certificatePem(world.root) }, 'fail'],
  ])('have a certificate of an own authority: %s', (_, entry, expected) => {
    const object = signed(service(), [{ keys: own.keys, certificate: own }]);

    expect(judged(object, manifests([{ certificates: entry }]))).toMatch(new RegExp(`^${expected} `));
  });

  it('have it from the policy where none lies beside the signature', () => {
    const certificates = { cert: certificatePem(own), certChain: certificatePem(authority) };

    expect(judged(signed(service(), [{ keys: own.keys }]), manifests([{ certificates }]))).toMatch(/^pass /);
  });

  it('have annotations that the object has', () => {
    const object = service({}, { annotations: { env: 'production' } });
    const entry = (env: string): JsonObject => manifests([{ ...byKey(), annotations: { env } }]);

    expect(judged(signed(object), entry('production'))).toMatch(/^pass /);
    expect(judged(signed(object), entry('test'))).toMatch(/^fail /);
  });

  it('keep their keys where nobody asks: an error', () => {
    const block = manifests([{ keys: { kms: 'awskms:///alias/key' } }]);

    expect(judged(signed(service()), block)).toMatch(/^error .*awskms/);
  });

  it.each([
    ['nobody', { attestors: [] }, 'must name somebody'],
    ['a key that is none', manifests([{ keys: { publicKeys: 'x' } }]), 'not a public key'],
    ['a field that there is not', manifests([byKey()], { skipObjects: [] }), 'unknown field "skipObjects"'],
  ])('are refused when the policy is loaded: %s', (_, block, message) => {
    expect(compiled([policyFor(block)]).problems[0]?.message).toContain(message);
  });
});
