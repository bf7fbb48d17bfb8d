// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runKyvernoTests } from './kyverno-test.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kyverno-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const policy = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: p}
spec:
  rules:
  - name: named
    match: {any: [{resources: {kinds: [Pod]}}]}
    validate: {message: m, pattern: {metadata: {labels: {team: "?*"}}}}
  - name: labelled
    match: {any: [{resources: {kinds: [ConfigMap]}}]}
    mutate: {patchStrategicMerge: {metadata: {labels: {team: blue}}}}
---
apiVersion: policies.kyverno.io/v1
kind: GeneratingPolicy
metadata: {name: g}
spec: {}
`;
const resources = `apiVersion: v1
kind: Pod
metadata: {name: good, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: bad}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
`;

function run(results: string, hardening: 'parity' | 'strict' = 'parity'): readonly string[] {
  writeFileSync(join(folder, 'policy.yaml'), policy);
  writeFileSync(join(folder, 'resources.yaml'), resources);
  writeFileSync(
    join(folder, 'patched.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {team: blue}}\n',
  );
  writeFileSync(
    join(folder, 'other.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {team: x}}\n',
  );
  const file = join(folder, 'kyverno-test.yaml');
  writeFileSync(
    file,
    `kind: Test\nmetadata: {name: t}\npolicies: [policy.yaml]\nresources: [resources.yaml]\nresults:\n${results}`,
  );
  const options = { now: () => 0, random: () => 0, hardening };
  return runKyvernoTests(file, options).flatMap(({ rows }) => rows.map((row) => `${row.resource}: ${row.outcome}`));
}

describe('Kyverno tests', () => {
  it('hold what policies say against what is expected', () => {
    expect(
      run(`- {policy: p, rule: named, kind: Pod, resources: [good, default/good, bad], result: pass}
- {policy: p, rule: named, kind: Pod, resources: [bad], result: fail}`),
    ).toEqual(['good: passed', 'default/good: passed', 'bad: failed', 'bad: passed']);
  });

  it('compare what mutation makes', () => {
    expect(
      run(`- {policy: p, rule: labelled, kind: ConfigMap, resources: [c], patchedResources: patched.yaml, result: pass}
- {policy: p, rule: labelled, kind: ConfigMap, resources: [c], patchedResources: other.yaml, result: pass}
- {policy: p, rule: labelled, kind: ConfigMap, resources: [c], patchedResources: other.yaml, result: fail}`),
    ).toEqual(['c: passed', 'c: failed', 'c: passed']);
  });

  it('tell what no rule is about from what passed', () => {
    expect(run('- {policy: p, rule: named, kind: ConfigMap, resources: [c], result: fail}')).toEqual(['c: excluded']);
  });

  it('with strict hardening do not pass because no rule is about a resource', () => {
    const results = `- {policy: p, rule: named, kind: ConfigMap, resources: [c], result: pass}
- {policy: p, rule: named, kind: ConfigMap, resources: [c], result: skip}`;

    expect(run(results, 'strict')).toEqual(['c: failed', 'c: excluded']);
  });

  it('do not pass for policies that cannot be run, or resources that are not there', () => {
    expect(
      run(`- {policy: g, kind: Pod, resources: [good], result: pass}
- {policy: p, rule: named, kind: Pod, resources: [missing], result: pass}`),
    ).toEqual(['good: unsupported', 'missing: failed']);
  });

  it('know ImageValidatingPolicies, which cannot tell without a registry', () => {
    writeFileSync(
      join(folder, 'images.yaml'),
      `apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata: {name: i}
spec:
  evaluation: {mode: JSON}
  validationConfigurations: {verifyDigest: false, required: false}
  images: [{name: own, expression: '[object.image]'}]
  matchImageReferences: [{glob: 'registry.example/*'}]
  attestors: [{name: a, cosign: {keyless: {identities: [{subject: s, issuer: i}]}}}]
  validations: [{expression: 'images.own.all(i, verifyImageSignatures(i, [attestors.a]) == 0)'}]
`,
    );
    writeFileSync(join(folder, 'own.json'), '{"image":"registry.example/a:1"}');
    writeFileSync(join(folder, 'strange.json'), '{"image":"other.example/a:1"}');
    const file = join(folder, 'kyverno-test.yaml');
    writeFileSync(
      file,
      `kind: Test
metadata: {name: t}
policies: [images.yaml]
jsonPayloads: [own.json, strange.json]
results:
- {policy: i, isImageValidatingPolicy: true, resources: [own.json], result: error}
- {policy: i, isImageValidatingPolicy: true, resources: [strange.json], result: skip}
`,
    );

    const reports = runKyvernoTests(file, { now: () => 0, random: () => 0 });

    expect(reports.flatMap(({ rows }) => rows.map(({ outcome }) => outcome))).toEqual(['passed', 'passed']);
  });
});
