// SPDX-License-Identifier: Apache-2.0
// The smallest manifests that examples of checks are made of. An example names the members it is about, as YAML in flow style; the rest stands here.
// Objects are called `web`, in the namespace `shop`, and Pods have the label `app: web`: what stands in one example finds each other.

/** Several objects in one text. */
export function manifests(...objects: readonly string[]): string {
  return objects.join('---\n');
}

/** A Pod whose only container has the given members besides its name. */
export function podWithContainer(...members: readonly string[]): string {
  return podText([], members);
}

/** A Pod whose specification has the given members besides one container. */
export function podWith(...members: readonly string[]): string {
  return podText(members, []);
}

function podText(specification: readonly string[], container: readonly string[]): string {
  return objectText(headOf('v1', 'Pod'), [...specification, 'containers:', '  - name: web', ...indented(4, container)]);
}

/** What an example says about a Deployment. */
export interface DeploymentParts {
  /** In place of `name: web, namespace: shop`. */
  readonly metadata?: string;
  readonly replicas?: number;
  /** Labels that the Deployment asks for, in place of `app: web`. */
  readonly selector?: string;
  /** More members of the specification of the Deployment. */
  readonly spec?: readonly string[];
  /** More members of the specification of its Pods. */
  readonly pod?: readonly string[];
  readonly image?: string;
  /** More members of its container. */
  readonly container?: readonly string[];
}

/** A Deployment of three Pods with one container. */
export function deployment(parts: DeploymentParts = {}): string {
  return objectText(headOf('apps/v1', 'Deployment', parts.metadata), [
    `replicas: ${parts.replicas ?? 3}`,
    ...(parts.spec ?? []),
    `selector: { matchLabels: { ${parts.selector ?? 'app: web'} } }`,
    'template:',
    '  metadata: { labels: { app: web } }',
    '  spec:',
    ...indented(4, parts.pod),
    '    containers:',
    '      - name: web',
    `        image: ${parts.image ?? 'registry.example.com/shop/web:1.4'}`,
    ...indented(8, parts.container),
  ]);
}

/** What an example says about a Service. */
export interface ServiceParts {
  /** In place of `name: web, namespace: shop`. */
  readonly metadata?: string;
  /** Labels of the Pods it leads to, in place of `app: web`. */
  readonly selector?: string;
  /** Its only port, in place of `port: 80`. */
  readonly port?: string;
  /** More members of the specification. */
  readonly spec?: readonly string[];
}

/** A Service with one port. */
export function service(parts: ServiceParts = {}): string {
  return objectText(headOf('v1', 'Service', parts.metadata), [
    `selector: { ${parts.selector ?? 'app: web'} }`,
    `ports: [{ ${parts.port ?? 'port: 80'} }]`,
    ...(parts.spec ?? []),
  ]);
}

/** A ServiceMonitor of the Prometheus operator for the Services with a label. */
export function serviceMonitor(label: string): string {
  return objectText(headOf('monitoring.coreos.com/v1', 'ServiceMonitor'), [
    `selector: { matchLabels: { ${label} } }`,
    'endpoints: [{ port: http }]',
  ]);
}

/** What an example says about a NetworkPolicy. */
export interface NetworkPolicyParts {
  /** Labels of the Pods it is for, in place of `app: web`. */
  readonly selector?: string;
  /** In place of `Ingress`. */
  readonly types?: string;
  /** Its rules. */
  readonly rules?: readonly string[];
}

/** A NetworkPolicy that lets nothing in, unless its rules do. */
export function networkPolicy(parts: NetworkPolicyParts = {}): string {
  return objectText(headOf('networking.k8s.io/v1', 'NetworkPolicy'), [
    `podSelector: { matchLabels: { ${parts.selector ?? 'app: web'} } }`,
    `policyTypes: [${parts.types ?? 'Ingress'}]`,
    ...(parts.rules ?? []),
  ]);
}

/** A ConfigMap with one entry: `configMap('mode: fast')`. */
export function configMap(entry: string): string {
  return [headOf('v1', 'ConfigMap'), 'data:', `  ${entry}`, ''].join('\n');
}

/** The ServiceAccount `web`. */
export function serviceAccount(): string {
  return `${headOf('v1', 'ServiceAccount')}\n`;
}

/** A PodDisruptionBudget with the given members besides its selector. */
export function disruptionBudget(...members: readonly string[]): string {
  return objectText(headOf('policy/v1', 'PodDisruptionBudget'), [
    'selector: { matchLabels: { app: web } }',
    ...members,
  ]);
}

/** A HorizontalPodAutoscaler that keeps up to six replicas of the Deployment `web`, or of another. */
export function autoscaler(parts: { readonly minReplicas?: number; readonly deployment?: string } = {}): string {
  return objectText(headOf('autoscaling/v2', 'HorizontalPodAutoscaler'), [
    `minReplicas: ${parts.minReplicas ?? 3}`,
    'maxReplicas: 6',
    `scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${parts.deployment ?? 'web'} }`,
  ]);
}

/** An Ingress of one host that leads to a Service, with the given members besides its rules. */
export function ingressTo(backend: string, ...members: readonly string[]): string {
  return objectText(headOf('networking.k8s.io/v1', 'Ingress'), [
    ...members,
    'rules:',
    '  - host: shop.example.com',
    '    http:',
    '      paths:',
    '        - path: /',
    '          pathType: Prefix',
    `          backend: { service: { name: ${backend}, port: { number: 80 } } }`,
  ]);
}

const rbac = 'rbac.authorization.k8s.io/v1';

/** A Role or ClusterRole with rules: `roleWith('Role', '{ apiGroups: [""], resources: [pods], verbs: [get] }')`. */
export function roleWith(kind: 'Role' | 'ClusterRole', ...rules: readonly string[]): string {
  const metadata = kind === 'Role' ? 'name: reader, namespace: shop' : 'name: reader';
  return [headOf(rbac, kind, metadata), 'rules:', ...rules.map((rule) => `  - ${rule}`), ''].join('\n');
}

/** A ClusterRoleBinding of one ClusterRole to one subject. */
export function bindingWith(role: string, kind: 'User' | 'Group', name: string): string {
  const subject = `apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: '${name}'`;
  return bindingText('ClusterRoleBinding', `kind: ClusterRole, name: ${role}`, subject);
}

/** A binding of a role, `reader` unless said otherwise, to the service account `web`. */
export function accountBinding(
  binding: 'RoleBinding' | 'ClusterRoleBinding',
  kind: 'Role' | 'ClusterRole',
  role = 'reader',
): string {
  return bindingText(binding, `kind: ${kind}, name: ${role}`, 'kind: ServiceAccount, name: web, namespace: shop');
}

function bindingText(kind: 'RoleBinding' | 'ClusterRoleBinding', role: string, subject: string): string {
  const metadata = kind === 'RoleBinding' ? 'name: readers, namespace: shop' : 'name: readers';
  return [
    headOf(rbac, kind, metadata),
    `roleRef: { apiGroup: rbac.authorization.k8s.io, ${role} }`,
    `subjects: [{ ${subject} }]`,
    '',
  ].join('\n');
}

function headOf(apiVersion: string, kind: string, metadata = 'name: web, namespace: shop'): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { ${metadata} }`;
}

function objectText(head: string, specification: readonly string[]): string {
  return [head, 'spec:', ...indented(2, specification), ''].join('\n');
}

function indented(spaces: number, members: readonly string[] = []): readonly string[] {
  return members.map((member) => `${' '.repeat(spaces)}${member}`);
}
