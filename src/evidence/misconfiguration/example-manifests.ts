// SPDX-License-Identifier: Apache-2.0
// The smallest manifests that examples of checks are made of. Members are given as YAML in flow style.

/** A Pod whose only container has the given members besides its name. */
export function podWithContainer(...members: readonly string[]): string {
  return podText([], members);
}

/** A Pod whose specification has the given members besides one container. */
export function podWith(...members: readonly string[]): string {
  return podText(members, []);
}

function podText(specification: readonly string[], container: readonly string[]): string {
  return [
    'apiVersion: v1',
    'kind: Pod',
    'metadata: { name: web, namespace: shop }',
    'spec:',
    ...specification.map((member) => `  ${member}`),
    '  containers:',
    '    - name: web',
    ...container.map((member) => `      ${member}`),
    '',
  ].join('\n');
}

/** A Role or ClusterRole with rules: `roleWith('Role', '{ apiGroups: [""], resources: [pods], verbs: [get] }')`. */
export function roleWith(kind: 'Role' | 'ClusterRole', ...rules: readonly string[]): string {
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${kind}`,
    'metadata: { name: reader }',
    'rules:',
    ...rules.map((rule) => `  - ${rule}`),
    '',
  ].join('\n');
}

/** A ClusterRoleBinding of one role to one subject. */
export function bindingWith(role: string, kind: 'User' | 'Group', name: string): string {
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRoleBinding',
    'metadata: { name: readers }',
    `roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role} }`,
    'subjects:',
    `  - { apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: '${name}' }`,
    '',
  ].join('\n');
}
