// SPDX-License-Identifier: Apache-2.0
// Attestations of a package registry (npm/attestation, specs/publish): the registry states with its key that it published a name and a version,
// the build states with its certificate how. Both must be about the same bytes and the same package.

import { asObject, asString } from '../../formats/document.ts';
import type { RegistryAttestation } from '../../formats/provenance-document.ts';
import { isRefusal } from '../signatures/refusal.ts';
import { emptyTrustRoot } from '../signatures/trust-root.ts';
import { type Verified, verifySignature } from '../signatures/verify.ts';
import type { Failure } from './failure.ts';
import { failure, failureOf } from './failure.ts';
import type { ProvenanceRequest } from './request.ts';
import type { ProvenanceResult } from './result.ts';
import { concluded, refused } from './result.ts';
import { verifyGithub } from './verify-github.ts';

/** Any version of the type; the host is that of whoever wrote the specification. */
const publishType = /^https:\/\/github\.com\/npm\/attestation\/tree\/main\/specs\/publish\/v0\.1$/;

interface PackageName {
  readonly name: string;
  readonly version: string;
}

/** Verifies the answer of a registry for one version of a package. */
export function verifyRegistry(
  attestations: readonly RegistryAttestation[],
  request: ProvenanceRequest,
): ProvenanceResult {
  const { expectation } = request;
  if (expectation.builderId === undefined)
    return refused(failure('BUILDER_REQUIRED', 'name the builder that is trusted to publish this package'));
  const published = publishedPackage(attestations, request);
  if ('code' in published) return refused(published);
  const built = attestations.filter(({ predicateType }) => predicateType.startsWith('https://slsa.dev/provenance/'));
  const [provenance] = built;
  if (provenance === undefined || built.length !== 1)
    return refused(failure('PREDICATE_TYPE', `one statement about the build is required, there are ${built.length}`));
  const result = verifyGithub(provenance.bundle, request);
  if (result.kind === 'refused') return result;
  const failures = [
    ...(result.statement.predicateType === provenance.predicateType
      ? []
      : [
          failure('PREDICATE_TYPE', 'the registry lists the statement as another one', {
            expected: provenance.predicateType,
            actual: result.statement.predicateType,
          }),
        ]),
    ...checkSubject(result.statement.subjects, published),
    ...checkExpected(published, expectation),
  ];
  return concluded(failures, () => ({ ...result, package: published }));
}

function publishedPackage(
  attestations: readonly RegistryAttestation[],
  request: ProvenanceRequest,
): PackageName | Failure {
  const found = attestations.filter(({ predicateType }) => publishType.test(predicateType));
  const [publish] = found;
  if (publish === undefined || found.length !== 1)
    return failure('PUBLISHER_MISSING', `one statement of the registry is required, there are ${found.length}`);
  const { artifact, trust, time } = request;
  if (trust.registryKeys.length === 0) return failure('PUBLISHER_MISSING', 'no key of the registry is known');
  let reason: Failure | undefined;
  for (const trustRoot of trust.trustRoots.length === 0 ? [emptyTrustRoot] : trust.trustRoots) {
    const policy = {
      mode: 'managed-key-with-log',
      keys: trust.registryKeys,
      predicateTypes: [publish.predicateType],
    } as const;
    const verified = verifySignature({ proof: publish.bundle, artifact, trustRoot, policy, time });
    if (!isRefusal(verified)) return publishedName(verified);
    reason ??= failureOf(verified);
  }
  return reason ?? failure('PUBLISHER_MISSING', 'no trust root is given');
}

function publishedName({ claim }: Verified): PackageName | Failure {
  if (claim.kind !== 'statement') return failure('PREDICATE_TYPE', 'the registry states nothing');
  const predicate = asObject(claim.statement.predicate);
  const name = asString(predicate?.['name']);
  const version = asString(predicate?.['version']);
  if (name === undefined || version === undefined)
    return failure('PREDICATE_MALFORMED', 'the registry names no package and version');
  const [mismatch] = checkSubject(claim.statement.subjects, { name, version });
  return mismatch ?? { name, version };
}

/** The purl of the only subject must name the package; with two subjects nobody could say which one was published. */
function checkSubject(subjects: readonly { readonly name: string }[], { name, version }: PackageName): Failure[] {
  const [subject] = subjects;
  if (subject === undefined || subjects.length !== 1)
    return [failure('PREDICATE_MALFORMED', `one subject is required, there are ${subjects.length}`)];
  // Compared as text: reading a purl of this type would lower the case of names, and two packages would become one.
  const stem = `pkg:npm/${name.replace(/^@/, '%40')}@`;
  const expected = `${stem}${version}`;
  if (subject.name === expected) return [];
  const sides = { expected, actual: subject.name };
  return subject.name.startsWith(stem)
    ? [failure('PACKAGE_VERSION_MISMATCH', 'the statement is about another version', sides)]
    : [failure('PACKAGE_NAME_MISMATCH', 'the statement is about another package', sides)];
}

function checkExpected(
  { name, version }: PackageName,
  { packageName, packageVersion }: ProvenanceRequest['expectation'],
): Failure[] {
  return [
    ...(packageName === undefined || packageName === name
      ? []
      : [failure('PACKAGE_NAME_MISMATCH', 'another package', { expected: packageName, actual: name })]),
    ...(packageVersion === undefined || packageVersion === version
      ? []
      : [failure('PACKAGE_VERSION_MISMATCH', 'another version', { expected: packageVersion, actual: version })]),
  ];
}
