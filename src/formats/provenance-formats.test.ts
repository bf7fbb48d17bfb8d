// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attested, generated, generatorPredicate, workflowPredicate } from '../../test/support/signing/provenance.ts';
import { parseProvenanceDocuments } from './provenance-document.ts';
import { parseSlsaProvenance, provenanceVersion } from './slsa-provenance.ts';
import { parseVerificationSummary, printVerificationSummary } from './verification-summary.ts';

describe('provenance predicates', () => {
  it('of all versions say the same in one shape', () => {
    const second = parseSlsaProvenance('0.2', generatorPredicate());
    const first = parseSlsaProvenance('1', workflowPredicate());

    expect(second).toMatchObject({
      kind: 'parsed',
      value: { version: '0.2', entryPoint: '.github/workflows/release.yml' },
    });
    expect(first).toMatchObject({ kind: 'parsed', value: { version: '1', configSource: undefined } });
  });

  it('need a builder and the object of their version', () => {
    expect(parseSlsaProvenance('1', { buildDefinition: { buildType: 'x' }, runDetails: {} }).kind).toBe('malformed');
    expect(parseSlsaProvenance('0.2', { buildType: 'x', builder: {} }).kind).toBe('malformed');
    expect(parseSlsaProvenance('0.1', []).kind).toBe('malformed');
  });

  it('of unknown versions have none', () => {
    expect(provenanceVersion('https://slsa.dev/provenance/v1')).toBe('1');
    expect(provenanceVersion('https://slsa.dev/provenance/v1.0')).toBeUndefined();
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('0.1', '0.2', '1'), (value, version) => {
        parseSlsaProvenance(version, value);
      }),
      { numRuns: 300 },
    );
  });
});

describe('provenance documents', () => {
  const good = Buffer.from(JSON.stringify(attested()));

  it('may stand on lines', () => {
    const lines = `${JSON.stringify(attested())}\n\n${JSON.stringify(generated())}\n`;

    const parsed = parseProvenanceDocuments(Buffer.from(lines));

    expect(parsed.kind === 'parsed' && parsed.value.map(({ kind }) => kind)).toEqual(['bundle', 'bundle']);
  });

  it('of another form are malformed', () => {
    for (const text of ['', '{}', '[]', '{"payloadType":1}', '{"attestations":{}}', '{"provenance_summary":{}}'])
      expect(parseProvenanceDocuments(Buffer.from(text)).kind, text).toBe('malformed');
  });

  it('never throw for arbitrary or damaged bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseProvenanceDocuments(bytes)),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
        const damaged = Buffer.from(good);
        damaged[at] = value;
        parseProvenanceDocuments(damaged);
      }),
      { numRuns: 100 },
    );
  });
});

describe('verification summaries', () => {
  it('are read as they were written', () => {
    const summary = {
      verifierId: 'https://verifier.example',
      verifierVersion: { tool: '1' },
      timeVerified: '2026-01-01T00:00:00Z',
      resourceUri: 'pkg:generic/app@1',
      policy: { uri: 'https://policy.example', digest: { sha256: 'ab' } },
      inputAttestations: [{ uri: 'a', digest: { sha256: 'cd' } }],
      result: 'PASSED',
      verifiedLevels: ['SLSA_BUILD_LEVEL_3'],
      dependencyLevels: { SLSA_BUILD_LEVEL_1: 4 },
      slsaVersion: '1.2',
    } as const;

    expect(parseVerificationSummary(printVerificationSummary(summary))).toEqual({ kind: 'parsed', value: summary });
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => void parseVerificationSummary(value)),
      { numRuns: 300 },
    );
  });
});
