// SPDX-License-Identifier: Apache-2.0
// A tree with everything in it: what belongs together is judged together, and each fault shows once, where it stands.
import { describe, expect, it } from 'vitest';
import type { ConfigurationChecking } from './check-configuration.ts';
import { checkConfiguration, isConfigurationFile } from './check-configuration.ts';
import { isDockerfile } from './file-names.ts';

function check(files: Readonly<Record<string, string>>): ConfigurationChecking {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  return checkConfiguration(list, { subject: 'tree', evidence: ['e'] });
}

function failuresOf({ decisions }: ConfigurationChecking, id: string): readonly string[] {
  return decisions
    .filter(({ rule, outcome }) => outcome === 'fail' && rule === `misconfiguration/${id}`)
    .map(({ locations }) => `${locations[0]?.path ?? ''}:${locations[0]?.line ?? 0}`);
}

const pod = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers:
    - name: web
      image: registry.example/web:1
      securityContext:
        privileged: true
`;

describe('checkConfiguration', () => {
  it('finds what stands in manifests, Dockerfiles and Compose files', () => {
    const checking = check({
      'k8s/pod.yaml': pod,
      'k8s/pod.json': JSON.stringify({ apiVersion: 'v1', kind: 'Pod', spec: { hostNetwork: true, containers: [] } }),
      'app/Dockerfile': 'FROM a:1\nRUN sudo x\n',
      'compose.yaml': 'services:\n  a:\n    image: a:1\n    privileged: true\n',
      'package.json': '{"name":"a"}',
      'broken.yaml': 'a: [',
    });

    expect(failuresOf(checking, 'privileged-container')).toEqual(['k8s/pod.yaml:9']);
    expect(failuresOf(checking, 'host-network')).toEqual(['k8s/pod.json:1']);
    expect(failuresOf(checking, 'sudo')).toEqual(['app/Dockerfile:2']);
    expect(failuresOf(checking, 'compose-privileged')).toEqual(['compose.yaml:4']);
    expect(checking.problems).toEqual([]);
    expect(checking.seen).toEqual({ objects: 2, dockerfiles: 1, composeFiles: 1, charts: 0, kustomizations: 0 });
  });

  it('passed over plain manifests in a folder named templates, and names in capitals', () => {
    const checking = check({ 'k8s/templates/pod.yaml': pod, 'k8s/POD.YAML': pod, 'k8s/list.JSON': JSON.stringify({}) });

    expect(failuresOf(checking, 'privileged-container')).toEqual(['k8s/templates/pod.yaml:9', 'k8s/POD.YAML:9']);
    expect(isConfigurationFile('POD.YML')).toBe(true);
  });

  it('passed over a template whose chart is not there, in silence', () => {
    const { problems } = check({ 'templates/pod.yaml': pod.replace('shop', '{{ .Values.namespace }}') });

    expect(problems).toMatchObject([
      { kind: 'unsupported', hidesFindings: true, location: { path: 'templates/pod.yaml' } },
    ]);
  });

  it('found nothing wrong with items of a list that are no objects', () => {
    const { problems } = check({ 'a.yaml': 'apiVersion: v1\nkind: List\nitems: [{ metadata: { name: a } }]\n' });

    expect(problems).toMatchObject([{ kind: 'schema', hidesFindings: true }]);
  });

  it('judges what a kustomization builds, each fault once', () => {
    const checking = check({
      'base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'base/pod.yaml': pod,
      'dev/kustomization.yaml': 'resources: [../base]\n',
      'prod/kustomization.yaml':
        'resources: [../base]\npatches:\n  - patch: |-\n      apiVersion: v1\n      kind: Pod\n      metadata: { name: web, namespace: shop }\n      spec: { hostNetwork: true }\n',
    });

    expect(failuresOf(checking, 'privileged-container')).toEqual(['base/pod.yaml:9']);
    expect(failuresOf(checking, 'host-network')).toEqual(['prod/kustomization.yaml:3']);
    expect(checking.seen).toMatchObject({ kustomizations: 2, objects: 2 });
  });

  it('honours comments and offers no fixes in templates of charts', () => {
    const template = pod.replace('privileged: true', 'privileged: {{ .Values.privileged }}');
    const checking = check({
      'chart/Chart.yaml': 'name: web\n',
      'chart/values.yaml': 'privileged: true\nadminPassword: s3cr3t-word\n',
      'chart/templates/a.yaml': template,
      'chart/templates/b.yaml': template.replace('privileged', '# trivy:ignore:KSV-0017\n        privileged'),
    });

    const found = checking.decisions.filter(
      ({ rule, outcome }) => outcome === 'fail' && rule === 'misconfiguration/privileged-container',
    );
    expect(found.map(({ locations, suppressed }) => [locations[0]?.path, suppressed?.by])).toEqual([
      ['chart/templates/a.yaml', undefined],
      ['chart/templates/b.yaml', 'ignore'],
    ]);
    expect(found.some(({ finding }) => finding?.kind === 'misconfiguration' && finding.fix !== undefined)).toBe(false);
    expect(failuresOf(checking, 'secrets-plain-helm-values')).toEqual(['chart/values.yaml:2']);
  });

  it('tells of a secret once', () => {
    const checking = check({
      'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  DB_PASSWORD: s3cr3t-word\n',
      Dockerfile: 'FROM a:1\nENV API_TOKEN=a1b2c3\n',
    });

    expect(failuresOf(checking, 'config-map-secret')).toEqual(['a.yaml:5']);
    expect(failuresOf(checking, 'secrets-plain-config-map')).toEqual([]);
    expect(failuresOf(checking, 'secret-in-build')).toEqual(['Dockerfile:2']);
    expect(failuresOf(checking, 'secrets-plain-dockerfile')).toEqual([]);
    expect(checking.adoption).toMatchObject([{ namespace: 'default', level: 'static' }]);
  });

  it('gives one decision for each check without faults', () => {
    const { decisions } = check({ 'a.yaml': pod, 'b/kustomization.yaml': 'resources: [x.yaml]\n', 'b/x.yaml': pod });

    const rules = decisions.filter(({ outcome }) => outcome === 'pass' || outcome === 'skip').map(({ rule }) => rule);
    expect(new Set(rules).size).toBe(rules.length);
  });

  it('says which manifests it could not read', () => {
    const { problems } = check({ 'a.yaml': 'apiVersion: v1\nkind: Pod\nspec: [\n' });

    expect(problems).toMatchObject([{ kind: 'syntax', hidesFindings: true, location: { path: 'a.yaml' } }]);
  });
});

describe('files', () => {
  it('are wanted by their names', () => {
    const wanted = [
      'a.yaml',
      'a/b.yml',
      'x.json',
      'Dockerfile',
      'a/Dockerfile.prod',
      'web.dockerfile',
      'p.tfvars',
      'kubeconfig',
      'Kustomization',
    ];

    expect(wanted.filter((path) => !isConfigurationFile(path))).toEqual([]);
    expect(
      ['a.ts', 'README.md', 'Dockerfile.dockerignore', 'notes/dockerfiles.txt'].filter((path) =>
        isConfigurationFile(path),
      ),
    ).toEqual([]);
    expect(['src/dockerfile.ts', 'Dockerfile.md.d/x'].filter(isDockerfile)).toEqual([]);
  });
});
