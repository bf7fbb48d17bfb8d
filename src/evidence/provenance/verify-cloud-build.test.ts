// SPDX-License-Identifier: Apache-2.0
import { hash, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { artifact } from '../../../test/support/signing/attempt.ts';
import { ecKeys, pemOf, publicKeyDer } from '../../../test/support/signing/certificates.ts';
import { codesOf, trust } from '../../../test/support/signing/provenance.ts';
import { now } from '../../../test/support/signing/sigstore.ts';
import { artifactOf } from '../signatures/proof.ts';
import type { ProvenanceExpectation } from './expectation.ts';
import { parseServiceKeys } from './service-keys.ts';
import { verifyProvenance } from './verify.ts';

const keys = ecKeys();
const keyId =
  'projects/verified-builder/locations/us-west2/keyRings/attestor/cryptoKeys/builtByGCB/cryptoKeyVersions/1';
const hex = hash('sha256', artifact);
const image = `registry.example/app@sha256:${hex}`;

function statement(substitutions: object = { TAG_NAME: 'v1.2.3' }): Record<string, unknown> {
  return {
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://slsa.dev/provenance/v0.1',
    subject: [{ name: 'https://registry.example/app', digest: { sha256: hex } }],
    predicate: {
      builder: { id: 'https://cloudbuild.googleapis.com/GoogleHostedWorker@v0.3' },
      materials: [{ uri: 'git+https://github.com/acme/app', digest: { sha1: 'a'.repeat(40) } }],
      recipe: { type: 'yaml', arguments: { substitutions } },
    },
  };
}

interface OutputParts {
  readonly text?: object;
  readonly kind?: string;
  readonly keyId?: string;
  readonly resourceUri?: string;
}

function output(signed = statement(), parts: OutputParts = {}): Buffer {
  const payload = Buffer.from(JSON.stringify(signed));
  const { predicate, ...rest } = signed;
  const entry = {
    kind: parts.kind ?? 'BUILD',
    resourceUri: parts.resourceUri ?? image,
    build: { intotoStatement: parts.text ?? { ...rest, slsaProvenance: predicate } },
    envelope: {
      payloadType: 'application/vnd.in-toto+json',
      payload: payload.toString('base64url').padEnd(Math.ceil(payload.length / 3) * 4, '='),
      signatures: [{ keyid: parts.keyId ?? keyId, sig: sign('sha256', payload, keys.privateKey).toString('base64') }],
    },
  };
  return Buffer.from(
    JSON.stringify({
      image_summary: { digest: `sha256:${hex}`, fully_qualified_digest: image },
      provenance_summary: { provenance: [entry] },
    }),
  );
}

function verify(bytes: Buffer, expectation: ProvenanceExpectation = { sourceUri: 'github.com/acme/app' }): unknown {
  const parsed = parseServiceKeys([{ name: 'us-west2.key', text: pemOf('PUBLIC KEY', publicKeyDer(keys)) }]);
  if (parsed.kind === 'malformed') throw new Error(parsed.reason);
  const request = {
    artifact: artifactOf(artifact),
    expectation,
    trust: { ...trust, serviceKeys: parsed.value },
    time: now,
  };
  return codesOf(verifyProvenance(bytes, request));
}

describe('Cloud Build', () => {
  it('is verified with the key of its region', () => {
    expect(verify(output(), { sourceUri: 'github.com/acme/app', tag: 'v1.2.3' })).toBe('verified');
  });

  it('is refused under a key name that is not known, also one that leads out of the folder', () => {
    expect(verify(output(statement(), { keyId: '' }))).toEqual(['NOT_PROVED']);
    expect(verify(output(statement(), { keyId: keyId.replace('us-west2', '../us-west2') }))).toEqual(['NOT_PROVED']);
  });

  it('is refused when the text that people see says something else', () => {
    expect(verify(output(statement(), { text: { ...statement(), subject: [] } }))).toEqual(['TEXT_MISMATCH']);
  });

  it('is refused when the record is of something else', () => {
    expect(verify(output(statement(), { kind: 'DISCOVERY' }))).toEqual(['METADATA_MISMATCH']);
    expect(verify(output(statement(), { resourceUri: `x@sha256:${'0'.repeat(64)}` }))).toEqual(['DIGEST_MISMATCH']);
  });

  it('takes a branch for no tag, and has no workflow inputs', () => {
    const branch = output(statement({ BRANCH_NAME: 'v1.2.3' }));

    expect(verify(branch, { tag: 'v1.2.3' })).toEqual(['REF_KIND']);
    expect(verify(branch, { workflowInputs: { a: 'b' } })).toEqual(['NOT_STATED']);
  });
});
