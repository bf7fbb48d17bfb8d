// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failOpenRemarks } from './fail-open.ts';

function codesOf(rule: object, spec: object = { validationFailureAction: 'Enforce' }): readonly string[] {
  const match = { any: [{ resources: { kinds: ['Pod'] } }] };
  const policy = {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'p' },
    spec: { ...spec, rules: [{ name: 'r', match, ...rule }] },
  };
  return failOpenRemarks(policy).map(({ code }) => code);
}

const strict = { allowExistingViolations: false };
const deny = (condition: object) => ({ validate: { ...strict, deny: { conditions: { any: [condition] } } } });
const keyless = (identity: object) => ({ verifyImages: [{ attestors: [{ entries: [{ keyless: identity }] }] }] });

describe('remarks on what a policy lets through', () => {
  it('are none for a strict policy', () => {
    expect(codesOf({ validate: { ...strict, pattern: { spec: { hostPID: false } } } })).toEqual([]);
  });

  it.each([
    ['audit-only', { validate: { pattern: {} } }, {}],
    ['audit-only', { verifyImages: [{ imageReferences: ['*'] }] }, {}],
    ['audit-only', { validate: { ...strict, failureActionOverrides: [{ action: 'Audit' }], pattern: {} } }, undefined],
    ['existing-violations', { validate: { pattern: {} } }, undefined],
    [
      'errors-ignored',
      { validate: { ...strict, pattern: {} } },
      { validationFailureAction: 'Enforce', failurePolicy: 'Ignore' },
    ],
    [
      'wildcards-of-the-object',
      deny({ key: '{{ request.object.spec.a }}', operator: 'AnyNotIn', value: ['x'] }),
      undefined,
    ],
    ['null-is-neither', deny({ key: '{{ element.a || `null` }}', operator: 'NotEquals', value: 'x' }), undefined],
    [
      'loop-passed-over',
      { validate: { ...strict, foreach: [{ list: 'request.object.spec.a', pattern: {} }] } },
      undefined,
    ],
    [
      'element-passed-over',
      { validate: { ...strict, foreach: [{ list: 'a || b', preconditions: { all: [] }, pattern: {} }] } },
      undefined,
    ],
    ['only-first-element', { validate: { ...strict, pattern: { spec: { a: ['x', 'y'] } } } }, undefined],
    ['existence-of-nothing', { validate: { ...strict, pattern: { spec: { '^(a)': [{ b: 1 }] } } } }, undefined],
    ['first-key-counts', { validate: { ...strict, pattern: { metadata: { labels: { 'a*': '?*' } } } } }, undefined],
    [
      'excluded-by-own-label',
      { exclude: { any: [{ resources: { selector: { matchLabels: { a: 'b' } } } }] } },
      undefined,
    ],
    ['attestor-lost', { verifyImages: [{ key: 'k', attestations: [{ attestors: [{}] }] }] }, undefined],
    ['not-required', { verifyImages: [{ required: false }] }, undefined],
    ['any-identity', keyless({ rekor: {} }), undefined],
    ['any-subject', keyless({ issuer: 'https://issuer.example' }), undefined],
    ['identity-by-glob', keyless({ issuer: 'https://issuer.example', subject: 'https://*' }), undefined],
    ['identity-not-anchored', keyless({ issuer: 'i', subjectRegExp: 'acme' }), undefined],
    ['certificate-without-name', keyless({ issuer: 'i', subject: 's' }), undefined],
    [
      'no-transparency',
      { verifyImages: [{ attestors: [{ entries: [{ keys: { rekor: { ignoreTlog: true } } }] }] }] },
      undefined,
    ],
  ])('name %s', (code, rule, spec) => {
    expect(codesOf(rule, spec)).toContain(code);
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (rule) => {
        const spec = { rules: [rule] };
        expect(Array.isArray(failOpenRemarks({ apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', spec }))).toBe(true);
      }),
    );
  });
});
