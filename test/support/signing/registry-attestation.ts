// SPDX-License-Identifier: Apache-2.0
// Statements that a package registry signs with a key of its own, logged as the public registries log theirs.
import { sign } from 'node:crypto';
import type { ManagedKey } from '../../../src/evidence/signatures/policy.ts';
import { publicKeyOf } from '../../../src/evidence/signatures/public-key.ts';
import { isRefusal } from '../../../src/evidence/signatures/refusal.ts';
import { preAuthenticationEncoding } from '../../../src/formats/dsse.ts';
import { leaf, world } from './attempt.ts';
import { ecKeys, pemOf, publicKeyDer } from './certificates.ts';
import { inToto, signedAt, statementBundle } from './sigstore.ts';
import { logEntry, sha256 } from './transparency-log.ts';

export interface RegistrySigner {
  readonly keys: readonly ManagedKey[];
  readonly bundle: (payload: object) => object;
}

export function managedStatementBundle(): RegistrySigner {
  const keys = ecKeys();
  const key = publicKeyOf(publicKeyDer(keys));
  if (isRefusal(key)) throw new Error(key.message);
  const verifier = Buffer.from(pemOf('PUBLIC KEY', publicKeyDer(keys))).toString('base64');
  return {
    keys: [{ key }],
    bundle: (payload) => {
      const bytes = Buffer.from(JSON.stringify(payload));
      const signature = sign('sha256', preAuthenticationEncoding(inToto, bytes), keys.privateKey).toString('base64');
      const entry = logEntry(world.log, {
        kind: 'dsse',
        version: '0.0.1',
        integratedTime: signedAt / 1000,
        spec: {
          envelopeHash: { algorithm: 'sha256', value: sha256(bytes).toString('hex') },
          payloadHash: { algorithm: 'sha256', value: sha256(bytes).toString('hex') },
          signatures: [{ signature, verifier }],
        },
      });
      return {
        ...statementBundle(world, { leaf, payload }),
        verificationMaterial: { publicKey: { hint: 'registry' }, tlogEntries: [entry] },
        dsseEnvelope: { payload: bytes.toString('base64'), payloadType: inToto, signatures: [{ sig: signature }] },
      };
    },
  };
}
