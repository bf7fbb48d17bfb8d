// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKubernetesYaml } from '../../../formats/kubernetes-yaml/documents.ts';
import { resourcesOf } from '../../../formats/kubernetes-yaml/resources.ts';
import { usualFileNames } from '../file-names.ts';
import type { SecretsAudit } from './audit.ts';
import { auditSecretsManagement } from './audit.ts';
import type { RepositoryFile } from './plain-files.ts';

function audit(manifest: string, files: readonly RepositoryFile[] = []): SecretsAudit {
  const { resources } = resourcesOf(parseKubernetesYaml(manifest, 'all.yaml'));
  return auditSecretsManagement(resources, files, usualFileNames);
}

function namesOf({ findings }: SecretsAudit): readonly string[] {
  return findings.map(({ finding, location }) => `${finding.id} ${finding.resource} line ${location.line ?? 0}`);
}

const secret = `apiVersion: v1
kind: Secret
metadata: { name: db, namespace: shop }
data:
  user: YWRtaW4=
  password: aHVudGVyMmh1bnRlcjI=
`;

describe('plain secrets in objects', () => {
  it('are found in Secrets, once each, and never printed', () => {
    const result = audit(secret);

    expect(namesOf(result)).toEqual(['secrets-plain-secret-object Secret shop/db line 5']);
    expect(JSON.stringify(result)).not.toContain('hunter2');
    expect(JSON.stringify(result)).not.toContain('aHVudGVy');
  });

  it.each([
    'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\n',
    'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { password: changeme, token: "${TOKEN}" }\n',
    'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata: { p: "ENC[AES256_GCM,data:x]" }\nsops: { mac: "ENC[AES256_GCM,data:y]" }\n',
  ])('are not found where a controller, a template or SOPS fills them (%#)', (manifest) => {
    expect(namesOf(audit(manifest))).toEqual([]);
  });

  it('are found in pull secrets, variables and ConfigMaps', () => {
    const manifest = `apiVersion: v1
kind: Secret
type: kubernetes.io/dockerconfigjson
metadata: { name: pull }
data: { .dockerconfigjson: eyJhdXRocyI6e319 }
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      env:
        - { name: API_TOKEN, value: a1b2c3d4 }
        - { name: TOKEN_FILE, value: /run/token }
        - name: OTHER_TOKEN
          valueFrom: { secretKeyRef: { name: a, key: b } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: conf }
data:
  app.properties: |
    db.user=jane
    db.password=s3cr3t-word
`;

    expect(namesOf(audit(manifest))).toEqual([
      'secrets-plain-pull-secret Secret pull line 5',
      'secrets-plain-environment Pod web line 14',
      'secrets-plain-config-map ConfigMap conf line 23',
    ]);
  });
});

describe('plain secrets in files', () => {
  const chart = { path: 'chart/Chart.yaml', text: 'name: a' };

  it.each<[RepositoryFile, readonly string[]]>([
    [
      {
        path: 'chart/values-prod.yaml',
        text: 'db:\n  password: s3cr3t-word\n  existingSecret: db\n  secretName: x1\n',
      },
      ['secrets-plain-helm-values chart/values-prod.yaml line 2'],
    ],
    [{ path: 'other/values.yaml', text: 'password: s3cr3t-word\n' }, []],
    [{ path: 'chart/values.yaml', text: 'password: s3cr3t-word\nsops: { mac: "ENC[x]" }\n' }, []],
    [
      { path: 'Dockerfile', text: 'FROM a\nARG TOKEN\nENV DB_PASSWORD=s3cr3t-word\n' },
      ['secrets-plain-dockerfile Dockerfile line 3'],
    ],
    [
      {
        path: '.github/workflows/ci.yml',
        text: 'env:\n  NPM_TOKEN: ${{ secrets.NPM }}\n  DB_PASSWORD: s3cr3t-word\njobs: { a: { secrets: inherit } }\n',
      },
      ['secrets-plain-pipeline .github/workflows/ci.yml line 3'],
    ],
    [
      { path: '.gitlab-ci.yml', text: 'variables:\n  API_KEY: a1b2c3d4e5\n  TOKEN: $CI_JOB_TOKEN\n' },
      ['secrets-plain-pipeline .gitlab-ci.yml line 2'],
    ],
    [
      {
        path: 'kubeconfig',
        text: 'kind: Config\nusers:\n  - name: a\n    user:\n      client-key-data: QUJD\n',
      },
      ['secrets-plain-kubeconfig kubeconfig line 5'],
    ],
    [
      { path: 'prod.tfvars', text: 'region = "eu"\ndb_password = "s3cr3t-word"\n' },
      ['secrets-plain-terraform-variables prod.tfvars line 2'],
    ],
  ])('are found by what the file is: %j', (file, expected) => {
    expect(namesOf(audit('', [chart, file]))).toEqual(expected);
  });
});

describe('adoption', () => {
  it.each<[string, string, string]>([
    ['apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret', 'encrypted-in-git', 'Sealed Secrets'],
    ['apiVersion: external-secrets.io/v1\nkind: ExternalSecret', 'externally-synced', 'External Secrets'],
    [
      'apiVersion: secrets.hashicorp.com/v1beta1\nkind: VaultStaticSecret',
      'externally-synced',
      'Vault Secrets Operator',
    ],
    ['apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass', 'mounted-only', 'Secrets Store CSI'],
    [
      'apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nspec: { secretObjects: [{ secretName: a }] }',
      'externally-synced',
      'Secrets Store CSI',
    ],
    ['apiVersion: v1\nkind: Secret\nsops: { mac: "ENC[AES256_GCM,data:y]" }', 'encrypted-in-git', 'SOPS'],
    [
      'apiVersion: apps/v1\nkind: Deployment\nspec: { template: { metadata: { annotations: { vault.hashicorp.com/agent-inject: "true" } }, spec: { containers: [{ name: a }] } } }',
      'mounted-only',
      'Vault Agent',
    ],
    [
      'apiVersion: v1\nkind: Pod\nspec: { containers: [], volumes: [{ name: s, csi: { driver: secrets-store.csi.k8s.io } }] }',
      'mounted-only',
      'Secrets Store CSI',
    ],
    [
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: { annotations: { eks.amazonaws.com/role-arn: arn } }',
      'identity-based',
      'IAM roles for service accounts',
    ],
    [
      'apiVersion: v1\nkind: Pod\nspec: { containers: [], volumes: [{ name: t, projected: { sources: [{ serviceAccountToken: { audience: vault } }] } }] }',
      'identity-based',
      'projected service account token',
    ],
  ])('knows %s', (manifest, way, by) => {
    const { adoption, findings } = audit(manifest);

    expect(findings).toEqual([]);
    expect(adoption).toMatchObject([{ namespace: 'default', level: way, by: [by], managedPercent: 100 }]);
  });

  it('is told for each namespace, with the worst way as its level', () => {
    const manifest = `${secret}---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: { name: api, namespace: shop }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: blog }
spec:
  containers: [{ name: a, envFrom: [{ secretRef: { name: b } }] }]
  volumes: [{ name: c, secret: { secretName: c } }]
`;

    const { adoption } = audit(manifest);

    const none = { static: 0, 'encrypted-in-git': 0, 'externally-synced': 0, 'mounted-only': 0, 'identity-based': 0 };
    expect(adoption).toEqual([
      { namespace: 'blog', counts: none, by: [], delivery: { environment: 1, files: 1 } },
      {
        namespace: 'shop',
        counts: { ...none, static: 1, 'encrypted-in-git': 1 },
        by: ['Sealed Secrets'],
        level: 'static',
        managedPercent: 50,
        delivery: { environment: 0, files: 0 },
      },
    ]);
  });
});

describe('migration', () => {
  it('goes to what is in use in the namespace, then elsewhere, then to a store', () => {
    const sealed = '---\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: a, namespace: NS }\n';
    const external =
      '---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: a, namespace: NS }\n';

    const to = [
      audit(secret + sealed.replace('NS', 'shop') + external.replace('NS', 'blog')),
      audit(secret + sealed.replace('NS', 'blog')),
      audit(secret),
    ].map(({ findings }) => findings[0]?.migration);

    expect(to.map((item) => item?.to)).toEqual(['encrypted-in-git', 'encrypted-in-git', 'externally-synced']);
    expect(to[0]?.step).toBe(
      'Seal the members of Secret shop/db with kubeseal and commit the SealedSecret in its place, and replace the value, which counts as known',
    );
  });
});

describe('foreign input', () => {
  it('never makes it throw', () => {
    const value = fc.constantFrom('1', '[]', '{}', 'null', '"a"', '[null]', '{ a: [1] }', '{ password: x9y8z7 }');
    const member = fc.constantFrom('data', 'stringData', 'spec', 'metadata', 'sops', 'type');
    const kind = fc.constantFrom('Secret', 'ConfigMap', 'Pod', 'ServiceAccount', 'SecretProviderClass');
    fc.assert(
      fc.property(kind, fc.array(fc.tuple(member, value)), fc.string(), (name, members, text) => {
        const body = members.map(([key, content]) => `${key}: ${content}\n`).join('');
        const names = ['values.yaml', 'Dockerfile', 'kubeconfig', 'a.tfvars', '.gitlab-ci.yml', 'Chart.yaml'];
        audit(
          `apiVersion: v1\nkind: ${name}\n${body}`,
          names.map((path) => ({ path, text })),
        );
      }),
    );
  });
});
