// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failOpenRemarks } from './fail-open.ts';

const identity = { issuer: 'https://issuer.example', subject: 'https://git.example/shop/release' };
const signed = { expression: 'images.containers.all(i, verifyImageSignatures(i, [attestors.a]) > 0)' };

function policyOf(spec: object, metadata: object = {}): Record<string, unknown> {
  return {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'ImageValidatingPolicy',
    metadata: { name: 'p', ...metadata },
    spec: { validationActions: ['Deny'], validations: [signed], ...spec },
  };
}

function remarksOn(spec: object, metadata?: object): readonly string[] {
  return failOpenRemarks(policyOf(spec, metadata)).map(({ code, path }) => `${code} ${path.join('.')}`);
}

function attestor(cosign: object): object {
  return { attestors: [{ name: 'a', cosign }] };
}

function keyless(named: object): object {
  return attestor({ keyless: { identities: [named] } });
}

const oneIdentity = 'spec.attestors.0.cosign.keyless.identities.0';

describe('remarks on what an ImageValidatingPolicy lets through', () => {
  it('are none for a strict policy', () => {
    const rules = { resourceRules: [{ operations: ['CREATE', 'UPDATE'] }] };

    expect(remarksOn({ ...keyless(identity), matchConstraints: rules, matchImageReferences: [{ glob: '*' }] })).toEqual(
      [],
    );
  });

  it.each([
    [{ failurePolicy: 'Ignore' }, 'errors-ignored spec.failurePolicy'],
    [{ validationActions: ['Warn', 'Audit'] }, 'audit-only spec.validationActions'],
    [{ evaluation: { admission: { enabled: false } } }, 'no-admission spec.evaluation.admission'],
    [{ validationConfigurations: { required: false } }, 'not-required spec.validationConfigurations.required'],
    [
      { validationConfigurations: { verifyDigest: false } },
      'tag-not-pinned spec.validationConfigurations.verifyDigest',
    ],
    [{ matchImageReferences: [{ glob: 'registry.example/*' }] }, 'images-left-out spec.matchImageReferences'],
    [{ matchImageReferences: [{ expression: 'true' }] }, 'images-left-out spec.matchImageReferences'],
    [
      { matchConstraints: { objectSelector: { matchLabels: { a: 'b' } } } },
      'matched-by-own-label spec.matchConstraints.objectSelector',
    ],
    [
      { matchConstraints: { resourceRules: [{ operations: ['CREATE'] }] } },
      'update-not-judged spec.matchConstraints.resourceRules',
    ],
    [
      attestor({ ctlog: { insecureIgnoreTlog: true } }),
      'no-transparency spec.attestors.0.cosign.ctlog.insecureIgnoreTlog',
    ],
    [
      attestor({ ctlog: { insecureIgnoreSCT: true } }),
      'no-certificate-log spec.attestors.0.cosign.ctlog.insecureIgnoreSCT',
    ],
    [attestor({ certificate: { certChain: { value: 'x' } } }), 'any-certificate spec.attestors.0.cosign.certificate'],
    [keyless({}), `any-identity ${oneIdentity}`],
    [keyless({ issuerRegExp: '.*', subjectRegExp: '^.+$' }), `any-identity ${oneIdentity}`],
    [keyless({ issuer: identity.issuer }), `any-subject ${oneIdentity}`],
    [keyless({ subject: identity.subject }), `any-issuer ${oneIdentity}`],
    [keyless({ ...identity, subjectRegExp: 'shop/' }), `identity-not-anchored ${oneIdentity}.subjectRegExp`],
    [{ validations: [{ expression: 'images.containers.size() > 0' }] }, 'no-signature-asked spec.validations'],
    [
      { validations: [{ expression: 'images.containers.all(i, verifyImageSignatures(i, [attestors.a]) >= 0)' }] },
      'count-of-nothing spec.validations.0.expression',
    ],
  ])('%j: %s', (spec, remark) => {
    expect(remarksOn(spec)).toEqual([remark]);
  });

  it('sees a comparison that always holds behind a list of counts', () => {
    const expression = 'images.containers.map(i, verifyImageSignatures(i, [attestors.a])).all(e, e >= 0)';

    expect(remarksOn({ validations: [{ expression }] })).toEqual(['count-of-nothing spec.validations.0.expression']);
  });

  it('tells of the annotation that asks for no log', () => {
    expect(remarksOn({}, { annotations: { 'landwaiter.dev/require-transparency-log': 'false' } })).toEqual([
      'no-transparency metadata.annotations.landwaiter.dev/require-transparency-log',
    ]);
  });

  it('sees a signature that a variable asks for', () => {
    const variables = [{ name: 'n', expression: 'verifyImageSignatures(images.containers[0], [attestors.a])' }];

    expect(remarksOn({ variables, validations: [{ expression: 'variables.n > 0' }] })).toEqual([]);
  });

  it('has a line in the documentation for each code', () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
    const codes = [...read('./fail-open-image-policies.ts').matchAll(/tell\(\s*'([a-z-]+)'/g)].map(([, code]) => code);
    const page = read('../../../docs/kyverno.md');

    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it('throws nothing for any policy', () => {
    fc.assert(
      fc.property(fc.object(), (spec) => {
        expect(() => remarksOn(spec)).not.toThrow();
      }),
    );
  });
});
