// SPDX-License-Identifier: Apache-2.0
// Envelopes that this program writes against those that the pack states: everything but the signature, which is random.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signEnvelope } from '../../../src/evidence/signatures/notation/envelope-signature.ts';
import { unsignedEnvelope } from '../../../src/evidence/signatures/notation/sign.ts';
import type { CaseResult, ConformanceCase } from '../pack.ts';
import { expectEqual } from '../pack.ts';

const conformanceAttributes = [
  { name: 'signedCritKey1', value: 'signedCritValue1', isCritical: true },
  ...['signedKey1', 'signedKey2', 'signedKey3', 'signedKey4'].map((name) => ({
    name,
    value: 'signedValue1',
    isCritical: false,
  })),
];

function jwsSigning(file: string): CaseResult {
  const expected = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const envelope = unsignedEnvelope({
    format: 'jws',
    payload: Buffer.from(String(expected['payload']), 'base64url'),
    algorithm: 'ES256',
    scheme: 'notary.x509',
    signingTime: Date.parse('2022-08-29T13:50:00Z'),
    expiry: Date.parse('2099-08-30T13:50:00Z'),
    attributes: conformanceAttributes,
  });
  const agent = (expected['header'] as Record<string, string>)['io.cncf.notary.signingAgent'] ?? '';
  const signature = signEnvelope('ES256', privateKey, envelope.input);
  const bytes = envelope.finish(signature, { certificates: [], timestamp: undefined, signingAgent: agent });
  const actual = JSON.parse(bytes.toString()) as Record<string, unknown>;
  const header = { ...(actual['header'] as object), x5c: undefined };
  const wanted = { ...expected, signature: signature.length };
  const size = Buffer.from(String(expected['signature']), 'base64url').length;
  return expectEqual({ ...wanted, signature: size }, { ...actual, header, signature: signature.length });
}

interface CoseConformance {
  readonly signingTime: number;
  readonly expiry: number;
  readonly payload: string;
  readonly expectedOutput: { readonly cborHex: string };
}

/** Everything but the signature, which is random: that of the pack is put in its place. */
function coseSigning(file: string): CaseResult {
  const test = JSON.parse(readFileSync(file, 'utf8')) as CoseConformance;
  const expected = Buffer.from(test.expectedOutput.cborHex, 'hex');
  const envelope = unsignedEnvelope({
    format: 'cose',
    payload: Buffer.from(test.payload, 'hex'),
    algorithm: 'PS384',
    scheme: 'notary.x509',
    signingTime: test.signingTime * 1000,
    expiry: test.expiry * 1000,
    attributes: conformanceAttributes.slice(0, 2),
  });
  const finished = envelope.finish(expected.subarray(-384), {
    certificates: [],
    timestamp: undefined,
    signingAgent: 'NotationConformanceTest/1.0.0',
  });
  return expectEqual(expected.toString('hex'), finished.toString('hex'));
}

/** One case for each format whose expectation is in the pack. */
export function signingCases(root: string): ConformanceCase[] {
  const of = (format: 'jws' | 'cose', run: (file: string) => CaseResult): ConformanceCase[] => {
    const file = join(root, `notation-core-go/signature/${format}/testdata/conformance.json`);
    return existsSync(file) ? [{ id: `signing/${format}`, run: () => run(file) }] : [];
  };
  return [...of('jws', jwsSigning), ...of('cose', coseSigning)];
}
