// SPDX-License-Identifier: Apache-2.0
import { anything, assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAdmissionReview, printReviewAnswer } from './admission-review.ts';

const request = {
  uid: '705ab4f5',
  operation: 'CREATE',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  namespace: 'shop',
  object: { kind: 'Pod' },
};

function review(more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { ...request, ...more },
  });
}

describe('reading a review', () => {
  test('gives the request', () => {
    expect(parseAdmissionReview(review())).toEqual({ kind: 'request', request });
  });

  test.each([
    ['not JSON', '{', undefined],
    ['another kind', '{"kind":"Pod"}', undefined],
    ['another version', review().replace('/v1"', '/v1beta1"'), '705ab4f5'],
    ['no uid', review({ uid: '' }), undefined],
    ['an unknown operation', review({ operation: 'DESTROY' }), '705ab4f5'],
    ['no kind', review({ kind: null }), '705ab4f5'],
    ['a list for an object, which used to be left out', review({ object: [{ kind: 'Pod' }] }), '705ab4f5'],
    ['a text for the old object', review({ oldObject: 'Pod' }), '705ab4f5'],
  ])('with %s is a fault that can be answered when the uid is known', (_name, text, uid) => {
    expect(parseAdmissionReview(text)).toMatchObject({ kind: 'fault', uid });
  });

  test('never throws', () => {
    assert(
      property(
        anything(),
        (value) => void parseAdmissionReview(JSON.stringify({ kind: 'AdmissionReview', request: value }) ?? ''),
      ),
    );
  });
});

describe('the answer', () => {
  const answer = { uid: 'a', allowed: true, warnings: [], auditAnnotations: {}, patch: [] };

  test('holds a patch in Base64', () => {
    const patch = [{ op: 'add', path: '/a', value: 1 }];
    const { response } = JSON.parse(printReviewAnswer({ ...answer, patch })) as { response: Record<string, string> };

    expect(response['patchType']).toBe('JSONPatch');
    expect(JSON.parse(Buffer.from(response['patch'] ?? '', 'base64').toString())).toEqual(patch);
  });

  test('says with which status something is refused', () => {
    const text = printReviewAnswer({ ...answer, allowed: false, code: 403, message: 'no' });

    expect(JSON.parse(text)).toMatchObject({ response: { allowed: false, status: { code: 403, message: 'no' } } });
  });

  test('cuts warnings to what API servers pass on', () => {
    const warnings = Array.from({ length: 100 }, () => 'x'.repeat(1000));
    const { response } = JSON.parse(printReviewAnswer({ ...answer, warnings })) as { response: { warnings: string[] } };

    expect(Math.max(...response.warnings.map((warning) => warning.length))).toBeLessThanOrEqual(256);
    expect(response.warnings.join('').length).toBeLessThanOrEqual(4096);
    expect(response.warnings.at(-1)).toMatch(/more warnings/);
  });
});
