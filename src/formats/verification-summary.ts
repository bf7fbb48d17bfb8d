// SPDX-License-Identifier: Apache-2.0
// Verification summaries (VSA, slsa.dev/spec/v1.2/verification_summary) 1.0 to 1.2, which share one predicate type: reading and writing. Whom to
// believe is decided elsewhere.

import type { JsonObject } from './document.ts';
import { asObject, entriesOf } from './document.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';
import { MemberReader } from './strict-json.ts';

export const summaryType = 'https://slsa.dev/verification_summary/v1';

export interface PolicyReference {
  readonly uri: string;
  readonly digest: Readonly<Record<string, string>>;
}

export interface VerificationSummary {
  readonly verifierId: string;
  readonly verifierVersion: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly timeVerified: string;
  readonly resourceUri: string;
  readonly policy: PolicyReference | undefined;
  readonly inputAttestations: readonly PolicyReference[];
  readonly result: 'PASSED' | 'FAILED';
  /** `SLSA_BUILD_LEVEL_3`, `SLSA_SOURCE_LEVEL_2`, and what others define. */
  readonly verifiedLevels: readonly string[];
  /** Number of dependencies by level. */
  readonly dependencyLevels: Readonly<Record<string, number>>;
  readonly slsaVersion: string | undefined;
}

const most = 10_000;

export function parseVerificationSummary(predicate: unknown): Parsed<VerificationSummary> {
  return parsing(() => {
    const object = asObject(predicate);
    if (object === undefined) return malformed('predicate: an object is required');
    const root = new MemberReader(object, ['predicate']);
    const verifier = root.member('verifier');
    const result = root.text('verificationResult');
    if (result !== 'PASSED' && result !== 'FAILED')
      return root.fail('verificationResult', 'PASSED or FAILED is required');
    const timeVerified = root.optionalText('timeVerified') ?? '';
    if (timeVerified !== '' && Number.isNaN(Date.parse(timeVerified))) root.fail('timeVerified', 'a time is required');
    const policy = root.optionalMember('policy');
    return {
      verifierId: verifier.text('id'),
      verifierVersion: texts(verifier.optionalMember('version')),
      timeVerified,
      resourceUri: root.text('resourceUri'),
      policy: policy === undefined ? undefined : readReference(policy),
      inputAttestations: root.members('inputAttestations', most).map(readReference),
      result,
      verifiedLevels: root
        .list('verifiedLevels', most)
        .map((level) => (typeof level === 'string' ? level : root.fail('verifiedLevels', 'texts are required'))),
      dependencyLevels: counts(root.optionalMember('dependencyLevels')),
      slsaVersion: root.optionalText('slsaVersion'),
    };
  });
}

function readReference(object: MemberReader): PolicyReference {
  return { uri: object.optionalText('uri') ?? '', digest: texts(object.optionalMember('digest')) };
}

function texts(object: MemberReader | undefined): Record<string, string> {
  const entries = entriesOf(object?.object).map(([name, value]): [string, string] =>
    typeof value === 'string' ? [name, value] : malformed(`${name.slice(0, 100)}: a text is required`),
  );
  return Object.fromEntries(entries);
}

function counts(object: MemberReader | undefined): Record<string, number> {
  return Object.fromEntries(Object.keys(object?.object ?? {}).map((name) => [name, object?.count(name) ?? 0]));
}

/** The predicate as it is written; members without a value are left out. */
export function printVerificationSummary(summary: VerificationSummary): JsonObject {
  const { verifierId, verifierVersion, policy, inputAttestations, dependencyLevels, slsaVersion } = summary;
  return {
    verifier: {
      id: verifierId,
      ...(Object.keys(verifierVersion).length === 0 ? {} : { version: verifierVersion }),
    },
    timeVerified: summary.timeVerified,
    resourceUri: summary.resourceUri,
    ...(policy === undefined ? {} : { policy }),
    ...(inputAttestations.length === 0 ? {} : { inputAttestations }),
    verificationResult: summary.result,
    verifiedLevels: summary.verifiedLevels,
    ...(Object.keys(dependencyLevels).length === 0 ? {} : { dependencyLevels }),
    ...(slsaVersion === undefined ? {} : { slsaVersion }),
  };
}
