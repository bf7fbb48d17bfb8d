// SPDX-License-Identifier: Apache-2.0
// What Fulcio writes into certificates about the token it was shown (sigstore/fulcio docs/oid-info.md): 1.3.6.1.4.1.57264.1.1 to .6 hold raw
// text and are deprecated, .8 and above hold a DER UTF8String.
import { readDer } from './der.ts';
import type { Parsed } from './parsed.ts';
import { malformed, parsing } from './parsed.ts';
import type { Certificate } from './x509.ts';
import { printableUtf8, utf8StringOf } from './x509.ts';

const arc = '1.3.6.1.4.1.57264.1.';

const rawNames = {
  1: 'issuerV1',
  2: 'workflowTrigger',
  3: 'workflowSha',
  4: 'workflowName',
  5: 'workflowRepository',
  6: 'workflowRef',
} as const;

const textNames = {
  8: 'issuerV2',
  9: 'buildSignerUri',
  10: 'buildSignerDigest',
  11: 'runnerEnvironment',
  12: 'sourceRepositoryUri',
  13: 'sourceRepositoryDigest',
  14: 'sourceRepositoryRef',
  15: 'sourceRepositoryIdentifier',
  16: 'sourceRepositoryOwnerUri',
  17: 'sourceRepositoryOwnerIdentifier',
  18: 'buildConfigUri',
  19: 'buildConfigDigest',
  20: 'buildTrigger',
  21: 'runInvocationUri',
  22: 'sourceRepositoryVisibility',
  23: 'deploymentEnvironment',
} as const;

export type FulcioClaimName = (typeof rawNames)[keyof typeof rawNames] | (typeof textNames)[keyof typeof textNames];
export type FulcioClaims = Readonly<Partial<Record<FulcioClaimName, string>>>;

/** The claim behind an object id (`1.3.6.1.4.1.57264.1.5`). */
export function fulcioClaimOf(id: string): FulcioClaimName | undefined {
  if (!id.startsWith(arc)) return undefined;
  const number = id.slice(arc.length);
  const names: Readonly<Record<string, FulcioClaimName>> = { ...rawNames, ...textNames };
  return Object.hasOwn(names, number) ? names[number] : undefined;
}

/** The claims in a certificate; a certificate without any gives an empty object. */
export function fulcioClaims(certificate: Certificate): Parsed<FulcioClaims> {
  return parsing(() => {
    const claims: Partial<Record<FulcioClaimName, string>> = {};
    for (const { id, value } of certificate.extensions) {
      if (!id.startsWith(arc)) continue;
      const number = id.slice(arc.length);
      const raw = (rawNames as Readonly<Record<string, FulcioClaimName>>)[number];
      const text = (textNames as Readonly<Record<string, FulcioClaimName>>)[number];
      if (raw !== undefined) claims[raw] = printableUtf8(value);
      else if (text !== undefined) claims[text] = utf8StringOf(readDer(value));
    }
    return claims;
  });
}

/**
 * Who issued the token. The newer extension counts; where both stand they must agree, because tools that read only one of them would otherwise
 * see two different signers.
 */
export function issuerOf(claims: FulcioClaims): Parsed<string | undefined> {
  const { issuerV1, issuerV2 } = claims;
  return parsing(() =>
    issuerV1 !== undefined && issuerV2 !== undefined && issuerV1 !== issuerV2
      ? malformed('the two issuer extensions differ')
      : (issuerV2 ?? issuerV1),
  );
}
