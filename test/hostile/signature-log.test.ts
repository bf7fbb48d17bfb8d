// SPDX-License-Identifier: Apache-2.0
// Log entries that are of another signature, another signer, another log or another time.

import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  artifact,
  codeOf,
  entriesOf,
  leaf,
  other,
  repeatedEntries,
  signedBy,
  verify,
  world,
} from '../support/signing/attempt.ts';
import { ecKeys } from '../support/signing/certificates.ts';
import {
  makeLeaf,
  messageBundle,
  minute,
  secondLogBundle,
  signedAt,
  trustedRootJson,
  year,
} from '../support/signing/sigstore.ts';

describe('log', () => {
  it('refuses a signature that is in no log', () => {
    const bundle = signedBy(leaf);

    const verification = verify({
      ...bundle,
      verificationMaterial: { ...bundle.verificationMaterial, tlogEntries: [] },
    });

    expect(codeOf(verification)).toBe('LOG_MISSING');
  });

  it('refuses an entry that names another certificate', () => {
    const logged = { certificate: makeLeaf(world).certificate.encoded };

    expect(codeOf(verify(messageBundle(world, { artifact, leaf, logged })))).toBe('LOG_ENTRY_MISMATCH');
  });

  it('refuses an entry that names another signature of the same key over the same bytes', () => {
    const logged = { signature: sign('sha256', artifact, leaf.keys.privateKey) };

    expect(codeOf(verify(messageBundle(world, { artifact, leaf, logged })))).toBe('LOG_ENTRY_MISMATCH');
  });

  it('refuses an entry that names another digest', () => {
    const logged = { digest: Buffer.alloc(32, 7) };

    expect(codeOf(verify(messageBundle(world, { artifact, leaf, logged })))).toBe('LOG_ENTRY_MISMATCH');
    expect(codeOf(verify(secondLogBundle(world, { artifact, leaf, logged })))).toBe('LOG_ENTRY_MISMATCH');
  });

  it('refuses the entry of another bundle', () => {
    const bundle = signedBy(leaf);
    const tlogEntries = entriesOf(messageBundle(world, { artifact: other, leaf }));

    const verification = verify({ ...bundle, verificationMaterial: { ...bundle.verificationMaterial, tlogEntries } });

    expect(codeOf(verification)).toBe('LOG_ENTRY_MISMATCH');
  });

  it('refuses an entry that stands twice', () => {
    expect(codeOf(verify(repeatedEntries(2)))).toBe('LOG_ENTRY_DUPLICATE');
  });

  it('refuses an entry of a log that is not in the trust root', () => {
    const stranger = { ...world, log: { keys: ecKeys(), host: 'log.example' } };

    expect(codeOf(verify(messageBundle(stranger, { artifact, leaf })))).toBe('LOG_UNKNOWN');
  });

  it('refuses an entry from before the log was trusted', () => {
    const root = trustedRootJson(world);
    const [log] = root['tlogs'] as { publicKey: { validFor: unknown } }[];
    const publicKey = { ...log?.publicKey, validFor: { start: new Date(signedAt + minute).toISOString() } };

    expect(codeOf(verify(signedBy(leaf), { root: { ...root, tlogs: [{ ...log, publicKey }] } }))).toBe('LOG_UNKNOWN');
  });

  it.each(['tlogs', 'ctlogs'])('refuses a trust root in which one of %s is trusted from no time on', (list) => {
    const root = trustedRootJson(world);
    const [log] = root[list] as { publicKey: object }[];
    const publicKey = { ...log?.publicKey, validFor: {} };

    expect(codeOf(verify(signedBy(leaf), { root: { ...root, [list]: [{ ...log, publicKey }] } }))).toBe(
      'TRUST_ROOT_MALFORMED',
    );
  });

  it('refuses a log time that was changed', () => {
    const bundle = signedBy(leaf);
    const tlogEntries = entriesOf(bundle).map((entry) => ({ ...entry, integratedTime: String(signedAt / 1000 + 60) }));

    const verification = verify({ ...bundle, verificationMaterial: { ...bundle.verificationMaterial, tlogEntries } });

    expect(codeOf(verification)).toBe('LOG_PROMISE_INVALID');
  });

  it('does not believe a log time without a promise', () => {
    const bundle = signedBy(leaf);
    const tlogEntries = entriesOf(bundle).map((entry) => ({ ...entry, inclusionPromise: undefined }));

    const verification = verify({ ...bundle, verificationMaterial: { ...bundle.verificationMaterial, tlogEntries } });

    expect(codeOf(verification)).toBe('TIME_MISSING');
  });

  it.each([-2 * minute, 10 * minute])(
    'refuses a log time outside the validity of the certificate (%i ms)',
    (offset) => {
      const bundle = messageBundle(world, { artifact, leaf, integratedTime: (signedAt + offset) / 1000 });

      expect(codeOf(verify(bundle))).toBe('CERTIFICATE_NOT_VALID_THEN');
    },
  );

  it('refuses a time that has not come yet', () => {
    expect(codeOf(verify(signedBy(leaf), { time: signedAt - year }))).toBe('TIME_IN_FUTURE');
  });

  it.each([
    [
      'rootHash',
      'LOG_CHECKPOINT_INVALID',
      (proof: Proof) => ({ ...proof, rootHash: Buffer.alloc(32).toString('base64') }),
    ],
    ['treeSize', 'LOG_CHECKPOINT_INVALID', (proof: Proof) => ({ ...proof, treeSize: '6' })],
    ['logIndex', 'LOG_PROOF_INVALID', (proof: Proof) => ({ ...proof, logIndex: '3' })],
    ['a hash less', 'LOG_PROOF_INVALID', (proof: Proof) => ({ ...proof, hashes: proof.hashes.slice(1) })],
    ['a hash more', 'LOG_PROOF_INVALID', (proof: Proof) => ({ ...proof, hashes: [...proof.hashes, proof.hashes[0]] })],
    [
      '100 hashes',
      'PROOF_MALFORMED',
      (proof: Proof) => ({ ...proof, hashes: Array.from({ length: 100 }, () => proof.hashes[0]) }),
    ],
    [
      'another origin',
      'LOG_CHECKPOINT_INVALID',
      (proof: Proof) => replaceCheckpoint(proof, 'log.example', 'evil.example'),
    ],
    [
      'another origin in the first line only',
      'LOG_CHECKPOINT_INVALID',
      (proof: Proof) => replaceCheckpoint(proof, /^log\.example/, 'evil.example'),
    ],
    ['size 0', 'PROOF_MALFORMED', (proof: Proof) => replaceCheckpoint(proof, '\n5\n', '\n0\n')],
    ['no signature', 'PROOF_MALFORMED', (proof: Proof) => replaceCheckpoint(proof, /\n\n.*\n/, '\n\n')],
  ])('refuses an inclusion proof with %s', (_, code, change) => {
    const bundle = signedBy(leaf);
    const tlogEntries = entriesOf(bundle).map((entry) => ({
      ...entry,
      inclusionProof: change(entry['inclusionProof'] as Proof),
    }));

    const verification = verify({ ...bundle, verificationMaterial: { ...bundle.verificationMaterial, tlogEntries } });

    expect(codeOf(verification)).toBe(code);
  });

  it('refuses a checkpoint that the log signed for another host', () => {
    const second = { ...world, log: { ...world.log, host: 'other.example' } };

    expect(codeOf(verify(secondLogBundle(second, { artifact, leaf })))).toBe('LOG_CHECKPOINT_INVALID');
  });
});

interface Proof {
  readonly hashes: readonly string[];
  readonly checkpoint: { readonly envelope: string };
}

function replaceCheckpoint(proof: Proof, from: string | RegExp, to: string): Proof {
  return {
    ...proof,
    checkpoint: {
      envelope: proof.checkpoint.envelope.replaceAll(typeof from === 'string' ? from : new RegExp(from, 'g'), to),
    },
  };
}
