// SPDX-License-Identifier: Apache-2.0
// Runs the bundle verification cases of the Sigstore client conformance suite, each with the file and with its digest only.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SignaturePolicy } from '../../src/evidence/signatures/policy.ts';
import { artifactOf } from '../../src/evidence/signatures/proof.ts';
import { publicKeyOf } from '../../src/evidence/signatures/public-key.ts';
import type { Refusal } from '../../src/evidence/signatures/refusal.ts';
import { isRefusal } from '../../src/evidence/signatures/refusal.ts';
import { trustRootOf } from '../../src/evidence/signatures/trust-root.ts';
import type { Verification } from '../../src/evidence/signatures/verify.ts';
import { verifyBundle } from '../../src/evidence/signatures/verify.ts';
import { parsePem } from '../../src/formats/pem.ts';
import { parseDigest } from '../../src/model/digest.ts';
import { type CaseResult, type ConformanceCase, type ConformancePack, failed, passed } from './pack.ts';

interface BundleCase {
  readonly name: string;
  readonly dir: string;
  readonly expect: 'pass' | 'fail';
  readonly artifact: string;
  readonly trustedRoot: string;
  readonly certificateIdentity?: string;
  readonly certificateOidcIssuer?: string;
  readonly key?: string;
}

function policyOf(root: string, test: BundleCase): SignaturePolicy | Refusal {
  if (test.key === undefined) {
    const subject = { kind: 'exact', value: test.certificateIdentity ?? '' } as const;
    const issuer = { kind: 'exact', value: test.certificateOidcIssuer ?? '' } as const;
    return { mode: 'public-good-keyless', identities: [{ subject, issuer }] };
  }
  const pem = parsePem(readFileSync(join(root, test.key), 'latin1'));
  if (pem.kind === 'malformed') return { kind: 'refused', code: 'KEY_UNSUPPORTED', message: pem.reason };
  const key = publicKeyOf(pem.value[0]?.bytes ?? Buffer.alloc(0));
  return isRefusal(key) ? key : { mode: 'managed-key-with-log', keys: [{ key }] };
}

function runTest(root: string, test: BundleCase, form: 'file' | 'digest'): CaseResult {
  const bytes = readFileSync(join(root, test.artifact));
  const digest = parseDigest(`sha256:${hash('sha256', bytes)}`);
  const artifact = form === 'file' ? artifactOf(bytes) : { digests: digest === undefined ? [] : [digest] };
  const trustRoot = trustRootOf(readFileSync(join(root, test.trustedRoot)));
  const policy = policyOf(root, test);
  const bundle = readFileSync(join(root, test.dir, 'bundle.sigstore.json'));
  const verification: Verification = isRefusal(trustRoot)
    ? trustRoot
    : isRefusal(policy)
      ? policy
      : verifyBundle(bundle, { artifact, trustRoot, policy, time: Date.now() });
  const actual = verification.kind === 'verified' ? 'pass' : 'fail';
  return actual === test.expect ? passed : failed(test.expect, verification);
}

export const sigstorePack: ConformancePack = {
  name: 'sigstore',
  cases(root) {
    const tests = JSON.parse(readFileSync(join(root, 'cases.json'), 'utf8')) as BundleCase[];
    return tests.flatMap((test): ConformanceCase[] =>
      (['file', 'digest'] as const).map((form) => ({
        id: `${test.name}:${form}`,
        run: () => runTest(root, test, form),
      })),
    );
  },
};
