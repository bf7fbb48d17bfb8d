// SPDX-License-Identifier: Apache-2.0
// ImageValidatingPolicies that are refused, or remarked on, when they are loaded.
import { describe, expect, it } from 'vitest';
import { imageValidating, keyAttestor } from '../../../test/support/image-validating.ts';
import { setOf } from '../../../test/support/verify-images.ts';
import type { JsonObject } from '../../formats/document.ts';

describe('a policy is refused when it is loaded', () => {
  const faultOf = (spec: JsonObject, more: JsonObject = {}): string =>
    setOf([imageValidating(spec, more)])
      .problems.filter(({ hidesFindings }) => hidesFindings)
      .map(({ message }) => message)
      .join('; ');
  const cosign = (block: JsonObject) => ({ attestors: [{ name: 'signer', cosign: block }] });
  const key = { data: '-----BEGIN PUBLIC KEY-----\nyour key here\n-----END PUBLIC KEY-----' };

  it.each([
    [{ attestor: [] }, 'unknown field "attestor"'],
    [cosign({ key, ctlog: { insecureIgnoreTLog: true } }), 'unknown field "insecureIgnoreTLog"'],
    [cosign({ key }), 'attestors.0.cosign.key.data: not a public key'],
    [cosign({ key: {} }), 'exactly one of data, kms, secretRef and expression'],
    [cosign({}), 'exactly one of key, keyless and certificate'],
    [cosign({ key, keyless: { identities: [{}] } }), 'exactly one of key, keyless and certificate'],
    [cosign({ keyless: { identities: [] } }), 'must name somebody'],
    [cosign({ keyless: { identities: [{}] }, tuf: { mirror: 'https://tuf.example' } }), 'this repository is not asked'],
    [cosign({ certificate: { cert: { value: 'x' } } }), 'not a certificate'],
    [cosign({ key: { expression: 'nowhere' } }), 'cosign.key.expression: undeclared reference'],
    [{ attestors: [{ name: 'signer' }] }, 'exactly one of cosign and notary'],
    [{ attestors: [{ name: 'signer', notary: { certs: { value: '' } } }] }, 'certificates are required'],
    [{ attestors: [keyAttestor(), keyAttestor()] }, 'two with the name signer'],
    [{ attestations: [{ name: 'a' }] }, 'exactly one of intoto and referrer'],
    [{ matchImageReferences: [{ glob: 'a/[' }] }, 'a bracket is left open'],
    [{ matchImageReferences: [{}] }, 'exactly one of glob and expression'],
    [{ validations: [] }, 'spec.validations must not be empty'],
    [{ validations: [{ expression: 'verifyImageSignatures(1, [])' }] }, 'no matching overload'],
    [{ validationActions: ['Deny', 'Warn'] }, 'cannot stand beside each other'],
    [{ matchConditions: [{ name: 'c', expression: 'images.containers.size() > 0' }] }, 'undeclared reference'],
    [{ evaluation: { mode: 'JSON' } }, 'mode JSON needs images'],
    [{ matchConstraints: {} }, 'must name resources'],
  ])('with %j', (spec, expected) => {
    expect(faultOf(spec)).toContain(expected);
  });

  it('of a namespace that reads Secrets of others', () => {
    const more = { kind: 'NamespacedImageValidatingPolicy', metadata: { name: 'n', namespace: 'shop' } };

    expect(faultOf({ credentials: { secrets: ['pull'] } }, more)).toContain('Secrets of that namespace only');
    expect(faultOf(cosign({ key: { kms: 'k8s://other/key' } }), more)).toContain('Secrets of that namespace only');
    expect(faultOf({ credentials: { secrets: ['shop/pull'] } }, more)).toBe('');
  });

  it('and in all versions of its group otherwise taken', () => {
    for (const version of ['v1alpha1', 'v1beta1', 'v1'])
      expect(faultOf({}, { apiVersion: `policies.kyverno.io/${version}` })).toBe('');
  });

  it('is told where a star is no glob, and where nobody in particular must have signed', () => {
    const identities = [{ subject: 'https://example.com/*', issuer: 'https://issuer.example' }, {}];
    const { problems } = setOf([imageValidating(cosign({ keyless: { identities } }))]);

    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('stands for itself'),
      expect.stringContaining('names nobody'),
    ]);
  });
});
