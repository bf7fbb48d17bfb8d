// SPDX-License-Identifier: Apache-2.0
// The policy that this project began with: as it is copied from page to page, with the slip in its apiVersion and the underscore in the name of its host.

/** `key`: PEM, or whatever somebody has put in its place. */
export function originalPolicy(key: string): string {
  return `apiVersion: policy.kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: verify-image
spec:
  validationFailureAction: Enforce
  rules:
    - name: verify-image
      match:
        resources:
          kinds:
            - Pod
      verifyImages:
        - image: 'your_registry.com/your_org/*'
          key: |-
${key.trim().replaceAll(/^/gm, '            ')}
`;
}
