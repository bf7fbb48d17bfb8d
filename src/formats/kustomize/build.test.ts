// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KustomizeBuild } from './build.ts';
import { buildKustomization, kustomizationRoots } from './build.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: runner
      containers:
        - name: web
          image: registry.example/web:1
          env:
            - { name: A, value: a }
        - name: side
          image: side:1
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: runner }
`;

function build(files: Readonly<Record<string, string>>, folder = 'overlay'): KustomizeBuild {
  return buildKustomization(folder, { read: (path) => (Object.hasOwn(files, path) ? files[path] : undefined) });
}

function objectOf({ resources }: KustomizeBuild, kind: string): unknown {
  return resources.find((resource) => resource.kind === kind)?.object;
}

const base = { 'base/kustomization.yaml': 'resources: [web.yaml]\n', 'base/web.yaml': deployment };

describe('buildKustomization', () => {
  it('merges patches by the keys of lists and knows where each member stands', () => {
    const result = build({
      ...base,
      'overlay/kustomization.yaml': 'resources: [../base]\npatches:\n  - path: patch.yaml\n',
      'overlay/patch.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      containers:
        - name: side
          $patch: delete
        - name: web
          env:
            - { name: B, value: b }
          securityContext:
            privileged: true
        - name: new
`,
    });

    const [web] = result.resources;
    const spec = ['spec', 'template', 'spec'];
    expect(result.problems).toEqual([]);
    expect(web?.object).toMatchObject({
      spec: {
        template: {
          spec: {
            serviceAccountName: 'runner',
            containers: [
              {
                name: 'web',
                image: 'registry.example/web:1',
                env: [
                  { name: 'A', value: 'a' },
                  { name: 'B', value: 'b' },
                ],
                securityContext: { privileged: true },
              },
              { name: 'new' },
            ],
          },
        },
      },
    });
    expect(web?.locate([...spec, 'containers', 0, 'image'])).toMatchObject({ path: 'base/web.yaml', line: 13 });
    expect(web?.locate([...spec, 'containers', 0, 'securityContext', 'privileged'])).toMatchObject({
      path: 'overlay/patch.yaml',
      line: 14,
    });
    expect([...result.files].sort()).toEqual([
      'base/kustomization.yaml',
      'base/web.yaml',
      'overlay/kustomization.yaml',
      'overlay/patch.yaml',
    ]);
  });

  it('applies JSON patches with a target', () => {
    const result = build({
      ...base,
      'overlay/kustomization.yaml': `resources: [../base]
patches:
  - target: { kind: Deployment, name: w.* }
    patch: |-
      - op: replace
        path: /spec/template/spec/containers/1/image
        value: side:2
      - op: add
        path: /spec/template/spec/hostNetwork
        value: true
`,
    });

    expect(result.problems).toEqual([]);
    expect(objectOf(result, 'Deployment')).toMatchObject({
      spec: { template: { spec: { hostNetwork: true, containers: [{}, { image: 'side:2' }] } } },
    });
    expect(result.resources[0]?.locate(['spec', 'template', 'spec', 'hostNetwork']).path).toBe(
      'overlay/kustomization.yaml',
    );
  });

  it('renames, and references follow', () => {
    const result = build({
      ...base,
      'overlay/kustomization.yaml':
        'resources: [../base]\nnamePrefix: a-\nnameSuffix: -z\nnamespace: shop\ncommonLabels: { team: x }\n',
    });

    expect(objectOf(result, 'ServiceAccount')).toMatchObject({
      metadata: { name: 'a-runner-z', namespace: 'shop', labels: { team: 'x' } },
    });
    expect(objectOf(result, 'Deployment')).toMatchObject({
      metadata: { name: 'a-web-z' },
      spec: {
        selector: { matchLabels: { app: 'web', team: 'x' } },
        template: { metadata: { labels: { app: 'web', team: 'x' } }, spec: { serviceAccountName: 'a-runner-z' } },
      },
    });
  });

  it('changes images and replicas', () => {
    const result = build({
      ...base,
      'overlay/kustomization.yaml':
        'resources: [../base]\nimages:\n  - { name: registry.example/web, newTag: "2" }\n  - { name: side, newName: other, digest: sha256:00 }\nreplicas: [{ name: web, count: 3 }]\n',
    });

    expect(objectOf(result, 'Deployment')).toMatchObject({
      spec: {
        replicas: 3,
        template: { spec: { containers: [{ image: 'registry.example/web:2' }, { image: 'other@sha256:00' }] } },
      },
    });
  });

  it('generates ConfigMaps and Secrets', () => {
    const result = build({
      'overlay/kustomization.yaml':
        'configMapGenerator:\n  - name: conf\n    literals: [A=b]\n    files: [app.conf, other=x/y.txt]\nsecretGenerator:\n  - name: db\n    envs: [db.env]\n',
      'overlay/app.conf': 'c',
      'overlay/x/y.txt': 'd',
      'overlay/db.env': '# no\nPASSWORD="x"\n',
    });

    expect(objectOf(result, 'ConfigMap')).toMatchObject({ data: { A: 'b', 'app.conf': 'c', other: 'd' } });
    expect(objectOf(result, 'Secret')).toMatchObject({ stringData: { PASSWORD: 'x' } });
    expect(result.resources[1]?.locate(['stringData', 'PASSWORD'])).toMatchObject({
      path: 'overlay/kustomization.yaml',
      line: 6,
    });
  });

  it('lets components change what is there', () => {
    const result = build({
      ...base,
      'overlay/kustomization.yaml': 'resources: [../base]\ncomponents: [../extra]\n',
      'extra/kustomization.yaml':
        'kind: Component\npatches:\n  - target: { kind: Deployment }\n    patch: "[{op: remove, path: /spec/template/spec/containers/1}]"\n',
    });

    expect(result.problems).toEqual([]);
    expect(objectOf(result, 'Deployment')).toHaveProperty('spec.template.spec.containers.length', 1);
  });

  it('says what it cannot do', () => {
    const result = build({
      'overlay/kustomization.yaml':
        'resources: [https://user:pw@git.example/x, ../../etc, gone.yaml, ../overlay]\nhelmCharts: [{ name: a }]\npatches: [{ path: none.yaml }]\n',
    });

    expect(result.resources).toEqual([]);
    expect(result.problems.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'unsupported: helmCharts of a kustomization needs the program kustomize',
      'unsupported: https://git.example/x is not fetched',
      'outside: ../../etc leaves the root',
      'unresolved: overlay/gone.yaml has no kustomization',
      'cycle: overlay builds on itself',
      'unresolved: the patch none.yaml is not there',
    ]);
  });

  it('never throws', () => {
    const part = fc.constantFrom(
      'resources: [a.yaml, .]\n',
      'patches: [{ patch: "x: [" }, null, 1]\n',
      'patches: [{ patch: "[{op: add}]", target: {} }]\n',
      'images: [1, {}]\n',
      'configMapGenerator: [{ name: a, files: [b=] }, 3]\n',
      'commonLabels: 1\n',
      'namePrefix: {}\n',
      'labels: [1]\n',
    );
    fc.assert(
      fc.property(fc.array(part), fc.string(), (parts, text) => {
        build({ 'kustomization.yaml': parts.join(''), 'a.yaml': deployment + text }, '');
      }),
    );
  });
});

describe('kustomizationRoots', () => {
  it('are those that no other builds on', () => {
    const files: Readonly<Record<string, string>> = {
      ...base,
      'overlay/kustomization.yaml': 'resources: [../base]\n',
      'kustomization.yaml': '{}',
    };

    expect(kustomizationRoots(Object.keys(files), { read: (path) => files[path] })).toEqual(['', 'overlay']);
  });
});
