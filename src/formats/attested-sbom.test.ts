// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attestedText } from './attested-sbom.ts';
import { readSbom } from './sbom-format.ts';

const bom = { spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', packages: [{ name: 'a', SPDXID: 'SPDXRef-a' }] };
const statement = {
  _type: 'https://in-toto.io/Statement/v0.1',
  predicateType: 'https://spdx.dev/Document',
  subject: [],
  predicate: bom,
};

function envelope(content: unknown): object {
  const payload = Buffer.from(JSON.stringify(content)).toString('base64');
  return { payloadType: 'application/vnd.in-toto+json', payload, signatures: [] };
}

describe('attestedText', () => {
  test.each([
    ['an envelope', envelope(statement)],
    ['a bundle', { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', dsseEnvelope: envelope(statement) }],
    ['a statement', statement],
    ['a predicate of cosign', envelope({ ...statement, predicate: { Data: JSON.stringify(bom) } })],
  ])('takes the SBOM out of %s', (_name, value) => {
    expect(JSON.parse(attestedText(JSON.stringify(value)) ?? '')).toEqual(bom);
  });

  test.each([
    ['an SBOM', bom],
    [
      'an unknown bundle',
      { mediaType: 'application/vnd.dev.sigstore.bundle.v9.9+json', dsseEnvelope: envelope(statement) },
    ],
    ['another payload', { ...envelope(statement), payloadType: 'text/plain' }],
  ])('leaves %s alone', (_name, value) => {
    expect(attestedText(JSON.stringify(value))).toBeUndefined();
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, text) => {
        attestedText(JSON.stringify(envelope(value)));
        attestedText(`{"payload":${text}`);
      }),
    );
  });
});

describe('readSbom', () => {
  test('reads an attested SBOM and says that the signature was not checked', async () => {
    const document = await readSbom(JSON.stringify(envelope(statement)), 'a.json');

    expect(document?.lists.flatMap((list) => list.packages)).toMatchObject([{ name: 'a' }]);
    expect(document?.problems).toMatchObject([{ kind: 'unsupported', hidesFindings: false }]);
  });
});
