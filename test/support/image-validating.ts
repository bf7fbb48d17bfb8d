// SPDX-License-Identifier: Apache-2.0
// ImageValidatingPolicies on Pods, as tests need them.
import type { JsonObject } from '../../src/formats/document.ts';
import { publicPem } from './signing/key-signatures.ts';
import { keys } from './verified-image.ts';

export const ctlog = { insecureIgnoreTlog: true };

/** An attestor with the key that signs the test image, in no log. */
export function keyAttestor(pair = keys, name = 'signer'): JsonObject {
  return { name, cosign: { key: { data: publicPem(pair) }, ctlog } };
}

export const allSigned = 'images.containers.map(image, verifyImageSignatures(image, [attestors.signer])).all(e, e > 0)';

const pods = {
  resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }],
};

/** A policy on Pods whose images `signer` must have signed; `spec` says what else, or otherwise. */
export function imageValidating(spec: JsonObject = {}, more: JsonObject = {}): JsonObject {
  const { metadata, ...rest } = more;
  return {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'ImageValidatingPolicy',
    metadata: { name: 'images', ...(metadata as JsonObject | undefined) },
    spec: {
      matchConstraints: pods,
      attestors: [keyAttestor()],
      validations: [{ expression: allSigned, message: 'image must be signed' }],
      ...spec,
    },
    ...rest,
  };
}

/** With one attestor of a kind. */
export function attestedBy(attestor: JsonObject, spec: JsonObject = {}): JsonObject {
  return imageValidating({ attestors: [{ name: 'signer', ...attestor }], ...spec });
}
