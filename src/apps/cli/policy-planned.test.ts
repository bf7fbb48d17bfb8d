// SPDX-License-Identifier: Apache-2.0
// What `policy apply` says that policies would do besides judging, on the screen and in the formats for programs.
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../../test/support/command-line.ts';
import { removeFoldersAfterEach, testFolder } from '../../../test/support/signing/sign-and-verify.ts';

removeFoldersAfterEach();

const policies = `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: team}
spec:
  rules:
  - name: label
    match: {any: [{resources: {kinds: [Pod]}}]}
    mutate: {patchStrategicMerge: {metadata: {labels: {+(team): none}}}}
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: quota}
spec:
  rules:
  - name: quota
    match: {any: [{resources: {kinds: [Namespace]}}]}
    generate:
      apiVersion: v1
      kind: ResourceQuota
      name: default
      namespace: "{{ request.object.metadata.name }}"
      data: {spec: {hard: {pods: "10"}}}
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: mark}
spec:
  rules:
  - name: mark
    match: {any: [{resources: {kinds: [Namespace]}}]}
    mutate:
      targets: [{apiVersion: v1, kind: ConfigMap, name: settings, namespace: shop}]
      patchStrategicMerge: {metadata: {labels: {marked: "yes"}}}
---
apiVersion: kyverno.io/v2
kind: ClusterCleanupPolicy
metadata: {name: old-pods}
spec:
  schedule: "0 3 * * *"
  match: {any: [{resources: {kinds: [Pod], selector: {matchLabels: {app: old}}}}]}
`;
const objects = `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: old}}
spec: {containers: [{name: a, image: web}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: done, namespace: shop, labels: {cleanup.kyverno.io/ttl: "2026-05-01"}}
---
apiVersion: v1
kind: Secret
metadata: {name: kept, namespace: shop, labels: {cleanup.kyverno.io/ttl: "2026-07-01"}}
`;
const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\n';

async function apply(...flags: readonly string[]): Promise<string> {
  const cwd = testFolder({ 'p.yaml': policies, 'r.yaml': objects, 'known.yaml': settings });
  const words = ['policy', 'apply', 'p.yaml', '-r', 'r.yaml', '--known', 'known.yaml', ...flags];
  const { status, stdout } = await runCommand(words, { cwd });
  expect(status).toBe(0);
  return stdout;
}

describe('policy apply', () => {
  test('tells on the screen what would be changed, made and deleted', async () => {
    const lines = (await apply()).split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, '  '));

    expect(lines).toEqual(
      expect.arrayContaining([
        'Planned  2 to change  1 to make  2 to delete',
        'change  Pod default/web  at /metadata/labels/team  r.yaml:4:12',
        'change  ConfigMap shop/settings  by mark/mark  for Namespace shop',
        'make  ResourceQuota shop/default  by quota/quota  for Namespace shop',
        'delete  Pod default/web  by ClusterCleanupPolicy old-pods  r.yaml:4:12',
        'delete  Secret shop/done  by label cleanup.kyverno.io/ttl  r.yaml:13:12',
        '3 policies judged 4 objects: 3 passed, 0 failed.',
      ]),
    );
  });

  test('has the same for programs', async () => {
    const { policyRun } = JSON.parse(await apply('--format', 'json')) as { policyRun: unknown };

    expect(policyRun).toMatchObject({
      results: { pass: 3, fail: 0, skip: 0, error: 0 },
      changes: [{ object: { kind: 'Pod', namespace: 'default', name: 'web' }, patch: [{ op: 'add' }] }],
      writes: [
        { kind: 'change', object: { kind: 'ConfigMap' }, after: { metadata: { labels: { marked: 'yes' } } } },
        { kind: 'make', policy: 'quota', because: { kind: 'Namespace', name: 'shop' } },
      ],
      deletions: [{ because: 'ClusterCleanupPolicy old-pods' }, { because: 'label cleanup.kyverno.io/ttl' }],
    });
  });

  test.each(['markdown', 'html'])('has them in %s, with how much was judged', async (format) => {
    const text = await apply('--format', format);

    expect(text).toContain('ResourceQuota shop/default');
    expect(text).toContain('by ClusterCleanupPolicy old-pods');
    expect(text).toContain('3 policies judged 4 objects: 3 passed, 0 failed.');
  });

  test('prints the objects as they would be', async () => {
    const kinds = [...(await apply('--format', 'objects')).matchAll(/^kind: (.*)$/gm)].map(([, kind]) => kind);

    expect(kinds).toEqual(['Pod', 'ConfigMap', 'ResourceQuota']);
  });

  test('writes a report for each object that was judged, cluster-wide ones as such', async () => {
    const text = await apply('--format', 'openreports');

    expect([...text.matchAll(/^kind: (.*)$/gm)].map(([, kind]) => kind)).toEqual(['Report', 'ClusterReport']);
    expect(text).toContain('seconds: 1780272000');
  });

  test('cannot tell of a deletion whose condition nobody can evaluate', async () => {
    const broken = policies.replace(
      '  schedule:',
      '  conditions: {any: [{key: "{{ target.spec.none }}", operator: Equals, value: 1}]}\n  schedule:',
    );
    const cwd = testFolder({ 'p.yaml': broken, 'r.yaml': objects });

    const { status, stdout } = await runCommand(['policy', 'apply', 'p.yaml', '-r', 'r.yaml'], { cwd });

    expect(stdout).toContain('Could not look: ClusterCleanupPolicy old-pods: ');
    expect(status).toBe(3);
  });
});
