// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ServiceClient } from '../../io/service.ts';
import { localSigner } from '../../io/signing/signer.ts';
import { makeProof } from './make-proof.ts';

describe('makeProof', () => {
  // Cosign refused what we signed with Ed25519ph and entered into no log.
  it('signs a message that goes into no log with plain Ed25519', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const bytes = Buffer.from('a file');

    const proof = await makeProof({
      toSign: { kind: 'message', bytes },
      credential: { signer: localSigner(privateKey, 'a key'), chain: undefined },
      services: { logs: [], timestampAuthorities: [] },
      client: undefined as unknown as ServiceClient,
      form: 'bundle',
    });

    expect(verify(null, bytes, publicKey, proof.signature)).toBe(true);
  });
});
