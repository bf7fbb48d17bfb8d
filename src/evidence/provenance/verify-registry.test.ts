// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { artifact } from '../../../test/support/signing/attempt.ts';
import {
  codesOf,
  ownWorkflow,
  signedStatement,
  verifyBuild,
  workflowPredicate,
} from '../../../test/support/signing/provenance.ts';
import { managedStatementBundle } from '../../../test/support/signing/registry-attestation.ts';

const runner = 'https://github.com/actions/runner/github-hosted';
const asked = { sourceUri: 'github.com/acme/app', builderId: runner };
const publishType = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';

function subjectOf(name: string): object[] {
  return [{ name, digest: { sha512: hash('sha512', artifact) } }];
}

interface Parts {
  readonly published?: { readonly name: string; readonly version: string };
  readonly publishedAs?: string;
  readonly builtAs?: string;
}

const { bundle: publishBundle, keys: registryKeys } = managedStatementBundle();

function attestations({ published = { name: '@acme/App', version: '1.0.0' }, ...parts }: Parts = {}): string {
  const purl = 'pkg:npm/%40acme/App@1.0.0';
  const claims = { signer: `${ownWorkflow}@refs/tags/v1.2.3` };
  const publish = publishBundle({
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: publishType,
    subject: subjectOf(parts.publishedAs ?? purl),
    predicate: { ...published, registry: 'https://registry.npm.example' },
  });
  const provenance = signedStatement(claims, {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
    subject: subjectOf(parts.builtAs ?? purl),
    predicate: workflowPredicate(claims, { builder: runner }),
  });
  return JSON.stringify({
    attestations: [
      { predicateType: publishType, bundle: publish },
      { predicateType: 'https://slsa.dev/provenance/v1', bundle: provenance },
    ],
  });
}

describe('attestations of a registry', () => {
  it('are verified when registry and build name the same package', () => {
    const expectation = { ...asked, packageName: '@acme/App', packageVersion: '1.0.0' };

    expect(codesOf(verifyBuild(attestations(), expectation, { registryKeys }))).toBe('verified');
  });

  it('are refused without a builder to trust, and without keys of the registry', () => {
    expect(codesOf(verifyBuild(attestations(), { sourceUri: asked.sourceUri }, { registryKeys }))).toEqual([
      'BUILDER_REQUIRED',
    ]);
    expect(codesOf(verifyBuild(attestations(), asked))).toEqual(['PUBLISHER_MISSING']);
  });

  it('are refused when the build was of another package or version', () => {
    const other = attestations({ builtAs: 'pkg:npm/%40acme/app@1.0.0' });
    const older = attestations({ builtAs: 'pkg:npm/%40acme/App@1.0.00' });

    expect(codesOf(verifyBuild(other, asked, { registryKeys }))).toEqual(['PACKAGE_NAME_MISMATCH']);
    expect(codesOf(verifyBuild(older, asked, { registryKeys }))).toEqual(['PACKAGE_VERSION_MISMATCH']);
  });

  it('are refused when the registry names the package in two ways', () => {
    const twofold = attestations({ published: { name: '@acme/other', version: '1.0.0' } });

    expect(codesOf(verifyBuild(twofold, asked, { registryKeys }))).toEqual(['PACKAGE_NAME_MISMATCH']);
  });

  it('are refused by an expectation of another package', () => {
    expect(codesOf(verifyBuild(attestations(), { ...asked, packageName: '@acme/app' }, { registryKeys }))).toEqual([
      'PACKAGE_NAME_MISMATCH',
    ]);
    expect(codesOf(verifyBuild(attestations(), { ...asked, packageVersion: '1.0' }, { registryKeys }))).toEqual([
      'PACKAGE_VERSION_MISMATCH',
    ]);
  });
});
